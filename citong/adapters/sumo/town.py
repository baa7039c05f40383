"""The made town that a live city runs on where no other is named; and networks that get a place on the earth."""

import gzip
import json
import math
import re
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from citong.adapters.sumo.made import SIGNALS, TURNS, Recipe, make
from citong.adapters.sumo.scenario import scenario

TOWN = Recipe("town", (
    "--grid", "--grid.x-number", "6", "--grid.y-number", "4", "--grid.x-length", "260", "--grid.y-length", "220",
    "--grid.attach-length", "200", "-L", "2", "--no-turnarounds", *TURNS, *SIGNALS,
), vehicles_an_hour=6000, seconds=900)  # fmt: skip
TITLE = "刺桐新区（仿真）"
ALONG = ("刺桐一路", "刺桐二路", "刺桐三路", "刺桐四路")
ACROSS = ("古榕一街", "古榕二街", "古榕三街", "古榕四街", "古榕五街", "古榕六街")
BETWEEN = re.compile(r"([A-F]|left|right|bottom|top)(\d)([A-F]|left|right|bottom|top)(\d)")
FILES = ("net-file", "net", "n", "route-files", "route", "r", "additional-files", "additional", "a")
"""How a configuration names its files; the first three the network."""
GOALS = (("刺桐医院", 0.97, 0.76), ("古榕体育馆", 0.08, 0.12), ("海丝广场", 0.55, 0.97))
"""Destinations of the town: a name, and how far they lie to the east and to the north of its south-west corner."""


class Box(NamedTuple):
    """The bounds of a network, in its metres."""

    west: float
    south: float
    east: float
    north: float


def made_town(folder: Path, *, lon: float, lat: float) -> Path:
    """The town lies in its folder below this one, around that point (WGS-84); made only where it is not there yet."""
    place, wanted = folder / TOWN.name, json.dumps([asdict(TOWN), ALONG, ACROSS, lon, lat])
    mark = place / "made.json"
    if not mark.exists() or mark.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(place, ignore_errors=True)
        net = make(TOWN, folder) / "made.net.xml"
        root = ElementTree.parse(net)  # noqa: S314  # written by SUMO
        for edge in root.iterfind("edge"):
            if name := _street(edge.get("id") or ""):
                edge.set("name", name)
        _put(root, lon, lat)
        root.write(net, encoding="utf-8", xml_declaration=True)
        mark.write_text(wanted, encoding="utf-8")
    return place


def placed(folder: Path, into: Path, *, lon: float, lat: float) -> Path:
    """A scenario like that of the folder whose network lies around that point (WGS-84)."""
    place = scenario(folder)
    into.mkdir(parents=True, exist_ok=True)
    net, config = into / "placed.net.xml", ElementTree.parse(place.config)  # noqa: S314  # the operator's own files
    with gzip.open(place.net) if place.net.suffix == ".gz" else place.net.open("rb") as file:
        root = ElementTree.parse(file)  # noqa: S314
    _put(root, lon, lat)
    root.write(net, encoding="utf-8", xml_declaration=True)
    for element in (one for name in FILES for one in config.iter(name)):
        names = (one.strip() for one in (element.get("value") or "").split(",") if one.strip())
        element.set("value", ",".join(str((place.config.parent / name).resolve()) for name in names))
    for element in (one for name in FILES[:3] for one in config.iter(name)):
        element.set("value", str(net.resolve()))
    config.write(into / "placed.sumocfg", encoding="utf-8", xml_declaration=True)
    return into


def goals(lon: float, lat: float) -> list[tuple[str, float, float]]:
    """The destinations of the town that was made around that point: names, and degrees in WGS-84."""
    east = 5 * 260 / 111_320 / math.cos(math.radians(lat))
    north = 3 * 220 / 111_195
    return [(name, lon + (x - 0.5) * east, lat + (y - 0.5) * north) for name, x, y in GOALS]


def _street(road: str) -> str:
    """The name of a road of the grid, from the two crossings it lies between: letters count to the east, numbers to
    the north; beyond the last ones lie left, right, bottom and top."""
    found = BETWEEN.match(road)
    if found is None:
        return ""
    (tail, first), (head, last) = found.group(1, 2), found.group(3, 4)
    sides = {tail, head} & {"bottom", "top"}
    if not sides and first == last:
        return ALONG[int(first)]
    return ACROSS[ord(max(one for one in (tail, head) if len(one) == 1)) - ord("A")]


def _put(root: "ElementTree.ElementTree[ElementTree.Element]", lon: float, lat: float) -> None:
    """The network lies with its middle at that point, on a plane that touches the earth there."""
    location = root.find("location")
    assert location is not None
    box = Box(*(float(one) for one in (location.get("convBoundary") or "0,0,0,0").split(",")))
    east, north = (box.west + box.east) / 2, (box.south + box.north) / 2
    location.set("netOffset", f"{east:.2f},{north:.2f}")
    location.set("projParameter", f"+proj=tmerc +lat_0={lat} +lon_0={lon} +k=1 +x_0=0 +y_0=0 +ellps=WGS84 +units=m")
