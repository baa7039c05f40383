"""The pages of an owner's webhooks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from citong.core.hooks import owner
from citong.core.hooks.models import Delivery, Hook
from citong.core.hooks.secret import shown_secret
from citong.core.hooks.sending import deliver
from citong.core.hooks.spread import spread
from citong.core.ledger.seal import seal
from citong.core.notices.models import Notice
from tests.cast import Cast
from tests.receiver import Receiver

Report = Callable[..., Any]


def signed_in(cast: Cast, name: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(cast.people[name])
    return client


def made(client: Client, **asked: Any) -> Hook:
    client.post("/hooks/new", {"name": "desk", "address": "https://example.org/in"} | asked)
    return Hook.objects.order_by("-id")[0]


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def minute() -> None:
    now = timezone.now() + timedelta(seconds=1)
    seal(at=now)
    spread(at=now)
    deliver(at=now)


@pytest.mark.parametrize("who", ["clerk", "resident", "administrator"])
def test_whoever_has_an_account_can_have_webhooks(cast: Cast, who: str) -> None:
    client = signed_in(cast, who)
    assert "You have no webhook yet" in page(client, "/hooks/")
    hook = made(client)
    assert hook.owner == cast.people[who]
    assert "desk" in page(client, "/hooks/")


def test_the_way_there_stands_on_the_own_page(cast: Cast) -> None:
    assert 'href="/hooks/"' in page(signed_in(cast, "clerk"), "/desk/profile/")
    assert 'href="/hooks/"' in page(signed_in(cast, "resident"), "/reports/")


def test_who_has_not_signed_in_is_asked_to(cast: Cast) -> None:
    for url in ("/hooks/", "/hooks/new"):
        answer = Client().get(url)
        assert answer.status_code == 302 and "/account/login/" in answer["Location"]


def test_the_secret_is_shown_once_and_again_only_when_it_is_turned(cast: Cast) -> None:
    client = signed_in(cast, "clerk")
    hook = made(client)
    assert shown_secret(hook) in page(client, f"/hooks/{hook.id}/")
    assert "whsec_" not in page(client, f"/hooks/{hook.id}/")
    client.post(f"/hooks/{hook.id}/do/turn")
    hook.refresh_from_db()
    assert shown_secret(hook) in page(client, f"/hooks/{hook.id}/")


def test_a_form_that_can_not_be_taken_keeps_what_was_typed(cast: Cast) -> None:
    client = signed_in(cast, "clerk")
    answer = client.post("/hooks/new", {"name": "desk", "address": "http://example.org/in"})
    assert answer.status_code == 422
    assert "http://example.org/in" in answer.content.decode() and "needs an https address" in answer.content.decode()


def test_what_was_sent_is_seen_with_tries_and_faults(cast: Cast, receiver: Receiver, report: Report) -> None:
    client = signed_in(cast, "clerk")
    hook = made(client, address=receiver.url)
    number = report().case.number
    receiver.status = 500
    minute()
    seen = page(client, f"/hooks/{hook.id}/")
    assert number in seen and "is tried again" in seen and "another status than a good one" in seen
    assert "Its receiver has failed since" in seen
    receiver.status = 200
    sent = client.post(f"/hooks/{hook.id}/again/{Delivery.objects.get().id}", follow=True)
    assert "on its way once more" in sent.content.decode()
    minute()
    assert "taken" in page(client, f"/hooks/{hook.id}/")


def test_every_button_does_what_it_says(cast: Cast, receiver: Receiver) -> None:
    client = signed_in(cast, "clerk")
    hook = made(client, address=receiver.url)
    for what, state in (("pause", "paused"), ("resume", "active"), ("test", "active"), ("end", "ended")):
        answer = client.post(f"/hooks/{hook.id}/do/{what}", follow=True)
        assert answer.status_code == 200
        hook.refresh_from_db()
        assert hook.state() == state
    answer = client.post(f"/hooks/{hook.id}/do/resume", follow=True)
    assert "has ended" in answer.content.decode()
    assert client.post(f"/hooks/{hook.id}/do/fly").status_code == 404


def test_all_since_a_moment_can_be_had_again(cast: Cast, receiver: Receiver, report: Report) -> None:
    client = signed_in(cast, "clerk")
    hook = made(client, address=receiver.url)
    report()
    minute()
    since = timezone.localtime() - timedelta(hours=1)
    client.post(f"/hooks/{hook.id}/replay", {"since": since.strftime("%Y-%m-%dT%H:%M")})
    minute()
    assert len(receiver.taken) == 2 and len(set(receiver.ids())) == 1
    for typed in ("2020-01-01T00:00", "never"):
        assert client.post(f"/hooks/{hook.id}/replay", {"since": typed}).status_code == 422


def test_another_s_webhook_is_not_there(cast: Cast, receiver: Receiver) -> None:
    hook = made(signed_in(cast, "clerk"), address=receiver.url)
    delivery = owner.test(hook, at=timezone.now())
    other = signed_in(cast, "supervisor")
    assert other.get(f"/hooks/{hook.id}/").status_code == 404
    doors = [f"do/{what}" for what in ("pause", "end", "turn", "test")] + ["replay", f"again/{delivery.id}"]
    assert [other.post(f"/hooks/{hook.id}/{door}").status_code for door in doors] == [404] * len(doors)


def test_what_was_sent_is_paged(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citong.core.hooks.shown.PAGE", 1)
    monkeypatch.setattr("citong.web.hooks.pages.PAGE", 1)
    client = signed_in(cast, "clerk")
    hook = made(client)
    first, second = (owner.test(hook, at=timezone.now()) for _one in range(2))
    newest = page(client, f"/hooks/{hook.id}/")
    assert f"?before={second.id}" in newest and str(first.id) not in newest
    assert f"again/{first.id}" in page(client, f"/hooks/{hook.id}/?before={second.id}")


def test_the_notice_of_a_webhook_that_rests_leads_to_it(cast: Cast) -> None:
    client = signed_in(cast, "clerk")
    hook = made(client)
    owner.pause_failing(hook, at=timezone.now())
    assert "A webhook of yours was paused" in page(client, "/desk/notices/")
    notice = Notice.objects.get(channel="app")
    answer = client.post(f"/desk/notices/{notice.id}/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/hooks/{hook.id}/"
    assert "failed for three days" in answer.content.decode()
