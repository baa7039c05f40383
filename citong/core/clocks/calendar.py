"""The city's calendar, built from its table and kept as long as the city's version holds."""

from datetime import time

from citong.core.clocks.models import CalendarDay
from citong.core.places.current import city, zone
from citong.kit.calendar import OFFICE_HOURS, Day, WorkCalendar

_held: tuple[tuple[str, int], WorkCalendar] | None = None


def calendar() -> WorkCalendar:
    """Working days and hours of the city; one query after a load of the city."""
    global _held
    key = (city().code, city().version)
    if _held is None or _held[0] != key:
        days = {
            row.date: Day(row.date, row.working, row.name, row.source, row.certain) for row in CalendarDay.objects.all()
        }
        _held = (key, WorkCalendar(days, _hours(), zone()))
    return _held[1]


def _hours() -> tuple[tuple[time, time], ...]:
    given = city().parameters.get("working_hours")
    if not given:
        return tuple(OFFICE_HOURS)
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in given)
