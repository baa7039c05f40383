"""What a run came to, from SUMO's own record of every trip: driven to the end, under way, or never departed."""

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True, slots=True)
class Measured:
    """One run. Delay is RESCO's: time lost plus time kept from departing, of everybody, never departed ones too."""

    trips: int
    arrived: int
    never_departed: int
    speed: float
    """Metres a second: all distance by all time of those who departed."""
    delay: float
    stops: float
    """Halts of a trip, in the mean."""


def measured(output: Path) -> Measured:
    """The figures of one run's record."""
    metres = seconds = delay = 0.0
    trips = arrived = never = stops = 0
    for _, trip in ElementTree.iterparse(output):  # noqa: S314  # written by the run itself
        if trip.tag != "tripinfo":
            continue
        trips += 1
        delay += float(trip.attrib["timeLoss"]) + max(float(trip.attrib["departDelay"]), 0.0)
        if float(trip.attrib["depart"]) < 0:
            never += 1
        else:
            metres += float(trip.attrib["routeLength"])
            seconds += float(trip.attrib["duration"])
            stops += int(trip.attrib["waitingCount"])
            arrived += float(trip.attrib["arrival"]) >= 0
        trip.clear()
    return Measured(
        trips, arrived, never, metres / max(seconds, 1), delay / max(trips, 1), stops / max(trips - never, 1)
    )
