"""Lights for the crossings of the roads' own raster: one stage for each street that comes in."""

from citong.core.escort.stages import with_escort_stages
from citong.core.roads.graph import Roads
from citong.core.signals.build import junction_from_plan
from citong.core.signals.model import Junction, Movement, Plan, Span


def lights(roads: Roads) -> dict[str, Junction]:
    """A junction for each signal of the graph."""
    found = {}
    for node, signal in enumerate(roads.node_signal.tolist()):
        incoming = [edge for edge in range(roads.edge_count) if roads.head[edge] == node] if signal >= 0 else []
        if incoming:
            found[roads.signals[signal]] = _junction(roads, roads.signals[signal], incoming)
    return found


def _junction(roads: Roads, name: str, incoming: list[int]) -> Junction:
    movements, spans = [], []
    for group, edge in enumerate(incoming):
        for to, _ in roads.turns[edge]:
            before, after = roads.edge_refs[edge], roads.edge_refs[to]
            movements.append(Movement(group, before, after, f"{before}_0", f"{after}_0"))
        letters = ["r"] * len(incoming)
        for letter, seconds in (("G", 20.0), ("y", 3.0), ("r", 2.0)):
            letters[group] = letter
            spans.append(Span("".join(letters), seconds))
    plain = junction_from_plan(name, movements, Plan("own", tuple(spans)))
    return with_escort_stages(plain, meets=lambda one, other: one != other)


def corners(side: int) -> tuple[str, str]:
    """The first and last street of a way through a raster from corner to corner."""
    last = side - 1
    return "0/0>1/0", f"{last}/{last - 1}>{last}/{last}"
