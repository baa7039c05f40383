"""What is known of the roads just now, laid over the graph: live speeds and closed edges."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from citong.core.roads.graph import Floats, RoadFault, Roads

SLOWEST_MS = 0.5  # a crawl; a road where nothing moves at all is closed instead


@dataclass(frozen=True, eq=False)
class Traffic:
    """Seconds along each edge now, and the edges nobody may enter. A speed above the free one counts as the free
    one: the bounds of the search rest on it."""

    seconds: tuple[float, ...]
    closed: frozenset[int] = frozenset()

    @classmethod
    def free(cls, roads: Roads) -> "Traffic":
        """Empty roads."""
        return cls(tuple(roads.free_seconds.tolist()))

    @classmethod
    def live(cls, roads: Roads, *, speeds: Mapping[int, float], closed: Collection[int] = ()) -> "Traffic":
        """Roads with these speeds (m/s by edge; free where none is given) and closures."""
        seconds = roads.free_seconds.copy()
        if speeds:
            edges = np.fromiter(speeds, dtype=np.int64, count=len(speeds))
            now = np.fromiter(speeds.values(), dtype=np.float64, count=len(speeds))
            _check(roads, edges, now)
            seconds[edges] = roads.length[edges] / np.clip(now, SLOWEST_MS, roads.speed[edges])
        return cls(tuple(seconds.tolist()), frozenset(closed))

    @cached_property
    def open_seconds(self) -> list[float]:
        """The same by edge, without end on closed ones: what a search reads."""
        seconds = list(self.seconds)
        for edge in self.closed:
            seconds[edge] = float("inf")
        return seconds

    def closing(self, *edges: int) -> "Traffic":
        """The same with more edges closed."""
        return Traffic(self.seconds, self.closed | set(edges))


def _check(roads: Roads, edges: NDArray[np.int64], now: Floats) -> None:
    if edges.min() < 0 or edges.max() >= roads.edge_count:
        raise RoadFault("A speed is given for an edge that is not in this graph.")
    if not np.isfinite(now).all() or now.min() < 0:
        raise RoadFault("A speed must be 0 or more metres a second.")
