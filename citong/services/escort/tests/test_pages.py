"""The pages: asked with one hand, approved by a key, driven by the countdown, reported with figures."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citong.core.cases.models import Case
from citong.core.places.current import forget_city
from citong.services.escort import ground
from citong.services.escort.models import Escort, OfficerPoint, StandBy
from citong.services.escort.tests.street import A_BLOCK, LAT, LIGHTS, WEST, Street

pytestmark = pytest.mark.django_db
ASKED = {
    "kind": "ambulance", "priority": "1", "goal": f"{WEST + 6.9 * A_BLOCK}, {LAT}", "lon": str(WEST + 0.0005),
    "lat": str(LAT), "key": "k1",
}  # fmt: skip


def client(street: Street, who: str) -> Client:
    found = Client(headers={"Accept-Language": "en"})
    found.force_login(street.cast.people[who])
    return found


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_officer_asks_once_however_often_the_thumb_comes_down(street: Street) -> None:
    phone = client(street, "officer")
    assert "Ask the centre" in text(phone.get(reverse("escort_ask")))
    first, second = (phone.post(reverse("escort_ask"), ASKED) for _time in range(2))
    assert first.status_code == 302 and first["Location"] == second["Location"]
    assert Case.objects.filter(service="escort").count() == 1
    assert "The centre is asked" in text(phone.get(first["Location"]))


def test_a_destination_nobody_knows_is_said_at_its_field_and_nothing_typed_is_lost(street: Street) -> None:
    answer = client(street, "officer").post(reverse("escort_ask"), ASKED | {"goal": "somewhere nice"})
    assert answer.status_code == 422
    assert "choose it on the map" in text(answer) and "somewhere nice" in text(answer)


def test_a_destination_the_city_names_is_enough(street: Street, town: Any) -> None:
    town.parameters |= {"escort_goals": [{"name": "东区医院", "lon": WEST + 6.9 * A_BLOCK, "lat": LAT}]}
    town.save()
    ground.forget_ground()
    forget_city()
    phone = client(street, "officer")
    assert "东区医院" in text(phone.get(reverse("escort_ask")))
    assert phone.post(reverse("escort_ask"), ASKED | {"goal": "东区医院"}).status_code == 302


def test_the_operator_approves_by_one_post_and_sees_what_it_would_win(street: Street) -> None:
    case, desk = street.ask(), client(street, "operator")
    assert case.number in text(desk.get(reverse("escorts")))
    page = text(desk.get(reverse("escort_watch", args=[case.number])))
    assert 'data-key="a"' in page and f"{LIGHTS} lights" in page
    answer = desk.post(reverse("escort_do", args=[case.number, "approve"]), {"key": "1"}, follow=True)
    assert "The centre approved the escort." in text(answer)
    assert Case.objects.get(pk=case.pk).state == "approved"


def test_an_act_that_comes_too_late_is_answered_with_a_sentence(street: Street) -> None:
    case = street.under_way()
    answer = client(street, "operator").post(reverse("escort_do", args=[case.number, "approve"]), follow=True)
    assert "The case has moved on" in text(answer)


def test_the_phone_tells_its_place_and_is_told_the_next_junction(street: Street) -> None:
    case, phone = street.under_way(), client(street, "officer")
    street.drive(case, 8)
    place = {"lon": WEST + 0.0015, "lat": LAT, "speed": 15, "error": 5}
    url = reverse("escort_place", args=[case.number])
    answer = phone.post(url, json.dumps(place), content_type="application/json")
    assert answer.status_code == 200 and "data-at=" in text(answer) and "小巷" in text(answer)
    assert phone.post(url, "{", content_type="application/json").status_code == 422


def test_a_light_that_does_not_answer_is_told_to_the_driver(street: Street) -> None:
    street.port.silent.add("j0")
    case = street.under_way()
    street.drive(case, 8)
    page = text(client(street, "officer").get(reverse("escort_drive", args=[case.number])))
    assert "does not obey" in page
    page = text(client(street, "operator").get(reverse("escort_watch_part", args=[case.number])))
    assert "does not answer" in page


def test_the_console_follows_on_a_map_without_asking_for_the_whole_page(street: Street) -> None:
    case, desk = street.under_way(), client(street, "operator")
    street.drive(case, 8)
    assert "Junctions ahead" in text(desk.get(reverse("escort_watch_part", args=[case.number])))
    features = desk.get(reverse("escort_map") + f"?chosen={case.number}").json()["features"]
    assert {one["properties"]["what"] for one in features} == {"way", "light", "officer", "vehicle", "goal"}


def test_the_report_says_what_it_won_and_what_it_cost(street: Street) -> None:
    case = street.under_way()
    street.drive(case, 134)
    street.does(case, "arrive", "officer")
    escort = Escort.objects.get(pk=case.pk)
    page = text(client(street, "operator").get(reverse("escort_report", args=[case.number])))
    assert f"{round(escort.usual_s - 134)} s" in page
    assert f"{LIGHTS} / {LIGHTS}" in page


def test_who_says_arrived_far_from_the_destination_has_won_nothing_that_could_be_told(street: Street) -> None:
    case = street.under_way()
    street.drive(case, 20)
    street.does(case, "arrive", "officer")
    page = text(client(street, "operator").get(reverse("escort_report", args=[case.number])))
    assert "m before its destination" in page


def test_the_hotline_asks_from_the_desk(street: Street) -> None:
    page = text(client(street, "clerk").get(reverse("desk_report_of", args=["escort"])))
    assert "Who drives" in page and "Where to?" in page


def test_an_officer_who_offers_to_stand_near_is_proposed_until_they_take_it_back(street: Street) -> None:
    phone = client(street, "officer")
    here = {"lon": str(WEST + 6 * A_BLOCK), "lat": str(LAT - 0.0009)}
    phone.post(reverse("escort_stand_by"), here)
    case = street.ask()
    point = OfficerPoint.objects.get(escort=case.pk)
    assert point.proposed == street.cast.officer
    phone.post(reverse("escort_stand_by"), {"off": "1"})
    assert not StandBy.objects.exists()


def test_where_nothing_is_loaded_both_pages_say_so(street: Street, settings: Any) -> None:
    settings.ROADS_FILE, settings.SIGNAL_PORT = "/nowhere/roads.npz", ""
    ground.forget_ground()
    case = street.ask()
    assert "roads of the city are not loaded" in text(client(street, "operator").get(reverse("escorts")))
    assert "no light is turned" in text(client(street, "officer").get(reverse("escort_drive", args=[case.number])))


def test_an_empty_console_says_that_nobody_asks(street: Street) -> None:
    assert "Nobody asks for an escort now" in text(client(street, "operator").get(reverse("escorts")))
