"""Which ways over a junction touch, read from the network file."""

import gzip
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.etree import ElementTree


def touching(net: Path) -> dict[str, set[tuple[int, int]]]:
    """By signal, the pairs of groups of which some ways touch: what the network itself calls foes."""
    lanes: dict[str, list[tuple[str | None, int]]] = defaultdict(list)
    junctions: list[tuple[list[str], dict[int, str]]] = []
    with gzip.open(net) if net.suffix == ".gz" else net.open("rb") as file:
        for _, element in ElementTree.iterparse(file):  # noqa: S314  # the operator's own file
            if element.tag == "connection":
                light, group = element.get("tl"), element.get("linkIndex")
                lane = f"{element.get('from')}_{element.get('fromLane')}"
                lanes[lane].append((light, int(group) if group else -1))
            elif element.tag == "junction" and element.get("type") != "internal":
                requests = {int(one.attrib["index"]): one.attrib["foes"] for one in element.iter("request")}
                junctions.append(((element.get("incLanes") or "").split(), requests))
            if element.tag != "request":
                element.clear()
    return _pairs(junctions, lanes)


def _pairs(
    junctions: Iterable[tuple[list[str], dict[int, str]]], lanes: dict[str, list[tuple[str | None, int]]]
) -> dict[str, set[tuple[int, int]]]:
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for incoming, requests in junctions:
        links = [link for lane in incoming for link in lanes.get(lane, [])]
        for index, foes in requests.items():
            for other, bit in enumerate(reversed(foes)):
                if bit == "1" and index < len(links) and other < len(links):
                    (light, one), (light_other, two) = links[index], links[other]
                    if light is not None and light == light_other:
                        found[light] |= {(one, two), (two, one)}
    return found


def meets(pairs: set[tuple[int, int]]) -> Callable[[int, int], bool]:
    """Whether ways of two groups touch."""
    return lambda one, other: (one, other) in pairs
