"""A junction as every controller of signals sees it, whatever table it was read from (SUMO, GB/T 20999, NTCIP).

A *group* is one set of lamps, numbered from 0; a *state* is a string with one letter for each group:
`G` green, `g` green that yields, `y` amber, `u` red and amber, `r` red, and `s`, `o`, `O` (stop and go, flashing,
dark), which belong to a plan and are passed on untouched. All times are seconds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

GREEN = "Gg"
PROTECTED, PERMISSIVE, AMBER, RED_AMBER, RED = "G", "g", "y", "u", "r"
UNTOUCHED = "soO"


class Kind(StrEnum):
    """Who moves."""

    VEHICLE = "vehicle"
    PEDESTRIAN = "pedestrian"
    BICYCLE = "bicycle"
    TRAM = "tram"


@dataclass(frozen=True, slots=True)
class Movement:
    """The way from one lane before the stop line to one lane behind the junction; several may share a group."""

    group: int
    approach: str
    exit: str
    lane: str
    exit_lane: str
    kind: Kind = Kind.VEHICLE


@dataclass(frozen=True)
class Stage:
    """A set of groups that are green together."""

    name: str
    state: str

    @cached_property
    def greens(self) -> frozenset[int]:
        """Groups that are green, yielding or not."""
        return frozenset(green_groups(self.state))

    @cached_property
    def protected(self) -> frozenset[int]:
        """Groups that are green and yield to nobody."""
        return frozenset(group for group, letter in enumerate(self.state) if letter == PROTECTED)

    @cached_property
    def permissive(self) -> frozenset[int]:
        """Groups that are green and yield."""
        return self.greens - self.protected


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Which groups may be green together: `allowed[a][b]` holds the pairs of letters (`GG`, `Gg`…) they may show."""

    allowed: tuple[tuple[frozenset[str], ...], ...]

    def apart(self, first: int, second: int) -> bool:
        """Whether the two may never be green together."""
        return first != second and not self.allowed[first][second]

    def clash(self, state: str) -> tuple[int, int] | None:
        """The first two groups whose greens must not stand together, or None."""
        greens = list(green_groups(state))
        for place, first in enumerate(greens):
            for second in greens[place + 1 :]:
                if state[first] + state[second] not in self.allowed[first][second]:
                    return first, second
        return None


@dataclass(frozen=True, slots=True)
class Clearance:
    """The times no command can shorten, by group; `between[a][b]` is from the end of a's green to the start of b's."""

    min_green: tuple[float, ...]
    amber: tuple[float, ...]
    red_amber: tuple[float, ...]
    between: tuple[tuple[float, ...], ...]
    pedestrian: tuple[float, ...]
    """Seconds a person who stepped off at the last moment needs; 0 for groups of vehicles. Contained in `between`."""
    max_wait: float
    """Nobody who asked for green waits longer than this, plus what the changes of stage take."""
    yielding: tuple[tuple[float, ...], ...] = ()
    """As `between`, from the second at which a's green lost its right of way (`G` to `g`). Empty: `between` holds."""

    def since_yield(self, first: int, second: int) -> float:
        """Seconds from the loss of the first's right of way to a green of the second that clashed with it."""
        return (self.yielding or self.between)[first][second]


@dataclass(frozen=True, slots=True)
class Span:
    """One line of a plan: the state shown, ambers and all, and for how long."""

    state: str
    seconds: float


@dataclass(frozen=True)
class Plan:
    """A fixed plan: spans that repeat, begun `offset` seconds after each full cycle of the clock."""

    name: str
    spans: tuple[Span, ...]
    offset: float = 0.0

    @cached_property
    def cycle(self) -> float:
        """Seconds until the plan repeats."""
        return sum(span.seconds for span in self.spans)

    @cached_property
    def _ends(self) -> tuple[float, ...]:
        ends, end = [], 0.0
        for span in self.spans:
            end += span.seconds
            ends.append(end)
        return tuple(ends)

    def place_at(self, clock: float) -> int:
        """The number of the span shown at this second of the clock."""
        moment = (clock - self.offset) % self.cycle
        for place, end in enumerate(self._ends):
            if moment < end:
                return place
        return len(self.spans) - 1

    def state_at(self, clock: float) -> str:
        """The state the plan shows at this second of the clock."""
        return self.spans[self.place_at(clock)].state


@dataclass(frozen=True)
class Junction:
    """One signal controller: its movements, stages, times, conflicts and own plan."""

    name: str
    movements: tuple[Movement, ...]
    stages: tuple[Stage, ...]
    clearance: Clearance
    conflicts: Conflicts
    plan: Plan
    kinds: tuple[Kind, ...] = field(default=())
    """Who each group serves."""

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self.clearance.amber)

    @cached_property
    def by_lane(self) -> dict[str, tuple[Movement, ...]]:
        """Movements by the lane before the stop line."""
        return _gathered((movement.lane, movement) for movement in self.movements)

    @cached_property
    def by_approach(self) -> dict[str, tuple[Movement, ...]]:
        """Movements by the road they come from."""
        return _gathered((movement.approach, movement) for movement in self.movements)

    def change(self, old: str, new: str) -> float:
        """Seconds from the end of one state to the last of the other's greens, everybody cleared."""
        times, here = self.clearance, range(self.groups)
        ending = [g for g in here if old[g] in GREEN and new[g] not in GREEN]
        losing = [g for g in here if old[g] == PROTECTED and new[g] == PERMISSIVE]
        starting = [g for g in here if new[g] in GREEN and old[g] != new[g]]
        left = [times.between[a][b] for a in ending for b in starting]
        lost = [
            times.since_yield(a, b) for a in losing for b in starting
            if a != b and PROTECTED + new[b] not in self.conflicts.allowed[a][b]
        ]  # fmt: skip
        return max([*left, *lost], default=0.0)

    def serving(self, groups: Iterable[int]) -> tuple[int, ...]:
        """Stages in which all these groups are green, those with most of them protected first."""
        wanted = frozenset(groups)
        fit = [number for number, stage in enumerate(self.stages) if wanted <= stage.greens]
        return tuple(sorted(fit, key=lambda number: -len(wanted & self.stages[number].protected)))

    def groups_from(self, approach: str, exit: str | None = None) -> tuple[int, ...]:
        """Groups that lead from this road, all of them or those to one exit."""
        found = {m.group for m in self.by_approach.get(approach, ()) if exit is None or m.exit == exit}
        return tuple(sorted(found))


def green_groups(state: str) -> Iterator[int]:
    """Groups that are green in a state, yielding or not."""
    return (group for group, letter in enumerate(state) if letter in GREEN)


def _gathered(pairs: Iterable[tuple[str, Movement]]) -> dict[str, tuple[Movement, ...]]:
    found: dict[str, list[Movement]] = {}
    for name, movement in pairs:
        found.setdefault(name, []).append(movement)
    return {name: tuple(movements) for name, movements in found.items()}
