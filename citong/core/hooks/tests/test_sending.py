"""What is not taken is tried again for three days; an owner can rest, end, turn and have it sent again."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from citong.core.hooks import owner, sending
from citong.core.hooks.models import Delivery, Hook
from citong.core.hooks.secret import shown_secret
from citong.core.hooks.sending import PAUSES, deliver, next_try
from citong.core.ledger.read import history
from citong.core.ledger.seal import seal
from citong.core.notices import hook as sender
from citong.core.notices.models import Notice
from citong.core.notices.words import letter, words
from tests.cast import Cast
from tests.receiver import Receiver

Report = Callable[..., Any]
Make = Callable[..., Hook]
Minute = Callable[..., int]
DAY = timedelta(days=1)


def test_pauses_grow_and_fill_three_days() -> None:
    now = timezone.now()
    waits = [next_try(tries, now) - now for tries in range(1, len(PAUSES) + 1)]  # type: ignore[operator]
    assert waits == sorted(waits) and waits[0] < timedelta(minutes=1)
    assert 3 * DAY <= sum(PAUSES, timedelta()) <= sum(waits, timedelta()) <= 3.5 * DAY
    assert next_try(len(PAUSES) + 1, now) is None


def test_pauses_differ_by_chance() -> None:
    now = timezone.now()
    waits = {next_try(4, now) for _one in range(20)}
    assert len(waits) > 10 and all(PAUSES[3] <= wait - now <= PAUSES[3] * 1.1 for wait in waits if wait)


@pytest.mark.parametrize("status", [500, 404, 302, 429, 199])
def test_what_is_not_taken_is_tried_again_later(
    make: Make, minute: Minute, receiver: Receiver, report: Report, status: int
) -> None:
    make()
    report()
    receiver.status = status
    minute()
    tried = Delivery.objects.get()
    assert (tried.tries, tried.status, tried.fault, tried.state()) == (1, status, "status", "retrying")
    assert tried.next_at is not None
    assert deliver(at=tried.next_at - timedelta(seconds=1)) == 0
    receiver.status = 200
    assert deliver(at=tried.next_at) == 1
    tried.refresh_from_db()
    assert (tried.tries, tried.status, tried.fault, tried.state()) == (2, 200, "", "sent")
    assert len(set(receiver.ids())) == 1 and len(receiver.taken) == 2


def test_a_receiver_that_is_gone_ends_the_hook(make: Make, minute: Minute, receiver: Receiver, report: Report) -> None:
    hook = make()
    report()
    report()
    receiver.status = 410
    minute()
    hook.refresh_from_db()
    assert (hook.state(), hook.reason, len(receiver.taken)) == ("ended", Hook.Reason.GONE, 1)
    report()
    assert minute(after=DAY) == 0 and len(receiver.taken) == 1
    assert not Delivery.objects.filter(next_at__isnull=False).exists()


def test_a_hook_that_failed_for_three_days_rests_and_its_owner_is_told(
    make: Make, minute: Minute, receiver: Receiver, report: Report, cast: Cast
) -> None:
    hook = make("clerk")
    report()
    receiver.status = 503
    minute()
    began = at = timezone.now()
    while (waiting := Delivery.objects.get()).next_at is not None:
        at = waiting.next_at
        deliver(at=at)
        hook.refresh_from_db()
        if at - began < 3 * DAY:
            assert hook.state() == "failing"
    assert (hook.state(), hook.reason, waiting.tries) == ("paused", Hook.Reason.FAILING, len(PAUSES) + 1)
    told = Notice.objects.filter(subject=hook.id)
    assert {(one.channel, one.account_id) for one in told} == {("app", cast.clerk.id), ("email", cast.clerk.id)}
    by_mail = told.get(channel="email")
    by_mail.language = "en"
    assert "paused" in words(by_mail).body and f"/hooks/{hook.id}/" in letter(by_mail)
    assert history(hook.id)[-1].entry.post == "system"
    report()
    assert minute(at=at) == 0


def test_one_success_is_enough_to_be_well_again(make: Make, minute: Minute, receiver: Receiver, report: Report) -> None:
    hook = make()
    report()
    receiver.status = 500
    minute()
    hook.refresh_from_db()
    assert hook.state() == "failing"
    receiver.status = 200
    minute(after=timedelta(minutes=2))
    hook.refresh_from_db()
    assert hook.state() == "active"


def test_a_message_nobody_can_take_does_not_hold_up_the_others(
    make: Make, minute: Minute, receiver: Receiver, report: Report
) -> None:
    make()
    report()
    receiver.status = 400
    minute()
    report()
    receiver.status = 200
    assert minute() == 1


def test_a_slow_receiver_does_not_hold_up_another(
    make: Make, receiver: Receiver, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SECONDS", 1.0)
    slow = make("clerk", name="slow", address=receiver.url.replace("127.0.0.1", "127.0.0.2"))
    quick = make("clerk", name="quick")
    now = timezone.now()
    hooks = [slow, quick]
    for _one in range(10):
        for hook in hooks:
            owner.test(hook, at=now)
    began = time.monotonic()
    assert deliver(at=now) == 10
    assert time.monotonic() - began < 5
    assert {one.state() for one in quick.deliveries.all()} == {"sent"}
    (tried,) = slow.deliveries.filter(tries=1)
    assert not slow.deliveries.filter(next_at__lt=tried.next_at).exists(), "it is knocked at once, not ten times"


def test_one_turn_sends_no_more_than_its_share(make: Make, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PER_TURN", 3)
    hook, now = make(), timezone.now()
    for _one in range(5):
        owner.test(hook, at=now)
    assert [deliver(at=now) for _turn in range(3)] == [3, 2, 0]


def test_what_a_worker_took_with_it_is_sent_by_another(
    make: Make, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, now = make(), timezone.now()
    owner.test(hook, at=now)
    assert sending._claimed(hook.pk, now) is not None
    assert deliver(at=now + timedelta(minutes=4)) == 0
    assert deliver(at=now + timedelta(minutes=5)) == 1


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("https://10.0.0.1/in", "forbidden"), ("https://localhost/in", "forbidden"),
        ("https://127.0.0.1:9/in", "silent"), ("https://no-such-name.invalid/in", "unknown"),
    ],
)  # fmt: skip
def test_the_owner_reads_why_nothing_arrives(
    make: Make, receiver: Receiver, settings: Any, address: str, fault: str
) -> None:
    if fault == "forbidden":
        settings.HOOK_NETWORKS = []
    hook, now = make(address=address), timezone.now()
    owner.test(hook, at=now)
    assert deliver(at=now) == 0
    assert Delivery.objects.get().fault == fault


def test_a_paused_hook_keeps_what_happens_for_later(
    make: Make, minute: Minute, receiver: Receiver, report: Report
) -> None:
    hook = make()
    owner.pause(hook, at=timezone.now())
    report()
    assert minute() == 0 and receiver.taken == []
    owner.resume(hook, at=timezone.now())
    assert minute() == 1


def test_a_hook_resumed_after_a_long_time_goes_back_thirty_days(
    make: Make, minute: Minute, receiver: Receiver, report: Report
) -> None:
    hook = make()
    owner.pause(hook, at=timezone.now())
    report()
    seal(at=timezone.now())
    later = timezone.now() + timedelta(days=40)
    owner.resume(hook, at=later)
    assert minute(at=later) == 0


def test_an_ended_hook_says_nothing_and_can_not_come_back(
    make: Make, minute: Minute, receiver: Receiver, report: Report
) -> None:
    hook = make()
    report()
    seal(at=timezone.now())
    owner.end(hook, at=timezone.now())
    assert minute() == 0
    for do in (owner.pause, owner.resume, owner.end, owner.turn, owner.test):
        with pytest.raises(owner.HasEnded):
            do(hook, at=timezone.now())


def test_a_turned_secret_holds_at_once_and_the_old_one_for_a_day(make: Make, receiver: Receiver) -> None:
    hook, now = make(), timezone.now()
    old = shown_secret(hook)
    owner.turn(hook, at=now)
    new = shown_secret(hook)
    assert old != new and new.startswith("whsec_")
    for at, holds in ((now, [old, new]), (now + DAY, [new])):
        owner.test(hook, at=at)
        assert deliver(at=at) == 1
        message = receiver.taken[-1]
        for secret in (old, new):
            if secret in holds:
                Webhook(secret).verify(message.body, message.headers)
            else:
                with pytest.raises(WebhookVerificationError):
                    Webhook(secret).verify(message.body, message.headers)


def test_no_two_hooks_share_a_secret_and_none_is_kept(make: Make) -> None:
    first, second = make(name="first"), make(name="second")
    assert shown_secret(first) != shown_secret(second)
    assert shown_secret(first) not in str(list(Hook.objects.values()))


def test_one_message_is_sent_again_with_the_same_id(
    make: Make, minute: Minute, receiver: Receiver, report: Report
) -> None:
    make()
    report()
    minute()
    for _time in range(2):
        owner.again(Delivery.objects.order_by("id")[0], at=timezone.now())
    assert minute() == 2
    assert len(receiver.taken) == 3 and len(set(receiver.ids())) == 1
    assert len({message.body for message in receiver.taken}) == 1


def test_all_since_a_moment_is_sent_again_with_the_same_ids(
    make: Make, minute: Minute, receiver: Receiver, report: Report
) -> None:
    hook = make()
    now = timezone.now()
    for days in (3, 2, 1):
        report(at=now - days * DAY)
        seal(at=now - days * DAY)
    minute()
    before = receiver.ids()
    owner.replay(hook, since=now - timedelta(days=2, hours=1), at=now)
    assert minute() == 2
    assert receiver.ids()[3:] == before[1:]
    for since in (now - timedelta(days=31), now + DAY):
        with pytest.raises(ValueError, match="thirty days"):
            owner.replay(hook, since=since, at=now)


def test_a_replay_takes_the_place_of_what_still_waits(
    make: Make, minute: Minute, receiver: Receiver, report: Report
) -> None:
    hook = make()
    report()
    receiver.status = 500
    minute()
    receiver.status = 200
    owner.replay(hook, since=timezone.now() - timedelta(hours=1), at=timezone.now())
    assert minute() == 1 and Delivery.objects.count() == 1
    assert minute(after=timedelta(minutes=2)) == 0


def test_a_replay_brings_nothing_that_is_out_of_reach_now(
    make: Make, minute: Minute, receiver: Receiver, report: Report, cast: Cast
) -> None:
    hook = make("clerk")
    report()
    minute()
    cast.clerk.appointments.all().delete()
    owner.replay(hook, since=timezone.now() - timedelta(hours=1), at=timezone.now())
    assert minute() == 0


def test_deliveries_and_ended_hooks_are_forgotten_after_thirty_days(
    make: Make, minute: Minute, receiver: Receiver, report: Report
) -> None:
    hook = make()
    report()
    minute()
    owner.end(hook, at=timezone.now())
    assert owner.forget(at=timezone.now() + timedelta(days=29)) == 0
    assert owner.forget(at=timezone.now() + timedelta(days=31)) == 2
    assert not Hook.objects.exists() and not Delivery.objects.exists()
