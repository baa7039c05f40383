"""The junctions of a SUMO scenario, for the register: read once from the running simulation, which then ends."""

import gzip
import tempfile
from pathlib import Path
from statistics import fmean
from typing import Any
from xml.etree import ElementTree

from citong.adapters.sumo.scenario import scenario
from citong.adapters.sumo.world import World
from citong.core.signals.listed import Listed, ListedNetwork, Loop
from citong.core.signals.model import Junction, Kind

PLANE = "!"
STRAIGHT = "s"
MOST_PARTS = 20


def listed(folder: Path) -> ListedNetwork:
    """Everything with signals in the scenario. Raises NoScenario, SimulatorMissing."""
    place = scenario(folder)
    with tempfile.TemporaryDirectory() as kept, World(place, seed=1, output=Path(kept) / "trips.xml") as world:
        sumo, on_earth = world.sumo, is_on_earth(place.net)
        loops = _loops(sumo)
        roads = {m.approach for one in world.junctions.values() for m in one.movements if m.kind is Kind.VEHICLE}
        return ListedNetwork(
            name=place.name, folder=str(folder.resolve()),
            junctions={name: _listed(sumo, one, on_earth, loops) for name, one in world.junctions.items()},
            speeds={road: float(sumo.lane.getMaxSpeed(f"{road}_0")) for road in roads},
            reached=_reached(sumo, world.junctions),
            road_names={road: str(sumo.edge.getStreetName(road)) for road in roads},
        )  # fmt: skip


def _listed(sumo: Any, one: Junction, on_earth: bool, loops: dict[str, list[Loop]]) -> Listed:
    points = [sumo.lane.getShape(movement.lane)[-1] for movement in one.movements]
    x, y = fmean(p[0] for p in points), fmean(p[1] for p in points)
    lon, lat = sumo.simulation.convertGeo(x, y) if on_earth else (0.0, 0.0)
    vehicles = [movement for movement in one.movements if movement.kind is Kind.VEHICLE]
    roads = dict.fromkeys(sumo.edge.getStreetName(movement.approach) for movement in vehicles)
    lanes = dict.fromkeys(movement.lane for movement in vehicles)
    return Listed(
        one, (x, y), (lon, lat) if on_earth else None, tuple(road for road in roads if road),
        tuple(loop for lane in lanes for loop in loops.get(lane, ())),
    )  # fmt: skip


def _loops(sumo: Any) -> dict[str, list[Loop]]:
    found: dict[str, list[Loop]] = {}
    for name in sumo.inductionloop.getIDList():
        lane = sumo.inductionloop.getLaneID(name)
        metres = sumo.lane.getLength(lane) - sumo.inductionloop.getPosition(name)
        found.setdefault(lane, []).append(Loop(name, lane, round(metres, 1)))
    return found


def is_on_earth(net: Path) -> bool:
    """Whether the network says how its metres become degrees."""
    with gzip.open(net) if net.suffix == ".gz" else net.open("rb") as file:
        for _event, element in ElementTree.iterparse(file):  # noqa: S314  # the operator's own file
            if element.tag == "location":
                return (element.get("projParameter") or PLANE).strip() not in ("", PLANE)
    return False


def _reached(sumo: Any, junctions: dict[str, Junction]) -> dict[str, str]:
    """By road that leaves a signal: the road by which traffic that goes straight on reaches the next one."""
    approaches = {m.approach for one in junctions.values() for m in one.movements}
    exits = {m.exit for one in junctions.values() for m in one.movements if m.kind is Kind.VEHICLE}
    found = {road: _followed(sumo, road, approaches) for road in exits}
    return {road: end for road, end in found.items() if end}


def _followed(sumo: Any, road: str, approaches: set[str]) -> str:
    for _part in range(MOST_PARTS):
        if road in approaches:
            return road
        road = _straight_on(sumo, road)
        if not road:
            break
    return ""


def _straight_on(sumo: Any, road: str) -> str:
    """The road straight ahead where none with a signal is in between; empty where there is none."""
    for lane in range(sumo.edge.getLaneNumber(road)):
        for link in sumo.lane.getLinks(f"{road}_{lane}"):
            if link[6] == STRAIGHT:
                return str(sumo.lane.getEdgeID(link[0]))
    return ""
