"""A program of an owner hears of every act in the owner's reach: once, in order, and of nothing else."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from standardwebhooks import Webhook

from citong.core.cases.models import Case
from citong.core.hooks import owner, spread
from citong.core.hooks.models import Delivery, Hook
from citong.core.hooks.secret import shown_secret
from citong.core.ledger.models import Entry
from citong.core.ledger.read import history
from citong.core.ledger.seal import seal
from citong.core.people.models import Appointment
from tests.cast import Cast
from tests.receiver import Message, Receiver

Report = Callable[..., Any]
Make = Callable[..., Hook]
Minute = Callable[..., int]
LATER = timedelta(seconds=1)


def heard(receiver: Receiver) -> list[str]:
    return [json.loads(message.body)["type"] for message in receiver.taken]


def data(message: Message) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(message.body)["data"]
    return said


def test_each_act_is_told_once_signed_with_the_hook_s_own_secret(
    make: Make, minute: Minute, receiver: Receiver, report: Report, walk: Any
) -> None:
    hook = make("supervisor")
    case = walk(report().case, "accept", "dispatch")
    assert (minute(), minute()) == (3, 0)
    assert heard(receiver) == ["case.open", "case.accept", "case.dispatch"]
    for message in receiver.taken:
        assert Webhook(shown_secret(hook)).verify(message.body, message.headers)
    entries = [one.entry for one in history(case.id)]
    assert receiver.ids() == [str(entry.id) for entry in entries]


def test_a_message_says_what_which_where_and_when(
    make: Make, minute: Minute, receiver: Receiver, report: Report, walk: Any
) -> None:
    hook = make("supervisor", acts=["accept"])
    case = walk(report().case, "accept", "note")
    minute()
    (message,) = receiver.taken
    entry = Entry.objects.get(subject=case.id, act="accept")
    told = json.loads(message.body)
    assert told["timestamp"] == entry.at.isoformat(timespec="microseconds")
    assert told["data"] == {
        "hook": str(hook.id), "number": case.number, "service": "requests", "act": "accept", "state": "dispatching",
        "position": 2, "unit": "centre-e", "district": "e", "checkpoint": 1, "index": data(message)["index"],
        "path": f"/api/v1/cases/{case.number}",
    }  # fmt: skip


def test_an_act_that_moves_no_case_names_no_state(
    make: Make, minute: Minute, receiver: Receiver, report: Report, walk: Any
) -> None:
    make("supervisor", acts=["note"])
    walk(report().case, "note")
    minute()
    assert data(receiver.taken[0])["state"] is None


def test_no_message_and_no_log_names_a_person_or_repeats_words(
    make: Make, minute: Minute, receiver: Receiver, report: Report, walk: Any, caplog: Any, cast: Cast
) -> None:
    make("supervisor", address=f"{receiver.url}?token=geheim")
    receiver.status = 500
    secret = {
        "name": "林居民",
        "phone": "13800000000",
        "email": "a@example.org",
        "text": "张三欠我钱",
        "address": "某路一号",
    }
    walk(report(**secret).case, ("accept", {"note": "内部说明"}), "dispatch")
    with caplog.at_level("DEBUG"):
        minute()
    said = caplog.text + "".join(message.body.decode() for message in receiver.taken)
    words = [*secret.values(), "内部说明", "geheim", *(str(account.id) for account in cast.people.values())]
    names = [account.name for account in cast.people.values()]
    assert receiver.taken and [word for word in [*words, *names] if word in said] == []


def test_a_new_hook_hears_of_nothing_that_was_sealed_before(
    make: Make, minute: Minute, receiver: Receiver, report: Report
) -> None:
    report()
    seal(at=timezone.now())
    make("supervisor")
    later = report().case
    minute()
    assert [data(message)["number"] for message in receiver.taken] == [later.number]


def test_years_moved_in_from_elsewhere_are_no_news(
    make: Make, minute: Minute, receiver: Receiver, report: Report
) -> None:
    make("supervisor")
    report(at=timezone.now() - timedelta(days=31))
    minute()
    assert receiver.taken == []


def test_only_what_was_asked_for_is_told(
    make: Make, minute: Minute, receiver: Receiver, report: Report, walk: Any
) -> None:
    make("supervisor", name="acts", acts=["dispatch"])
    make("supervisor", name="services", services=["another"])
    walk(report().case, "accept", "dispatch")
    minute()
    assert heard(receiver) == ["case.dispatch"]


@pytest.mark.parametrize(
    ("who", "acts"),
    [("supervisor", 3), ("clerk", 3), ("handler", 3), ("outsider", 0), ("administrator", 0), ("grid_worker", 0)],
)
def test_a_hook_hears_of_the_cases_its_owner_may_see_and_of_no_other(
    make: Make, minute: Minute, receiver: Receiver, report: Report, walk: Any, who: str, acts: int
) -> None:
    make(who)
    walk(report().case, "accept", "dispatch")
    minute()
    assert len(receiver.taken) == acts


def test_a_resident_hears_of_their_own_reports_and_not_of_what_offices_do_among_themselves(
    make: Make, minute: Minute, receiver: Receiver, report: Report, walk: Any
) -> None:
    make("resident")
    report(by="grid_worker")
    walk(report().case, "accept", "note")
    minute()
    assert heard(receiver) == ["case.open", "case.accept"]


def test_whoever_lost_the_post_hears_nothing_more(
    make: Make, minute: Minute, receiver: Receiver, report: Report, cast: Cast
) -> None:
    make("clerk")
    report()
    receiver.status = 500
    minute()
    assert heard(receiver) == ["case.open"]
    Appointment.objects.filter(account=cast.clerk).delete()
    report()
    minute(after=timedelta(minutes=1))
    assert heard(receiver) == ["case.open"]
    dropped = Delivery.objects.get()
    assert (dropped.fault, dropped.next_at) == (Delivery.Fault.OUT_OF_REACH, None)


def test_the_hook_of_somebody_who_left_says_nothing(
    make: Make, minute: Minute, receiver: Receiver, report: Report, cast: Cast
) -> None:
    hook = make("clerk")
    owner.test(hook, at=timezone.now())
    type(cast.clerk).objects.filter(pk=cast.clerk.pk).update(is_active=False)
    report()
    minute()
    assert receiver.taken == []


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_commits_late_is_not_skipped(
    make: Make, minute: Minute, receiver: Receiver, report: Report
) -> None:
    """Its entry is older than entries that were told long before."""
    make("supervisor")
    began, go_on, numbers = threading.Event(), threading.Event(), []

    def late() -> None:
        with transaction.atomic():
            numbers.append(report().case.number)
            began.set()
            go_on.wait(20)
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    assert began.wait(20)
    early = report().case
    minute()
    assert [data(message)["number"] for message in receiver.taken] == [early.number]
    go_on.set()
    thread.join(20)
    minute()
    assert [data(message)["number"] for message in receiver.taken] == [early.number, *numbers]
    first, second = (Entry.objects.get(pk=id) for id in receiver.ids())
    assert second.at < first.at or second.id < first.id


def test_places_of_messages_only_grow(
    make: Make, minute: Minute, receiver: Receiver, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread, "BATCH", 2)
    make("supervisor")
    for _one in range(3):
        report()
    minute()
    report()
    minute()
    places = [(data(message)["checkpoint"], data(message)["index"]) for message in receiver.taken]
    assert places == sorted(places) and len(set(places)) == 4


def test_hooks_at_different_places_all_get_there(
    make: Make, minute: Minute, receiver: Receiver, report: Report
) -> None:
    make("supervisor", name="first")
    report()
    seal(at=timezone.now())
    make("clerk", name="second")
    report()
    minute()
    counted = [Delivery.objects.filter(hook__name=name).count() for name in ("first", "second")]
    assert counted == [2, 1]
    assert len(set(Hook.objects.values_list("checkpoint", "index"))) == 1


def test_a_hook_with_too_much_waiting_goes_on_where_it_stood(
    make: Make, minute: Minute, receiver: Receiver, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread, "MOST_WAITING", 2)
    monkeypatch.setattr(spread, "BATCH", 1)
    make("supervisor")
    numbers = [report().case.number for _one in range(5)]
    taken = [minute() for _turn in range(3)]
    assert taken == [2, 2, 1]
    assert [data(message)["number"] for message in receiver.taken] == numbers


def test_spreading_asks_the_same_number_of_questions_for_many_entries(make: Make, report: Report) -> None:
    make("supervisor")
    counted = []
    for count in (1, 6):
        for _one in range(count):
            report()
        seal(at=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            spread.spread(at=timezone.now())
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 20


def test_what_an_owner_does_stands_in_the_ledger(make: Make, cast: Cast) -> None:
    hook, now = make("clerk"), timezone.now()
    owner.pause(hook, at=now)
    owner.resume(hook, at=now)
    owner.turn(hook, at=now)
    owner.end(hook, at=now)
    acts = [(one.entry.act, one.entry.actor) for one in history(hook.id)]
    assert acts == [(f"{act}_hook", cast.clerk.id) for act in ("make", "pause", "resume", "turn", "end")]
    assert history(hook.id)[0].entry.facts == {"host": "127.0.0.1"}


def test_cases_are_told_of_by_the_number_they_have(
    make: Make, minute: Minute, receiver: Receiver, report: Report
) -> None:
    make("supervisor")
    case = report().case
    minute()
    assert Case.objects.get(number=data(receiver.taken[0])["number"]).id == case.id
