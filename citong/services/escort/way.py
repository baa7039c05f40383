"""The way of an escort as its row keeps it: there and back again."""

from dataclasses import asdict, fields
from typing import Any

from citong.core.escort.way import Gate, Side, Stretch, Way
from citong.core.roads.graph import Roads
from citong.core.roads.route import Route
from citong.core.signals.model import GREEN, Junction


def kept(way: Way, roads: Roads, route: Route) -> dict[str, Any]:
    """The way as it is kept: roads in order, and lights with where they stand and which roads meet there. `offset_m`:
    metres of the first road that lie before its begin."""
    gates = [asdict(gate) | sign(roads, gate) for gate in way.gates]
    offset = route.start.share * float(roads.length[route.start.edge])
    return {"stretches": [asdict(one) for one in way.stretches], "gates": gates, "offset_m": offset}


def way_in(route: dict[str, Any]) -> Way | None:
    """The way that was kept; None for an escort that has none."""
    if not route.get("stretches"):
        return None
    stretches = tuple(Stretch(**one) for one in route["stretches"])
    return Way(stretches, tuple(_gate(one) for one in route["gates"]))


def line_of(roads: Roads, route: Route) -> list[list[float]]:
    """The way as points, for maps."""
    found: list[list[float]] = [list(roads.place_of(route.start))]
    last = len(route.legs) - 1
    for place, leg in enumerate(route.legs):
        points = roads.shape(leg.edge).tolist()
        first = round(route.start.share * (len(points) - 1)) + 1 if place == 0 else 0
        end = max(round(route.goal.share * (len(points) - 1)), first) if place == last else len(points)
        found += [[round(lon, 6), round(lat, 6)] for lon, lat in points[first:end]]
    return [*found, list(roads.place_of(route.goal))]


def sign(roads: Roads, gate: Gate) -> dict[str, Any]:
    """What a person calls a light, and where it stands."""
    edge = roads.index(gate.approach)
    lon, lat = roads.shape(edge)[-1].tolist()
    return {"label": crossing_name(roads, int(roads.head[edge])) or gate.junction, "lon": lon, "lat": lat}


def crossing_name(roads: Roads, node: int) -> str:
    """The names of the roads that meet there, two at most."""
    names = [roads.names[roads.name[edge]] for edge in (roads.head == node).nonzero()[0].tolist()]
    return " / ".join(list(dict.fromkeys(name for name in names if name))[:2])


def usual_wait(junction: Junction, gate: Gate) -> float:
    """Seconds somebody waits there in the mean who comes at any second of the light's own plan."""
    groups = junction.groups_from(gate.approach, gate.exit)
    seconds = max(round(junction.plan.cycle), 1)
    shown = [junction.plan.state_at(junction.plan.offset + second) for second in range(seconds)]
    green = [any(state[group] in GREEN for group in groups) for state in shown]
    if not any(green):
        return 0.0
    ahead, waits = 0, []
    for place in reversed(range(2 * seconds)):  # the second round is behind the first, where nobody waits for ever
        ahead = 0 if green[place % seconds] else ahead + 1
        waits.append(ahead)
    return sum(waits[seconds:]) / seconds


def _gate(one: dict[str, Any]) -> Gate:
    own = {one_field.name: one[one_field.name] for one_field in fields(Gate) if one_field.name in one}
    return Gate(**own | {"sides": tuple(Side(**side) for side in one.get("sides", ()))})
