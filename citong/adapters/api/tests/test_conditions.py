"""Nothing is sent that the client knows, nothing is done on a case that has moved on, nothing is lost in silence."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from citong.adapters.api.tests.doors import get, post, program
from citong.core.cases.models import Case
from citong.core.files.models import Attachment
from tests.cast import REPORT, Cast

Report = Callable[..., Any]


@pytest.mark.parametrize("what", ["", "/history"])
def test_what_the_client_knows_is_not_sent_again(cast: Cast, report: Report, walk: Any, what: str) -> None:
    case, clerk = report().case, program(cast, "clerk")
    first = get(f"/api/v1/cases/{case.number}{what}", **clerk)
    known = get(f"/api/v1/cases/{case.number}{what}", If_None_Match=f'"other", W/{first["ETag"]}', **clerk)
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", first["ETag"])
    walk(case, "accept")
    assert get(f"/api/v1/cases/{case.number}{what}", If_None_Match=first["ETag"], **clerk).status_code == 200


def test_two_people_who_see_two_things_have_two_tags(cast: Cast, report: Report) -> None:
    url = f"/api/v1/cases/{report().case.number}"
    clerk, resident = (get(url, **program(cast, name)) for name in ("clerk", "resident"))
    assert clerk["ETag"] != resident["ETag"]


def test_an_act_on_a_case_that_moved_on_is_held_back(cast: Cast, report: Report, walk: Any) -> None:
    case, clerk = report().case, program(cast, "clerk")
    url = f"/api/v1/cases/{case.number}"
    seen = get(url, **clerk)["ETag"]
    walk(case, "urge")
    held = post(f"{url}/acts/accept", {"category": "urban.manhole"}, If_Match=seen, **clerk)
    assert held.status_code == 412 and held.json()["mend"]
    assert Case.objects.get(pk=case.pk).state == "filed"
    fresh = get(url, **clerk)["ETag"]
    assert post(f"{url}/acts/accept", {"category": "urban.manhole"}, If_Match=fresh, **clerk).status_code == 200


def test_the_version_of_one_act_leads_to_the_next(cast: Cast, report: Report) -> None:
    url, clerk = f"/api/v1/cases/{report().case.number}", program(cast, "clerk")
    version = get(url, **clerk).json()["version"]
    for words in ("one", "two"):
        answer = post(f"{url}/acts/note", {"note": words}, If_Match=f'"{version}"', **clerk)
        version = answer.json()["version"]
        assert answer.status_code == 200
    assert version == get(url, **clerk).json()["version"]


def test_a_command_sent_again_is_not_held_back_by_what_it_did_itself(cast: Cast, report: Report) -> None:
    url, clerk = f"/api/v1/cases/{report().case.number}", program(cast, "clerk")
    headers = clerk | {"If_Match": get(url, **clerk)["ETag"], "Idempotency_Key": "once"}
    answers = [post(f"{url}/acts/note", {"note": "once"}, **headers) for _ in range(2)]
    assert [(one.status_code, one.json()["again"]) for one in answers] == [(200, False), (200, True)]


def test_a_command_s_name_counts_for_one_address(cast: Cast) -> None:
    clerk = program(cast, "clerk") | {"Idempotency_Key": "a"}
    opened = post("/api/v1/requests/cases", REPORT, **clerk).json()
    done = post(f"/api/v1/cases/{opened['number']}/acts/accept", {"category": "urban.manhole"}, **clerk).json()
    assert (done["again"], done["state"]) == (False, "dispatching")


def test_two_strangers_with_the_same_name_of_a_command_get_two_receipts(cast: Cast) -> None:
    texts = ("路灯不亮", "井盖缺失", "井盖缺失")
    first, second, again = (
        post("/api/v1/requests/cases", REPORT | {"text": text}, Idempotency_Key="1").json() for text in texts
    )
    assert first["number"] != second["number"] and first["secret"] != second["secret"]
    assert (again["number"], again["secret"], again["again"]) == (second["number"], second["secret"], True)


def test_photos_come_as_a_form(cast: Cast) -> None:
    drawn = BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "PNG")
    photo = SimpleUploadedFile("a.png", drawn.getvalue(), "image/png")
    answer = Client().post("/api/v1/requests/cases", REPORT | {"photos": [photo]})
    assert answer.status_code == 201 and Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"colour": "red"}, "colour", "no such field"),
        ({"photos": ["data:…"]}, "photos", "multipart/form-data"),
        ({"text": {"a": 1}}, "text", "Send text"),
        ({"channels": [["sms"]]}, "channels", "Send text"),
        ({"category": "urban\0"}, "category", "can not be kept"),
        ({"address": "\ud800"}, "address", "can not be kept"),
    ],
)
def test_what_can_not_be_taken_is_named(cast: Cast, sent: dict[str, Any], field: str, sentence: str) -> None:
    answer = post("/api/v1/requests/cases", REPORT | sent)
    assert answer.status_code == 422 and sentence in answer.json()["errors"][field][0]
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("[" * 100_000, "application/json", 422),
        ('{"text": ' + "9" * 5000 + "}", "application/json", 422),
        (b"\xff\xfe\xfa", "application/json", 422),
        ("text=x", "text/plain", 415),
        ("x", "multipart/form-data", 400),
        ("x" * 2_100_000, "application/json", 413),
    ],
)
def test_a_body_that_can_not_be_read_is_a_problem(cast: Cast, body: Any, kind: str, status: int) -> None:
    answer = post("/api/v1/requests/cases", body, kind=kind)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


@pytest.mark.parametrize("query", ["cursor=x", "open=perhaps", "state=%00"])
def test_a_filter_that_means_nothing_is_named(cast: Cast, query: str) -> None:
    answer = get(f"/api/v1/requests/cases?{query}")
    assert answer.status_code == 422 and query.partition("=")[0] in answer.json()["errors"]


def test_a_list_goes_on_where_its_page_ended(cast: Cast, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citong.adapters.api.views.PAGE", 2)
    clerk, numbers = program(cast, "clerk"), [report().case.number for _ in range(3)]
    first = get("/api/v1/requests/cases", **clerk).json()
    second = get(f"/api/v1/requests/cases?cursor={first['next']}", **clerk).json()
    assert [row["number"] for row in [*first["cases"], *second["cases"]]] == numbers[::-1] and not second["next"]


def test_a_wrong_method_is_a_problem_too(cast: Cast) -> None:
    answer = post("/api/v1/services", {})
    assert (answer.status_code, answer["Content-Type"], answer["Allow"]) == (405, "application/problem+json", "GET")
