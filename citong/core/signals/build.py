"""A junction learnt from the plan its controller runs: stages, clearance and conflicts, never shorter than shown."""

from collections.abc import Callable, Iterable, Sequence
from itertools import product

from citong.core.signals.model import (
    AMBER,
    GREEN,
    PERMISSIVE,
    PROTECTED,
    RED,
    RED_AMBER,
    UNTOUCHED,
    Clearance,
    Conflicts,
    Junction,
    Kind,
    Movement,
    Plan,
    Span,
    Stage,
    green_groups,
)  # fmt: skip

MIN_GREEN = 5.0
"""Seconds; shorter only for a group whose own plan never shows as much (RiLSA 2015, 2.7.2)."""
AMBER_SECONDS = 3.0
"""Seconds at 50 km/h, where a plan shows none for vehicles (GB 14886-2016; RiLSA 2015, 2.4)."""
MAX_WAIT = 120.0
"""Seconds; longer only where the plan itself lets somebody wait longer."""
WALKING = 1.2
"""Metres a second of a person who clears a crossing (GB 14886-2016; RiLSA 2015, 2.5.2)."""

Meets = Callable[[int, int], bool]


def junction_from_plan(
    name: str,
    movements: Sequence[Movement],
    plan: Plan,
    *,
    meets: Meets | None = None,
    crossings: dict[int, float] | None = None,
) -> Junction:
    """The junction whose controller runs this plan.

    `meets` says whether the ways of two groups touch; two that do not may always be green together. Without it only
    what the plan shows together may be. `crossings` gives the length in metres of groups that are crossings.
    """
    kinds = _kinds(len(plan.spans[0].state), movements)
    conflicts = _conflicts(plan, meets)
    return Junction(
        name=name,
        movements=tuple(movements),
        stages=stages_of(plan.spans),
        clearance=_Times(plan, conflicts, kinds).learnt(crossings or {}),
        conflicts=conflicts,
        plan=plan,
        kinds=kinds,
    )


def stages_of(spans: Iterable[Span]) -> tuple[Stage, ...]:
    """The greens a plan shows, longest shown first where equal, without those another contains at least as strongly."""
    shown = list(dict.fromkeys(_greens_only(span.state) for span in spans))
    kept = [state for state in shown if set(state) & set(GREEN) and not any(_within(state, other) for other in shown)]
    return tuple(Stage(name=str(number + 1), state=state) for number, state in enumerate(kept))


def _greens_only(state: str) -> str:
    return "".join(letter if letter in GREEN + UNTOUCHED else RED for letter in state)


def _within(state: str, other: str) -> bool:
    """Whether the other state has all greens of this one, at least as strong, and is not the same."""
    strong = all(b == PROTECTED or a == b or a not in GREEN for a, b in zip(state, other, strict=True))
    return state != other and strong


def _kinds(groups: int, movements: Sequence[Movement]) -> tuple[Kind, ...]:
    """A group serves pedestrians or bicycles only if all its movements do."""
    kinds = [Kind.VEHICLE] * groups
    for group in range(groups):
        found = {movement.kind for movement in movements if movement.group == group}
        kinds[group] = found.pop() if len(found) == 1 else Kind.VEHICLE
    return tuple(kinds)


def _conflicts(plan: Plan, meets: Meets | None) -> Conflicts:
    """Pairs seen green together, and weaker ones; all pairs of groups that do not meet."""
    groups = len(plan.spans[0].state)
    allowed: list[list[set[str]]] = [[set() for _ in range(groups)] for _ in range(groups)]
    for state in {span.state for span in plan.spans}:
        greens = list(green_groups(state))
        for first, second in product(greens, greens):
            allowed[first][second] |= _weaker(state[first], state[second])
    for first, second in product(range(groups), range(groups)):
        if first != second and meets is not None and not meets(first, second):
            allowed[first][second] |= _weaker(PROTECTED, PROTECTED)
    return Conflicts(tuple(tuple(frozenset(pairs) for pairs in row) for row in allowed))


def _weaker(first: str, second: str) -> set[str]:
    return {a + b for a in {first, PERMISSIVE} for b in {second, PERMISSIVE}}


Leaves = Callable[[str, str], bool]


def _ends(last: str, following: str) -> bool:
    return last in GREEN and following not in GREEN


def _yields(last: str, following: str) -> bool:
    return last == PROTECTED and following == PERMISSIVE


