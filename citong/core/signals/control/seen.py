"""What a controller sees of one junction each second, and the shape of a controller. Lists are filled anew."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from citong.core.signals.guard import Guard
from citong.core.signals.model import Junction
from citong.core.signals.port import Detected

SIGHT = 200.0
"""Metres before the stop line in which vehicles are counted."""
FIRST, SPACING = 2.0, 7.5
"""Metres from the stop line to the first who stands, and from one to the next."""


@dataclass(frozen=True, slots=True)
class LaneShape:
    """A lane before the stop line: its length back to the junction before, speed allowed, and where it leads."""

    name: str
    length: float
    speed: float
    groups: tuple[int, ...]
    exits: tuple[int, ...]
    """Numbers of its exit lanes, one for each of `groups`."""


@dataclass(slots=True)
class LaneSeen:
    """Vehicles of one lane, the nearest to the stop line first: metres to it and metres a second."""

    distances: list[float] = field(default_factory=list)
    speeds: list[float] = field(default_factory=list)
    halted: int = 0
    wait: float = 0.0
    """Seconds the one who waits longest has stood."""


@dataclass(slots=True)
class ExitSeen:
    """A lane behind the junction: vehicles on it, those that stand, and how many more it takes."""

    count: int = 0
    halted: int = 0
    space: float = 20.0
    tail: float = 200.0
    """Metres from the junction to the last vehicle, the lane's length if it is empty."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What never changes at a junction, as a controller needs it."""

    junction: Junction
    lanes: tuple[LaneShape, ...]
    exits: tuple[str, ...]


@dataclass(slots=True)
class Seen:
    """One second of one junction; `lanes` and `exits` are in the order of the shape."""

    now: float
    lanes: list[LaneSeen]
    exits: list[ExitSeen]


def reported(shape: Shape, detected: Mapping[str, Detected], *, now: float) -> Seen:
    """What the detectors of a port say, by lane, as a controller sees it: places are reckoned, lanes unknown empty."""
    exits = (detected.get(name) for name in shape.exits)
    return Seen(
        now,
        [_lane(lane, detected.get(lane.name)) for lane in shape.lanes],
        [ExitSeen() if one is None else ExitSeen(one.count, one.halted) for one in exits],
    )


def _lane(lane: LaneShape, said: Detected | None) -> LaneSeen:
    """Those who stand are one behind another, those who come are spread over the rest of the lane."""
    if said is None:
        return LaneSeen()
    coming = max(said.count - said.halted, 0)
    tail = FIRST + SPACING * said.halted
    step = max(min(SIGHT, lane.length) - tail, 0.0) / max(coming, 1)
    distances = [FIRST + SPACING * place for place in range(said.halted)]
    distances += [tail + step * (place + 0.5) for place in range(coming)]
    speeds = [0.0] * said.halted + [lane.speed] * coming
    return LaneSeen(distances, speeds, said.halted, said.longest_wait)


class Controller(Protocol):
    """Leads one junction. None means: the plan."""

    def decide(self, seen: Seen, guard: Guard) -> int | None:
        """The stage wanted now."""


Lead = Callable[[Mapping[str, Shape]], Mapping[str, Controller]]


def each(make: Callable[[Shape], Controller]) -> Lead:
    """Junctions led each by itself."""
    return lambda shapes: {name: make(shape) for name, shape in shapes.items()}
