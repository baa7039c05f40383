"""Junctions read from a running simulation: movements, the program in force, the lanes before and behind."""

from typing import Any

from citong.core.signals.build import junction_from_plan
from citong.core.signals.control.seen import LaneShape, Shape
from citong.core.signals.model import Junction, Kind, Movement, Plan, Span

LETTERS = str.maketrans("Y", "y")
RAILWAY = (1, 2)
"""SUMO's numbers of rail signals and level crossings: trains lead these."""


def read_junctions(sumo: Any) -> dict[str, Junction]:
    """Every signal of the simulation that has links and shows green at all."""
    found = {}
    for name in sumo.trafficlight.getIDList():
        movements, plan = _movements(sumo, name), _plan(sumo, name)
        if movements and plan is not None and any(set(span.state) & set("Gg") for span in plan.spans):
            found[name] = junction_from_plan(name, movements, plan)
    return found


def _movements(sumo: Any, name: str) -> list[Movement]:
    found = []
    for group, links in enumerate(sumo.trafficlight.getControlledLinks(name)):
        for lane, exit_lane, _inner in links:
            approach, exit_ = sumo.lane.getEdgeID(lane), sumo.lane.getEdgeID(exit_lane)
            found.append(Movement(group, approach, exit_, lane, exit_lane, _kind(sumo, lane)))
    return found


def _kind(sumo: Any, lane: str) -> Kind:
    allowed = set(sumo.lane.getAllowed(lane))
    if lane.startswith(":") or allowed == {"pedestrian"}:
        return Kind.PEDESTRIAN
    if allowed == {"bicycle"}:
        return Kind.BICYCLE
    return Kind.TRAM if allowed and allowed <= {"tram", "rail", "rail_urban"} else Kind.VEHICLE


def _plan(sumo: Any, name: str) -> Plan | None:
    """The program that runs now; its offset is seen from where it stands, whatever the file says."""
    running = sumo.trafficlight.getProgram(name)
    for logic in sumo.trafficlight.getAllProgramLogics(name):
        if logic.programID == running and logic.phases and logic.type not in RAILWAY:
            spans = tuple(Span(phase.state.translate(LETTERS), phase.duration) for phase in logic.phases)
            place, now = sumo.trafficlight.getPhase(name), sumo.simulation.getTime()
            ends = sum(span.seconds for span in spans[: place + 1])
            left = sumo.trafficlight.getNextSwitch(name) - now
            return Plan(running, spans, (now - (ends - left)) % sum(span.seconds for span in spans))
    return None


def read_shape(sumo: Any, junction: Junction) -> Shape:
    """Lanes and exits of a junction, in a fixed order. Footways are left out: nobody is counted on them."""
    vehicles = [movement for movement in junction.movements if movement.kind is not Kind.PEDESTRIAN]
    exits = tuple(dict.fromkeys(movement.exit_lane for movement in vehicles))
    places = {lane: place for place, lane in enumerate(exits)}
    lanes = []
    for name in dict.fromkeys(movement.lane for movement in vehicles):
        ways = sorted({(m.group, places[m.exit_lane]) for m in vehicles if m.lane == name})
        length, speed = sumo.lane.getLength(name), sumo.lane.getMaxSpeed(name)
        lanes.append(LaneShape(name, length, speed, tuple(g for g, _ in ways), tuple(e for _, e in ways)))
    return Shape(junction, tuple(lanes), exits)
