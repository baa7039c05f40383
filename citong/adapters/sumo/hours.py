"""What SUMO records of each road by the hour, and what that comes to along a corridor."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from citong.core.signals.trial import Hour

PERIOD = 3600
FILE = "hours.xml"


def hours_asked(folder: Path) -> Path:
    """The additional file that asks for the record, which is then complete beside it when the run has ended."""
    asked = folder / "hours.add.xml"
    asked.write_text(f'<additional><edgeData id="hours" period="{PERIOD}" file="{FILE}"/></additional>')
    return asked


def hours_of(asked: Path, corridors: Mapping[str, Sequence[str]]) -> tuple[Hour, ...]:
    """Each hour of each corridor in which somebody drove there."""
    owners = defaultdict(list)
    for name, roads in corridors.items():
        for road in roads:
            owners[road].append(name)
    return tuple(hour for interval in _intervals(asked.with_name(FILE)) for hour in _hours(interval, owners))


def _intervals(path: Path) -> Iterator[ElementTree.Element]:
    return (one for _, one in ElementTree.iterparse(path) if one.tag == "interval")  # noqa: S314  # our own run's


def _hours(interval: ElementTree.Element, owners: Mapping[str, Sequence[str]]) -> Iterator[Hour]:
    seconds, metres, lost, stood = (defaultdict[str, float](float) for _ in range(4))
    for edge in interval.iter("edge"):
        driven = float(edge.get("sampledSeconds", 0))
        for name in owners.get(edge.attrib["id"], ()) if driven else ():
            seconds[name] += driven
            metres[name] += driven * float(edge.get("speed", 0))
            lost[name] += float(edge.get("timeLoss", 0))
            stood[name] += float(edge.get("waitingTime", 0))
    begin, end = float(interval.attrib["begin"]), float(interval.attrib["end"])
    for name in seconds:
        yield Hour(
            name, round(begin), metres[name] / seconds[name], lost[name] / max(metres[name] / 1000, 0.001),
            stood[name] / max(end - begin, 1),
        )  # fmt: skip
