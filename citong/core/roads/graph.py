"""The road graph as arrays: edges, the turns between them, their shapes, and where signals stand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from citong.kit.geometry import MEAN_RADIUS

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Onward = tuple[tuple[tuple[int, float], ...], ...]
NONE = -1  # in `node_signal`: no signal stands there


class Frame(StrEnum):
    """What the two coordinates are."""

    WGS84 = "WGS84"  # degrees east and north
    PLANE = "plane"  # metres east and north of an origin nobody knows


class RoadFault(ValueError):
    """A road file or a question to the graph that cannot be answered; the sentence says why."""


@dataclass(frozen=True)
class Edge:
    """One directed edge, as people read it."""

    ref: str
    tail: str
    head: str
    length_m: float
    speed_ms: float
    lanes: int
    kind: str
    name: str


@dataclass(frozen=True)
class Position:
    """A point on an edge: `share` of its length behind, `away_m` beside it."""

    edge: int
    share: float
    away_m: float = 0.0


@dataclass(frozen=True)
class Plane:
    """Degrees to metres around a middle, good to 1 in 1,000 over a city; metres stay as they are."""

    frame: Frame
    lon: float = 0.0
    lat: float = 0.0

    def metres(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Metres east and north of the middle."""
        if self.frame is Frame.PLANE:
            return x, y
        degree = math.radians(MEAN_RADIUS)
        return (x - self.lon) * degree * math.cos(math.radians(self.lat)), (y - self.lat) * degree


def plane_over(frame: Frame, x: Floats, y: Floats) -> Plane:
    """The plane around the middle of these coordinates."""
    if frame is Frame.PLANE or not len(x):
        return Plane(frame)
    return Plane(frame, float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2)


@dataclass(frozen=True, eq=False)
class Roads:
    """Arrays by node, by edge and by turn. Turns of edge `e` are `turn_start[e]` up to `turn_start[e + 1]`:
    a turn that is not listed is forbidden. `turn_seconds` holds the way over the junction and the cost of turning."""

    frame: Frame
    node_refs: tuple[str, ...]
    node_x: Floats
    node_y: Floats
    node_signal: Ints
    signals: tuple[str, ...]
    edge_refs: tuple[str, ...]
    tail: Ints
    head: Ints
    length: Floats
    speed: Floats
    lanes: Ints
    kind: Ints
    kinds: tuple[str, ...]
    name: Ints
    names: tuple[str, ...]
    shape_start: Ints
    shape_x: Floats
    shape_y: Floats
    turn_start: Ints
    turn_to: Ints
    turn_seconds: Floats
    turn_length: Floats

    @property
    def edge_count(self) -> int:
        """How many directed edges there are."""
        return len(self.edge_refs)

    @cached_property
    def free_seconds(self) -> Floats:
        """Seconds along each edge when nothing is in the way."""
        return np.asarray(self.length / self.speed)

    @cached_property
    def plane(self) -> Plane:
        """The plane in which distances are taken."""
        return plane_over(self.frame, self.node_x, self.node_y)

    @cached_property
    def _index(self) -> dict[str, int]:
        return {ref: index for index, ref in enumerate(self.edge_refs)}

    def index(self, ref: str) -> int:
        """The edge with that id; RoadFault when there is none."""
        try:
            return self._index[ref]
        except KeyError:
            raise RoadFault(f"There is no road edge {ref} in this graph.") from None

    def edge(self, index: int) -> Edge:
        """One edge in words."""
        return Edge(
            ref=self.edge_refs[index],
            tail=self.node_refs[self.tail[index]],
            head=self.node_refs[self.head[index]],
            length_m=float(self.length[index]),
            speed_ms=float(self.speed[index]),
            lanes=int(self.lanes[index]),
            kind=self.kinds[self.kind[index]],
            name=self.names[self.name[index]],
        )

    def shape(self, index: int) -> Floats:
        """The edge's points, n × 2, from tail to head."""
        own = slice(self.shape_start[index], self.shape_start[index + 1])
        return np.column_stack([self.shape_x[own], self.shape_y[own]])

    def signal_after(self, index: int) -> str | None:
        """The signal junction at the end of the edge, if one stands there."""
        signal = int(self.node_signal[self.head[index]])
        return None if signal == NONE else self.signals[signal]

    def turn(self, before: int, after: int) -> int | None:
        """The index of the turn between two edges; None when it is forbidden or they do not meet."""
        first, last = int(self.turn_start[before]), int(self.turn_start[before + 1])
        found = np.flatnonzero(self.turn_to[first:last] == after)
        return first + int(found[0]) if len(found) else None

    def place_of(self, position: Position) -> tuple[float, float]:
        """The coordinates of a point on an edge."""
        points = self.shape(position.edge)
        x, y = self.plane.metres(points[:, 0], points[:, 1])
        along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
        wanted = min(max(position.share, 0.0), 1.0) * along[-1]
        return float(np.interp(wanted, along, points[:, 0])), float(np.interp(wanted, along, points[:, 1]))

    @cached_property
    def turns(self) -> Onward:
        """By edge, the edges that may follow and the seconds of turning. Tuples throughout, which Python's
        garbage collector soon leaves alone: lists would cost a search a pause of tens of milliseconds now and then."""
        pairs = list(zip(self.turn_to.tolist(), self.turn_seconds.tolist(), strict=True))
        return _cut(pairs, self.turn_start)

    @cached_property
    def turns_back(self) -> Onward:
        """By edge, the edges that may come before it and the seconds of turning."""
        from_edge = np.repeat(np.arange(self.edge_count), np.diff(self.turn_start))
        order = np.argsort(self.turn_to, kind="stable")
        counts = np.bincount(self.turn_to, minlength=self.edge_count)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        pairs = list(zip(from_edge[order].tolist(), self.turn_seconds[order].tolist(), strict=True))
        return _cut(pairs, starts)


def _cut(pairs: Sequence[tuple[int, float]], starts: Ints) -> Onward:
    ends = starts.tolist()
    return tuple(tuple(pairs[first:last]) for first, last in pairwise(ends))