class _Times:
    """Clearance read from the plan's own changes, the plan taken as a ring."""

    def __init__(self, plan: Plan, conflicts: Conflicts, kinds: Sequence[Kind]) -> None:
        self.conflicts, self.kinds = conflicts, kinds
        self.groups = range(len(kinds))
        self.spans = plan.spans * 3
        self.one = len(plan.spans)
        self.starts = [sum(span.seconds for span in self.spans[:place]) for place in range(len(self.spans) + 1)]

    def learnt(self, crossings: dict[int, float]) -> Clearance:
        amber = [self._amber(group) for group in self.groups]
        pedestrian = [self._pedestrian(group, crossings.get(group, 0.0)) for group in self.groups]
        between = self._between(amber, pedestrian)
        return Clearance(
            min_green=tuple(self._min_green(group) for group in self.groups),
            amber=tuple(amber),
            red_amber=tuple(max(self._runs(group, RED_AMBER), default=0.0) for group in self.groups),
            between=between,
            pedestrian=tuple(pedestrian),
            yielding=self._yielding(between),
            max_wait=max([MAX_WAIT, *(run for group in self.groups for run in self._runs(group, "ryu"))]),
        )

    def _runs(self, group: int, letters: str) -> list[float]:
        """Seconds of each unbroken run of these letters that begins in the second turn of the ring."""
        found = []
        for place in range(self.one, 2 * self.one):
            if self._is(group, place, letters) and not self._is(group, place - 1, letters):
                end = place
                while end < len(self.spans) and self._is(group, end, letters):
                    end += 1
                found.append(self.starts[end] - self.starts[place])
        return found

    def _is(self, group: int, place: int, letters: str) -> bool:
        return self.spans[place].state[group] in letters

    def _min_green(self, group: int) -> float:
        return min(MIN_GREEN, max(self._runs(group, GREEN), default=MIN_GREEN))

    def _amber(self, group: int) -> float:
        if self.kinds[group] is Kind.PEDESTRIAN:
            return max(self._runs(group, AMBER), default=0.0)
        return max(self._runs(group, AMBER), default=AMBER_SECONDS)

    def _pedestrian(self, group: int, metres: float) -> float:
        if self.kinds[group] is not Kind.PEDESTRIAN:
            return 0.0
        shown = [gap for other in self.groups if (gap := self._gap(group, other)) is not None]
        return min(shown, default=metres / WALKING)

    def _gap(self, first: int, second: int, leaves: Leaves = _ends) -> float | None:
        """Least seconds the plan shows from the end of one green to the other's next green that clashes with it."""
        gaps = []
        for place in range(self.one, 2 * self.one):
            last, following = self.spans[place - 1].state[first], self.spans[place].state[first]
            if leaves(last, following):
                found = self._next_clash(place, last, first, second)
                gaps += [found] if found is not None else []
        return min(gaps, default=None)

    def _next_clash(self, place: int, last: str, first: int, second: int) -> float | None:
        allowed = self.conflicts.allowed[first][second]
        for later in range(place, place + self.one):
            letter = self.spans[later].state[second]
            if letter in GREEN and last + letter not in allowed:
                return self.starts[later] - self.starts[place]
        return None

    def _between(self, amber: list[float], pedestrian: list[float]) -> tuple[tuple[float, ...], ...]:
        """Gaps between groups that follow each other; the others take the longest all-red the plan shows anywhere."""
        gaps = [[self._gap(a, b) if a != b else None for b in self.groups] for a in self.groups]
        nearest = [min((gap for gap in row if gap is not None), default=0.0) for row in gaps]
        all_red = max((near - max(y, p) for near, y, p in zip(nearest, amber, pedestrian, strict=True)), default=0.0)
        rest = [max(y, p) + max(all_red, 0.0) for y, p in zip(amber, pedestrian, strict=True)]
        return tuple(
            tuple(self._pair(a, b, gaps[a][b], rest[a]) for b in self.groups) for a in self.groups
        )  # fmt: skip

    def _yielding(self, between: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
        """Where the plan shows a right of way lost before the other's green, no more than that; else as `between`."""
        shown = [[self._gap(a, b, _yields) for b in self.groups] for a in self.groups]
        return tuple(
            tuple(whole if gap is None else min(gap, whole) for gap, whole in zip(*rows, strict=True))
            for rows in zip(shown, between, strict=True)
        )

    def _pair(self, first: int, second: int, gap: float | None, rest: float) -> float:
        if first == second or PROTECTED * 2 in self.conflicts.allowed[first][second]:
            return 0.0
        return rest if gap is None else min(gap, rest)
