"""Roads along which several signals stand in a row: what a time-space diagram is drawn of."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from citong.core.signals.model import Junction

STRAIGHT = math.radians(35)
"""A road that turns more at a junction is another one."""
LEAST = 3
"""Signals on a road worth a diagram."""


@dataclass(frozen=True, slots=True)
class RoadStop:
    """A signal on the road: metres from its begin, the groups that lead along it there and back."""

    junction: str
    metres: float
    there: tuple[int, ...]
    back: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Street:
    """The signals of one road in their order."""

    stops: tuple[RoadStop, ...]


Points = Mapping[str, tuple[float, float]]


def roads_to(junction: Junction, groups: Collection[int]) -> set[str]:
    """The roads on which those wait who have these groups' green."""
    return {movement.approach for movement in junction.movements if movement.group in groups}


def streets(junctions: Mapping[str, Junction], points: Points, reached: Mapping[str, str]) -> list[Street]:
    """Every road that leads straight on over at least three signals, the longest first; points are metres.

    `reached` says by which road traffic that leaves a signal on another comes to the next signal.
    """
    ways = _ways(junctions, reached)
    found, used = list[Street](), set[tuple[str, str]]()
    for first in sorted(ways):
        for second in sorted(ways[first]):
            if (first, second) in used:
                continue
            row = _grown(first, second, ways, points)
            used |= {pair for one, two in pairwise(row) for pair in ((one, two), (two, one))}
            if len(row) >= LEAST:
                found.append(_street(row, ways, junctions, points))
    return sorted(found, key=lambda street: -len(street.stops))


@dataclass(frozen=True, slots=True)
class _Way:
    """From one signal to the next: the road that leaves the first, and the one that reaches the second."""

    leaves: str
    arrives: str


Ways = Mapping[str, Mapping[str, _Way]]


def _ways(junctions: Mapping[str, Junction], reached: Mapping[str, str]) -> Ways:
    """For each signal: its neighbours, and the roads that lead there."""
    owners = {approach: name for name, one in junctions.items() for approach in one.by_approach}
    ways: dict[str, dict[str, _Way]] = {name: {} for name in junctions}
    for name, one in junctions.items():
        for movement in one.movements:
            arrives = reached.get(movement.exit, movement.exit)
            other = owners.get(arrives)
            if other is not None and other != name:
                ways[name].setdefault(other, _Way(movement.exit, arrives))
    return ways


def _grown(first: str, second: str, ways: Ways, points: Points) -> list[str]:
    row = [first, second]
    while (more := _on(row[-2], row[-1], ways, points)) is not None and more not in row:
        row.append(more)
    while (more := _on(row[1], row[0], ways, points)) is not None and more not in row:
        row.insert(0, more)
    return row


def _on(last: str, at: str, ways: Ways, points: Points) -> str | None:
    """The neighbour straight ahead of who comes from `last`."""
    came = _bearing(points[last], points[at])
    ahead = [(abs(_turn(came, _bearing(points[at], points[other]))), other) for other in ways[at] if other != last]
    turn, other = min(ahead, default=(math.pi, ""))
    return other if turn <= STRAIGHT else None


def _street(row: Sequence[str], ways: Ways, junctions: Mapping[str, Junction], points: Points) -> Street:
    metres, stops = 0.0, list[RoadStop]()
    for place, name in enumerate(row):
        metres += math.dist(points[row[place - 1]], points[name]) if place else 0.0
        before, after = (row[place - 1] if place else None), (row[place + 1] if place + 1 < len(row) else None)
        stops.append(RoadStop(
            name, round(metres, 1),
            _along(junctions[name], before, after, name, ways), _along(junctions[name], after, before, name, ways),
        ))  # fmt: skip
    return Street(tuple(stops))


def _along(junction: Junction, last: str | None, following: str | None, name: str, ways: Ways) -> tuple[int, ...]:
    """Groups by which traffic passes along the road; at its ends those that come from it, or lead into it."""
    before = ways[last].get(name) if last else None
    after = ways[name].get(following) if following else None
    came, goes = before and before.arrives, after and after.leaves
    if came and goes:
        return junction.groups_from(came, goes) or junction.groups_from(came)
    if came:
        return _main(junction, came)
    return tuple(sorted(_into(junction, goes))) if goes else ()


def _main(junction: Junction, approach: str) -> tuple[int, ...]:
    """The groups from this approach that the stage with most of them shows."""
    groups = set(junction.groups_from(approach))
    best = max(junction.stages, key=lambda stage: len(groups & stage.protected), default=None)
    return tuple(sorted(groups & best.greens)) if best else tuple(sorted(groups))


def _into(junction: Junction, exit: str) -> Iterator[int]:
    """Groups that lead into this road, those of the largest protected flow."""
    groups = {movement.group for movement in junction.movements if movement.exit == exit}
    best = max(junction.stages, key=lambda stage: len(groups & stage.protected), default=None)
    return iter(groups & best.protected or groups if best else groups)


def _bearing(start: tuple[float, float], end: tuple[float, float]) -> float:
    return math.atan2(end[1] - start[1], end[0] - start[0])


def _turn(one: float, other: float) -> float:
    return (other - one + math.pi) % (2 * math.pi) - math.pi
