"""Where drivers go by name: what the city names in `escort_goals`, in its own datum."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from citong.core.places.current import NoCity, city, parameter
from citong.kit.geometry import Datum, to_wgs84

POINT = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,2}(?:\.\d+)?)\s*")


class Goal(NamedTuple):
    """A place by name, in WGS-84."""

    name: str
    lon: float
    lat: float


def goals() -> list[Goal]:
    """The named destinations of the city, in its order."""
    try:
        given: list[Mapping[str, Any]] = parameter("escort_goals", [])
        datum = Datum(city().datum)
    except (NoCity, ValueError):
        return []
    return [Goal(str(one["name"]), *to_wgs84(float(one["lon"]), float(one["lat"]), datum)) for one in given]


def goal_of(words: str) -> Goal | None:
    """The place these words mean: a point "lon, lat", or the one named place that has or contains them."""
    if found := POINT.fullmatch(words):
        return Goal("", float(found[1]), float(found[2]))
    known = goals()
    named = [one for one in known if one.name == words] or [one for one in known if words and words in one.name]
    return named[0] if len(named) == 1 else None
