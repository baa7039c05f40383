"""Bounds for the search: how far every edge is at least from any goal, by way of a few far-off edges.

Goldberg and Harrelson, Computing the Shortest Path: A* Search Meets Graph Theory (2005): by the triangle
inequality, the time to a landmark (and from it) bounds the time between any two edges from below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from citong.core.roads.graph import Floats, Roads

COUNT = 16
UNIT_S = 0.25  # times are kept as whole numbers of this
FAR = 65_535  # out of reach, or farther than four and a half hours
Times = NDArray[np.uint16]


@dataclass(frozen=True, eq=False)
class Landmarks:
    """By landmark (row) and edge (column): times from the landmark's end to the edge's end, and back."""

    onward: Times
    back: Times

    def bound(self, goals: Sequence[tuple[int, float]], *, seconds: Floats) -> Floats:
        """By edge, seconds that the way from its end to the nearest of the goals (edge, share) takes at least."""
        nearest = np.full(self.onward.shape[1], np.inf)
        for edge, share in goals:
            far = self._to(edge) - (1 - share) * float(seconds[edge])
            np.minimum(nearest, far, out=nearest)
        return np.asarray(np.maximum(nearest, 0.0))

    def _to(self, goal: int) -> Floats:
        """What is out of reach needs no care: seen from a landmark it gives less than 0; and what cannot reach a
        landmark that the goal can reach, cannot reach the goal either."""
        best = np.ones(self.onward.shape[1], dtype=np.int32)
        room = np.empty_like(best)
        for onward, back in zip(self.onward, self.back, strict=True):
            if onward[goal] < FAR:
                np.maximum(best, np.subtract(np.int32(onward[goal]), onward, out=room, dtype=np.int32), out=best)
            if back[goal] < FAR:
                np.maximum(best, np.subtract(back, np.int32(back[goal]), out=room, dtype=np.int32), out=best)
        return np.asarray((best - 1) * UNIT_S, dtype=np.float64)


def choose(roads: Roads, *, count: int = COUNT, seconds: Sequence[float] | None = None) -> Landmarks:
    """Landmarks spread along the rim: each the edge farthest from those before it. Costs two searches each."""
    times = roads.free_seconds.tolist() if seconds is None else list(seconds)
    onward, back = [], []
    next_, nearest = _middle(roads), np.full(roads.edge_count, FAR, dtype=np.uint16)
    first = _times(roads.turns, times, next_, onward=True)
    nearest = np.where(first < FAR, first, 0)
    for _ in range(min(count, roads.edge_count)):
        next_ = int(np.argmax(nearest))
        onward.append(_times(roads.turns, times, next_, onward=True))
        back.append(_times(roads.turns_back, times, next_, onward=False))
        both = np.minimum(onward[-1], back[-1])
        nearest = np.minimum(nearest, np.where(both < FAR, both, 0))
    return Landmarks(np.array(onward), np.array(back))


def _middle(roads: Roads) -> int:
    """An edge near the middle that has most turns, so that it is hardly a dead end."""
    x, y = roads.plane.metres(roads.node_x, roads.node_y)
    away = np.hypot(x[roads.head] - np.median(x), y[roads.head] - np.median(y))
    ways = np.diff(roads.turn_start)
    return int(np.lexsort((away, -np.minimum(ways, 2)))[0])


def _times(
    turns: Sequence[Sequence[tuple[int, float]]], seconds: Sequence[float], start: int, *, onward: bool
) -> Times:
    """Times from the end of `start` to the end of each edge, or from those to it, in units, rounded down."""
    best = [float("inf")] * len(seconds)
    best[start] = 0.0
    heap = [(0.0, start)]
    while heap:
        time, edge = heappop(heap)
        if time > best[edge]:
            continue
        own = 0.0 if onward else seconds[edge]
        for next_, cost in turns[edge]:
            reached = time + cost + (seconds[next_] if onward else own)
            if reached < best[next_]:
                best[next_] = reached
                heappush(heap, (reached, next_))
    return np.minimum(np.array(best) / UNIT_S, FAR).astype(np.uint16)
