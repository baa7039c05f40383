"""Visits, as sentences: what one leaves behind, and what it moves on."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from citong.core.ledger.models import Entry
from citong.core.ledger.read import faults, history
from citong.core.ledger.rows import Rows
from citong.core.people.models import Account
from citong.core.people.refusal import Invalid, NotThere, Refusal
from citong.core.register.models import Record
from citong.core.register.write import change
from citong.kit.ids import uuid7
from citong.services.visits.models import Household, Plan, Visit
from citong.services.visits.plan import plan_week
from citong.services.visits.recount import recount
from citong.services.visits.tests.conftest import Homes
from citong.services.visits.write import Given, Visited, visit, visits
from tests.cast import Cast

MONDAY = date(2026, 11, 16)
TUESDAY = datetime(2026, 11, 17, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = TUESDAY + timedelta(days=2)
pytestmark = pytest.mark.django_db
Pay = Callable[..., Visited]


@pytest.fixture
def pay(cast: Cast) -> Pay:
    """`pay(home, outcome="absent")` is a visit by the grid worker on Tuesday."""

    def paid(
        home: UUID, *, id: UUID | None = None, who: str = "grid_worker", on: datetime = TUESDAY, **said: Any
    ) -> Visited:
        data = {"outcome": "done"} | said
        return visit(Given(id or uuid7(on), home, on, data), actor=cast.actor(who), at=max(on, LATER))

    return paid


def counts() -> tuple[int, int, int, int]:
    plan = Plan.objects.get()
    return plan.done, plan.absent, plan.refused, plan.more


def test_a_visit_is_one_row_and_one_entry_of_the_dwelling_s_history(homes: Homes, pay: Pay, cast: Cast) -> None:
    (home,) = homes(1)
    pay(home, talked_to="林奶奶", all_well="no", fire_safe="yes", needs=["alone"], wish="电视坏了")
    entry, words = (last := history(home)[-1]).entry, last.words
    made = Visit.objects.get()
    assert (made.dwelling, made.worker, made.entry, made.outcome) == (home, cast.grid_worker.id, entry.id, "done")
    assert (entry.kind, entry.act, entry.post, entry.unit) == ("visit", "visit", "grid_worker", "station-e1")
    assert entry.facts == {"outcome": "done", "fire_safe": "yes", "visited": "2026-11-17T02:00:00.000000+00:00"}
    assert words == {"talked_to": "林奶奶", "all_well": "no", "needs": ["alone"], "wish": "电视坏了"}


def test_register_and_visits_share_one_unbroken_history(homes: Homes, pay: Pay, cast: Cast) -> None:
    (home,) = homes(1)
    pay(home)
    change(home, {"use": "let"}, base=1, actor=cast.actor("clerk"), source="office", on=MONDAY, at=LATER)
    pay(home, on=TUESDAY + timedelta(hours=2))
    entries = [one.entry for one in history(home)]
    assert [one.kind for one in entries] == ["record", "visit", "record", "visit"]
    assert list(faults(entries)) == []
    assert Record.objects.get(pk=home).position == 4


def test_the_household_moves_on_and_the_plan_counts_it_once(homes: Homes, pay: Pay) -> None:
    first, second, third = homes(3, at=TUESDAY - timedelta(days=5))
    plan_week(MONDAY)
    pay(first)
    pay(second, outcome="absent")
    pay(third, outcome="refused")
    assert counts() == (1, 1, 1, 0)
    pay(second, on=TUESDAY + timedelta(days=1))
    pay(first, on=TUESDAY + timedelta(hours=3))
    assert counts() == (2, 0, 1, 0)
    household = Household.objects.get(dwelling=second)
    assert (household.outcome, household.due_on, household.why) == ("done", date(2026, 12, 23), "time")
    assert Visit.objects.filter(dwelling=first).count() == 2


def test_a_visit_to_others_counts_as_more_and_a_colleague_s_counts_for_the_plan_it_was_in(
    homes: Homes, pay: Pay, colleague: Account, cast: Cast
) -> None:
    planned = homes(20, at=TUESDAY - timedelta(days=5))
    plan_week(MONDAY)
    (stranger,) = homes(1, grid="e11")
    own, other = Plan.objects.get(worker=cast.grid_worker.id), Plan.objects.get(worker=colleague.id)
    assert len(own.households) + len(other.households) == len(planned)
    pay(stranger)
    pay(other.households[0])
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.done, own.more, other.done, other.more) == (0, 1, 1, 0)


def test_told_again_it_is_the_same_visit(homes: Homes, pay: Pay) -> None:
    (home,) = homes(1)
    id = uuid4()
    assert pay(home, id=id).again is False
    assert pay(home, id=id).again is True
    assert (Visit.objects.count(), Entry.objects.filter(subject=home, kind="visit").count()) == (1, 1)


def test_a_visit_told_late_stands_and_sets_nothing_back(homes: Homes, pay: Pay) -> None:
    (home,) = homes(1, at=TUESDAY - timedelta(days=5))
    plan_week(MONDAY)
    pay(home, on=TUESDAY + timedelta(days=1))
    due = Household.objects.get().due_on
    pay(home, outcome="absent", on=TUESDAY)
    assert (Visit.objects.count(), Household.objects.get().due_on, counts()) == (2, due, (1, 0, 0, 0))


def test_the_recount_mends_a_plan_whose_counts_are_off(homes: Homes, pay: Pay) -> None:
    first, second = homes(2, at=TUESDAY - timedelta(days=5))
    plan_week(MONDAY)
    pay(first)
    pay(second, outcome="absent")
    Plan.objects.update(done=7, absent=0, more=3)
    assert (recount(MONDAY), counts(), recount(MONDAY)) == (1, (1, 1, 0, 0), 0)


def test_a_dwelling_out_of_reach_does_not_exist_and_a_strange_answer_is_named(homes: Homes, pay: Pay) -> None:
    (far,) = homes(1, grid="e20")
    (near,) = homes(1)
    for home in (far, uuid4()):
        with pytest.raises(NotThere):
            pay(home)
    with pytest.raises(NotThere):
        pay(near, who="handler")
    with pytest.raises(Invalid) as refusal:
        pay(near, outcome="maybe")
    assert "outcome" in refusal.value.errors
    assert not Visit.objects.exists()


def test_many_at_once_take_four_statements_and_a_refused_one_stops_no_other(
    homes: Homes, cast: Cast, django_assert_num_queries: Any
) -> None:
    made = homes(20, at=TUESDAY - timedelta(days=5))
    plan_week(MONDAY)
    actor = cast.actor("grid_worker")
    told = [Given(uuid7(), home, TUESDAY, {"outcome": "done"}) for home in [*made, uuid4()]]
    with transaction.atomic(), django_assert_num_queries(4):
        rows = Rows()
        found = visits(told, actor=actor, at=LATER, rows=rows)
        rows.write()
    assert [isinstance(one, Refusal) for one in found] == [False] * 20 + [True]
    assert (Visit.objects.count(), counts()) == (20, (20, 0, 0, 0))


def test_a_dwelling_recorded_today_can_be_visited_today(cast: Cast, homes: Homes, pay: Pay) -> None:
    (home,) = homes(1)
    Household.objects.all().delete()
    pay(home)
    assert Household.objects.get().dwelling == home


def test_phones_of_the_grid_hear_of_the_household_and_the_worker_s_of_the_plan(
    homes: Homes, pay: Pay, cast: Cast
) -> None:
    (home,) = homes(1, at=TUESDAY - timedelta(days=5))
    plan_week(MONDAY)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sync_change")
        pay(home)
        cursor.execute("SELECT DISTINCT what, scope FROM sync_change WHERE what IN ('household', 'plan') ORDER BY what")
        assert cursor.fetchall() == [("household", "grid:e10"), ("plan", f"account:{cast.grid_worker.id}")]


def test_a_visit_is_never_changed(homes: Homes, pay: Pay) -> None:
    (home,) = homes(1)
    pay(home)
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        Visit.objects.update(outcome="absent")
