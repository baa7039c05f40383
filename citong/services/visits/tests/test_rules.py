"""When a household is due and how many are visited in a week, as sentences."""

from datetime import date

from citong.services.visits.parameters import DAYS, FROM
from citong.services.visits.rules import NextVisit, WeeklyQuota

ON = date(2026, 11, 18)
NUMBERS = {code: number.at(FROM) for code, number in DAYS.items()}


def due(outcome: str, *needs: str, wish: date | None = None) -> tuple[date, str]:
    return NextVisit.formula(outcome=outcome, on=ON, needs=needs, days=NUMBERS, wish=wish)


def test_a_household_without_a_need_is_due_after_the_plain_interval() -> None:
    assert due("done") == (date(2026, 12, 23), "time")


def test_the_shortest_interval_of_its_needs_decides_and_is_the_reason() -> None:
    assert due("done", "hardship", "alone", "illness") == (date(2026, 11, 25), "alone")


def test_a_wish_of_the_household_can_only_make_it_sooner() -> None:
    assert due("done", wish=date(2026, 11, 20)) == (date(2026, 11, 20), "asked")
    assert due("done", "alone", wish=date(2027, 1, 20)) == (date(2026, 11, 25), "alone")


def test_nobody_at_home_is_tried_within_the_week_and_a_refusal_rests() -> None:
    assert due("absent", "alone") == (date(2026, 11, 25), "absent")
    assert due("refused", "alone") == (date(2027, 2, 16), "refused")


def test_a_week_of_three_working_days_has_eighteen_visits_and_make_up_days_add_none() -> None:
    assert [WeeklyQuota.formula(a_week=30, worked=days, full=5) for days in (0, 1, 3, 5, 6)] == [0, 6, 18, 30, 30]
