"""Reading through GeoReport v2: discovery, services, definitions, requests by number, window, status and page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.utils import timezone

from citong.adapters.open311.catalogue import attributes
from citong.adapters.open311.tests.world import Caller, faults, plain, tree
from citong.core.cases.models import Case, Category

Report = Callable[..., Any]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def numbers(rows: list[dict[str, Any]]) -> list[str]:
    return [row["service_request_id"] for row in rows]


def test_discovery_names_the_endpoint_in_both_formats(caller: Caller) -> None:
    found = caller.client.get("/open311/discovery.json").json()
    (endpoint,) = found["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"].endswith("/open311/v2") and endpoint["formats"] == ["text/xml", "application/json"]
    assert found["contact"] and found["key_service"] and found["changeset"]
    in_xml = plain(tree(caller.client.get("/open311/discovery.xml")), lists=("endpoints", "formats"))
    assert in_xml == found


def test_services_say_the_same_in_xml_and_json(caller: Caller) -> None:
    rows = caller.rows("services.json")
    in_xml = tree(caller.get("services.xml"))
    assert [child.tag for child in in_xml] == ["service"] * len(rows)
    assert [plain(child) for child in in_xml] == [
        row | {"metadata": "true", "keywords": row["keywords"] or None} for row in rows
    ]
    manhole = next(row for row in rows if row["service_code"] == "urban.manhole")
    assert manhole["metadata"] is True and manhole["type"] == "realtime"
    assert manhole["keywords"] == "井盖,窨井,盖板" and manhole["group"] == "City building"


def test_only_public_kinds_in_force_without_kinds_below_are_services(caller: Caller) -> None:
    assert [row["service_code"] for row in caller.rows("services.json")] == ["urban.manhole", "urban.light", "strange"]
    Category.objects.filter(code="strange").update(ends_on="2026-01-01")
    assert "strange" not in [row["service_code"] for row in caller.rows("services.json")]


def test_one_service_is_still_an_array(caller: Caller) -> None:
    Category.objects.exclude(code="strange").update(public=False)
    assert len(caller.rows("services.json")) == 1
    assert [child.tag for child in tree(caller.get("services.xml"))] == ["service"]


def test_the_suffix_decides_whatever_the_accept_header_says(caller: Caller) -> None:
    answer = caller.client.get("/open311/v2/services.xml", headers={"Accept": "application/json"})
    assert tree(answer).tag == "services"
    assert caller.get("services.json")["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("path", ["services.html", "services", "requests.csv", "nothing.xml", "services/urban.manhole"])
def test_an_unknown_suffix_or_address_is_refused(caller: Caller, path: str) -> None:
    answer = caller.get(path)
    assert answer.status_code == 404 and tree(answer).tag == "errors"


def test_another_method_is_refused_with_those_that_fit(caller: Caller) -> None:
    answer = caller.client.delete("/open311/v2/requests.json")
    assert answer.status_code == 405 and answer["Allow"] == "GET, POST" and faults(answer)


def test_a_definition_asks_what_the_form_asks_beyond_the_standard(caller: Caller) -> None:
    found = caller.rows("services/urban.manhole.json")
    assert found["service_code"] == "urban.manhole"
    asked = {one["code"]: one for one in found["attributes"]}
    assert asked["reporting"]["datatype"] == "singlevaluelist" and asked["channels"]["datatype"] == "multivaluelist"
    assert {"key": "anonymous", "name": "Anonymous"} in asked["reporting"]["values"]
    assert [one["order"] for one in found["attributes"]] == list(range(1, len(asked) + 1))
    assert not {"text", "lat", "public", "name", "category"} & set(asked)
    in_xml = tree(caller.get("services/urban.manhole.xml"))
    assert [one.findtext("code") for one in in_xml.iter("attribute")] == list(asked)
    assert in_xml.find("attributes/attribute/values/value/key") is not None


def test_a_form_that_asks_nothing_more_has_no_attributes() -> None:
    class Plain(forms.Form):
        text = forms.CharField()

    class Full(Plain):
        depth = forms.FloatField(required=True, label="Depth", help_text="in metres")
        since = forms.DateTimeField(required=False)
        more = forms.CharField(required=False, widget=forms.Textarea)

    assert attributes(Plain()) == []
    assert [one["datatype"] for one in attributes(Full())] == ["number", "datetime", "text"]
    assert attributes(Full())[0]["required"] is True and "values" not in attributes(Full())[0]


@pytest.mark.parametrize("code", ["no.such", "urban", "safety.exit", "%00"])
def test_an_unknown_service_is_404_in_the_asked_format(caller: Caller, code: str) -> None:
    answer = caller.get(f"services/{code}.json")
    assert answer.status_code == 404 and faults(answer) == ["service_code was not found."]
    in_xml = caller.get(f"services/{code}.xml")
    assert in_xml.status_code == 404
    assert plain(tree(in_xml), lists=("errors",)) == [{"code": "404", "description": "service_code was not found."}]


def test_the_city_is_the_only_jurisdiction(caller: Caller) -> None:
    assert caller.get("services.json", jurisdiction_id="town").status_code == 200
    assert caller.get("services.json", jurisdiction_id="").status_code == 200
    assert caller.get("services.json", jurisdiction_id="elsewhere").status_code == 404
    assert caller.send("requests.json", {"jurisdiction_id": "elsewhere"}).status_code == 404


def test_a_request_is_told_with_kind_place_unit_and_times(caller: Caller, report: Report) -> None:
    case = report(text="井盖缺失，电话13812345678", title="找13812345678", name="林某", address="东一社区某楼").case
    (row,) = caller.rows(f"requests/{case.number}.json")
    assert row["service_request_id"] == case.number and row["status"] == "open"
    assert row["service_code"] == "urban.manhole" and row["service_name"] == "Manhole cover"
    assert row["description"] == "井盖缺失，电话***"
    assert row["address"] == "东区 东街道 东一社区" and row["address_id"] == "e10"
    assert (row["lat"], row["long"]) == (24.905, 118.605)
    assert row["agency_responsible"] and row["status_notes"] == "Received"
    assert datetime.fromisoformat(row["requested_datetime"]).utcoffset() == timedelta(hours=8)
    assert datetime.fromisoformat(row["expected_datetime"]) == case.due_at.replace(microsecond=0)


def test_no_answer_tells_who_reported(caller: Caller, report: Report) -> None:
    case = report(name="林某某", phone="13812345678", email="lin@example.org", named="王某某").case
    for path in ("requests", f"requests/{case.number}", "servicerequestupdates"):
        for suffix in ("xml", "json"):
            answer = caller.get(f"{path}.{suffix}", extensions="true").content.decode()
            assert not [word for word in ("林", "138", "lin@", "王某", "resident") if word in answer]


def test_both_formats_tell_the_same_request(caller: Caller, report: Report) -> None:
    number = report().case.number
    (row,) = caller.rows(f"requests/{number}.json", extensions="true")
    (element,) = tree(caller.get(f"requests/{number}.xml", extensions="true"))
    in_xml = plain(element, lists=("notes", "media_urls", "attributes"))
    assert in_xml["service_request_id"] == row["service_request_id"] and in_xml["description"] == row["description"]
    assert set(in_xml) == set(row) and in_xml["attributes"] == row["attributes"]


def test_numbers_override_all_else_and_unknown_ones_are_left_out(caller: Caller, report: Report) -> None:
    first, second = report().case.number, report(at=NOON - timedelta(days=1000)).case.number
    asked = f"{first}, {second},26-9999999-9,nonsense,\x00,"
    found = caller.rows("requests.json", service_request_id=asked, status="foo", start_date="yesterday", page="0")
    assert set(numbers(found)) == {first, second}
    assert caller.rows("requests.json", service_request_id="nonsense") == []
    assert len(tree(caller.get("requests.xml", service_request_id="nonsense"))) == 0


@pytest.mark.parametrize("number", ["nonsense", "26-9999999-9", "%00"])
def test_one_unknown_request_is_404(caller: Caller, number: str) -> None:
    assert faults(caller.get(f"requests/{number}.json")) == ["service_request_id was not found."]
    assert caller.get(f"requests/{number}.xml").status_code == 404


def test_without_a_window_the_last_ninety_days_are_told(caller: Caller, report: Report) -> None:
    now = timezone.now()
    inside, _outside = (report(at=now - timedelta(days=days)).case.number for days in (89, 91))
    assert numbers(caller.rows("requests.json")) == [inside]
    assert numbers(caller.rows("requests.json", start_date="", end_date="", status="", service_code="")) == [inside]


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({"start_date": "2026-03-02T12:00:00Z"}, [0, 89]),
        ({"start_date": "2026-03-02T20:00:00+08:00"}, [0, 89]),
        ({"start_date": "2026-03-02T20:00:01 08:00"}, [89]),
        ({"start_date": "2026-03-02"}, [0, 89]),
        ({"end_date": "2026-03-02T12:00:00Z"}, [-89, 0]),
        ({"end_date": "2026-03-02T11:59:59Z"}, [-89]),
        ({"start_date": "2026-03-02T12:00:00Z", "end_date": "2026-05-31T12:00:00Z"}, [0, 89]),
    ],
)
def test_a_window_is_closed_on_both_sides_and_offsets_equal_z(
    caller: Caller, report: Report, given: dict[str, str], days: list[int]
) -> None:
    opened = {day: report(at=NOON + timedelta(days=day)).case.number for day in (-91, -89, 0, 89, 91)}
    assert numbers(caller.rows("requests.json", **given)) == [opened[day] for day in days]


@pytest.mark.parametrize(
    "given",
    [
        {"start_date": "2026-03-02T12:00:00Z", "end_date": "2026-06-01T12:00:00Z"},
        {"start_date": "2026-03-02T12:00:00Z", "end_date": "2026-03-01T12:00:00Z"},
        {"start_date": "yesterday"},
        {"start_date": "2026-03-02T12:00:00"},
        {"start_date": "2026-02-30"},
        {"start_date": "0001-01-01"},
        {"end_date": "9999-12-31"},
        {"end_date": "2026-03-02T12:00:00+99:99"},
        {"status": "foo"},
        {"status": "open,foo"},
        {"page": "0"},
        {"page": "x"},
        {"page_size": "-1"},
        {"page": "9999999999999999999"},
    ],
)
def test_what_can_not_be_understood_is_400(caller: Caller, given: dict[str, str]) -> None:
    answer = caller.get("requests.json", **given)
    assert answer.status_code == 400 and len(faults(answer)) == 1


def test_status_and_kind_narrow_the_list(caller: Caller, report: Report, walk: Any) -> None:
    still, light = report().case.number, report(category="urban.light").case.number
    done = walk(report().case, ("refuse", {"reason": "不属受理范围"})).number
    assert numbers(caller.rows("requests.json", status="open")) == [still, light]
    assert numbers(caller.rows("requests.json", status="CLOSED")) == [done]
    assert len(caller.rows("requests.json", status="open,closed")) == 3
    assert numbers(caller.rows("requests.json", service_code="urban.light,no.such")) == [light]
    assert caller.rows("requests.json", service_code="no.such,\x00") == []


def test_pages_are_disjoint_complete_and_stand_still_while_rows_come(caller: Caller, report: Report) -> None:
    known = [report().case.number for _ in range(5)]
    seen: list[str] = []
    for page in (1, 2, 3):
        seen += numbers(caller.rows("requests.json", page=page, page_size=2))[: 5 - len(seen)]
        report()
    assert seen == known
    assert caller.rows("requests.json", page=100, page_size=2) == []


def test_the_volume_stops_at_a_thousand(caller: Caller, report: Report) -> None:
    pattern = report().case
    rows = [Case.objects.get(pk=pattern.pk) for _ in range(1_004)]
    for at, row in enumerate(rows):
        row.pk, row.number = Case._meta.pk.get_default(), f"x{at}"
    Case.objects.bulk_create(rows)
    assert len(caller.rows("requests.json")) == 1_000
    assert len(caller.rows("requests.json", page_size=5_000)) == 1_000
    assert len(caller.rows("requests.json", page=2)) == 5


def test_a_longer_list_takes_no_more_queries(
    caller: Caller, report: Report, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        report()
    caller.get("requests.json")
    with django_assert_max_num_queries(5):
        assert len(caller.rows("requests.json", extensions="true")) == 6


def test_what_is_not_public_never_appears(caller: Caller, report: Report) -> None:
    hidden = [report(public="").case, report(category="safety.exit").case, report(category="").case]
    for case in hidden:
        assert caller.get(f"requests/{case.number}.json").status_code == 404
        assert caller.get(f"tokens/{case.id}.json").status_code == 404
    assert caller.rows("requests.json") == []
    assert caller.rows("requests.json", service_request_id=",".join(case.number for case in hidden)) == []


def test_a_token_leads_to_its_request_and_an_unknown_one_nowhere(caller: Caller, report: Report) -> None:
    case = report().case
    assert caller.rows(f"tokens/{case.id}.json") == [{"service_request_id": case.number, "token": str(case.id)}]
    (element,) = tree(caller.get(f"tokens/{case.id}.xml"))
    assert element.tag == "request" and element.findtext("service_request_id") == case.number
    for token in ("nonsense", "00000000-0000-7000-8000-000000000000"):
        assert faults(caller.get(f"tokens/{token}.json")) == ["token was not found."]


def test_states_are_open_or_closed_with_the_words_of_others_beside(caller: Caller, report: Report, walk: Any) -> None:
    case = report().case

    def now() -> tuple[str, str]:
        (row,) = caller.rows(f"requests/{case.number}.json", extensions="true")
        return row["status"], row["extended_attributes"]["detailed_status"]

    seen = [now()]
    for act in ("accept", "dispatch", "feed_back", "close", "reopen"):
        walk(case, act)
        seen.append(now())
    words = ["open", "investigating", "in_progress", "in_progress", "closed", "investigating"]
    assert seen == [("closed" if word == "closed" else "open", word) for word in words]


@pytest.mark.parametrize(("act", "word"), [("refuse", "no_further_action"), ("withdraw", "cancelled")])
def test_how_a_case_ended_early_is_told(caller: Caller, report: Report, walk: Any, act: str, word: str) -> None:
    case = walk(report().case, act)
    (row,) = caller.rows(f"requests/{case.number}.json", extensions="true")
    assert row["status"] == "closed" and row["extended_attributes"]["detailed_status"] == word


def test_a_merged_request_is_a_duplicate(caller: Caller, report: Report, walk: Any) -> None:
    other, case = report().case, report().case
    walk(case, ("merge", {"number": other.number}))
    (row,) = caller.rows(f"requests/{case.number}.json", extensions="true")
    assert row["extended_attributes"]["detailed_status"] == "duplicate"
    assert row["notes"][-1]["type"] == "merge"


def test_a_closed_request_was_updated_when_it_was_closed_and_reopening_moves_it(
    caller: Caller, report: Report, walk: Any
) -> None:
    now = timezone.now().replace(microsecond=0)
    case = walk(report(at=now - timedelta(days=3)).case, "accept", "dispatch", at=now - timedelta(days=2))
    walk(case, "feed_back", "close", at=now - timedelta(days=1))
    walk(case, "rate", at=now - timedelta(hours=1))

    def updated() -> datetime:
        return datetime.fromisoformat(caller.rows(f"requests/{case.number}.json")[0]["updated_datetime"])

    assert updated() == now - timedelta(days=1)
    walk(case, "reopen", at=now)
    assert updated() == now


def test_control_characters_break_no_document(caller: Caller, report: Report) -> None:
    number = report(text="看<b>这里</b> & 那里 🕳️").case.number
    Case.objects.update(text="看<b>这里</b>\x0b\x1b\ufffe & 那里 🕳️")
    (row,) = caller.rows(f"requests/{number}.json")
    assert row["description"] == "看<b>这里</b> & 那里 🕳️"
    (element,) = tree(caller.get(f"requests/{number}.xml"))
    assert element.findtext("description") == row["description"]
