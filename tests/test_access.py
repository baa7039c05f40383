"""Who sees what, who may do what: one place, closed unless opened."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from citong.core.cases.models import Case, Party
from citong.core.ledger.models import Entry
from citong.core.people.access import ANYBODY, Actor, Purpose, actor_of, may_administer, scope, sees_reporter
from citong.core.people.administration import elevate, look, make_administrator
from citong.core.people.models import Absence, Appointment, Look
from citong.core.places.current import zone
from tests.cast import Cast

Report = Callable[..., Any]


def sees(actor: Actor, case: Case) -> bool:
    return Case.objects.filter(scope(actor, Purpose.HANDLING), pk=case.pk).exists()


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("clerk", True), ("dispatcher", True), ("verifier", True), ("supervisor", True), ("resident", True),
        ("handler", False), ("outsider", False), ("administrator", False), ("grid_worker", False),
    ],
)  # fmt: skip
def test_a_fresh_report_is_seen_by_its_desk_and_its_reporter(cast: Cast, report: Report, who: str, seen: bool) -> None:
    assert sees(cast.actor(who), report().case) is seen


def test_a_dispatched_case_is_seen_by_the_unit_that_has_it(cast: Cast, report: Report, walk: Any) -> None:
    case = walk(report().case, "accept", "dispatch")
    assert sees(cast.actor("handler"), case)
    assert not sees(cast.actor("outsider"), case)


def test_nobody_in_particular_sees_only_what_is_public(report: Report) -> None:
    case = report(public="on").case
    assert not sees(ANYBODY, case)
    assert Case.objects.filter(scope(ANYBODY, Purpose.PUBLIC)).count() == 1


def test_ones_own_is_what_one_reported_or_is_a_party_to_each_once(cast: Cast, report: Report) -> None:
    reported, shared, followed, other = (report(by=by).case for by in ("resident", "outsider", "outsider", "outsider"))
    account = cast.resident
    for case, side in ((reported, "applicant"), (shared, "respondent"), (shared, "third"), (followed, "")):
        Party.objects.create(case=case, role=Party.Role.PARTY, account=account, side=side)
    own = Case.objects.filter(scope(actor_of(account), Purpose.OWN)).order_by("-id")
    assert list(own) == [shared, reported] and other not in own
    assert not sees(cast.actor("resident"), shared)  # there a party works with their standing alone


def test_what_a_party_may_see_is_found_by_indexes(cast: Cast, report: Report) -> None:
    report()
    own = Case.objects.filter(scope(cast.actor("resident"), Purpose.OWN))  # unordered: no index is walked for order
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = own.explain()
    assert "case_reporter" in plan and "party_account" in plan and "SubPlan" not in plan


def test_a_confidential_reporter_is_known_to_the_desk_alone(cast: Cast, report: Report, walk: Any) -> None:
    case = walk(report(reporting="confidential").case, "accept", "dispatch")
    knows = {name: sees_reporter(cast.actor(name), case) for name in ("clerk", "supervisor", "handler", "verifier")}
    assert knows == {"clerk": True, "supervisor": True, "handler": False, "verifier": False}


def test_the_stand_in_sits_in_the_absent_persons_seat(cast: Cast) -> None:
    now = timezone.now()
    span = {"begins_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1)}
    Absence.objects.create(account=cast.verifier, stand_in=cast.outsider, **span)
    assert "verifier" in cast.actor("outsider").posts()
    assert "verifier" not in actor_of(cast.outsider, at=now + timedelta(hours=2)).posts()


def test_administrator_rights_are_taken_for_an_hour_with_a_reason_and_logged(cast: Cast) -> None:
    now = timezone.now()
    assert not may_administer(cast.actor("administrator"))
    with pytest.raises(ValueError, match="what the rights are needed for"):
        elevate(cast.administrator, reason=" ", at=now)
    with pytest.raises(PermissionError):
        elevate(cast.clerk, reason="curious", at=now)
    elevate(cast.administrator, reason="new duty", at=now, span=timedelta(days=3))
    assert may_administer(cast.actor("administrator"))
    assert not may_administer(actor_of(cast.administrator, at=now + timedelta(minutes=61)))
    assert Entry.objects.get(act="elevate").actor == cast.administrator.id


def test_a_post_begins_and_ends_with_the_day_of_the_city_not_with_that_of_another_zone(cast: Cast) -> None:
    midnight = datetime(2026, 3, 2, tzinfo=zone())
    Appointment.objects.filter(account=cast.clerk.id).update(begins_on=date(2026, 3, 2), ends_on=date(2026, 3, 3))
    assert not actor_of(cast.clerk, at=midnight - timedelta(minutes=1)).seats
    assert actor_of(cast.clerk, at=midnight).seats
    assert actor_of(cast.clerk, at=midnight + timedelta(hours=23, minutes=59)).seats
    assert not actor_of(cast.clerk, at=midnight + timedelta(days=1)).seats


def test_a_look_leaves_its_mark_and_ones_own_does_not(cast: Cast, report: Report) -> None:
    case, now = report().case, timezone.now()
    look(case.id, actor=cast.actor("clerk"), purpose=Purpose.HANDLING, at=now)
    look(case.id, actor=cast.actor("resident"), purpose=Purpose.OWN, at=now)
    assert [(mark.unit, mark.purpose) for mark in Look.objects.filter(subject=case.id)] == [("centre-e", "handling")]


def test_the_first_administrator_is_made_by_command_and_can_take_their_rights(cast: Cast) -> None:
    made = make_administrator("first", name="郑", password="coral-tree-2026")
    elevate(made, reason="set up the city", at=timezone.now())
    assert may_administer(actor_of(made))
    with pytest.raises(ValueError, match="already"):
        make_administrator("FIRST", name="", password="x")
