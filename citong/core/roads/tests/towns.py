"""Small road graphs and files for the tests."""

from pathlib import Path

from citong.core.roads.draft import Draft, DraftEdge, TurnCosts
from citong.core.roads.graph import Frame, Roads

STRAIGHT = TurnCosts(right_s=0, left_s=0, back_s=0)
BLOCK_M, SPEED_MS = 100.0, 10.0


def raster(side: int, *, costs: TurnCosts = STRAIGHT, without: tuple[str, ...] = ()) -> Roads:
    """Crossings `i/j`, 100 m apart, streets both ways at 10 m/s, edges `i/j>k/l`."""
    draft = Draft(frame=Frame.PLANE)
    for i in range(side):
        for j in range(side):
            draft.add_node(f"{i}/{j}", i * BLOCK_M, j * BLOCK_M, signal=f"s{i}/{j}" if (i + j) % 2 else None)
    for i in range(side):
        for j in range(side):
            for k, l_ in ((i + 1, j), (i, j + 1)):
                if k < side and l_ < side:
                    for a, b in (((i, j), (k, l_)), ((k, l_), (i, j))):
                        _street(draft, a, b, without)
    return draft.finish(costs=costs)


def _street(draft: Draft, a: tuple[int, int], b: tuple[int, int], without: tuple[str, ...]) -> None:
    tail, head = f"{a[0]}/{a[1]}", f"{b[0]}/{b[1]}"
    shape = [(a[0] * BLOCK_M, a[1] * BLOCK_M), (b[0] * BLOCK_M, b[1] * BLOCK_M)]
    if f"{tail}>{head}" not in without:
        draft.add_edge(DraftEdge(f"{tail}>{head}", tail, head, shape, SPEED_MS))


Ways = dict[int, tuple[list[int], dict[str, str]]]
Rules = dict[int, tuple[dict[str, str], list[tuple[str, int, str]]]]
CROSS: dict[int, tuple[float, float]] = {
    1: (118.60, 24.900), 2: (118.60, 24.901), 3: (118.60, 24.902), 4: (118.601, 24.901), 5: (118.599, 24.901),
}  # fmt: skip
"""A cross: 2 in the middle, 1 south, 3 north, 4 east, 5 west."""


def osm_text(
    nodes: dict[int, tuple[float, float]], ways: Ways, rules: Rules | None = None, signals: tuple[int, ...] = ()
) -> str:
    """An OpenStreetMap XML file."""
    lines = ['<?xml version="1.0"?><osm version="0.6">']
    for id_, (lon, lat) in nodes.items():
        light = '<tag k="highway" v="traffic_signals"/>' if id_ in signals else ""
        lines.append(f'<node id="{id_}" version="1" lon="{lon}" lat="{lat}">{light}</node>')
    for id_, (along, tags) in ways.items():
        inner = "".join(f'<nd ref="{node}"/>' for node in along) + _tags(tags)
        lines.append(f'<way id="{id_}" version="1">{inner}</way>')
    for id_, (tags, members) in (rules or {}).items():
        inner = "".join(f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members)
        lines.append(f'<relation id="{id_}" version="1">{inner}{_tags(tags)}</relation>')
    return "\n".join([*lines, "</osm>"])


def _tags(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def written(path: Path, text: str) -> Path:
    """The file holds the text."""
    path.write_text(text, "utf-8")
    return path
