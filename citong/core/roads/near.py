"""The roads nearest to a point: a raster over all segments, asked cell by cell outward."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from citong.core.roads.graph import Floats, Ints, Position, Roads

CELL_M = 100.0
STEP_M = CELL_M / 2  # segments are entered in the raster at points this far apart, so none is missed by a cell
FARTHEST_M = 2_000.0


@dataclass(frozen=True, eq=False)
class Near:
    """Answers which edges run near a point. `bearing`: the vehicle's course, degrees from north clockwise."""

    roads: Roads
    segment_edge: Ints
    ends: Floats  # by segment: x, y of its first point, then of its last, metres in the graph's plane
    before: Floats  # by segment: metres of its edge's shape before it
    whole: Floats  # by edge: metres of its shape
    cells: dict[tuple[int, int], Ints]

    @classmethod
    def over(cls, roads: Roads) -> "Near":
        """The raster of a graph."""
        x, y = roads.plane.metres(roads.shape_x, roads.shape_y)
        edge = np.repeat(np.arange(roads.edge_count, dtype=np.int32), np.diff(roads.shape_start))
        first = np.flatnonzero(edge[:-1] == edge[1:])
        ends = np.column_stack([x[first], y[first], x[first + 1], y[first + 1]])
        length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
        owner = edge[first]
        along = np.concatenate([[0.0], np.cumsum(length)])[:-1]
        opening = np.searchsorted(owner, np.arange(roads.edge_count))
        whole = np.bincount(owner, weights=length, minlength=roads.edge_count).astype(np.float64)
        return cls(roads, owner, ends, along - along[opening[owner]], whole, _raster(ends, length))

    def positions(
        self, x: float, y: float, *, within_m: float = 60.0, bearing: float | None = None, turned: float = 60.0,
        most: int = 8,
    ) -> list[Position]:  # fmt: skip
        """The positions within that distance, the nearest first, one an edge. With a bearing, those edges alone
        that run at most `turned` degrees off it. Both directions of a street come one after the other."""
        at_x, at_y = _point(self.roads, x, y)
        found = self._ring(at_x, at_y, min(within_m, FARTHEST_M))
        if bearing is not None:
            found = found[_off(self.ends[found], bearing) <= turned]
        share, away = _shares(self.ends[found], at_x, at_y)
        chosen: dict[int, Position] = {}
        for place in np.lexsort((self.segment_edge[found], away.round(3))).tolist():
            edge = int(self.segment_edge[found[place]])
            if away[place] <= within_m and edge not in chosen:
                chosen[edge] = self._position(int(found[place]), edge, float(share[place]), float(away[place]))
            if len(chosen) == most:
                break
        return list(chosen.values())

    def street(self, x: float, y: float, *, within_m: float = 500.0) -> list[Position]:
        """Where a place is reached by car: the nearest edge and, if there is one, the way back of that street."""
        for reach in (60.0, within_m):
            found = self.positions(x, y, within_m=min(reach, within_m))
            if found:
                return [one for one in found if one is found[0] or self._opposite(found[0], one)]
        return []

    def _opposite(self, one: Position, other: Position) -> bool:
        roads = self.roads
        turned = roads.tail[one.edge] == roads.head[other.edge] and roads.head[one.edge] == roads.tail[other.edge]
        return bool(turned) and other.away_m <= one.away_m + 15

    def _position(self, segment: int, edge: int, share: float, away: float) -> Position:
        x, y, last_x, last_y = self.ends[segment].tolist()
        passed = float(self.before[segment]) + share * math.hypot(last_x - x, last_y - y)
        whole = float(self.whole[edge])
        return Position(edge, min(1.0, passed / whole) if whole else 0.0, away)

    def _ring(self, x: float, y: float, within_m: float) -> NDArray[np.int64]:
        own = [self.cells[cell] for cell in _cells_within(x, y, within_m + STEP_M) if cell in self.cells]
        return np.unique(np.concatenate(own)) if own else np.empty(0, dtype=np.int64)


def _point(roads: Roads, x: float, y: float) -> tuple[float, float]:
    at_x, at_y = roads.plane.metres(np.array([x]), np.array([y]))
    return float(at_x[0]), float(at_y[0])


def _cells_within(x: float, y: float, reach: float) -> Iterator[tuple[int, int]]:
    west, east = math.floor((x - reach) / CELL_M), math.floor((x + reach) / CELL_M)
    south, north = math.floor((y - reach) / CELL_M), math.floor((y + reach) / CELL_M)
    return ((i, j) for i in range(west, east + 1) for j in range(south, north + 1))


def _raster(ends: Floats, length: Floats) -> dict[tuple[int, int], Ints]:
    """By cell, the segments that have a point of theirs in it, one point each `STEP_M`."""
    count = np.ceil(length / STEP_M).astype(np.int64) + 1
    segment = np.repeat(np.arange(len(ends)), count)
    place = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    share = place / np.maximum(count[segment] - 1, 1)
    x = ends[segment, 0] + share * (ends[segment, 2] - ends[segment, 0])
    y = ends[segment, 1] + share * (ends[segment, 3] - ends[segment, 1])
    cells = np.column_stack([np.floor(x / CELL_M), np.floor(y / CELL_M)]).astype(np.int64)
    rows = np.unique(np.column_stack([cells, segment]), axis=0)
    starts = np.flatnonzero(np.any(np.diff(rows[:, :2], axis=0, prepend=rows[:1, :2] - 1), axis=1))
    groups = np.split(rows[:, 2].astype(np.int32), starts[1:])
    keys = cast(list[list[int]], rows[starts, :2].tolist())
    return {(i, j): group for (i, j), group in zip(keys, groups, strict=True)}


def _shares(ends: Floats, x: float, y: float) -> tuple[Floats, Floats]:
    """How far along each segment its nearest point lies, 0 to 1, and how far away that is."""
    dx, dy = ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]
    square = np.maximum(dx * dx + dy * dy, 1e-9)
    share = np.clip(((x - ends[:, 0]) * dx + (y - ends[:, 1]) * dy) / square, 0, 1)
    return share, np.hypot(ends[:, 0] + share * dx - x, ends[:, 1] + share * dy - y)


def _off(ends: Floats, bearing: float) -> Floats:
    own = np.degrees(np.arctan2(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]))
    return np.asarray(np.abs((own - bearing + 180) % 360 - 180))
