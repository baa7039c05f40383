"""What an escort stands on: the roads of the city and the door to its lights, plugged in by two settings.

`ROADS_FILE` is a graph that `citong.core.roads.store` saved; `SIGNAL_PORT` is the dotted name
of a function that gives a `SignalPort`, whose clock counts the seconds since 1970. Without the first nothing is
planned, without the second no light is turned; both are said on every page of an escort.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import cast

import numpy as np
from django.conf import settings
from django.utils.module_loading import import_string
from numpy.typing import NDArray

from citong.core.roads.graph import Frame, RoadFault, Roads
from citong.core.roads.near import Near
from citong.core.roads.route import Router
from citong.core.roads.store import load
from citong.core.signals.model import Junction
from citong.core.signals.port import NoContact, SignalPort

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
MOST_STREETS = 3_000
A_TOWN = 0.15
"""Degrees; what is wider is not shown whole on a map."""


@dataclass(frozen=True, eq=False)
class Streets:
    """The roads with what finds a way on them; made once for a process."""

    roads: Roads
    router: Router
    near: Near


def streets() -> Streets | None:
    """The city's roads; None where none are loaded, they are damaged or have no place on the earth."""
    path = roads_file()
    try:
        return _streets(path, path.stat().st_mtime_ns)
    except (OSError, RoadFault):
        return None


def roads_file() -> Path:
    """Where the graph lies."""
    return Path(settings.ROADS_FILE)


def port() -> SignalPort | None:
    """The door to the lights; None where none is plugged in."""
    return _port(settings.SIGNAL_PORT) if settings.SIGNAL_PORT else None


def junctions() -> Mapping[str, Junction]:
    """Every light behind the door; none where nobody answers behind it."""
    door = port()
    try:
        return door.junctions() if door is not None else {}
    except NoContact:
        return {}


def streets_around(box: Box | None) -> list[tuple[str, list[list[float]]]]:
    """Roads as lines with their names, for a map: those in the box, the broadest where there are too many; each street
    once, whatever its directions."""
    ground = streets()
    if ground is None:
        return []
    roads = ground.roads
    wanted = np.ones(roads.edge_count, dtype=bool) if box is None else _inside(roads, box)
    edges = np.flatnonzero(wanted)
    if len(edges) > 2 * MOST_STREETS:
        edges = edges[np.argsort(-(roads.lanes[edges] * 1000 + roads.speed[edges]), kind="stable")[: 2 * MOST_STREETS]]
    found: dict[tuple[int, int], int] = {}
    for edge in edges.tolist():
        ends = int(roads.tail[edge]), int(roads.head[edge])
        found.setdefault((min(ends), max(ends)), edge)
    chosen = list(found.values())[:MOST_STREETS]
    return [(roads.names[roads.name[edge]], _drawn(roads, edge)) for edge in chosen]


def bounds() -> Box | None:
    """Around all roads; None where there are none, or for more than a town."""
    ground = streets()
    if ground is None:
        return None
    x, y = ground.roads.node_x, ground.roads.node_y
    box = float(x.min()), float(y.min()), float(x.max()), float(y.max())
    return box if max(box[2] - box[0], box[3] - box[1]) < A_TOWN else None


def _drawn(roads: Roads, edge: int) -> list[list[float]]:
    """A road from the middle of one junction to that of the next: its own shape may end at the stop line."""
    ends = ([roads.node_x[node], roads.node_y[node]] for node in (roads.tail[edge], roads.head[edge]))
    first, last = (np.array([end]) for end in ends)
    points: list[list[float]] = np.concatenate([first, roads.shape(edge), last]).round(5).tolist()
    return [point for place, point in enumerate(points) if not place or point != points[place - 1]]


def _inside(roads: Roads, box: Box) -> NDArray[np.bool_]:
    west, south, east, north = box
    inside = (roads.node_x >= west) & (roads.node_x <= east) & (roads.node_y >= south) & (roads.node_y <= north)
    return np.asarray(inside[roads.tail] | inside[roads.head])


def forget_ground() -> None:
    """The next look reads both anew: between tests."""
    _streets.cache_clear()
    _port.cache_clear()


@lru_cache(maxsize=2)
def _streets(path: Path, _changed: int) -> Streets | None:
    stored = load(path)
    if stored.roads.frame is not Frame.WGS84:
        return None
    return Streets(stored.roads, Router(stored.roads, stored.landmarks), Near.over(stored.roads))


@cache
def _port(name: str) -> SignalPort:
    return cast(SignalPort, import_string(name)())
