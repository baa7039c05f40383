"""From two points to a way with its lights, and the junctions without any where somebody should stand."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from citong.core.escort.route import officers_points, way_of
from citong.core.roads.graph import Position as OnRoad
from citong.core.roads.graph import RoadFault, Roads
from citong.core.roads.reach import nearest
from citong.core.roads.route import Route
from citong.core.roads.traffic import Traffic
from citong.services.escort.ground import Streets, junctions, port, streets
from citong.services.escort.models import Escort, OfficerPoint, StandBy
from citong.services.escort.run.sight import Look
from citong.services.escort.way import crossing_name, kept, line_of, usual_wait

MOST_POINTS = 20
WITHIN_S = 900.0
TRIES = 3
"""Ways looked at for roads that stand."""
CRAWL_MS = 1.5
"""Metres a second reckoned with on a road that is full of vehicles that stand."""


def plan(escort: Escort, *, at: tuple[float, float] | None = None, course: float | None = None) -> list[OfficerPoint]:
    """The escort's row has its way, from `at` (driving on `course`, degrees from north) or its origin; or a sentence
    why there is none. The points for officers are not written yet; nobody else's row is touched."""
    ground = streets()
    escort.plans += 1
    if ground is None:
        escort.fault = _("The roads of the city are not loaded: no way is planned and no light is turned.")
        return []
    start = at or (escort.origin_lon or 0.0, escort.origin_lat or 0.0)
    try:
        route = _route(ground, escort, start, course)
    except RoadFault:
        escort.fault = _("No road was found between the two places: no light is turned.")
        return []
    _put(escort, ground, route)
    return _points(escort, ground, route)


def _route(ground: Streets, escort: Escort, start: tuple[float, float], course: float | None) -> Route:
    """The fastest one without blocked roads; where its lights see a road that stands, another is tried."""
    starts, roads = _starts(ground, start, course), ground.roads
    if not starts:
        raise RoadFault("The vehicle is not near any road.")
    goal = ground.router.towards(ground.near.street(escort.goal_lon or 0.0, escort.goal_lat or 0.0))
    closed, jams = _known(roads, escort.blocked), dict[int, float]()
    door, lights = port(), junctions()
    look = Look(door, lights) if door is not None else None
    for _try in range(TRIES):
        route = goal.fastest(starts, traffic=Traffic.live(roads, speeds=jams, closed=closed))
        jammed = look.jammed(way_of(roads, route, lights)) if look is not None else []
        found = {roads.index(edge): CRAWL_MS for edge in jammed}
        if found.keys() <= jams.keys():
            break
        jams |= found
    return route


def _starts(ground: Streets, at: tuple[float, float], course: float | None) -> list[OnRoad]:
    """Roads it may be on: who drives does not turn about on the spot, unless there is no road that way."""
    ahead = ground.near.positions(*at, bearing=course)[:1] if course is not None else []
    return ahead or ground.near.street(*at)


def _known(roads: Roads, refs: Sequence[str]) -> list[int]:
    """Those of these roads that are in the graph still."""
    found = []
    for ref in refs:
        with suppress(RoadFault):
            found.append(roads.index(ref))
    return found


def _put(escort: Escort, ground: Streets, route: Route) -> None:
    known = junctions()
    way = way_of(ground.roads, route, known)
    escort.route, escort.line = kept(way, ground.roads, route), line_of(ground.roads, route)
    escort.fault = "" if known else _("No door to the lights is plugged in: the way is shown, no light is turned.")
    escort.length_m = round(way.length_m)
    free = way.curve().at(way.length_m)
    waits = sum(usual_wait(known[gate.junction], gate) for gate in way.gates if gate.exit is not None)
    if escort.plans == 1:
        escort.planned_s, escort.usual_s = round(free), round(free + waits)


def _points(escort: Escort, ground: Streets, route: Route) -> list[OfficerPoint]:
    who = _standing_by(ground, at=timezone.now())
    found = []
    for number, point in enumerate(officers_points(ground.roads, route)[:MOST_POINTS], start=1):
        edge = ground.roads.index(point.edge)
        lon, lat = ground.roads.shape(edge)[-1].tolist()
        node = int(ground.roads.head[edge])
        label = crossing_name(ground.roads, node)
        row = OfficerPoint(
            escort=escort, number=number, label=label, lon=lon, lat=lat, along_m=point.along_m, roads=point.roads
        )
        _propose(row, ground, [OnRoad(int(one), 1.0) for one in (ground.roads.head == node).nonzero()[0]], who)
        found.append(row)
    return found


def _standing_by(ground: Streets, *, at: datetime) -> list[tuple[StandBy, OnRoad]]:
    """Officers who offered themselves, where they can be found on the road."""
    rows = StandBy.objects.filter(until__gt=at)[:200]
    placed = ((one, ground.near.street(one.lon, one.lat)) for one in rows)
    return [(one, position) for one, found in placed for position in found]


def _propose(point: OfficerPoint, ground: Streets, to: Sequence[OnRoad], who: Sequence[tuple[StandBy, OnRoad]]) -> None:
    if not who:
        return
    traffic, places = Traffic.free(ground.roads), [position for _one, position in who]
    first = nearest(ground.roads, places, to, traffic=traffic, within_s=WITHIN_S, most=1)
    if first:
        point.proposed_id, point.proposed_s = who[first[0].index][0].account_id, round(first[0].seconds)
