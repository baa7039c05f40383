"""Which days China works: as the State Council announced, or as law and week tell of later years."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import chinese_calendar

ANNOUNCED = "State Council, yearly arrangement of holidays (package chinesecalendar)"
WEEK = "State Council, Rules on Working Hours (Order 146 of 1994, amended 1995), article 7"
STATUTORY = "State Council, Measures on Holidays and Commemoration Days (Order 795 of 2024), article 2"

# Days of the Measures of 2024, without the exchanged working days that only the yearly arrangement can name.
FIXED = {
    (1, 1): "New Year's Day",
    (5, 1): "Labour Day",
    (5, 2): "Labour Day",
    (10, 1): "National Day",
    (10, 2): "National Day",
    (10, 3): "National Day",
}

# First day of the first lunar month; fifth of the fifth; fifteenth of the eighth (rules: GB/T 33661-2017).
LUNAR = {
    2027: (dt.date(2027, 2, 6), dt.date(2027, 6, 9), dt.date(2027, 9, 15)),
    2028: (dt.date(2028, 1, 26), dt.date(2028, 5, 28), dt.date(2028, 10, 3)),
    2029: (dt.date(2029, 2, 13), dt.date(2029, 6, 16), dt.date(2029, 9, 22)),
    2030: (dt.date(2030, 2, 3), dt.date(2030, 6, 5), dt.date(2030, 9, 12)),
}


@dataclass(frozen=True)
class Day:
    """One date: worked or not, under which name, who says so, and whether that is settled."""

    date: dt.date
    working: bool
    name: str
    source: str
    certain: bool


def seed(years: Iterable[int]) -> dict[dt.date, Day]:
    """Every day of these years, to fill the table of a city."""
    return {date: official(date) for year in years for date in _year(year)}


def announced(
    year: int, *, rest: Mapping[dt.date, str], work: Mapping[dt.date, str], source: str
) -> dict[dt.date, Day]:
    """Every day of a year whose arrangement was read from `source`: holidays, make-up workdays, the rest."""
    days = {date: _ordinary(date, certain=True) for date in _year(year)}
    for dates, working in ((rest, False), (work, True)):
        days |= {date: Day(date, working, name, source, True) for date, name in dates.items()}
    return days


@lru_cache(maxsize=4096)
def official(date: dt.date) -> Day:
    """As the State Council announced it; in a year not yet announced by week and law, not certain."""
    try:
        rest, name = chinese_calendar.get_holiday_detail(date)
    except NotImplementedError:
        return _derived(date)
    return Day(date, not rest, name, ANNOUNCED, True) if name else _ordinary(date, certain=True)


def _derived(date: dt.date) -> Day:
    name = _statutory(date.year).get(date)
    return Day(date, False, name, STATUTORY, False) if name else _ordinary(date, certain=False)


def _ordinary(date: dt.date, *, certain: bool) -> Day:
    weekend = date.isoweekday() > 5
    return Day(date, not weekend, "Weekend" if weekend else "", WEEK, certain)


@lru_cache
def _statutory(year: int) -> dict[dt.date, str]:
    days = {dt.date(year, month, day): name for (month, day), name in FIXED.items()}
    days[_tomb_sweeping(year)] = "Tomb-sweeping Day"
    if year in LUNAR:
        spring, dragon_boat, mid_autumn = LUNAR[year]
        days |= {spring + dt.timedelta(days=shift): "Spring Festival" for shift in range(-1, 3)}
        days |= {dragon_boat: "Dragon Boat Festival", mid_autumn: "Mid-autumn Festival"}
    return days


def _tomb_sweeping(year: int) -> dt.date:
    """Solar term Qingming by the common formula for 2000 to 2099: day = [0.2422 y + 4.81] - [y / 4]."""
    y = year % 100
    return dt.date(year, 4, int(0.2422 * y + 4.81) - y // 4)


def _year(year: int) -> list[dt.date]:
    first = dt.date(year, 1, 1)
    return [first + dt.timedelta(days=n) for n in range((dt.date(year + 1, 1, 1) - first).days)]
