"""The city of this database, kept in the process for a few seconds."""

import time
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from citong.core.places.models import City

SECONDS = 5.0
_held: tuple[float, City] | None = None


class NoCity(RuntimeError):
    """No city is loaded yet: `citong city load cities/NAME` does it."""


def city() -> City:
    """The loaded city; at most one query in five seconds. Raises NoCity."""
    global _held
    if _held is None or time.monotonic() - _held[0] > SECONDS:
        found = City.objects.defer("outline").first()
        if found is None:
            raise NoCity("No city is loaded: run `citong city load FOLDER`.")
        _held = (time.monotonic(), found)
    return _held[1]


def forget_city() -> None:
    """The next look reads the database again: after a load, and between tests."""
    global _held
    _held = None


def zone() -> ZoneInfo:
    """The city's time zone."""
    return ZoneInfo(city().zone)


def day_of(at: datetime) -> date:
    """The day that an instant (aware) falls on in the city; that of UTC is another one for a third of it."""
    return at.astimezone(zone()).date()


def today() -> date:
    """The day it is in the city."""
    return day_of(timezone.now())


def parameter(name: str, default: Any = None) -> Any:
    """A threshold from city.toml, by its name."""
    return city().parameters.get(name, default)


def limit(name: str, default: str) -> str:
    """A time limit the city has set in city.toml [limits], e.g. "4 working hours", or `default`."""
    return str(city().parameters.get("limits", {}).get(name, default))
