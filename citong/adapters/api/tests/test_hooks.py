"""Webhooks through the JSON doors: made, seen and had again by their owner alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from citong.adapters.api.tests.doors import get, post, program
from citong.core.hooks import owner, shown
from citong.core.hooks.forms import MOST_HOOKS
from citong.core.hooks.models import Delivery, Hook
from citong.core.hooks.sending import deliver
from citong.core.hooks.spread import spread
from citong.core.ledger.seal import seal
from tests.cast import Cast
from tests.receiver import Receiver

Report = Callable[..., Any]
HOOKS = "/api/v1/hooks"
ASKED = {"name": "desk", "address": "https://example.org/in"}


def made(cast: Cast, who: str = "clerk", **asked: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """A hook of that person as it was answered, and the header of their program."""
    header = program(cast, who)
    answer = post(HOOKS, ASKED | asked, **header)
    assert answer.status_code == 201, answer.json()
    return answer.json(), header


def minute() -> None:
    now = timezone.now() + timedelta(seconds=1)
    seal(at=now)
    spread(at=now)
    deliver(at=now)


def test_a_hook_is_made_and_its_secret_shown_once(cast: Cast) -> None:
    hook, header = made(cast, acts=["accept"], services=["requests"])
    assert hook["secret"].startswith("whsec_") and hook["state"] == "active" and hook["acts"] == ["accept"]
    listed = get(HOOKS, **header).json()
    assert listed["hooks"] == [{name: value for name, value in hook.items() if name != "secret"}]
    assert listed["public_key"].startswith("whpk_")
    assert get(f"{HOOKS}/{hook['id']}", **header).json() == listed["hooks"][0]


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        ({"address": "http://example.org/in"}, "address", "https"),
        ({"address": "https://10.0.0.1/in"}, "address", "inner network"),
        ({"address": "https://a:b@example.org/in"}, "address", "name and password"),
        ({"address": ""}, "address", "required"),
        ({"acts": ["fly"]}, "acts", "fly"),
        ({"services": ["nothing"]}, "services", "nothing"),
        ({"colour": "red"}, "colour", "no such field"),
        ({"name": "x" * 61}, "name", "longer than 60"),
    ],
)
def test_what_can_not_be_a_hook_is_named(cast: Cast, asked: dict[str, Any], field: str, sentence: str) -> None:
    answer = post(HOOKS, ASKED | asked, **program(cast, "clerk"))
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert sentence in answer.json()["errors"][field][0]
    assert not Hook.objects.exists()


def test_a_name_is_taken_once_and_hooks_are_so_many(cast: Cast) -> None:
    _hook, header = made(cast)
    assert "already" in post(HOOKS, ASKED, **header).json()["errors"]["name"][0]
    for number in range(MOST_HOOKS - 1):
        assert post(HOOKS, ASKED | {"name": str(number)}, **header).status_code == 201
    assert post(HOOKS, ASKED | {"name": "more"}, **header).status_code == 422


def test_somebody_without_an_account_has_no_hooks(cast: Cast, report: Report) -> None:
    opened = report(reporting="anonymous")
    receipt = {"Authorization": f"Receipt {opened.case.number} {opened.secret}"}
    for header in ({}, receipt):
        for answer in (get(HOOKS, **header), post(HOOKS, ASKED, **header)):
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_key_needs_the_scope(cast: Cast) -> None:
    assert get(HOOKS, **program(cast, "clerk", scopes=("read", "open", "act"))).status_code == 403


def test_another_s_hook_is_not_there(cast: Cast, receiver: Receiver) -> None:
    hook, _header = made(cast, address=receiver.url)
    delivery = owner.test(Hook.objects.get(), at=timezone.now())
    other, one = program(cast, "supervisor"), f"{HOOKS}/{hook['id']}"
    assert get(HOOKS, **other).json()["hooks"] == []
    assert [get(url, **other).status_code for url in (one, f"{one}/deliveries")] == [404, 404]
    doors = [f"{one}/{verb}" for verb in ("pause", "resume", "end", "turn", "test")]
    doors.append(f"{one}/deliveries/{delivery.id}/again")
    assert [post(url, {}, **other).status_code for url in doors] == [404] * len(doors)
    assert post(f"{one}/replay", {"since": timezone.now().isoformat()}, **other).status_code == 404
    assert Hook.objects.get().state() == "active" and Delivery.objects.count() == 1


def test_nor_is_another_hook_s_delivery(cast: Cast, receiver: Receiver) -> None:
    hook, header = made(cast, address=receiver.url)
    other, _header = made(cast, "supervisor", address=receiver.url)
    delivery = owner.test(Hook.objects.get(pk=other["id"]), at=timezone.now())
    assert post(f"{HOOKS}/{hook['id']}/deliveries/{delivery.id}/again", {}, **header).status_code == 404


@pytest.mark.parametrize("id", ["x", "0" * 36, "00000000-0000-0000-0000-000000000000"])
def test_what_is_no_hook_is_not_there(cast: Cast, id: str) -> None:
    answer = get(f"{HOOKS}/{id}", **program(cast, "clerk"))
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_the_owner_sees_what_was_sent_and_has_it_again(cast: Cast, receiver: Receiver, report: Report) -> None:
    hook, header = made(cast, address=receiver.url)
    number = report().case.number
    receiver.status = 500
    minute()
    (sent,) = get(f"{HOOKS}/{hook['id']}/deliveries", **header).json()["deliveries"]
    assert (sent["type"], sent["number"], sent["state"], sent["status"]) == ("case.open", number, "retrying", 500)
    assert sent["tries"] == 1 and sent["next_at"] and not sent["sent_at"]
    receiver.status = 200
    again = post(f"{HOOKS}/{hook['id']}/deliveries/{sent['id']}/again", {}, **header)
    assert again.status_code == 201 and again.json()["webhook_id"] == sent["webhook_id"]
    minute()
    newest, _first = get(f"{HOOKS}/{hook['id']}/deliveries", **header).json()["deliveries"]
    assert (newest["id"], newest["state"]) == (again.json()["id"], "sent")
    assert receiver.ids() == [sent["webhook_id"]] * 2


def test_what_was_sent_is_paged(cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "PAGE", 2)
    monkeypatch.setattr("citong.adapters.api.hooks.PAGE", 2)
    hook, header = made(cast, address=receiver.url)
    ids = [post(f"{HOOKS}/{hook['id']}/test", {}, **header) and str(_newest()) for _one in range(3)]
    first = get(f"{HOOKS}/{hook['id']}/deliveries", **header).json()
    second = get(f"{HOOKS}/{hook['id']}/deliveries?cursor={first['next']}", **header).json()
    assert [one["id"] for one in [*first["deliveries"], *second["deliveries"]]] == ids[::-1] and not second["next"]
    assert get(f"{HOOKS}/{hook['id']}/deliveries?cursor=x", **header).status_code == 422


def test_a_case_out_of_reach_is_not_named_any_more(cast: Cast, receiver: Receiver, report: Report) -> None:
    hook, header = made(cast, address=receiver.url)
    report()
    minute()
    cast.clerk.appointments.all().delete()
    (sent,) = get(f"{HOOKS}/{hook['id']}/deliveries", **header).json()["deliveries"]
    assert (sent["type"], sent["number"]) == ("case", "")


def test_the_owner_rests_turns_replays_and_ends_it(cast: Cast, receiver: Receiver, report: Report) -> None:
    hook, header = made(cast, address=receiver.url)
    one = f"{HOOKS}/{hook['id']}"
    assert post(f"{one}/pause", {}, **header).json()["state"] == "paused"
    assert post(f"{one}/resume", {}, **header).json()["state"] == "active"
    assert post(f"{one}/turn", {}, **header).json()["secret"] not in ("", hook["secret"])
    report()
    minute()
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    assert post(f"{one}/replay", {"since": since}, **header).status_code == 200
    minute()
    assert len(receiver.taken) == 2 and len(set(receiver.ids())) == 1
    early = post(f"{one}/replay", {"since": "2020-01-01T00:00:00Z"}, **header)
    assert early.status_code == 422 and "thirty days" in early.json()["errors"]["since"][0]
    assert post(f"{one}/end", {}, **header).json()["state"] == "ended"
    for verb in ("pause", "resume", "end", "turn", "test"):
        assert post(f"{one}/{verb}", {}, **header).status_code == 409
    assert post(f"{one}/fly", {}, **header).status_code == 404
    assert post(f"{one}/test", {"a": 1}, **header).status_code == 422


def test_a_session_without_its_token_makes_no_hook(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.clerk)
    assert client.post(HOOKS, ASKED, content_type="application/json").status_code == 403
    assert not Hook.objects.exists()


def _newest() -> Any:
    return Delivery.objects.order_by("-id")[0].id
