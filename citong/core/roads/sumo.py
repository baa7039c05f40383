"""Roads from SUMO networks (`.net.xml`, compressed or not), read by the standard library.

Format: https://sumo.dlr.de/docs/Networks/SUMO_Road_Networks.html. Edges whose function is internal, walkways and the
like are left out; the way over a junction becomes length and time of the turn.
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast
from xml.parsers.expat import ExpatError, ParserCreate

import numpy as np

from citong.core.roads.doubts import DoubtKind, Doubts
from citong.core.roads.draft import Crossing, Draft, DraftEdge, TurnCosts
from citong.core.roads.graph import Frame, RoadFault, Roads
from citong.core.roads.projection import Back, back_from
from citong.kit.geometry import Datum, to_wgs84

USUAL_MS = 13.89  # SUMO's own default for an edge without speed
SIGNALS = ("traffic_light", "traffic_light_unregulated", "traffic_light_right_on_red")
Attributes = Mapping[str, str]


@dataclass
class _Lane:
    length: float
    speed: float | None
    shape: str
    open: bool


@dataclass
class _Edge:
    id: str
    attributes: Attributes
    lanes: list[_Lane] = field(default_factory=list)


@dataclass
class _Net:
    """The raw net, in the file's own metres."""

    location: Attributes = field(default_factory=dict)
    edges: list[_Edge] = field(default_factory=list)
    internal: dict[str, _Lane] = field(default_factory=dict)
    junctions: list[Attributes] = field(default_factory=list)
    connections: list[Attributes] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class LoadedNet:
    """The graph and what was doubtful."""

    roads: Roads
    doubts: Doubts


def load_sumo(
    path: Path, *, datum: Datum = Datum.WGS84, vehicle: str = "passenger", costs: TurnCosts | None = None
) -> LoadedNet:
    """The roads of a net for one of SUMO's vehicle classes. A net without projection stays in plain metres.
    RoadFault when the file cannot be read."""
    net = _Net()
    _parse(path, net, vehicle)
    doubts = Doubts()
    back = _back(net, doubts)
    draft = Draft(frame=Frame.PLANE if back is None else Frame.WGS84, doubts=doubts, allowed={})
    _nodes(draft, net)
    for edge in net.edges:
        _add(draft, edge)
    _connect(draft, net)
    if back is not None:
        _move(draft, net, back, datum)
    return LoadedNet(draft.finish(costs=costs), doubts)


def _parse(path: Path, net: _Net, vehicle: str) -> None:
    def no_entities(*_: object) -> None:
        raise RoadFault(f"{path.name} declares entities: that is no SUMO network.")

    parser = ParserCreate()
    parser.StartElementHandler = _Reader(net, vehicle).start
    parser.EntityDeclHandler = no_entities
    try:
        with _opened(path) as file:
            parser.ParseFile(file)
    except (ExpatError, OSError, EOFError, ValueError) as fault:
        raise fault if isinstance(fault, RoadFault) else RoadFault(f"{path.name} is no SUMO network: {fault}") from None


@dataclass
class _Reader:
    """Takes elements one by one; lanes belong to the edge before them."""

    net: _Net
    vehicle: str
    edge: _Edge | None = None

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""
        match tag:
            case "edge":
                self.edge = _Edge(given.get("id", ""), given)
                if given.get("function", "normal") == "normal":
                    self.net.edges.append(self.edge)
            case "lane" if self.edge is not None:
                self._lane(self.edge, given)
            case "junction" if given.get("type") != "internal":
                self.net.junctions.append(given)
            case "connection":
                self.net.connections.append(given)
            case "location":
                self.net.location = given

    def _lane(self, edge: _Edge, given: dict[str, str]) -> None:
        lane = _lane(given, self.vehicle)
        edge.lanes.append(lane)
        if given.get("id", "").startswith(":"):
            self.net.internal[given["id"]] = lane


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _lane(given: Attributes, vehicle: str) -> _Lane:
    allow, disallow = given.get("allow"), given.get("disallow", "").split()
    if allow is not None:
        may = vehicle in allow.split() or allow == "all"
    else:
        may = vehicle not in disallow and "all" not in disallow
    speed = float(given["speed"]) if "speed" in given else None
    return _Lane(float(given.get("length", 0)), speed, given.get("shape", ""), may)


