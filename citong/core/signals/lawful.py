"""What is wrong with a plan before any controller shows it: the guard's own rules, and that everybody gets green."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from citong.core.signals.guard import Guard, Rule, Watch
from citong.core.signals.model import GREEN, Junction, Plan, green_groups

LETTERS = frozenset("GgyursoO")
TURNS = 3
LONGEST_CYCLE = 300.0
"""Seconds: people take longer ones for a broken signal."""
SHORTEST_SPAN = 1.0


class Wrong(StrEnum):
    """What may be wrong besides the guard's rules."""

    EMPTY = "no spans"
    LETTERS = "unknown letters"
    GROUPS = "another number of groups"
    SECONDS = "no length"
    CYCLE = "cycle too long"
    NEVER_GREEN = "never green"
    NOT_SHOWN = "not shown as written"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: a rule, the groups, the number of the span, what the plan has and what it needs (seconds)."""

    rule: Rule | Wrong
    group: int | None = None
    other: int | None = None
    span: int | None = None
    has: float | None = None
    needs: float | None = None


def faults(junction: Junction, plan: Plan) -> list[Fault]:
    """Everything wrong with this plan at this junction, each once; nothing for a plan that can be shown as it is."""
    found = list(_form(junction, plan))
    if found:
        return found
    found = [*_broken(junction, plan), *_unserved(junction, plan)]
    return found or list(_not_shown(junction, plan))


def _form(junction: Junction, plan: Plan) -> Iterator[Fault]:
    if not plan.spans:
        yield Fault(Wrong.EMPTY)
    for number, span in enumerate(plan.spans):
        if len(span.state) != junction.groups:
            yield Fault(Wrong.GROUPS, span=number, has=len(span.state), needs=junction.groups)
        if not set(span.state) <= LETTERS:
            yield Fault(Wrong.LETTERS, span=number)
        if not SHORTEST_SPAN <= span.seconds <= LONGEST_CYCLE:
            yield Fault(Wrong.SECONDS, span=number, has=span.seconds, needs=SHORTEST_SPAN)
    if plan.cycle > LONGEST_CYCLE:
        yield Fault(Wrong.CYCLE, has=plan.cycle, needs=LONGEST_CYCLE)


def _broken(junction: Junction, plan: Plan) -> Iterator[Fault]:
    """What the watch says of the plan run as a ring, and which span it is said of."""
    watch, at, said = Watch(junction), 0.0, set[tuple[Rule, int, int | None]]()
    for number, span in chain.from_iterable(enumerate(plan.spans) for _turn in range(TURNS)):
        for one in watch.see(at, span.state):
            if (key := (one.rule, one.group, one.other)) not in said:
                said.add(key)
                yield _with_times(junction, plan, number, one.rule, one.group, one.other)
        at += span.seconds


def _with_times(junction: Junction, plan: Plan, number: int, rule: Rule, group: int, other: int | None) -> Fault:
    times = junction.clearance
    if rule is Rule.SHORT_GREEN:
        return Fault(rule, group, span=number, has=_before(plan, number, group, GREEN), needs=times.min_green[group])
    if rule is Rule.SHORT_AMBER:
        return Fault(rule, group, span=number, has=_before(plan, number, group, "y"), needs=times.amber[group])
    if rule is Rule.RED_AMBER:
        return Fault(rule, group, span=number, has=0.0, needs=times.red_amber[group])
    if rule in (Rule.CLEARANCE, Rule.PEDESTRIAN) and other is not None:
        gap = _since_green(plan, number, other)
        return Fault(rule, group, other, number, gap, times.between[other][group])
    return Fault(rule, group, other, number)


def _before(plan: Plan, number: int, group: int, letters: str) -> float:
    """Seconds the group shows these letters just before this span, the plan taken as a ring."""
    seconds, place = 0.0, number - 1
    for _step in plan.spans:
        if plan.spans[place].state[group] not in letters:
            break
        seconds += plan.spans[place].seconds
        place -= 1
    return seconds


def _since_green(plan: Plan, number: int, group: int) -> float:
    """Seconds from the end of the group's last green to this span."""
    seconds, place = 0.0, number - 1
    for _step in plan.spans:
        if plan.spans[place].state[group] in GREEN:
            break
        seconds += plan.spans[place].seconds
        place -= 1
    return seconds


def _unserved(junction: Junction, plan: Plan) -> Iterator[Fault]:
    """Groups that the junction serves and the plan does not, or only after too long a wait."""
    served = {group for span in junction.plan.spans for group in green_groups(span.state)}
    longest = junction.clearance.max_wait
    for group in sorted(served | {group for stage in junction.stages for group in stage.greens}):
        red = _longest_red(plan, group)
        if red is None:
            yield Fault(Wrong.NEVER_GREEN, group)
        elif red > longest:
            yield Fault(Rule.ENDLESS_RED, group, has=red, needs=longest)


def _longest_red(plan: Plan, group: int) -> float | None:
    """Seconds of the longest run without green in the ring; None where there is no green."""
    green = [span.state[group] in GREEN for span in plan.spans]
    if not any(green):
        return None
    first = green.index(True)
    longest = run = 0.0
    for place in range(first, first + len(green)):
        run = 0.0 if green[place % len(green)] else run + plan.spans[place % len(green)].seconds
        longest = max(longest, run)
    return longest


def _not_shown(junction: Junction, plan: Plan) -> Iterator[Fault]:
    """Where the guard, which every controller's commands pass, would show something else. Whole seconds alone."""
    if any(span.seconds % 1 for span in plan.spans) or plan.offset % 1:
        return
    alike, cycle = _running(junction, plan), round(plan.cycle)
    guard = Guard(alike, now=0.0, state=plan.state_at(0.0))
    for second in range(TURNS * cycle):
        shown = guard.step(float(second), clock=float(second))
        if second >= cycle and shown != plan.state_at(float(second)):
            yield Fault(Wrong.NOT_SHOWN, span=plan.place_at(float(second)))
            return


def _running(junction: Junction, plan: Plan) -> Junction:
    return Junction(
        junction.name, junction.movements, junction.stages, junction.clearance, junction.conflicts, plan,
        junction.kinds,
    )  # fmt: skip


def greens_of(plan: Plan, group: int) -> Sequence[tuple[float, float]]:
    """Seconds of the plan's own cycle from and to which the group is green."""
    found, start = list[tuple[float, float]](), 0.0
    for span in plan.spans:
        end = start + span.seconds
        if span.state[group] in GREEN:
            joins = found and found[-1][1] == start
            found[-1:] = [(found[-1][0], end)] if joins else [*found[-1:], (start, end)]
        start = end
    return found
