"""The way of an escort: its stretches, the lights on it and the junctions without any, all by metres from its begin."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Stretch:
    """One road of the way, from its begin to the begin of the next one; the way over the junction is its end."""

    edge: str
    begins_m: float
    length_m: float
    road_m: float
    """Metres to the stop line, or to the end of the way."""
    speed_ms: float

    @property
    def line_m(self) -> float:
        """Where the road ends before the junction."""
        return self.begins_m + self.road_m

    @property
    def ends_m(self) -> float:
        """Where the next road begins."""
        return self.begins_m + self.length_m


@dataclass(frozen=True, slots=True)
class Side:
    """Another way out of lanes the escort uses: who wants to go there and cannot stands before it."""

    exit: str
    junction: str


@dataclass(frozen=True, slots=True)
class Gate:
    """One stop line of a signal on the way."""

    junction: str
    line_m: float
    behind_m: float
    """Where the road behind the junction begins."""
    stage: int
    approach: str
    exit: str | None
    """None for the light at the end of the last road: it is called only to clear the road."""
    stretch: int
    """The stretch that ends at this line."""
    sides: tuple[Side, ...] = ()

    @property
    def clear_m(self) -> float:
        """Where the escort is out of the way of those who get green next."""
        return self.line_m if self.exit is None else self.behind_m


@dataclass(frozen=True)
class Way:
    """Stretches one after another, and the gates in order."""

    stretches: tuple[Stretch, ...]
    gates: tuple[Gate, ...]

    @property
    def length_m(self) -> float:
        """To its end."""
        return self.stretches[-1].line_m

    @cached_property
    def own(self) -> set[str]:
        """Signals on the way."""
        return {gate.junction for gate in self.gates}

    @cached_property
    def _begins(self) -> list[float]:
        return [stretch.begins_m for stretch in self.stretches]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {stretch.edge: place for place, stretch in reversed(list(enumerate(self.stretches)))}

    def along(self, edge: str, metres: float, *, after: float = 0.0) -> float | None:
        """Metres from the begin for a point on a road; None when it is off the way. A road driven twice: not before
        `after`."""
        if edge not in self._places:
            return None
        for stretch in self.stretches[max(self._places[edge], self.place(after)) :]:
            if stretch.edge == edge:
                return stretch.begins_m + min(metres, stretch.length_m)
        return self.stretches[self._places[edge]].begins_m + metres

    def place(self, along_m: float) -> int:
        """The number of the stretch at this point."""
        return max(bisect_right(self._begins, along_m) - 1, 0)

    def curve(self, speeds: Mapping[str, float] | None = None) -> "Curve":
        """Seconds along the way at free speed, or slower where live speeds say so."""
        live = speeds or {}
        paces = [min(live.get(one.edge, one.speed_ms), one.speed_ms) for one in self.stretches]
        return Curve(self, [max(pace, SLOWEST) for pace in paces])


SLOWEST = 1.0
"""Metres a second reckoned with on a road that stands; what stands there is counted by itself."""


class Curve:
    """Seconds from the begin of the way to any point of it."""

    def __init__(self, way: Way, paces: Sequence[float]) -> None:
        self.way, self.paces = way, paces
        self.starts = [0.0]
        for stretch, pace in zip(way.stretches, paces, strict=True):
            self.starts.append(self.starts[-1] + stretch.length_m / pace)

    def at(self, along_m: float) -> float:
        """Seconds from the begin to this point."""
        place = self.way.place(along_m)
        return self.starts[place] + (along_m - self.way.stretches[place].begins_m) / self.paces[place]

    def reached(self, from_m: float, seconds: float) -> float:
        """The point reached after so many seconds."""
        goal = self.at(from_m) + seconds
        place = min(max(bisect_right(self.starts, goal) - 1, 0), len(self.paces) - 1)
        stretch = self.way.stretches[place]
        return min(stretch.begins_m + (goal - self.starts[place]) * self.paces[place], self.way.length_m)
