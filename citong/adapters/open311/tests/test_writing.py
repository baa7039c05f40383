"""Writing through GeoReport v2: new requests with every way of giving a place, and updates that are kept once."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from citong.adapters.open311.tests.world import KEY, NEW, Caller, faults, tree
from citong.core.cases.models import Case
from citong.core.files.models import Attachment
from citong.core.flow.receipt import receipt_actor
from citong.core.ledger.read import history

Report = Callable[..., Any]
WORDS = {"service_code": "urban.manhole", "description": "井盖缺失"}
POINT = {"lat": "24.905", "long": "118.605"}


def update(number: str, name: str = "1", **more: str) -> dict[str, str]:
    return {
        "service_request_id": number, "update_id": name, "status": "OPEN",
        "updated_datetime": "2026-03-02T12:00:00Z", "description": "水更深了",
    } | more  # fmt: skip


def words_of(case: Case) -> list[Any]:
    return [step.words for step in history(case.id)]


def test_a_report_gets_its_number_and_the_address_of_its_receipt(caller: Caller) -> None:
    answer = caller.report(first_name="小明", last_name="林", phone="13812345678", email="lin@example.org")
    case = Case.objects.get(number=answer["service_request_id"])
    assert case.public and case.channel == "open311" and case.text == NEW["description"]
    party = case.parties.get()
    assert (party.name, party.phone, party.email) == ("林小明", "13812345678", "lin@example.org")
    assert "token" not in answer
    number, secret = answer["service_notice"].rstrip("/").split("/")[-2:]
    assert receipt_actor(number, secret) is not None


def test_the_same_answer_comes_as_xml(caller: Caller) -> None:
    (element,) = tree(caller.send("requests.xml", NEW))
    assert element.tag == "request" and Case.objects.get().number == element.findtext("service_request_id")
    (row,) = tree(caller.get("requests.xml"))
    assert row.findtext("description") == NEW["description"]


@pytest.mark.parametrize("key", ["", "wrong", "错误", f"{KEY}x"])
def test_without_a_right_key_nothing_is_written(caller: Caller, key: str) -> None:
    for path in ("requests.json", "servicerequestupdates.json"):
        answer = caller.send(path, NEW, key=key)
        assert answer.status_code == 403 and faults(answer)
    assert Case.objects.count() == 0


def test_a_city_that_gave_out_no_keys_takes_nothing(caller: Caller, settings: Any) -> None:
    settings.OPEN311_KEYS = []
    assert caller.send("requests.json", NEW).status_code == 403
    assert caller.send("requests.json", NEW, key=" ").status_code == 403


@pytest.mark.parametrize(
    ("code", "status"), [("", 400), ("no.such", 404), ("urban", 404), ("safety.exit", 404), ("\x00", 404)]
)
def test_a_report_names_a_service_of_the_list(caller: Caller, code: str, status: int) -> None:
    answer = caller.send("requests.json", NEW | {"service_code": code})
    assert answer.status_code == status and "service_code" in faults(answer)[0]


@pytest.mark.parametrize(
    "place",
    [
        POINT,
        {"address_string": "东一社区市场门口"},
        {"address_id": "e10"},
        POINT | {"address_string": "东一社区市场门口", "address_id": "e10"},
        {"lat": "", "long": "", "address_id": "e10"},
    ],
)
def test_each_way_of_giving_a_place_is_enough(caller: Caller, place: dict[str, str]) -> None:
    assert caller.send("requests.json", WORDS | place).status_code == 200
    case = Case.objects.get()
    assert case.community == "e1"
    assert case.grid is None or case.grid.code == "e10"


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"lat": "", "long": "", "address_string": " "},
        {"lat": "24.905"},
        {"long": "118.605"},
        {"lat": "x", "long": "118.605"},
        {"lat": "nan", "long": "118.605"},
        {"lat": "91", "long": "181"},
        {"lat": "0", "long": "0"},
        {"address_id": "no-such"},
    ],
)
def test_a_place_that_is_none_is_400(caller: Caller, place: dict[str, str]) -> None:
    answer = caller.send("requests.json", WORDS | place)
    assert answer.status_code == 400 and all(": " in sentence for sentence in faults(answer))
    assert Case.objects.count() == 0


def test_several_faults_are_told_at_once(caller: Caller) -> None:
    answer = caller.send("requests.json", WORDS | {"email": "none", "lat": "x", "attribute[reporting]": "loud"})
    told = {sentence.partition(":")[0] for sentence in faults(answer)}
    assert {"email", "lat", "reporting", "address_string"} <= told
    assert len(tree(caller.send("requests.xml", WORDS | {"email": "none"}))) > 1


def test_attributes_answer_the_form_and_repeated_ones_count_all(caller: Caller) -> None:
    pairs = [*NEW.items(), ("email", "lin@example.org"), ("phone", "13812345678"), ("attribute[title]", "一句话")]
    pairs += [("attribute[channels][]", "sms"), ("attribute[channels][]", "email"), ("attribute[channels][]", "")]
    assert caller.send("requests.json", pairs).status_code == 200
    case = Case.objects.get()
    assert case.title == "一句话" and set(case.parties.get().channels) == {"email", "sms"}


def test_an_anonymous_report_keeps_no_contact(caller: Caller) -> None:
    caller.report(**{"attribute[reporting]": "anonymous", "email": "lin@example.org"})
    assert not Case.objects.get().parties.exists()


def test_unknown_attributes_are_passed_over_and_logged(caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
    caller.report(**{"attribute[easting]": "1", "attribute[public]": "", "attribute[category]": "strange"})
    assert "easting" in caplog.text
    case = Case.objects.get()
    assert case.public and case.category_id == "urban.manhole"


def test_a_description_may_have_4000_characters_and_no_more(caller: Caller) -> None:
    number = caller.report(description="井" * 4_000)["service_request_id"]
    assert caller.rows(f"requests/{number}.json")[0]["description"] == "井" * 4_000
    answer = caller.send("requests.json", NEW | {"description": "井" * 4_001})
    assert answer.status_code == 400 and faults(answer)[0].startswith("description: ")


def test_markup_is_text_and_control_characters_are_dropped(caller: Caller) -> None:
    number = caller.report(description="<script>alert(1)</script>\x00\x0b\r\n下一行")["service_request_id"]
    (row,) = caller.rows(f"requests/{number}.json")
    assert row["description"] == "<script>alert(1)</script>\n下一行"
    (element,) = tree(caller.get(f"requests/{number}.xml"))
    assert element.findtext("description") == row["description"]


def test_a_report_without_words_is_named_by_its_kind(caller: Caller) -> None:
    caller.report(description="")
    assert Case.objects.get().text == "Manhole cover"


def test_a_media_url_is_written_down_for_the_desk_and_shown_to_nobody(caller: Caller) -> None:
    url = "https://photos.example.org/1.jpg"
    number = caller.report(media_url=url)["service_request_id"]
    assert {"note": url} in words_of(Case.objects.get())
    for path in (f"requests/{number}", "servicerequestupdates"):
        assert url not in caller.get(f"{path}.json", extensions="true").content.decode()


def test_a_photo_is_kept_and_not_published_unseen(caller: Caller) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(photo, "PNG")
    photo.seek(0)
    photo.name = "red.png"
    answer = caller.client.post("/open311/v2/requests.json", NEW | {"api_key": KEY, "media": photo})
    assert answer.status_code == 200
    assert [one.public for one in Attachment.objects.all()] == [False]
    number = answer.json()[0]["service_request_id"]
    assert caller.rows(f"requests/{number}.json")[0]["media_url"] is None
    Attachment.objects.update(public=True)
    url = caller.rows(f"requests/{number}.json")[0]["media_url"]
    assert caller.client.get("/files/" + url.partition("/files/")[2]).status_code == 200


def test_the_same_idempotency_key_gives_the_same_request(caller: Caller) -> None:
    first, second = (caller.send("requests.json", NEW, **{"Idempotency-Key": "a"}).json() for _ in range(2))
    assert first == second and Case.objects.count() == 1
    caller.send("requests.json", NEW, key="另一把钥匙", **{"Idempotency-Key": "a"})
    assert Case.objects.count() == 2


def test_a_body_too_large_is_400(caller: Caller, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = caller.send("requests.json", NEW | {"description": "井" * 100})
    assert answer.status_code == 400 and faults(answer)


def test_updates_tell_public_acts_in_order_each_once(caller: Caller, report: Report, walk: Any) -> None:
    case = walk(report().case, "note", "accept", "dispatch", "feed_back", "close")
    rows = caller.rows("servicerequestupdates.json")
    assert [row["status"] for row in rows] == ["investigating", "in_progress", "in_progress", "closed"]
    assert len({row["update_id"] for row in rows}) == 4
    assert {row["service_request_id"] for row in rows} == {case.number}
    assert rows[-1]["description"] == "The result was checked and the case closed."
    in_xml = tree(caller.get("servicerequestupdates.xml"))
    assert [one.findtext("update_id") for one in in_xml.findall("request_update")] == [r["update_id"] for r in rows]


def test_updates_lie_inside_the_window_and_in_their_page(caller: Caller, report: Report, walk: Any) -> None:
    now = timezone.now().replace(microsecond=0)
    case = report(at=now - timedelta(days=5)).case
    for days, act in ((4, "accept"), (3, "dispatch"), (2, "feed_back")):
        walk(case, act, at=now - timedelta(days=days))
    first, second, third = caller.rows("servicerequestupdates.json")
    around = {"start_date": second["updated_datetime"], "end_date": second["updated_datetime"]}
    assert caller.rows("servicerequestupdates.json", **around) == [second]
    assert caller.rows("servicerequestupdates.json", page=2, page_size=2) == [third]
    assert datetime.fromisoformat(first["updated_datetime"]) == now - timedelta(days=4)
    assert caller.get("servicerequestupdates.json", start_date="x").status_code == 400


def test_what_is_not_public_has_no_updates(caller: Caller, report: Report, walk: Any) -> None:
    case = walk(report(public="").case, ("accept", {"public": ""}))
    assert caller.rows("servicerequestupdates.json") == []
    answer = caller.send("servicerequestupdates.json", update(case.number))
    assert answer.status_code == 404 and len(words_of(case)) == 2


def test_an_update_is_written_down_once(caller: Caller, report: Report) -> None:
    case = report().case
    first = caller.send("servicerequestupdates.json", update(case.number, email="lin@example.org"))
    assert first.status_code == 200
    (row,) = caller.rows("servicerequestupdates.json")
    assert first.json() == [{"update_id": row["update_id"]}] and row["status"] == "open"
    again = caller.send("servicerequestupdates.json", update(case.number))
    assert again.status_code == 400 and "update_id" in faults(again)[0]
    assert words_of(case)[1:] == [{"note": "水更深了"}]
    assert caller.send("servicerequestupdates.json", update(case.number), key="另一把钥匙").status_code == 200


def test_an_update_needs_all_its_parts_and_a_known_request(caller: Caller, report: Report) -> None:
    number = report().case.number
    answer = caller.send("servicerequestupdates.json", {"service_request_id": number})
    assert answer.status_code == 400 and len(faults(answer)) == 4
    for wrong in ({"status": "lost"}, {"updated_datetime": "now"}, {"description": "井" * 4_001}):
        assert caller.send("servicerequestupdates.json", update(number, **wrong)).status_code == 400
    assert caller.send("servicerequestupdates.json", update("26-9999999-9")).status_code == 404
    assert caller.rows("servicerequestupdates.json") == []


def test_an_update_leaves_the_state_alone_and_a_closed_request_takes_none(
    caller: Caller, report: Report, walk: Any
) -> None:
    case = report().case
    assert caller.send("servicerequestupdates.json", update(case.number, status="CLOSED")).status_code == 200
    assert Case.objects.get().state == "filed"
    walk(case, "refuse")
    answer = caller.send("servicerequestupdates.json", update(case.number, "2"))
    assert answer.status_code == 400 and faults(answer) == ["This request takes no updates any more."]
    assert "before" in faults(caller.send("servicerequestupdates.json", update(case.number, "1")))[0]


def test_an_update_comes_back_as_xml(caller: Caller, report: Report) -> None:
    (element,) = tree(caller.send("servicerequestupdates.xml", update(report().case.number)))
    assert element.tag == "request_update" and element.findtext("update_id")
