"""Trips for escorts: among the origins and destinations of the traffic itself, the routes with most signals."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from citong.adapters.sumo.escort_job import Closure
from citong.core.escort.route import officers_points
from citong.core.escort.way import Stretch
from citong.core.roads.graph import Position, Roads
from citong.core.roads.route import NoWay, Route, Router, signals_on
from citong.core.roads.sumo import load_sumo
from citong.core.roads.traffic import Traffic

ALIKE = 0.75
"""Routes that share more of their length are one."""
HALF = 0.5
MOST_PAIRS = 3_000
TOLD, MIDDLE = 0.25, 0.5
"""Shares of a way after which a closed road is told, and near which it lies."""
FAR = 3.0
"""No way round takes longer than so many times the whole way."""


@dataclass(frozen=True)
class Trip:
    """One route, as the runs need it."""

    stretches: tuple[Stretch, ...]
    signals: int
    metres: float
    officers: int
    closure: Closure | None = None
    """A road in its middle without which there is another way; None where there is none."""


def trips(net: Path, pairs: Mapping[tuple[str, str], int], *, count: int) -> list[Trip]:
    """Up to `count` routes that differ, those with most signals first, then the longest."""
    roads = load_sumo(net).roads
    router, traffic = Router.over(roads), Traffic.free(roads)
    known = set(roads.edge_refs)
    routes = []
    for (origin, goal), _ in sorted(pairs.items(), key=lambda one: (-one[1], one[0]))[:MOST_PAIRS]:
        if origin in known and goal in known and origin != goal:
            try:
                start, end = Position(roads.index(origin), 0.0), Position(roads.index(goal), 1.0)
                routes.append(router.fastest([start], [end], traffic=traffic))
            except NoWay:
                continue
    routes.sort(key=lambda route: (-len(signals_on(route)), -route.length_m))
    return [_trip(roads, route, _closure(router, route)) for route in _different(routes, count)]


def _different(routes: Sequence[Route], count: int) -> list[Route]:
    """Routes that differ and have at least half of the most signals and of their length; the same ones again, for
    other departures, where there are fewer."""
    found: list[Route] = []
    for route in routes:
        worthy = (
            len(signals_on(route)) >= HALF * len(signals_on(routes[0])) and route.length_m >= HALF * routes[0].length_m
        )
        if len(found) < count and worthy and not any(_shared(route, one) > ALIKE for one in found):
            found.append(route)
    return [found[number % len(found)] for number in range(count)] if found else []


def _shared(route: Route, other: Route) -> float:
    used = set(other.edges)
    return sum(leg.length_m for leg in route.legs if leg.edge in used) / max(route.length_m, 1.0)


def _closure(router: Router, route: Route) -> Closure | None:
    """Told a quarter of the way on: of the roads behind, the nearest to the middle for which there is a way round."""
    begins = [sum(leg.length_m for leg in route.legs[:place]) for place in range(len(route.legs))]
    told_at = max(place for place, begin in enumerate(begins) if begin <= TOLD * route.length_m)
    ahead = range(told_at + 1, len(route.legs) - 1)
    for place in sorted(ahead, key=lambda place: abs(begins[place] - MIDDLE * route.length_m)):
        edge = route.legs[place].edge
        shut = Traffic.free(router.roads).closing(edge)
        with suppress(NoWay):
            other = router.fastest([Position(route.legs[told_at].edge, 0.0)], [route.goal], traffic=shut)
            if other.seconds <= FAR * route.seconds:
                return Closure(router.roads.edge_refs[edge], begins[told_at])
    return None


def _trip(roads: Roads, route: Route, closure: Closure | None) -> Trip:
    stretches, begins = [], 0.0
    for leg in route.legs:
        road = min(float(roads.length[leg.edge]), leg.length_m)
        stretches.append(Stretch(roads.edge_refs[leg.edge], begins, leg.length_m, road, float(roads.speed[leg.edge])))
        begins += leg.length_m
    return Trip(tuple(stretches), len(signals_on(route)), route.length_m, len(officers_points(roads, route)), closure)
