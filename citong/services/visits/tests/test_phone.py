"""What a phone sends and holds of visits, as sentences."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from citong.core.ledger.rows import Rows
from citong.core.sync.declare import Outcome, Result, Sent
from citong.core.sync.registry import holdings, kinds
from citong.kit.ids import uuid7
from citong.services.visits.models import Household, Plan, Visit
from citong.services.visits.plan import plan_week, week_of
from citong.services.visits.tests.conftest import Homes
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def sent(home: UUID, outcome: str = "done", **data: object) -> Sent:
    told = {"dwelling": str(home), "outcome": outcome, "answers": {"needs": ["alone"]}, "place": None} | data
    return Sent(uuid7(), "visit", home, None, None, told, timezone.now(), "device")


def apply(cast: Cast, *told: Sent) -> list[Outcome]:
    with transaction.atomic():
        rows = Rows()
        found = kinds()["visit"].apply(
            told, actor=cast.actor("grid_worker"), device=uuid4(), at=timezone.now(), rows=rows
        )
        rows.write()
    return found


def test_a_phone_s_visits_are_done_and_a_strange_one_is_refused_with_a_sentence(cast: Cast, homes: Homes) -> None:
    (home,) = homes(1)
    done, strange, lost = apply(cast, sent(home, place={"lon": 118.6, "lat": 24.9}), sent(home, "maybe"), sent(uuid4()))
    assert (done.result, done.version, done.about) == (Result.DONE, 2, home)
    assert (strange.result, list(strange.errors)) == (Result.REFUSED, ["outcome"])
    assert (lost.result, bool(lost.sentence)) == (Result.REFUSED, True)
    assert Visit.objects.get().lon == 118.6


def test_households_are_held_by_grid_and_plans_by_account(cast: Cast, homes: Homes) -> None:
    (near,), (far,) = homes(1, at=timezone.now() - timedelta(days=9)), homes(1, grid="e20")
    plan_week(week_of(timezone.now()))
    actor, plan = cast.actor("grid_worker"), Plan.objects.get()
    household, plans = holdings()["household"], holdings()["plan"]
    assert [row["id"] for row in household.whole("grid:e10")] == [str(near)]
    assert list(household.rows([near, far], actor=actor, scopes=["grid:e10"])) == [near]
    account = f"account:{cast.grid_worker.id}"
    (row,) = plans.whole(account)
    assert row["households"] == [
        {"dwelling": str(near), "due": Household.objects.get(pk=near).due_on.isoformat(), "why": "never"}
    ]
    assert list(plans.rows([plan.id], actor=actor, scopes=[f"account:{cast.clerk.id}"])) == []
    assert list(plans.rows([plan.id], actor=actor, scopes=[account])) == [plan.id]


def test_plans_of_long_ago_leave_the_phone(cast: Cast, homes: Homes) -> None:
    homes(1, at=timezone.now() - timedelta(days=9))
    plan_week(week_of(timezone.now()))
    Plan.objects.update(week=week_of(timezone.now()) - timedelta(weeks=4))
    assert list(holdings()["plan"].whole(f"account:{cast.grid_worker.id}")) == []
