"""A program's key opens what it was made for, as often as was agreed, until it is revoked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from citong.adapters.api import keys
from citong.adapters.api.models import ApiKey
from citong.adapters.api.problem import Turned
from citong.adapters.api.tests.doors import get, post, program
from tests.cast import REPORT, Cast

Report = Callable[..., Any]


def test_a_program_acts_as_its_account(cast: Cast, report: Report) -> None:
    url = f"/api/v1/cases/{report().case.number}"
    clerk = program(cast, "clerk")
    assert get(url, **clerk).json()["state"] == "filed"
    assert post(f"{url}/acts/accept", {"category": "urban.manhole"}, **clerk).status_code == 200
    assert get(url, **program(cast, "outsider")).status_code == 404


@pytest.mark.parametrize("text", ["ct_nobody-knows-it", "", "ä\udce4 x"])
def test_an_unknown_key_is_asked_for_another(cast: Cast, report: Report, text: str) -> None:
    answer = get(f"/api/v1/cases/{report().case.number}", Authorization=f"Bearer {text}")
    assert answer.status_code == 401 and answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer" and "Bearer" in answer.json()["mend"]


def test_a_key_that_was_revoked_or_is_past_its_time_opens_nothing(cast: Cast) -> None:
    now = timezone.now()
    soon = now + timedelta(minutes=5)
    _key, text = keys.make("desk", account=cast.clerk, scopes=["read"], per_minute=5, expires_at=soon)
    assert keys.holder(text, needs="read", at=now).account == cast.clerk.id
    with pytest.raises(Turned):
        keys.holder(text, needs="read", at=soon)
    keys.revoke("desk")
    with pytest.raises(Turned):
        keys.holder(text, needs="read", at=now)


def test_the_key_of_somebody_who_left_opens_nothing(cast: Cast) -> None:
    header = program(cast, "clerk")
    type(cast.clerk).objects.filter(pk=cast.clerk.pk).update(is_active=False)
    assert get("/api/v1/requests/cases", **header).status_code == 401


def test_a_key_does_only_what_it_was_made_for(cast: Cast, report: Report) -> None:
    number = report().case.number
    reader, opener = program(cast, "clerk", scopes=("read",)), program(cast, "clerk", scopes=("open",))
    assert get(f"/api/v1/cases/{number}", **reader).status_code == 200
    assert post(f"/api/v1/cases/{number}/acts/accept", {"category": "urban.manhole"}, **reader).status_code == 403
    assert post("/api/v1/requests/cases", REPORT, **opener).status_code == 201
    assert get(f"/api/v1/cases/{number}", **opener).status_code == 403


def test_a_key_is_used_up_and_good_again_when_it_said(cast: Cast) -> None:
    _key, text = keys.make("busy", account=cast.clerk, scopes=["read"], per_minute=2)
    at = timezone.now()
    for _ in range(2):
        keys.holder(text, needs="read", at=at)
    with pytest.raises(Turned) as turned:
        keys.holder(text, needs="read", at=at)
    assert turned.value.status == 429 and turned.value.headers == {"Retry-After": "30"}
    keys.holder(text, needs="read", at=at + timedelta(seconds=30))
    with pytest.raises(Turned):
        keys.holder(text, needs="read", at=at + timedelta(seconds=30))
    for _ in range(2):
        keys.holder(text, needs="read", at=at + timedelta(minutes=2))


def test_one_statement_finds_a_key_its_account_and_takes_a_use(cast: Cast) -> None:
    _key, text = keys.make("cheap", account=cast.clerk, scopes=["read"], per_minute=600)
    with CaptureQueriesContext(connection) as seen:
        keys.holder(text, needs="read")
    assert sum("api_apikey" in one["sql"] for one in seen.captured_queries) == 1
    assert not any("people_account" in one["sql"] and "api_apikey" not in one["sql"] for one in seen.captured_queries)
    assert ApiKey.objects.get(name="cheap").minute is not None


def test_a_used_up_key_is_told_when_to_come_back(cast: Cast) -> None:
    header = program(cast, "clerk", per_minute=1)
    answers = [get("/api/v1/requests/cases", **header) for _ in range(3)]
    turned = next(one for one in answers if one.status_code == 429)
    assert turned["Content-Type"] == "application/problem+json" and 1 <= int(turned["Retry-After"]) <= 60


def test_the_text_of_a_key_is_kept_nowhere(cast: Cast) -> None:
    text = program(cast, "clerk")["Authorization"].removeprefix("Bearer ")
    assert text.startswith("ct_")
    assert not any(text in str(value) for value in ApiKey.objects.values_list().get())
