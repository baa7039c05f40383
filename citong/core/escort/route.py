"""From a route on the road graph to the way of an escort; a new route when a road is blocked; points for officers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from citong.core.escort.stages import NoStage, stage_for
from citong.core.escort.way import Gate, Side, Stretch, Way
from citong.core.roads.graph import Position, Roads
from citong.core.roads.route import Destination, Route
from citong.core.roads.traffic import Traffic
from citong.core.signals.model import GREEN, Junction

Approaches = Mapping[str, str]
"""The junction a signalled road leads to, by road."""


@dataclass(frozen=True, slots=True)
class OfficersPoint:
    """A junction without control where others may have to be stopped by hand."""

    edge: str
    along_m: float
    roads: int
    """Roads that lead into it."""


def approaches_of(junctions: Mapping[str, Junction]) -> dict[str, str]:
    """Which junction each signalled road leads to."""
    return {approach: name for name, junction in junctions.items() for approach in junction.by_approach}


def way_of(roads: Roads, route: Route, junctions: Mapping[str, Junction], *, leads: Approaches | None = None) -> Way:
    """The way of this route. Gates are where it is signalled and some stage lets it go. `leads`, if it is known."""
    stretches, begins, last = [], 0.0, len(route.legs) - 1
    for place, leg in enumerate(route.legs):
        own = float(roads.length[leg.edge])
        share = 1.0 - route.start.share if place == 0 else 1.0
        share -= 1.0 - route.goal.share if place == last else 0.0
        road = min(leg.length_m, own * max(share, 0.0))
        stretches.append(Stretch(roads.edge_refs[leg.edge], begins, leg.length_m, road, float(roads.speed[leg.edge])))
        begins += leg.length_m
    return way_along(stretches, junctions, to_line=route.goal.share > 0.8, leads=leads)


def way_along(
    stretches: Sequence[Stretch], junctions: Mapping[str, Junction], *, to_line: bool = True,
    leads: Approaches | None = None,
) -> Way:  # fmt: skip
    """The way over these stretches; `to_line`: it ends so near to a light that a queue there is in its way."""
    leads = approaches_of(junctions) if leads is None else leads
    gates: list[Gate] = []
    for place, stretch in enumerate(stretches):
        following = stretches[place + 1].edge if place + 1 < len(stretches) else None
        junction = leads.get(stretch.edge)
        if junction is None or (following is None and not to_line):
            continue
        gate = _gate(leads, junctions[junction], stretch, following, place)
        if gate is not None:
            gates.append(gate)
    return Way(tuple(stretches), tuple(_joined(gates, junctions)))


def _gate(leads: Approaches, junction: Junction, stretch: Stretch, following: str | None, place: int) -> Gate | None:
    try:
        stage = stage_for(junction, stretch.edge, following)
    except NoStage:
        return None
    sides = tuple(_sides(leads, junction, stretch.edge, following))
    return Gate(junction.name, stretch.line_m, stretch.ends_m, stage, stretch.edge, following, place, sides)


def _sides(leads: Approaches, junction: Junction, approach: str, following: str | None) -> Iterator[Side]:
    """Other signalled roads that the lanes of this movement lead to as well."""
    ways = junction.by_approach[approach]
    lanes = {movement.lane for movement in ways if following in (None, movement.exit)}
    for exit in dict.fromkeys(movement.exit for movement in ways if movement.lane in lanes):
        behind = leads.get(exit)
        if exit != following and behind is not None and behind != junction.name:
            yield Side(exit, behind)


def _joined(gates: Sequence[Gate], junctions: Mapping[str, Junction]) -> list[Gate]:
    """Two lines of one signal take one stage for both where there is one."""
    found = list(gates)
    for place in range(len(found) - 1):
        one, other = found[place], found[place + 1]
        if one.junction == other.junction and (both := _both(junctions[one.junction], one, other)) is not None:
            found[place], found[place + 1] = _with_stage(one, both), _with_stage(other, both)
    return found


def _both(junction: Junction, one: Gate, other: Gate) -> int | None:
    own = [{m.group for m in junction.by_approach[g.approach] if g.exit in (None, m.exit)} for g in (one, other)]
    fit = [
        number
        for number, stage in enumerate(junction.stages)
        if all(any(stage.state[group] in GREEN for group in groups) for groups in own)
    ]
    every = own[0] | own[1]
    return max(fit, key=lambda number: len(junction.stages[number].protected & every), default=None)


def _with_stage(gate: Gate, stage: int) -> Gate:
    return replace(gate, stage=stage)


def officers_points(roads: Roads, route: Route) -> list[OfficersPoint]:
    """Junctions on the route without control at which other roads come in, in order."""
    ending: dict[int, int] = {}
    for head in roads.head.tolist():
        ending[head] = ending.get(head, 0) + 1
    found, along = [], 0.0
    for leg in route.legs[:-1]:
        along += leg.length_m
        incoming = ending[int(roads.head[leg.edge])]
        if leg.signal is None and roads.signal_after(leg.edge) is None and incoming > 2:
            found.append(OfficersPoint(roads.edge_refs[leg.edge], along, incoming))
    return found


def planned_anew(
    destination: Destination, position: Position, *, traffic: Traffic, junctions: Mapping[str, Junction],
    blocked: Sequence[int] = (), leads: Approaches | None = None,
) -> Way:  # fmt: skip
    """The way from where the escort is, without the blocked roads; NoWay when none is open."""
    route = destination.fastest([position], traffic=traffic.closing(*blocked) if blocked else traffic)
    return way_of(destination.roads, route, junctions, leads=leads)
