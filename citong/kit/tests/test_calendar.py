import datetime as dt
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citong.kit.calendar import Day, WorkCalendar, announced, seed
from citong.kit.tests.strategies import SUMMER, at, calendars, city_days, moments

CITY = WorkCalendar(hours=SUMMER)


def test_announced_holidays_rest_and_make_up_days_work() -> None:
    assert not CITY.is_working(dt.date(2026, 10, 1))
    assert CITY.is_working(dt.date(2026, 10, 10)), "a Saturday worked for National Day"
    assert CITY.day(dt.date(2026, 10, 10)).name == "National Day"
    assert CITY.certain(dt.date(2026, 10, 10))


def test_an_ordinary_week_has_five_working_days() -> None:
    week = [CITY.is_working(dt.date(2026, 11, day)) for day in range(16, 23)]
    assert week == [True] * 5 + [False] * 2


@pytest.mark.parametrize(
    ("date", "name"),
    [
        ("2027-01-01", "New Year's Day"),
        ("2027-02-05", "Spring Festival"),
        ("2027-02-08", "Spring Festival"),
        ("2027-04-05", "Tomb-sweeping Day"),
        ("2028-05-02", "Labour Day"),
        ("2029-06-16", "Dragon Boat Festival"),
        ("2030-09-12", "Mid-autumn Festival"),
        ("2030-10-03", "National Day"),
    ],
)
def test_a_year_nobody_knows_keeps_the_statutory_days_and_says_so(date: str, name: str) -> None:
    day = CITY.day(dt.date.fromisoformat(date))
    assert (day.working, day.name, day.certain) == (False, name, False)
    assert "795" in day.source


def test_a_span_into_an_unknown_year_is_not_certain() -> None:
    assert CITY.certain_between(at("2026-12-01 09:00"), at("2026-12-31 09:00"))
    assert not CITY.certain_between(at("2026-12-01 09:00"), at("2027-01-04 09:00"))


def test_the_seed_holds_every_day_of_its_years() -> None:
    days = seed([2024, 2027])
    assert len(days) == 366 + 365
    assert all(day.date == date for date, day in days.items())
    assert {day.certain for date, day in days.items() if date.year == 2027} == {False}


def test_an_announced_year_becomes_certain() -> None:
    holiday, make_up = dt.date(2027, 1, 4), dt.date(2027, 1, 9)
    days = announced(2027, rest={holiday: "New Year's Day"}, work={make_up: "New Year's Day"}, source="Notice")
    city = WorkCalendar(days)
    assert not city.is_working(holiday)
    assert city.is_working(make_up)
    assert all(city.certain(date) for date in days)
    assert len(days) == 365


def test_the_city_may_close_for_a_typhoon() -> None:
    closed = dt.date(2026, 7, 23)
    city = WorkCalendar({closed: Day(closed, False, "Typhoon", "City decision 12", True)}, SUMMER)
    assert city.next_working(closed) == dt.date(2026, 7, 24)
    assert city.add_working_minutes(at("2026-07-22 17:30"), 60) == at("2026-07-24 08:30")


def test_the_day_of_the_event_is_not_counted_and_the_last_ends_at_close_of_business() -> None:
    assert CITY.add_working_days(at("2026-11-18 09:00"), 1) == at("2026-11-19 18:00")
    assert CITY.add_working_days(at("2026-11-20 23:59"), 1) == at("2026-11-23 18:00")
    assert CITY.add_working_days(at("2026-09-30 09:00"), 2) == at("2026-10-09 18:00")


def test_a_city_without_hours_works_round_the_clock() -> None:
    city = WorkCalendar(hours=())
    assert city.closing(dt.date(2026, 11, 20)) == at("2026-11-21 00:00")
    assert city.working_minutes_between(at("2026-11-20 23:00"), at("2026-11-23 01:00")) == 120


def test_lunch_and_night_do_not_count() -> None:
    assert CITY.add_working_minutes(at("2026-11-18 11:30"), 60) == at("2026-11-18 15:30")
    assert CITY.working_minutes_between(at("2026-11-18 11:30"), at("2026-11-19 08:10")) == 30 + 180 + 10
    assert CITY.working_minutes_between(at("2026-11-19 08:10"), at("2026-11-18 11:30")) == 0


def test_the_citys_zone_decides_the_date() -> None:
    late = dt.datetime(2026, 11, 18, 16, 30, tzinfo=dt.UTC)
    assert CITY.date_of(late) == dt.date(2026, 11, 19)
    assert CITY.add_working_days(late, 1) == at("2026-11-20 18:00")
    assert CITY.add_working_days(late, 1).tzinfo == ZoneInfo("Asia/Shanghai")


def test_minutes_are_real_minutes_when_clocks_change() -> None:
    berlin = WorkCalendar(
        {dt.date(2026, 3, 29): Day(dt.date(2026, 3, 29), True, "", "", True)}, (), ZoneInfo("Europe/Berlin")
    )
    start = dt.datetime(2026, 3, 29, tzinfo=berlin.zone)
    assert berlin.working_minutes_between(start, start + dt.timedelta(days=1)) == 23 * 60


def test_what_cannot_be_counted_is_refused_with_a_mend() -> None:
    with pytest.raises(ValueError, match="pass an aware datetime"):
        CITY.add_working_days(dt.datetime(2026, 11, 18), 1)
    with pytest.raises(ValueError, match="at least one day"):
        CITY.add_working_days(at("2026-11-18 09:00"), 0)
    with pytest.raises(ValueError, match="swap the two moments"):
        CITY.add_working_minutes(at("2026-11-18 09:00"), -1)
    with pytest.raises(ValueError, match="each opening before its closing"):
        WorkCalendar(hours=((dt.time(12), dt.time(8)),))


@given(calendars, moments, st.integers(0, 20_000))
def test_minutes_added_are_the_minutes_between(city: WorkCalendar, start: dt.datetime, minutes: int) -> None:
    assert city.working_minutes_between(start, city.add_working_minutes(start, minutes)) == minutes


@given(calendars, moments, moments, moments)
def test_working_time_adds_up(city: WorkCalendar, a: dt.datetime, b: dt.datetime, c: dt.datetime) -> None:
    a, b, c = sorted((a, b, c))
    parts = city.working_minutes_between(a, b) + city.working_minutes_between(b, c)
    assert city.working_minutes_between(a, c) == pytest.approx(parts)


@given(city_days, moments, st.integers(1, 30), st.randoms())
def test_the_order_of_holidays_does_not_matter(
    days: dict[dt.date, Day], start: dt.datetime, n: int, random: Random
) -> None:
    shuffled = list(days.items())
    random.shuffle(shuffled)
    assert WorkCalendar(days).add_working_days(start, n) == WorkCalendar(dict(shuffled)).add_working_days(start, n)


@given(calendars, moments, st.integers(1, 30))
def test_one_more_working_day_is_always_later(city: WorkCalendar, start: dt.datetime, n: int) -> None:
    assert start < city.add_working_days(start, n) < city.add_working_days(start, n + 1)
