"""Roads from OpenStreetMap files (PBF, XML, compressed or not), read by the package `osmium`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Protocol

import numpy as np

from citong.core.roads.doubts import DoubtKind, Doubts
from citong.core.roads.draft import Draft, DraftEdge, TurnCosts
from citong.core.roads.graph import RoadFault, Roads
from citong.core.roads.osm_turns import Rule, forbid, rule_of
from citong.core.roads.osm_words import Ways, lanes, may_drive, speed_ms, usage, usual_ms
from citong.kit.geometry import Datum, metres_between, to_wgs84
from citong.kit.geometry import Point as Place

ONE_JUNCTION_M = 40.0  # signals joined by a road shorter than this belong to one junction


class OsmLocation(Protocol):
    """Where a node lies."""

    lon: float
    lat: float


class OsmNode(Protocol):
    """What is used of osmium's nodes."""

    location: OsmLocation
    tags: Mapping[str, str]


@dataclass(frozen=True)
class Way:
    """A way that cars may use."""

    id: int
    nodes: tuple[int, ...]
    tags: Mapping[str, str]


@dataclass
class Read:
    """What one file holds for us."""

    ways: list[Way] = field(default_factory=list)
    ids: set[int] = field(default_factory=set)
    rules: list[Rule] = field(default_factory=list)
    places: dict[int, tuple[float, float]] = field(default_factory=dict)
    signals: set[int] = field(default_factory=set)


@dataclass(frozen=True, eq=False)
class Loaded:
    """The graph and what was doubtful."""

    roads: Roads
    doubts: Doubts


def load_osm(
    path: Path, *, datum: Datum = Datum.WGS84, emergency: bool = True, costs: TurnCosts | None = None
) -> Loaded:
    """The roads of a file. `datum`: in which its coordinates are, if they were shifted. RoadFault when it cannot be
    read. Restrictions over several ways are reported, not applied. Edges are called `way:number+` and `-`."""
    draft = Draft()
    read = _read(path, _osmium(), draft.doubts, emergency=emergency)
    _move(read, datum)
    cuts = _cuts(read)
    for way in read.ways:
        _add(draft, way, list(_pieces(way, read, cuts, draft.doubts)), read)
    _name_signals(draft, read)
    forbid(draft, read.rules)
    return Loaded(draft.finish(costs=costs), draft.doubts)


def _osmium() -> ModuleType:
    try:
        return import_module("osmium")
    except ImportError:
        raise RoadFault("OpenStreetMap files need the package osmium: install citong[signals].") from None


def _read(path: Path, osmium: ModuleType, doubts: Doubts, *, emergency: bool) -> Read:
    """Two passes: ways and restrictions, then the nodes they need."""
    read = Read()
    try:
        for thing in osmium.FileProcessor(str(path), osmium.osm.WAY | osmium.osm.RELATION):
            if thing.is_way():
                _take_way(read, thing.id, [node.ref for node in thing.nodes], dict(thing.tags), doubts, emergency)
            elif thing.tags.get("type", "").startswith("restriction"):
                members = [(one.type, one.ref, one.role) for one in thing.members]
                read.rules += rule_of(thing.id, dict(thing.tags), members, doubts, emergency=emergency)
        needed = {node for way in read.ways for node in way.nodes}
        for node in osmium.FileProcessor(str(path), osmium.osm.NODE):
            if node.id in needed:
                _take_node(read, node.id, node, doubts)
    except (RuntimeError, OSError) as fault:
        raise RoadFault(f"{path.name} cannot be read as an OpenStreetMap file: {fault}") from None
    return read


def _take_way(
    read: Read, id_: int, nodes: Sequence[int], tags: Mapping[str, str], doubts: Doubts, emergency: bool
) -> None:
    if not may_drive(tags, emergency=emergency):
        return
    kept = [node for place, node in enumerate(nodes) if place == 0 or node != nodes[place - 1]]
    if id_ in read.ids:
        doubts.add(DoubtKind.TWICE, str(id_), "A second way has this id; the first one was kept.")
    elif len(kept) < 2:
        doubts.add(DoubtKind.ZERO, str(id_), "The way has fewer than two nodes; it was left out.")
    else:
        read.ids.add(id_)
        read.ways.append(Way(id_, tuple(kept), tags))


