"""A graph while it is being read in: nodes, edges and turns by name, then arrays with all that was doubtful."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from citong.core.roads.connected import parts, reached
from citong.core.roads.doubts import DoubtKind, Doubts
from citong.core.roads.graph import NONE, Floats, Frame, Ints, Plane, RoadFault, Roads, plane_over

SHORTEST_M = 0.1  # an edge without length still has this much, so that no time is zero
LENGTH_DIFFERS = 2.0  # a stated length this many times the shape's, or that many times shorter, is doubtful


@dataclass(frozen=True)
class TurnCosts:
    """Seconds a turn costs beside the way itself; how far the road must bend to count as a turn, degrees."""

    right_s: float = 2.0
    left_s: float = 4.0
    back_s: float = 15.0
    bend: float = 35.0
    sharp: float = 165.0
    left_hand: bool = False  # where traffic keeps left, the costs of left and right change places


@dataclass(frozen=True)
class DraftEdge:
    """An edge between two named nodes. `length_m` None: as its shape. `way`: edges of one street share it."""

    ref: str
    tail: str
    head: str
    shape: Sequence[tuple[float, float]]
    speed_ms: float
    length_m: float | None = None
    lanes: int = 1
    kind: str = ""
    name: str = ""
    way: str = ""


@dataclass(frozen=True)
class Crossing:
    """A permitted turn with its way over the junction."""

    length_m: float = 0.0
    seconds: float = 0.0


@dataclass
class Draft:
    """Collects; `finish` gives the graph. Turns: all but those forbidden, or those of `allowed` alone when given."""

    frame: Frame = Frame.WGS84
    doubts: Doubts = field(default_factory=Doubts)
    nodes: dict[str, tuple[float, float]] = field(default_factory=dict)
    signals: dict[str, str] = field(default_factory=dict)
    edges: dict[str, DraftEdge] = field(default_factory=dict)
    forbidden: set[tuple[str, str]] = field(default_factory=set)
    allowed: dict[tuple[str, str], Crossing] | None = None

    def add_node(self, ref: str, x: float, y: float, *, signal: str | None = None) -> None:
        """A node stands there; a second one of that name is reported and left out."""
        if ref in self.nodes:
            self.doubts.add(DoubtKind.TWICE, ref, "A second node has this id; the first one was kept.")
            return
        self.nodes[ref] = (x, y)
        if signal is not None:
            self.signals[ref] = signal

    def add_edge(self, edge: DraftEdge) -> None:
        """An edge runs there; a second one of that name, or one whose ends are unknown, is reported and left out."""
        if edge.ref in self.edges:
            self.doubts.add(DoubtKind.TWICE, edge.ref, "A second edge has this id; the first one was kept.")
        elif edge.tail not in self.nodes or edge.head not in self.nodes:
            self.doubts.add(DoubtKind.MISSING, edge.ref, "One of its ends is not in the file; the edge was left out.")
        else:
            ends = [self.nodes[edge.tail], self.nodes[edge.head]]
            self.edges[edge.ref] = edge if len(edge.shape) > 1 else replace(edge, shape=ends)

    def finish(self, *, costs: TurnCosts | None = None) -> Roads:
        """The graph; RoadFault when no edge is left. Doubts found on the way are in `doubts`."""
        if not self.edges:
            raise RoadFault("The file holds no road that a car may use.")
        edges = list(self.edges.values())
        node_refs = tuple(self.nodes)
        x, y = np.array(list(self.nodes.values()), dtype=np.float64).reshape(-1, 2).T
        plane = plane_over(self.frame, x, y)
        shaped = _Shapes.of(edges, plane)
        turns = _turns(edges, shaped, self, costs or TurnCosts())
        index = {ref: place for place, ref in enumerate(node_refs)}
        signals = tuple(sorted(set(self.signals.values())))
        kinds, kind = _coded([edge.kind for edge in edges])
        names, name = _coded([edge.name for edge in edges])
        roads = Roads(
            frame=self.frame,
            node_refs=node_refs,
            node_x=x.copy(),
            node_y=y.copy(),
            node_signal=_signals(node_refs, self.signals, signals),
            signals=signals,
            edge_refs=tuple(edge.ref for edge in edges),
            tail=np.array([index[edge.tail] for edge in edges], dtype=np.int32),
            head=np.array([index[edge.head] for edge in edges], dtype=np.int32),
            length=self._lengths(edges, shaped),
            speed=np.array([edge.speed_ms for edge in edges], dtype=np.float64),
            lanes=np.array([edge.lanes for edge in edges], dtype=np.int32),
            kind=kind, kinds=kinds, name=name, names=names,
            shape_start=shaped.start, shape_x=shaped.x, shape_y=shaped.y,
            turn_start=turns.start, turn_to=turns.to, turn_seconds=turns.seconds, turn_length=turns.length,
        )  # fmt: skip
        self._look_over(roads)
        return roads

    def _lengths(self, edges: Sequence[DraftEdge], shaped: "_Shapes") -> Floats:
        lengths = []
        for edge, drawn in zip(edges, shaped.length.tolist(), strict=True):
            length = drawn if edge.length_m is None else edge.length_m
            if length < SHORTEST_M:
                self.doubts.add(DoubtKind.ZERO, edge.ref, f"It has no length; {SHORTEST_M} m was taken.")
            elif drawn > 10 and not drawn / LENGTH_DIFFERS < length < drawn * LENGTH_DIFFERS:
                sentence = f"It says {length:.0f} m, its shape {drawn:.0f} m; what it says was kept."
                self.doubts.add(DoubtKind.STRAIGHT_LENGTH, edge.ref, sentence)
            lengths.append(max(length, SHORTEST_M))
        return np.array(lengths, dtype=np.float64)

    def _look_over(self, roads: Roads) -> None:
        """Parts that the rest cannot drive to or from, and nodes that all roads enter or all leave."""
        label, sizes = parts(roads.turns)
        main = int(np.flatnonzero(label == int(np.argmax(sizes)))[0])
        onward, back = reached(roads.turns, main), reached(roads.turns_back, main)
        for part in np.unique(label[~onward & ~back]).tolist():
            count = int(sizes[part])
            sentence = f"{count} edge{'' if count == 1 else 's'} cannot be driven to or from the main part."
            self.doubts.add(DoubtKind.APART, roads.edge_refs[int(np.flatnonzero(label == part)[0])], sentence)
        for some, what in (
            (onward & ~back, "driven to, but not left again"),
            (back & ~onward, "left, but not driven to"),
        ):
            if some.any():
                ref = roads.edge_refs[int(np.flatnonzero(some)[0])]
                sentence = f"It and {int(some.sum()) - 1} others can be {what}: the rim of the map, or one-way streets."
                self.doubts.add(DoubtKind.ONE_WAY, ref, sentence)
        entered = np.bincount(roads.head, minlength=len(roads.node_refs))
        left = np.bincount(roads.tail, minlength=len(roads.node_refs))
        for node in np.flatnonzero((entered >= 2) & (left == 0) | (left >= 2) & (entered == 0)).tolist():
            way = "enter" if left[node] == 0 else "leave"
            sentence = f"All {entered[node] + left[node]} one-way edges {way} this node."
            self.doubts.add(DoubtKind.ONE_WAY, roads.node_refs[node], sentence)


@dataclass(frozen=True, eq=False)
class _Shapes:
    """All shapes in one row, with lengths and the bearing (degrees) at both ends of each."""

    start: Ints
    x: Floats
    y: Floats
    length: Floats
    bearing_in: Floats
    bearing_out: Floats

    @classmethod
    def of(cls, edges: Sequence[DraftEdge], plane: Plane) -> "_Shapes":
        counts = [len(edge.shape) for edge in edges]
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        points = np.array([point for edge in edges for point in edge.shape], dtype=np.float64).reshape(-1, 2)
        x, y = plane.metres(points[:, 0], points[:, 1])
        along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
        first, last = start[:-1], start[1:] - 1
        return cls(
            start, points[:, 0].copy(), points[:, 1].copy(), along[last] - along[first],
            np.degrees(np.arctan2(x[last] - x[last - 1], y[last] - y[last - 1])),
            np.degrees(np.arctan2(x[first + 1] - x[first], y[first + 1] - y[first])),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Turns:
    start: Ints
    to: Ints
    seconds: Floats
    length: Floats


def _turns(edges: Sequence[DraftEdge], shaped: _Shapes, draft: Draft, costs: TurnCosts) -> _Turns:
    """The permitted turns in order of the edge they leave."""
    index = {edge.ref: place for place, edge in enumerate(edges)}
    pairs = _given(index, draft) if draft.allowed is not None else _all_but(edges, index, draft.forbidden)
    pairs.sort(key=lambda pair: pair[:2])
    before = np.array([pair[0] for pair in pairs], dtype=np.int32)
    to = np.array([pair[1] for pair in pairs], dtype=np.int32)
    crossings = [pair[2] for pair in pairs]
    counts = np.bincount(before, minlength=len(edges))
    bend = (shaped.bearing_out[to] - shaped.bearing_in[before] + 180) % 360 - 180
    return _Turns(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), to,
        np.array([one.seconds for one in crossings], dtype=np.float64) + _costs(bend, costs),
        np.array([one.length_m for one in crossings], dtype=np.float64),
    )  # fmt: skip


def _given(index: dict[str, int], draft: Draft) -> list[tuple[int, int, Crossing]]:
    allowed = draft.allowed or {}
    return [(index[a], index[b], way) for (a, b), way in allowed.items() if a in index and b in index]


def _all_but(
    edges: Sequence[DraftEdge], index: dict[str, int], forbidden: set[tuple[str, str]]
) -> list[tuple[int, int, Crossing]]:
    """All turns at a node but those forbidden; back on the same street only where nothing else is left."""
    leaving: dict[str, list[DraftEdge]] = defaultdict(list)
    for edge in edges:
        leaving[edge.tail].append(edge)
    found: list[tuple[int, int, Crossing]] = []
    for edge in edges:
        onward = [next_ for next_ in leaving[edge.head] if (edge.ref, next_.ref) not in forbidden]
        ahead = [next_ for next_ in onward if not _back(edge, next_)]
        found += [(index[edge.ref], index[next_.ref], Crossing()) for next_ in ahead or onward]
    return found


def _back(edge: DraftEdge, next_: DraftEdge) -> bool:
    return next_.head == edge.tail and next_.way == edge.way and next_.shape[0] == edge.shape[-1]


def _costs(bend: Floats, costs: TurnCosts) -> Floats:
    if costs.left_hand:
        costs = replace(costs, right_s=costs.left_s, left_s=costs.right_s)
    cost = np.where(bend > costs.bend, costs.right_s, np.where(bend < -costs.bend, costs.left_s, 0.0))
    return np.asarray(np.where(np.abs(bend) > costs.sharp, costs.back_s, cost))


def _signals(refs: Sequence[str], standing: dict[str, str], signals: tuple[str, ...]) -> Ints:
    code = {signal: place for place, signal in enumerate(signals)}
    return np.array([code[standing[ref]] if ref in standing else NONE for ref in refs], dtype=np.int32)


def _coded(words: Sequence[str]) -> tuple[tuple[str, ...], Ints]:
    code: dict[str, int] = {}
    numbers = [code.setdefault(word, len(code)) for word in words]
    return tuple(code), np.array(numbers, dtype=np.int32)
