"""Reminders of sessions, and sessions of disputes that move on, as sentences."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from citong.core.cases.models import Case
from citong.core.notices.models import Notice
from citong.services.mediation.models import Session
from citong.services.mediation.sessions import dropping, reminders
from citong.services.mediation.tests.at_table import Table, dispute, on_site, working_day
from tests.disputes import Quarrel
from tests.mediators import Mediators

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(mediators: Mediators) -> Table:
    return dispute(mediators)


def codes() -> list[str]:
    return sorted(Notice.objects.filter(code__in=(reminders.SOON, reminders.TOMORROW)).values_list("code", flat=True))


def test_everybody_is_reminded_a_day_and_two_hours_before_once(table: Table) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins))
    for minutes in (24 * 60 + 1, 24 * 60, 23 * 60, 121, 120, 60, 0, -5):
        for _worker in range(2):
            reminders.remind(at=begins - timedelta(minutes=minutes))
    told = Notice.objects.filter(code__startswith="session_").exclude(code="session_set")
    assert codes() == ["session_soon"] * 3 + ["session_tomorrow"] * 3
    assert {one.address or one.account for one in told} == {"13800001111", "13800002222", table.mediator}
    assert all("邻" not in str(one.facts) for one in told)


def test_after_an_outage_nobody_hears_twice_of_the_same_morning(table: Table) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins))
    reminders.remind(at=begins - timedelta(minutes=90))
    reminders.remind(at=begins - timedelta(minutes=80))
    assert codes() == ["session_soon"] * 3


def test_a_session_apart_reminds_its_side_and_the_mediator(table: Table) -> None:
    begins = working_day()
    table.do("schedule_apart", **on_site(begins), side="applicant")
    reminders.remind(at=begins - timedelta(hours=20))
    reminders.remind(at=begins - timedelta(hours=1))
    assert not Notice.objects.filter(address="13800002222").exists()
    assert codes() == ["session_soon"] * 2 + ["session_tomorrow"] * 2


def test_a_moved_session_reminds_anew(table: Table) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins))
    reminders.remind(at=begins - timedelta(hours=20))
    moved = working_day(days=9)
    table.do("schedule", at=begins - timedelta(hours=19), **on_site(moved), instead=str(Session.objects.get().pk))
    reminders.remind(at=begins - timedelta(hours=1))
    reminders.remind(at=moved - timedelta(hours=20))
    assert codes() == ["session_tomorrow"] * 6


def test_nobody_is_reminded_of_what_was_cancelled_or_of_a_dispute_that_left_the_table(
    table: Table, mediators: Mediators
) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins))
    table.do("cancel_session", session=str(Session.objects.get().pk), reason="改日")
    other = dispute(mediators, by="second", phones=("", ""))
    other.do("schedule", **on_site(begins))
    for state in ("failed", "suspended"):
        Case.objects.filter(pk=other.case.pk).update(state=state)
        reminders.remind(at=begins - timedelta(hours=1))
        assert codes() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_remind_once(mediators: Mediators) -> None:
    table, begins = dispute(mediators), working_day()
    table.do("schedule", **on_site(begins))

    def worker(_number: int) -> int:
        try:
            return reminders.remind(at=begins - timedelta(hours=1))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(worker, range(2))) == 1
    assert codes() == ["session_soon"] * 3


def test_sessions_of_a_dispute_that_left_the_table_are_cancelled_and_told(table: Table) -> None:
    table.do("schedule", **on_site(working_day()))
    Case.objects.filter(pk=table.case.pk).update(state="failed", open=True)
    assert dropping.tidy(at=datetime.now(UTC)) == 1
    assert dropping.tidy(at=datetime.now(UTC)) == 0
    session = Session.objects.get()
    assert (session.standing, session.sequence, session.bookings.count()) == (False, 1, 0)
    assert Notice.objects.filter(code="session_cancelled").count() == 2


def test_sessions_go_along_to_a_colleague_who_is_free_and_are_cancelled_where_not(
    table: Table, mediators: Mediators
) -> None:
    begins, colleague = working_day(), mediators.people["elder"]
    table.do("schedule", **on_site(begins))
    table.do("schedule", **on_site(begins + timedelta(days=1)))
    dispute(mediators, by="elder", phones=("", "")).do("schedule", **on_site(begins))
    Case.objects.filter(pk=table.case.pk).update(holder=colleague)
    dropping.tidy(at=datetime.now(UTC))
    first, second = Session.objects.filter(case=table.case).order_by("begins_at")
    assert first.cancelled_at is not None
    assert (second.cancelled_at, second.mediator_id, second.sequence) == (None, colleague.pk, 1)


def test_a_dispute_that_fails_cancels_its_sessions_in_the_same_act(quarrel: Quarrel) -> None:
    quarrel.until("mediating")
    quarrel.do("schedule")
    quarrel.do("schedule_apart", side="applicant", begins_at=working_day(days=9).isoformat(), place="社区办公室")
    assert Session.objects.filter(cancelled_at=None).count() == 2
    quarrel.do("fail")
    assert not Session.objects.filter(cancelled_at=None).exists()
    told = Notice.objects.filter(code="session_cancelled").values_list("address", flat=True)
    assert len(told) == 3  # both of the one with all, the applicant of the one apart


def test_what_was_said_apart_ends_the_session_apart(quarrel: Quarrel) -> None:
    quarrel.until("mediating")
    begins = working_day(days=9)
    quarrel.do("schedule_apart", side="respondent", begins_at=begins.isoformat(), place="社区办公室")
    quarrel.do("caucus", side="applicant", at=begins + timedelta(minutes=50))
    assert Session.objects.get().held_at is None
    quarrel.do("caucus", side="respondent", at=begins + timedelta(minutes=55))
    session = Session.objects.get()
    assert session.held_at == begins + timedelta(minutes=55)
    assert [one.party.side for one in session.attendances.all()] == ["respondent"]