def _take_node(read: Read, id_: int, node: OsmNode, doubts: Doubts) -> None:
    if id_ in read.places:
        doubts.add(DoubtKind.TWICE, str(id_), "A second node has this id; the first one was kept.")
        return
    read.places[id_] = (node.location.lon, node.location.lat)
    if node.tags.get("highway") == "traffic_signals" or node.tags.get("crossing") == "traffic_signals":
        read.signals.add(id_)


def _move(read: Read, datum: Datum) -> None:
    """All places in WGS-84."""
    if not read.places:
        return
    lon, lat = np.array(list(read.places.values())).T
    moved = np.column_stack(to_wgs84(lon, lat, datum)).tolist()
    read.places = {node: (x, y) for node, (x, y) in zip(read.places, moved, strict=True)}


def _cuts(read: Read) -> set[int]:
    """Nodes at which ways are cut: their ends, those met more than once, and signals."""
    met = Counter(node for way in read.ways for node in way.nodes)
    ends = {node for way in read.ways for node in (way.nodes[0], way.nodes[-1])}
    through = {rule.via for rule in read.rules}
    return ends | {node for node, times in met.items() if times > 1} | read.signals | through


def _pieces(way: Way, read: Read, cuts: set[int], doubts: Doubts) -> Iterator[tuple[int, ...]]:
    """The way between cuts; a node that is not in the file is left out, as extracts leave off what is outside."""
    nodes = [node for node in way.nodes if node in read.places]
    if len(nodes) < len(way.nodes):
        missing = len(way.nodes) - len(nodes)
        doubts.add(DoubtKind.MISSING, str(way.id), f"{missing} of its nodes are not in the file; it was shortened.")
    piece: list[int] = []
    for node in nodes:
        piece.append(node)
        if len(piece) > 1 and (node in cuts or node == nodes[-1]):
            yield tuple(piece)
            piece = [node]


def _add(draft: Draft, way: Way, pieces: Sequence[tuple[int, ...]], read: Read) -> None:
    """The edges of a way, both ways where it may be driven so."""
    used = usage(way.tags)
    if used.doubt:
        draft.doubts.add(DoubtKind.ONE_WAY, str(way.id), used.doubt)
    if speed_ms(way.tags, along=True) is None and pieces:
        said = way.tags.get("maxspeed")
        why = f"maxspeed={said} says no speed" if said else "It has no maxspeed"
        draft.doubts.add(DoubtKind.NO_SPEED, str(way.id), f"{why}; {usual_ms(way.tags) * 3.6:.0f} km/h was taken.")
    for number, piece in enumerate(pieces):
        for node in (piece[0], piece[-1]):
            if str(node) not in draft.nodes:
                draft.add_node(str(node), *read.places[node])
        if used.ways is not Ways.AGAINST:
            draft.add_edge(_edge(way, number, piece, read, along=True, ways=used.ways))
        if used.ways is not Ways.ALONG:
            draft.add_edge(_edge(way, number, piece[::-1], read, along=False, ways=used.ways))


def _edge(way: Way, number: int, piece: tuple[int, ...], read: Read, *, along: bool, ways: Ways) -> DraftEdge:
    return DraftEdge(
        ref=f"{way.id}:{number}{'+' if along else '-'}",
        tail=str(piece[0]),
        head=str(piece[-1]),
        shape=[read.places[node] for node in piece],
        speed_ms=speed_ms(way.tags, along=along) or usual_ms(way.tags),
        lanes=lanes(way.tags, along=along, ways=ways),
        kind=way.tags["highway"],
        name=way.tags.get("name", ""),
        way=str(way.id),
    )


def _name_signals(draft: Draft, read: Read) -> None:
    """Signals at the stop lines of one crossing are one junction, called by its lowest node."""
    home = {str(node): str(node) for node in sorted(read.signals) if str(node) in draft.nodes}

    def root(node: str) -> str:
        while home[node] != node:
            node = home[node]
        return node

    for edge in draft.edges.values():
        a, b = (Place(*draft.nodes[end]) for end in (edge.tail, edge.head))
        if edge.tail in home and edge.head in home and metres_between(a, b) <= ONE_JUNCTION_M:
            first, second = sorted((root(edge.tail), root(edge.head)), key=int)
            home[second] = first
    draft.signals = {node: root(node) for node in home}
