import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citong.kit.calendar import WorkCalendar
from citong.kit.durations import (
    CalendarDays,
    CalendarMinutes,
    Duration,
    Hours,
    Minutes,
    WorkingDays,
    WorkingHours,
    WorkingMinutes,
    fraction,
    parse,
)
from citong.kit.tests.strategies import SUMMER, at, calendars, moments, spans

CITY = WorkCalendar(hours=SUMMER)
FRIDAY = at("2026-11-20 17:00")


@pytest.mark.parametrize(
    ("span", "due"),
    [
        (WorkingDays(5), "2026-11-27 18:00"),
        (WorkingHours(4), "2026-11-23 11:00"),
        (CalendarDays(5), "2026-11-25 18:00"),
        (Hours(24), "2026-11-21 17:00"),
        (Minutes(15), "2026-11-20 17:15"),
    ],
)
def test_each_span_ends_by_its_own_counting(span: Duration, due: str) -> None:
    assert span.end(FRIDAY, CITY) == at(due)


def test_calendar_days_that_end_on_a_holiday_end_after_it() -> None:
    assert CalendarDays(2).end(at("2026-09-30 09:00"), CITY) == at("2026-10-08 18:00")
    assert CalendarDays(1).end(FRIDAY, CITY) == at("2026-11-23 18:00")


def test_calendar_days_paused_still_move_off_a_rest_day() -> None:
    due = CalendarDays(5).end(FRIDAY, CITY)
    left = CalendarDays(5).remaining(at("2026-11-23 10:00"), due, CITY)
    assert left == CalendarMinutes(56 * 60)
    assert left.end(at("2026-11-26 10:00"), CITY) == at("2026-11-30 18:00")
    assert left.remaining(at("2026-11-24 10:00"), due, CITY) == CalendarMinutes(32 * 60)


def test_working_time_is_kept_while_a_clock_stands() -> None:
    due = WorkingDays(5).end(FRIDAY, CITY)
    left = WorkingDays(5).remaining(at("2026-11-24 10:00"), due, CITY)
    assert left == WorkingMinutes(5 * 60 + 3 * 7 * 60)
    assert left.end(at("2026-12-01 10:00"), CITY) == at("2026-12-04 18:00")


def test_nothing_is_left_of_an_overdue_clock() -> None:
    for span in (WorkingDays(1), WorkingHours(1), CalendarDays(1), Hours(1), Minutes(1)):
        assert span.remaining(FRIDAY, FRIDAY - dt.timedelta(days=3), CITY).n == 0


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("5 working days", WorkingDays(5)),
        ("1 working day", WorkingDays(1)),
        ("4 working hours", WorkingHours(4)),
        ("24 hours", Hours(24)),
        ("30 days", CalendarDays(30)),
        ("15 minutes", Minutes(15)),
        ("1.5 hours", Hours(1.5)),
        (" 2  Working Hours ", WorkingHours(2)),
    ],
)
def test_a_span_is_read_from_plain_words(text: str, span: Duration) -> None:
    assert parse(text) == span


@pytest.mark.parametrize("text", ["", "five days", "5", "5 weeks", "-1 days", "5 working day days"])
def test_other_words_are_refused_with_the_units_known(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a span: write .*working hours"):
        parse(text)


def test_a_span_shows_number_and_unit_for_translation() -> None:
    span = parse("5 working days")
    assert (span.n, span.unit, span.label, span.working) == (5, "working days", "5 working days", True)
    assert str(Hours(1)) == "1 hour"
    assert isinstance(span.n, int)


@pytest.mark.parametrize("n", [0, -1, 1.5, float("nan"), float("inf")])
def test_days_are_whole_and_at_least_one(n: float) -> None:
    with pytest.raises(ValueError, match="whole number from 1 up"):
        WorkingDays(n)


@pytest.mark.parametrize("n", [-1, float("nan"), float("inf")])
def test_hours_are_finite_and_not_negative(n: float) -> None:
    with pytest.raises(ValueError, match="number from 0 up"):
        Hours(n)


@pytest.mark.parametrize("span", [WorkingDays(1), WorkingHours(1), CalendarDays(1), Hours(1)])
def test_a_naive_start_is_refused(span: Duration) -> None:
    with pytest.raises(ValueError, match="pass an aware datetime"):
        span.end(dt.datetime(2026, 11, 20), CITY)


def test_a_warning_comes_when_its_share_of_working_time_has_passed() -> None:
    due = WorkingHours(5).end(FRIDAY, CITY)
    assert fraction(FRIDAY, due, 0.8, CITY) == at("2026-11-23 11:00")


def test_a_clock_of_plain_hours_warns_by_the_clock() -> None:
    due = Hours(10).end(FRIDAY, CITY)
    assert fraction(FRIDAY, due, 0.8, CITY, working=Hours.working) == at("2026-11-21 01:00")


def test_a_clock_that_runs_only_at_night_warns_by_the_clock() -> None:
    night = at("2026-11-20 20:00")
    assert fraction(night, night + dt.timedelta(minutes=10), 0.5, CITY) == at("2026-11-20 20:05")
    with pytest.raises(ValueError, match="between 0 and 1"):
        fraction(night, night, 1.1, CITY)


@given(spans, calendars, moments, st.floats(0, 1))
def test_pausing_and_resuming_at_once_changes_nothing(
    span: Duration, city: WorkCalendar, start: dt.datetime, share: float
) -> None:
    due = span.end(start, city)
    paused = start + (due - start) * share
    assert span.remaining(paused, due, city).end(paused, city) == due


@given(spans, calendars, moments, st.floats(0, 1), st.timedeltas(dt.timedelta(), dt.timedelta(days=40)))
def test_a_pause_never_shortens_a_clock(
    span: Duration, city: WorkCalendar, start: dt.datetime, share: float, pause: dt.timedelta
) -> None:
    due = span.end(start, city)
    paused = start + (due - start) * share
    left = span.remaining(paused, due, city)
    resumed = paused + pause
    later = left.end(resumed, city)
    assert later >= due
    assert later >= resumed
    if span.working:
        assert city.working_minutes_between(resumed, later) == left.n, "nor does it lengthen it"
    elif not isinstance(span, CalendarDays):
        assert later - resumed == due - paused, "nor does it lengthen it"


@given(spans, calendars, moments, st.floats(0, 1))
def test_what_is_left_survives_being_written_down(
    span: Duration, city: WorkCalendar, start: dt.datetime, share: float
) -> None:
    due = span.end(start, city)
    left = span.remaining(start + (due - start) * share, due, city)
    assert parse(str(span)) == span
    assert parse(str(left)) == left


@given(spans, calendars, moments, st.floats(0, 1), st.floats(0, 1))
def test_a_greater_share_never_warns_earlier(
    span: Duration, city: WorkCalendar, start: dt.datetime, one: float, other: float
) -> None:
    due = span.end(start, city)
    sooner, later = (fraction(start, due, share, city, working=span.working) for share in sorted((one, other)))
    assert start <= sooner <= later <= due
