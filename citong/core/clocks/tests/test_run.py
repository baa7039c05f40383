"""Clocks count by the city's calendar, stand still when paused, and say so when a day is not decided yet."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from citong.core.clocks import run
from citong.core.clocks.models import CalendarDay, Clock
from citong.core.places.current import forget_city
from citong.core.places.models import City
from citong.kit.ids import uuid7

CITY = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


def started(span: str, when: str) -> Clock:
    return run.start(uuid7(), "handle", span=span, source="Town order 1", at=at(when))


def test_a_span_over_the_national_holiday_and_its_make_up_days(town: City) -> None:
    # 2026: holiday 1 to 7 October, 10 October worked
    clock = started("3 working days", "2026-09-30T10:00")
    assert clock.due_at.date() == date(2026, 10, 10)


def test_the_citys_own_day_off_counts(town: City) -> None:
    CalendarDay.objects.create(date=date(2026, 3, 11), working=False, name="台风停工", source="Town order 2")
    town.version += 1
    town.save()
    forget_city()
    assert started("1 working days", "2026-03-10T10:00").due_at.date() == date(2026, 3, 12)


def test_pausing_over_a_weekend_takes_nothing_away(town: City) -> None:
    clock = started("2 working days", "2026-03-09T09:00")
    due = clock.due_at
    run.pause(clock, at=at("2026-03-10T10:00"))
    run.resume(clock, at=at("2026-03-10T10:00"))
    assert clock.due_at == due
    run.pause(clock, at=at("2026-03-10T10:00"))
    run.resume(clock, at=at("2026-03-17T10:00"))
    assert clock.due_at.date() == date(2026, 3, 18)


def test_a_clock_that_crosses_an_undecided_year_says_so(town: City) -> None:
    assert started("5 working days", "2026-03-09T09:00").certain
    assert not started("10 working days", "2026-12-28T09:00").certain


@pytest.mark.parametrize(("when", "state"), [("2026-03-10T10:00", "met"), ("2026-03-13T10:00", "missed")])
def test_a_stopped_clock_is_met_or_missed(town: City, when: str, state: str) -> None:
    clock = started("2 working days", "2026-03-09T09:00")
    run.stop(clock, at=at(when))
    assert (clock.state, clock.wake_at) == (state, None)
