"""Figures are what a person would count by hand, and each list behind a number holds exactly those cases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from citong.core.cases.models import Case
from citong.core.flow import measures
from citong.core.flow.measures import BY_CODE, MEASURES, Kind, Part, Period, behind
from citong.core.flow.watch import tick

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in the city
DAY = timedelta(days=1)
PERIOD = Period(MONDAY - DAY, MONDAY + 30 * DAY, MONDAY + 30 * DAY)
TO_CLOSE = ("accept", "dispatch", "feed_back", "close")


@pytest.fixture
def counted_by_hand(report: Callable[..., Any], walk: Callable[..., Case]) -> dict[str, Case]:
    """Seven cases of March: one on time and rated, one reworked, one late, one open and late, one withdrawn, one
    reopened, and one of the west, fresh."""
    opened = {name: report(at=MONDAY).case for name in ("good", "reworked", "late", "stuck", "withdrawn", "again")}
    opened["west"] = report(at=PERIOD.at - timedelta(minutes=5), lon=118.565, lat=24.905, category="safety.exit").case
    soon = MONDAY + timedelta(hours=1)
    walk(opened["good"], *TO_CLOSE, ("rate", {"stars": 4}), at=soon)
    walk(opened["reworked"], "accept", "dispatch", "feed_back", "rework", "feed_back", "close", at=soon)
    walk(opened["withdrawn"], "withdraw", at=soon)
    walk(opened["again"], *TO_CLOSE, "reopen", at=soon)
    walk(opened["late"], "accept", "dispatch", at=soon)
    tick(at=MONDAY + 20 * DAY)
    tick(at=MONDAY + 20 * DAY)
    walk(opened["late"], "feed_back", "close", at=MONDAY + 21 * DAY)
    return {name: Case.objects.get(pk=case.pk) for name, case in opened.items()}


def figures_of(period: Period = PERIOD) -> dict[str, Any]:
    return dict(measures.total(Case.objects.all(), period).figures)


def test_each_figure_equals_what_a_person_counts(counted_by_hand: dict[str, Case]) -> None:
    found = figures_of()
    expected = {
        "received": (7, 7), "closed": (3, 3), "open": (3, 3), "on_time": (2, 5), "late_open": (2, 2),
        "rework": (1, 3), "reopened": (1, 4), "rating": (1, 1), "rated": (1, 3),
        "to_accept": (4, 4), "to_dispatch": (4, 4), "to_handle": (3, 3),
    }  # fmt: skip
    assert {code: (one.count, one.of) for code, one in found.items()} == expected
    assert found["on_time"].value == 2 / 5
    assert found["rating"].value == 4
    assert found["to_accept"].value == 3600


def test_an_open_case_past_its_limit_is_not_on_time(counted_by_hand: dict[str, Case]) -> None:
    measure = BY_CODE["on_time"]
    others = Case.objects.filter(behind(measure, PERIOD, Part.REST))
    assert set(others) == {counted_by_hand["late"], counted_by_hand["stuck"], counted_by_hand["again"]}


@pytest.mark.parametrize("code", [measure.code for measure in MEASURES])
def test_the_list_behind_a_number_holds_exactly_its_cases(code: str, counted_by_hand: dict[str, Case]) -> None:
    figure, measure = figures_of()[code], BY_CODE[code]
    assert Case.objects.filter(behind(measure, PERIOD)).count() == figure.count
    assert Case.objects.filter(behind(measure, PERIOD, Part.ALL)).count() == figure.of
    assert sum(measures.part_counts(Case.objects.all(), measure, PERIOD).values()) >= figure.of


def test_lines_add_up_to_the_whole(counted_by_hand: dict[str, Case]) -> None:
    lines = measures.lines(Case.objects.all(), PERIOD, key=F("district"))
    assert [line.key for line in lines] == ["e", "w"]
    for measure in MEASURES:
        if measure.kind in (Kind.COUNT, Kind.SHARE):
            assert sum(line.figures[measure.code].of for line in lines) == figures_of()[measure.code].of


def test_days_are_those_of_the_city_and_not_of_utc(report: Callable[..., Any]) -> None:
    from citong.core.places.current import zone

    report(at=datetime(2026, 3, 1, 17, 0, tzinfo=UTC))
    assert measures.days(Case.objects.all(), PERIOD, zone=zone()) == {MONDAY.date(): (1, 0)}


def test_nothing_to_measure_is_nothing_and_no_zero(town: Any) -> None:
    found = figures_of()
    assert found["received"].value == 0
    assert found["on_time"].value is found["rating"].value is found["to_handle"].value is None


def test_the_number_of_queries_does_not_grow_with_the_lines(report: Callable[..., Any]) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            measures.lines(Case.objects.all(), PERIOD, key=F("channel"))
        return len(asked)

    report(at=MONDAY)
    few = queries()
    for channel in ("web", "app", "phone", "letter"):
        report(at=MONDAY, channel=channel)
    assert queries() == few == 2
