"""What OpenStreetMap's tags say of a road for cars: classes, speeds, lanes, one-way streets.

Keys and values as in the OpenStreetMap wiki (Key:highway, Key:maxspeed, Key:oneway, Key:lanes, Key:access).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

KMH, MPH, KNOTS = 1 / 3.6, 0.44704, 0.514444
WALK_KMH, NO_LIMIT_KMH = 7.0, 120.0
# Free speeds where a way has none, km/h: of our choosing, near the legal limits of towns; a city may set its own.
USUAL_KMH: Mapping[str, float] = {
    "motorway": 100, "trunk": 80, "primary": 60, "secondary": 50, "tertiary": 40, "unclassified": 40,
    "residential": 30, "living_street": 10, "service": 15, "road": 30, "motorway_link": 50, "trunk_link": 50,
    "primary_link": 40, "secondary_link": 40, "tertiary_link": 30, "busway": 40,
}  # fmt: skip
USUAL_LANES: Mapping[str, int] = {"motorway": 2, "trunk": 2, "primary": 2}  # a direction; all others one
EMERGENCY_ONLY = ("busway",)
SPEED = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?\s*$")
ZONES: Mapping[str, float] = {
    "urban": 50, "rural": 80, "motorway": 100, "living_street": 10, "zone30": 30, "zone:30": 30,
}  # fmt: skip
MOTOR_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
SHUT = ("no", "private", "agricultural", "forestry", "delivery")


class Ways(Enum):
    """The directions in which a way may be driven."""

    BOTH = "both"
    ALONG = "along"
    AGAINST = "against"


@dataclass(frozen=True)
class Usage:
    """The directions of a way, and why that is doubtful, if it is."""

    ways: Ways
    doubt: str = ""


def may_drive(tags: Mapping[str, str], *, emergency: bool) -> bool:
    """Whether a car may use the way; with `emergency`, a vehicle of the rescue service."""
    kind = tags.get("highway", "")
    if kind not in USUAL_KMH or tags.get("area") == "yes" or (kind in EMERGENCY_ONLY and not emergency):
        return False
    if emergency and tags.get("emergency") in ("yes", "designated"):
        return True
    said = next((tags[key] for key in MOTOR_KEYS if key in tags), "yes")
    return said not in SHUT or (emergency and said in ("private", "delivery"))


def speed_ms(tags: Mapping[str, str], *, along: bool) -> float | None:
    """The stated speed, or None when there is none or nobody could say what it means."""
    said = tags.get("maxspeed:forward" if along else "maxspeed:backward") or tags.get("maxspeed", "")
    if said in ("walk", "none"):
        return (WALK_KMH if said == "walk" else NO_LIMIT_KMH) * KMH
    found = SPEED.match(said)
    if found:
        unit = {"mph": MPH, "knots": KNOTS}.get(found[2] or "", KMH)
        return float(found[1]) * unit if float(found[1]) > 0 else None
    zone = ZONES.get(said.partition(":")[2])
    return None if zone is None else zone * KMH


def usual_ms(tags: Mapping[str, str]) -> float:
    """The speed that is taken where none is stated."""
    return USUAL_KMH[tags["highway"]] * KMH


def lanes(tags: Mapping[str, str], *, along: bool, ways: Ways) -> int:
    """Lanes in one direction: as stated, half of all where both directions share them, else what is usual."""
    own = _number(tags.get("lanes:forward" if along else "lanes:backward"))
    if own:
        return own
    every = _number(tags.get("lanes"))
    if every:
        return every if ways is not Ways.BOTH else max(1, every // 2)
    return USUAL_LANES.get(tags["highway"], 1)


def usage(tags: Mapping[str, str]) -> Usage:
    """In which directions the way may be driven."""
    said = tags.get("oneway", "")
    round_ = tags.get("junction") in ("roundabout", "circular")
    implied = round_ or tags.get("highway") in ("motorway", "motorway_link")
    if said in ("-1", "reverse"):
        return Usage(Ways.AGAINST, "A roundabout is one-way against its own direction." if round_ else "")
    if said in ("yes", "true", "1"):
        facing = _number(tags.get("lanes:backward"))
        return Usage(Ways.ALONG, "It is one-way and has lanes in the other direction." if facing else "")
    if said in ("no", "false", "0"):
        return Usage(Ways.BOTH, "It is a roundabout and not one-way." if round_ else "")
    if said in ("reversible", "alternating"):
        return Usage(Ways.BOTH, f"Its direction changes with the hour ({said}); both were taken.")
    if said:
        return Usage(Ways.BOTH, f"It says oneway={said}, which means nothing; both directions were taken.")
    return Usage(Ways.ALONG if implied else Ways.BOTH)


def _number(said: str | None) -> int:
    found = re.match(r"^\d{1,2}", said or "")
    return int(found[0]) if found else 0
