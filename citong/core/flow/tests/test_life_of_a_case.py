"""From report to rating, through five people, by the one write door."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from citong.core.cases.models import Case, Party, Task
from citong.core.clocks.models import Clock
from citong.core.flow.act import act, possible
from citong.core.flow.intake import open_case
from citong.core.flow.receipt import receipt_actor
from citong.core.flow.refusal import Invalid, NotAllowed, NotThere, WrongState
from citong.core.flow.watch import tick
from citong.core.ledger.models import Entry
from citong.core.ledger.read import faults, history
from citong.core.notices.models import Notice
from citong.core.people.models import Absence, Appointment, Unit
from citong.core.places.current import today
from tests.cast import Cast

Report = Callable[..., Any]
Walk = Callable[..., Case]


def test_a_report_is_placed_routed_and_on_a_desk_with_its_clock_running(report: Report) -> None:
    case = report().case
    assert (case.district, case.street, case.community, case.grid.code) == ("e", "es", "e1", "e10")
    assert case.professional == {"fire": "Fe"}
    assert case.unit.code == case.desk.code == "centre-e"
    assert case.routed_unit.code == "urban-e"
    assert "urban management" in case.route_reason
    assert Clock.objects.get(subject=case.id).code == "accept"
    assert case.due_at is not None


def test_five_people_bring_a_report_to_its_rating(report: Report, walk: Walk) -> None:
    case = walk(report().case, "accept", "dispatch", "take", "feed_back", "close", "rate")
    assert (case.state, case.open, case.rating) == ("closed", False, 5)
    rows = history(case.id)
    acts = [row.entry.act for row in rows]
    assert acts == ["open", "accept", "dispatch", "take", "feed_back", "close", "rate"]
    assert len({row.entry.actor for row in rows}) == 5
    assert list(faults([row.entry for row in rows])) == []
    assert not Clock.objects.filter(subject=case.id, stopped_at=None).exists()


def test_nobody_verifies_their_own_handling(report: Report, walk: Walk, cast: Cast) -> None:
    case = walk(report().case, "accept", "dispatch")
    Appointment.objects.create(
        account=cast.handler, unit=Unit.objects.get(code="centre-e"), post="verifier", begins_on=today()
    )
    walk(case, "feed_back")
    with pytest.raises(NotAllowed):
        act(case.id, "close", {"way": "site"}, actor=cast.actor("handler"))


def test_what_is_out_of_reach_does_not_exist(report: Report, cast: Cast) -> None:
    case = report().case
    with pytest.raises(NotThere):
        act(case.id, "accept", {}, actor=cast.actor("outsider"))


def test_the_same_command_twice_is_done_once(report: Report, cast: Cast) -> None:
    first, second = report(key="k1"), report(key="k1")
    assert first.case.id == second.case.id and first.secret == second.secret and second.again
    data = {"category": "urban.manhole"}
    act(first.case.id, "accept", data, actor=cast.actor("clerk"), key="k2")
    assert act(first.case.id, "accept", data, actor=cast.actor("clerk"), key="k2").again
    assert Entry.objects.filter(subject=first.case.id, act="accept").count() == 1


def test_a_refused_command_can_be_sent_again_with_the_same_key(report: Report, cast: Cast) -> None:
    case = report().case
    with pytest.raises(Invalid):
        act(case.id, "refuse", {}, actor=cast.actor("clerk"), key="k3")
    assert not act(case.id, "refuse", {"reason": "不属于本市"}, actor=cast.actor("clerk"), key="k3").again


def test_an_act_out_of_its_state_is_refused_with_the_state_named(report: Report, walk: Walk) -> None:
    case = walk(report().case, "accept")
    with pytest.raises(WrongState, match=r"dispatch|派遣"):
        walk(case, "accept")


def test_a_case_whose_grid_worker_is_away_reaches_the_stand_in(report: Report, cast: Cast) -> None:
    now = timezone.now()
    Absence.objects.create(
        account=cast.grid_worker,
        stand_in=cast.clerk,
        begins_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
    )
    case = report(category="urban.light").case
    assert case.routed_unit.code == "station-e1"
    assert case.routed_holder_id == cast.clerk.id


def test_a_kind_nobody_answers_for_reaches_the_city_desk_and_is_marked(report: Report) -> None:
    case = report(category="strange").case
    assert case.routed_unit.code == "centre"
    assert case.gap


def test_a_case_that_helpers_still_owe_can_not_be_fed_back(report: Report, walk: Walk, cast: Cast) -> None:
    case = walk(report().case, "accept", "dispatch", "invite")
    with pytest.raises(WrongState):
        walk(case, "feed_back")
    assert Task.objects.filter(case=case, code="joint", done_at=None).count() == 1


def test_more_time_is_asked_for_and_granted_by_another(report: Report, walk: Walk) -> None:
    case = walk(report().case, "accept", "dispatch")
    due = case.due_at
    case = walk(case, "ask_delay", "decide_delay")
    assert case.due_at is not None and due is not None and case.due_at > due
    assert Clock.objects.get(subject=case.id, code="handle").extensions[0]["span"] == "3 working days"


def test_asking_the_reporter_stops_the_clock_and_the_answer_starts_it_again(report: Report, walk: Walk) -> None:
    case = walk(report().case, "ask")
    assert case.due_at is None
    assert walk(case, "answer").due_at is not None
    assert Clock.objects.filter(subject=case.id).count() == 1


def test_a_case_split_in_two_keeps_both_whole(report: Report, walk: Walk) -> None:
    case = walk(report().case, "split")
    child = Case.objects.exclude(pk=case.pk).get()
    assert child.number != case.number
    assert child.routed_unit.code == "station-e1"
    assert child.parties.filter(role=Party.Role.REPORTER).exists()
    assert list(faults([row.entry for row in history(child.id)])) == []


def test_a_duplicate_is_merged_and_those_who_followed_it_hear(report: Report, walk: Walk, cast: Cast) -> None:
    first = report(email="b@example.org", channels=["email"]).case
    second = report(text="又一个井盖", email="a@example.org", channels=["email"]).case
    second = walk(second, ("merge", {"number": first.number}))
    assert (second.state, second.open) == ("merged", False)
    assert first.parties.filter(role=Party.Role.FOLLOWER).count() == 1
    assert Notice.objects.filter(subject=second.id, channel="email", code="merge").exists()
    assert Notice.objects.filter(subject=first.id, channel="email", code="merged_in").exists()


def test_a_closed_case_is_reopened_within_its_window_and_not_after(report: Report, walk: Walk) -> None:
    long_ago = timezone.now() - timedelta(days=40)
    case = walk(report(at=long_ago).case, "accept", "dispatch", "feed_back", "close", at=long_ago)
    with pytest.raises(WrongState):
        walk(case, "reopen")
    fresh = walk(report().case, "accept", "dispatch", "feed_back", "close", "reopen")
    assert (fresh.state, fresh.open, fresh.reopenings) == ("dispatching", True, 1)


def test_a_clock_that_runs_out_lifts_the_case_level_by_level(report: Report) -> None:
    case = report(at=timezone.now() - timedelta(days=30)).case
    assert case.level == "street"
    tick(at=timezone.now())
    case.refresh_from_db()
    assert (case.level, case.late) == ("district", True)
    tick(at=timezone.now() + timedelta(days=20))
    case.refresh_from_db()
    assert case.level == "city"
    assert tick(at=timezone.now()) == 0


def test_a_full_queue_after_a_day_off_is_worked_off_once(report: Report) -> None:
    long_ago = timezone.now() - timedelta(days=30)
    for number in range(12):
        report(at=long_ago, text=f"第{number}件")
    done = 0
    while step := tick(at=timezone.now(), limit=5):
        done += step
    assert done == 12
    assert Entry.objects.filter(act="escalate").count() == 12


def test_the_receipt_opens_the_case_and_a_forged_one_does_not(report: Report) -> None:
    opened = report()
    assert receipt_actor(opened.case.number, opened.secret) is not None
    assert receipt_actor(opened.case.number, "22222-22222") is None
    assert receipt_actor("26-9999999-0", opened.secret) is None


def test_the_holder_of_a_receipt_may_do_what_a_reporter_may(report: Report, walk: Walk) -> None:
    opened = report(reporting="anonymous")
    held = receipt_actor(opened.case.number, opened.secret)
    assert held is not None
    names = {a.name for a in possible(held[0], held[1])}
    assert {"urge", "supplement", "withdraw"} <= names
    assert not names & {"accept", "refuse", "note"}


def test_an_anonymous_report_names_nobody_anywhere(report: Report) -> None:
    case = report(reporting="anonymous", name="林居民", phone="13800000000").case
    assert case.reporter_id is None
    assert not case.parties.exists()
    assert Entry.objects.get(subject=case.id).actor is None


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"lon": 0, "lat": 0}, "0"),
        ({"lon": 24.905, "lat": 118.605}, "swap|颠倒|反"),
        ({"lon": 116.4, "lat": 39.9}, "outside|之外|范围"),
        ({"lon": None, "lat": None, "grid": "nowhere"}, "nowhere"),
    ],
)
def test_a_place_that_can_not_be_is_refused_with_a_sentence(cast: Cast, place: dict[str, Any], said: str) -> None:
    data = {"text": "x", "category": "urban.manhole"} | {k: v for k, v in place.items() if v is not None}
    with pytest.raises(Invalid, match=said):
        open_case("requests", data, actor=cast.actor("resident"), channel="web")
    assert not Case.objects.exists()


def test_an_act_that_comes_after_its_time_marks_the_case_late_before_any_watch(report: Report, walk: Walk) -> None:
    case = report(at=timezone.now() - timedelta(days=30)).case
    assert walk(case, "accept").late
    assert not walk(report().case, "accept").late


@pytest.mark.parametrize("code", ["urban\0", "\0", "no.such", "'; drop table cases_case; --"])
def test_a_code_that_can_not_be_is_an_answer_that_needs_another_look(cast: Cast, report: Report, code: str) -> None:
    case = report().case
    with pytest.raises(Invalid) as refused:
        act(case.id, "accept", {"category": code}, actor=cast.actor("clerk"))
    assert "category" in refused.value.errors
