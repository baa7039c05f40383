"""Every act through the JSON doors, by the forms and permissions of the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from citong.core.cases.models import Case
from citong.core.flow.act import act
from tests.cast import DOES_IT, REPORT, Cast, default_data

Report = Callable[..., Any]


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.people[name])
    return client


def post(client: Client, url: str, data: dict[str, Any], **headers: str) -> Any:
    return client.post(url, data, content_type="application/json", headers=headers or None)


def test_five_people_bring_a_report_to_its_rating_through_the_api(cast: Cast) -> None:
    opened = post(signed_in(cast, "resident"), "/api/v1/requests/cases", REPORT)
    assert opened.status_code == 201
    number = opened.json()["number"]
    for name in ("accept", "dispatch", "take", "feed_back", "close", "rate"):
        case = Case.objects.get(number=number)
        data = default_data(case, name, cast.actor(DOES_IT[name]))
        done = post(signed_in(cast, DOES_IT[name]), f"/api/v1/cases/{number}/acts/{name}", data)
        assert done.status_code == 200, done.json()
    history = signed_in(cast, "supervisor").get(f"/api/v1/cases/{number}/history").json()["history"]
    assert [step["act"] for step in history][-1] == "rate"


def test_somebody_without_an_account_reports_and_follows_by_receipt(town: Any, cast: Cast) -> None:
    client = Client()
    opened = post(client, "/api/v1/requests/cases", REPORT | {"reporting": "anonymous"}).json()
    receipt = {"Authorization": f"Receipt {opened['number']} {opened['secret']}"}
    assert client.get(f"/api/v1/cases/{opened['number']}", headers=receipt).json()["state"] == "filed"
    assert client.get(f"/api/v1/cases/{opened['number']}").status_code == 404
    assert post(client, f"/api/v1/cases/{opened['number']}/acts/urge", {"reason": "快"}, **receipt).status_code == 200


def test_the_same_key_opens_one_case(cast: Cast) -> None:
    client = signed_in(cast, "resident")
    first = post(client, "/api/v1/requests/cases", REPORT, **{"Idempotency-Key": "a"})
    second = post(client, "/api/v1/requests/cases", REPORT, **{"Idempotency-Key": "a"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["number"] == second.json()["number"] and Case.objects.count() == 1


def test_an_act_sent_again_is_answered_as_it_was_though_the_case_has_left_its_sender(
    cast: Cast, report: Report
) -> None:
    case = report().case
    for name in ("accept", "dispatch"):
        actor = cast.actor(DOES_IT[name])
        act(case.id, name, default_data(Case.objects.get(), name, actor), actor=actor)
    handler, door = signed_in(cast, "handler"), f"/api/v1/cases/{case.number}/acts/feed_back"
    first = post(handler, door, {"result": "修好了"}, **{"Idempotency-Key": "f"})
    act(case.id, "close", {"way": "site"}, actor=cast.actor("verifier"))
    again = post(handler, door, {"result": "修好了"}, **{"Idempotency-Key": "f"})
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json() | {"again": True}
    assert post(handler, door, {"result": "修好了"}, **{"Idempotency-Key": "g"}).status_code == 404
    assert post(signed_in(cast, "outsider"), door, {}, **{"Idempotency-Key": "f"}).status_code == 404


@pytest.mark.parametrize(
    ("who", "act", "data", "status"),
    [
        ("outsider", "accept", {}, 404),
        ("handler", "accept", {}, 404),
        ("dispatcher", "accept", {}, 403),
        ("clerk", "close", {"way": "site"}, 403),
        ("dispatcher", "dispatch", {"unit": "urban-e"}, 409),
        ("clerk", "accept", {"category": "no.such"}, 422),
        ("clerk", "no_such_act", {}, 404),
    ],
)
def test_what_may_not_be_done_is_a_problem_with_a_sentence(
    cast: Cast, report: Report, who: str, act: str, data: dict[str, Any], status: int
) -> None:
    answer = post(signed_in(cast, who), f"/api/v1/cases/{report().case.number}/acts/{act}", data)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"]


def test_a_session_without_its_token_is_refused(cast: Cast, report: Report) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.clerk)
    answer = post(client, f"/api/v1/cases/{report().case.number}/acts/accept", {"category": "urban.manhole"})
    assert answer.status_code == 403


def test_the_services_describe_themselves(cast: Cast) -> None:
    service, *_others = Client().get("/api/v1/services").json()["services"]
    accept = next(act for act in service["acts"] if act["name"] == "accept")
    assert accept["from"] == ["filed"] and accept["to"] == "dispatching"
    assert {field["name"] for field in accept["fields"]} == {"category", "urgent", "public", "note"}
    assert service["ground"]


@pytest.mark.parametrize("body", ["[1]", "{", '"x"'])
def test_a_body_that_is_no_object_is_refused(cast: Cast, body: str) -> None:
    answer = Client().post("/api/v1/requests/cases", body, content_type="application/json")
    assert answer.status_code == 422
