"""The plan of a week, as sentences."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from citong.core.clocks.models import CalendarDay
from citong.core.people.models import Absence, Account, Beat
from citong.core.places.current import day_of
from citong.core.places.models import City
from citong.core.register.write import record, tie
from citong.services.visits.models import Household, Plan
from citong.services.visits.plan import plan_week
from citong.services.visits.refresh import refresh
from citong.services.visits.tests.conftest import Homes
from tests.cast import Cast

MONDAY = date(2026, 11, 16)
EARLY = datetime(2026, 11, 9, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
pytestmark = pytest.mark.django_db


def planned(who: Account, week: date = MONDAY) -> list[UUID]:
    return Plan.objects.get(worker=who.id, week=week).households


def seen(home: UUID, days_ago: int, *, by: Account | None = None, why: str = "time", due_in: int | None = None) -> None:
    """The household was visited so many days before the week."""
    at = datetime(2026, 11, 16, 9, tzinfo=ZoneInfo("Asia/Shanghai")) - timedelta(days=days_ago)
    due = (MONDAY + timedelta(days=due_in)) if due_in is not None else day_of(at) + timedelta(days=35)
    Household.objects.filter(dwelling=home).update(
        last_at=at, tried_at=at, outcome="done", worker=by.id if by else None, due_on=due, why=why
    )


def test_a_worker_has_thirty_households_over_all_grids(cast: Cast, homes: Homes) -> None:
    for grid in ("e10", "e11", "e12"):
        homes(25, grid=grid, at=EARLY)
    assert plan_week(MONDAY) == 1
    plan = Plan.objects.get()
    found = Counter(Household.objects.filter(dwelling__in=plan.households).values_list("grid", flat=True))
    assert (len(plan.households), plan.quota, plan.days) == (30, 30, 5)
    assert set(found.values()) == {10}
    assert set(plan.why) == {"never"}


def test_where_one_grid_has_too_few_the_worker_s_others_make_up_for_it(cast: Cast, homes: Homes) -> None:
    homes(3, grid="e10", at=EARLY)
    homes(60, grid="e11", at=EARLY)
    plan_week(MONDAY)
    assert len(planned(cast.grid_worker)) == 30


def test_colleagues_share_a_grid_evenly_and_keep_their_households_of_last_time(
    cast: Cast, homes: Homes, colleague: Account
) -> None:
    made = homes(40, at=EARLY)
    for number, home in enumerate(made):
        seen(home, 30, by=colleague if number < 15 else cast.grid_worker)
    plan_week(MONDAY)
    first, second = planned(cast.grid_worker), planned(colleague)
    assert {len(first), len(second)} == {20}
    assert not set(first) & set(second)
    assert set(made[:15]) <= set(second)


def test_never_visited_come_first_then_who_was_not_at_home_then_by_the_day_due(cast: Cast, homes: Homes) -> None:
    Plan.objects.all().delete()
    made = homes(33, at=EARLY)
    for home in made[3:]:
        seen(home, 28, due_in=6)
    seen(made[32], 60, due_in=-20)
    seen(made[31], 5, why="absent", due_in=2)
    seen(made[30], 12, why="alone", due_in=-5)
    plan_week(MONDAY)
    plan = Plan.objects.get()
    assert set(plan.households[:4]) == {*made[:3], made[31]}
    assert plan.households[4:6] == [made[32], made[30]]
    assert plan.why[4:6] == ["time", "alone"]


def test_who_did_not_want_a_visit_or_was_just_visited_is_left_in_peace(cast: Cast, homes: Homes) -> None:
    made = homes(4, at=EARLY)
    seen(made[0], 20, why="refused", due_in=70)
    seen(made[1], 100, why="refused", due_in=-10)
    seen(made[2], 3)
    seen(made[3], 20)
    plan_week(MONDAY)
    assert set(planned(cast.grid_worker)) == {made[1], made[3]}


def test_planned_again_nothing_changes_and_a_newcomer_gets_what_is_free(
    cast: Cast, homes: Homes, colleague: Account
) -> None:
    homes(45, at=EARLY)
    beat = Beat.objects.get(appointment__account=colleague)
    beat.delete()
    plan_week(MONDAY)
    before = planned(cast.grid_worker)
    Plan.objects.filter(worker=colleague.id).delete()
    Beat.objects.create(appointment_id=beat.appointment_id, grid="e10")
    assert plan_week(MONDAY) == 1
    assert planned(cast.grid_worker) == before
    assert (len(planned(colleague)), set(planned(colleague)) & set(before)) == (15, set())


def test_a_week_with_holidays_has_fewer_visits_and_one_without_working_days_no_plan(cast: Cast, homes: Homes) -> None:
    homes(40, at=EARLY)
    for day in (19, 20):
        CalendarDay.objects.create(date=date(2026, 11, day), working=False, name="节", source="Town")
    for day in range(23, 28):
        CalendarDay.objects.create(date=date(2026, 11, day), working=False, name="节", source="Town")
    City.objects.update(version=99)
    from citong.core.places.current import forget_city

    forget_city()
    plan_week(MONDAY)
    assert plan_week(date(2026, 11, 23)) == 0
    plan = Plan.objects.get()
    assert (plan.days, plan.quota, len(plan.households)) == (3, 18, 18)


def test_whoever_is_away_all_week_has_no_plan_and_the_stand_in_visits_there(
    cast: Cast, homes: Homes, colleague: Account
) -> None:
    homes(10, grid="e12", at=EARLY)
    zone = ZoneInfo("Asia/Shanghai")
    Absence.objects.create(
        account=cast.grid_worker, stand_in=colleague, begins_at=datetime(2026, 11, 14, tzinfo=zone),
        ends_at=datetime(2026, 11, 25, tzinfo=zone),
    )  # fmt: skip
    assert plan_week(MONDAY) == 1
    assert len(planned(colleague)) == 10


def test_a_need_that_is_tied_makes_the_next_visit_sooner_and_one_that_ends_does_not(cast: Cast, homes: Homes) -> None:
    (home,) = homes(1, at=EARLY)
    seen(home, 6)
    clerk: dict[str, Any] = {"actor": cast.actor("clerk"), "source": "office", "at": EARLY}
    person = record("person", {"name": "林奶奶"}, on=MONDAY, **clerk)
    said = {"sort": "alone", "since": "2026-11-01", "until": "2026-12-31"}
    need = record("situation", said, on=MONDAY, **clerk)
    tie("lives_in", person.id, home, since=MONDAY, **clerk)
    tie("concerns", need.id, person.id, since=MONDAY, **clerk)
    assert refresh(at=EARLY)["needs"] == 1
    household = Household.objects.get(dwelling=home)
    assert (household.needs, household.due_on, household.why) == (["alone"], date(2026, 11, 17), "alone")
    later = datetime(2027, 1, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    refresh(at=later)
    household.refresh_from_db()
    assert (household.needs, household.due_on, household.why) == ([], date(2026, 12, 15), "time")
