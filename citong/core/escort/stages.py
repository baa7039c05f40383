"""Stages for an escort: all ways of one approach green, with whatever else may be green beside them."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from citong.core.signals.model import GREEN, PERMISSIVE, PROTECTED, RED, Conflicts, Junction, Kind, Stage

Meets = Callable[[int, int], bool]
PREFIX = "escort "


class NoStage(ValueError):
    """No stage of the junction shows green to that movement."""

    def __init__(self, junction: str, approach: str, exit: str | None) -> None:
        super().__init__(f"Junction {junction} has no stage with green from {approach} to {exit or 'anywhere'}.")


def with_escort_stages(junction: Junction, *, meets: Meets) -> Junction:
    """The junction with one more stage for each approach that no stage of its plan serves whole.

    Two groups of one approach whose ways do not touch (`meets`) may be green together although the plan never shows it;
    between approaches only what the plan itself shows together is used.
    """
    conflicts = _widened(junction, meets)
    wider = replace(junction, conflicts=conflicts)
    stages = list(junction.stages)
    for approach in junction.by_approach:
        groups = vehicle_groups(junction, approach)
        state = _state(wider, groups)
        known = any(all(stage.state[g] == PROTECTED for g in groups) for stage in stages)
        if groups and not known and state is not None:
            stages.append(Stage(PREFIX + approach, state))
    return replace(wider, stages=tuple(stages))


def vehicle_groups(junction: Junction, approach: str, exit: str | None = None) -> tuple[int, ...]:
    """Groups by which cars leave this approach."""
    wanted = junction.by_approach.get(approach, ())
    return tuple(sorted({m.group for m in wanted if m.kind is Kind.VEHICLE and exit in (None, m.exit)}))


def stage_for(junction: Junction, approach: str, exit: str | None) -> int:
    """The stage that lets this movement go, and best those who share its lanes; NoStage when there is none."""
    own = vehicle_groups(junction, approach, exit)
    ways = [m for m in junction.by_approach.get(approach, ()) if m.kind is Kind.VEHICLE]
    lanes = {m.lane for m in ways if exit in (None, m.exit)}
    sharing = {m.group for m in ways if m.lane in lanes}
    every = {m.group for m in ways}

    def worth(number: int) -> tuple[float, ...]:
        stage = junction.stages[number]
        greens, strong = stage.greens, stage.protected
        return len(strong & set(own)), len(strong & sharing), len(strong & every), len(greens & sharing), len(greens)

    fit = [number for number, stage in enumerate(junction.stages) if stage.greens & set(own)]
    if not fit:
        raise NoStage(junction.name, approach, exit)
    return max(fit, key=worth)


def change_seconds(junction: Junction, state: str, stage: int) -> float:
    """Seconds from now to the stage's greens at least: the clearance of what is green, were it to end at once."""
    target, between = junction.stages[stage].state, junction.clearance.between
    ending = [g for g, letter in enumerate(state) if letter in GREEN + "y" and target[g] not in GREEN]
    starting = [g for g, letter in enumerate(target) if letter in GREEN and state[g] not in GREEN]
    return max((between[a][b] for a in ending for b in starting), default=0.0)


def _widened(junction: Junction, meets: Meets) -> Conflicts:
    allowed = [list(row) for row in junction.conflicts.allowed]
    every = frozenset(a + b for a in GREEN for b in GREEN)
    for approach in junction.by_approach:
        groups = vehicle_groups(junction, approach)
        for first in groups:
            for second in groups:
                if first != second and not meets(first, second):
                    allowed[first][second] |= every
    return Conflicts(tuple(tuple(row) for row in allowed))


def _state(junction: Junction, groups: Collection[int]) -> str | None:
    """All these groups protected, then what else the plan's own stages show and nothing forbids; None on a clash."""
    letters = [PROTECTED if group in groups else RED for group in range(junction.groups)]
    if junction.conflicts.clash("".join(letters)) is not None:
        return None
    for group, letter in _companions(junction, groups):
        before, letters[group] = letters[group], letter
        if junction.conflicts.clash("".join(letters)) is not None:
            letters[group] = before
    return "".join(letters)


def _companions(junction: Junction, groups: Collection[int]) -> Iterable[tuple[int, str]]:
    """Greens of the stage that shows most of these groups, then those of the others."""
    shown = sorted(junction.stages, key=lambda stage: -len(stage.greens & set(groups)))
    for stage in shown[:1]:
        for group in stage.greens - set(groups):
            if junction.kinds and junction.kinds[group] is Kind.PEDESTRIAN:
                continue
            yield group, stage.state[group] if stage.state[group] == PERMISSIVE else PROTECTED
