"""Calendars, moments and spans for the property tests."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from citong.kit.calendar import Day, WorkCalendar
from citong.kit.durations import CalendarDays, Hours, Minutes, WorkingDays, WorkingHours

FUZHOU = ZoneInfo("Asia/Shanghai")
SUMMER = ((dt.time(8), dt.time(12)), (dt.time(15), dt.time(18)))
HOURS = st.sampled_from([SUMMER, ((dt.time(8, 30), dt.time(17, 30)),), ()])

moments = st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2027, 12, 1)).map(lambda at: at.replace(tzinfo=FUZHOU))
dates = st.dates(dt.date(2025, 1, 1), dt.date(2028, 1, 1))
city_days = st.dictionaries(dates, st.booleans(), max_size=30).map(
    lambda table: {date: Day(date, working, "Typhoon", "City decision", True) for date, working in table.items()}
)
calendars = st.builds(WorkCalendar, days=city_days, hours=HOURS, zone=st.just(FUZHOU))

few = st.integers(1, 20)
spans = st.one_of(few.map(WorkingDays), few.map(WorkingHours), few.map(CalendarDays), few.map(Hours), few.map(Minutes))


def at(text: str) -> dt.datetime:
    """A moment in Fujian: "2026-09-30 17:00"."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=FUZHOU)