def _back(net: _Net, doubts: Doubts) -> Back | None:
    """From the net's metres to degrees; None when it has no place on the earth or an unknown projection."""
    parameter = net.location.get("projParameter", "!")
    try:
        back = back_from(parameter)
    except (RoadFault, ValueError) as fault:
        doubts.add(DoubtKind.PROJECTION, parameter, f"{fault} Plain metres were kept.")
        return None
    if back is None:
        doubts.add(DoubtKind.PROJECTION, parameter, "The net has no place on the earth; plain metres were kept.")
        return None
    east, north = _pair(net.location.get("netOffset", "0,0"))
    return lambda x, y: back(x - east, y - north)


def _nodes(draft: Draft, net: _Net) -> None:
    lights = {(one["from"], one["to"]): one["tl"] for one in net.connections if "tl" in one}
    at_end = {before: light for (before, _), light in lights.items()}
    ending = {edge.attributes.get("to", ""): at_end[edge.id] for edge in net.edges if edge.id in at_end}
    for junction in net.junctions:
        ref, signal = junction.get("id", ""), None
        if junction.get("type") in SIGNALS:
            signal = ending.get(ref, ref)
        elif ref in ending:
            signal = ending[ref]
        draft.add_node(ref, float(junction.get("x", 0)), float(junction.get("y", 0)), signal=signal)


def _add(draft: Draft, edge: _Edge) -> None:
    lanes = [lane for lane in edge.lanes if lane.open]
    if not lanes:
        return
    speeds = [lane.speed for lane in lanes if lane.speed]
    if not speeds:
        draft.doubts.add(DoubtKind.NO_SPEED, edge.id, f"It has no speed; {USUAL_MS * 3.6:.0f} km/h was taken.")
    given = edge.attributes
    tail, head = given.get("from", ""), given.get("to", "")
    shape = _points(lanes[len(lanes) // 2].shape or given.get("shape", ""))
    if len(shape) < 2 and tail in draft.nodes and head in draft.nodes:
        shape = [draft.nodes[tail], draft.nodes[head]]
    draft.add_edge(
        DraftEdge(
            ref=edge.id, tail=tail, head=head, shape=shape, speed_ms=max(speeds, default=USUAL_MS),
            length_m=max(lane.length for lane in lanes), lanes=len(lanes), kind=given.get("type", ""),
            name=given.get("name", ""), way=edge.id.lstrip("-"),
        )
    )  # fmt: skip


def _connect(draft: Draft, net: _Net) -> None:
    """The turns of the net, each with the quickest of its ways over the junction."""
    open_ = {edge.id: edge for edge in net.edges}
    allowed = cast(dict[tuple[str, str], Crossing], draft.allowed)
    further = {f"{one.get('from', '')}_{one.get('fromLane', '0')}": one.get("via") for one in net.connections}
    for one in net.connections:
        before, after = one.get("from", ""), one.get("to", "")
        if before.startswith(":") or before not in draft.edges or after not in draft.edges:
            continue
        if not (_lane_open(open_[before], one.get("fromLane")) and _lane_open(open_[after], one.get("toLane"))):
            continue
        way = _crossing(net, one.get("via"), further)
        if (before, after) not in allowed or way.seconds < allowed[before, after].seconds:
            allowed[before, after] = way


def _lane_open(edge: _Edge, place: str | None) -> bool:
    if place is None or not place.isdigit() or int(place) >= len(edge.lanes):
        return True
    return edge.lanes[int(place)].open


def _crossing(net: _Net, via: str | None, further: Mapping[str, str | None]) -> Crossing:
    """All lanes of the way over the junction: some wait in its middle, where a second lane begins."""
    length, seconds = 0.0, 0.0
    passed: set[str] = set()
    while via and via not in passed and (lane := net.internal.get(via)) is not None:
        passed.add(via)
        length, seconds = length + lane.length, seconds + lane.length / (lane.speed or USUAL_MS)
        via = further.get(via)
    return Crossing(length, seconds)


def _move(draft: Draft, net: _Net, back: Back, datum: Datum) -> None:
    """All coordinates of the draft in WGS-84; lengths stay as the net says."""

    def moved(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        x, y = np.array(points, dtype=np.float64).reshape(-1, 2).T
        lon, lat = to_wgs84(*back(x, y), datum)
        return [(a, b) for a, b in np.column_stack([lon, lat]).tolist()]

    draft.nodes = dict(zip(draft.nodes, moved(list(draft.nodes.values())), strict=True))
    for ref, edge in draft.edges.items():
        draft.edges[ref] = replace(edge, shape=moved(list(edge.shape)))


def _points(shape: str) -> list[tuple[float, float]]:
    points = [_pair(word) for word in shape.split()]
    return [point for place, point in enumerate(points) if place == 0 or point != points[place - 1]]


def _pair(text: str) -> tuple[float, float]:
    x, y = text.split(",")[:2]
    return float(x), float(y)
