"""What is sealed is shown masked, whole on a purpose, and every look is known to the person it concerns."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from citong.core.ledger.models import Content
from citong.core.people.access import SYSTEM, Purpose
from citong.core.people.models import Look
from citong.core.people.refusal import NotAllowed, NotThere
from citong.core.register import read, write
from citong.core.register.models import Record
from citong.core.register.sealed import Broken, blind, seal, twin_keys, unseal
from citong.core.register.slip import issue_slip, looks_by_record_slip
from citong.core.register.tests.conftest import HOME, NOW, PERSON, TODAY
from citong.core.register.tests.test_write import NEED
from citong.core.register.twins import twins_of, twins_of_all
from citong.kit.ids import uuid7
from tests.cast import Cast

Told = Callable[..., Record]


def test_a_sealed_value_opens_for_its_own_field_of_its_own_record_alone(settings: Any) -> None:
    one, other = uuid7(NOW), uuid7(NOW)
    sealed = seal("13800138000", one, "phone")
    assert unseal(sealed, one, "phone") == "13800138000"
    for record, field in ((other, "phone"), (one, "name")):
        with pytest.raises(Broken):
            unseal(sealed, record, field)
    settings.REGISTER_KEY = b"another key of another home"
    with pytest.raises(Broken):
        unseal(sealed, one, "phone")


def test_equal_values_have_equal_keys_that_say_nothing(settings: Any) -> None:
    key = blind("identity", "11010519491231002x")
    assert key == blind("identity", "11010519491231002x") != blind("phone", "11010519491231002x")
    assert "1101" not in key and len(key) <= 40
    settings.REGISTER_PEPPER = b"another pepper of another home"
    assert key != blind("identity", "11010519491231002x")


def test_nothing_sealed_lies_open_anywhere(told: Told) -> None:
    person = told()
    row = Record.objects.get(pk=person.pk)
    kept = f"{row.values}{row.said}{row.keys}{row.name}{list(Content.objects.values_list('body', flat=True))}"
    assert PERSON["identity_number"] not in kept and "13800138000" not in kept


def test_a_page_shows_sealed_values_masked(cast: Cast, told: Told) -> None:
    shown = read.shown(told(), cast.actor("verifier"))
    assert (shown["identity_number"], shown["phone"]) == ("110•••••••••••••2X", "138••••••00")
    assert read.shown(told(), cast.actor("handler")) == {}


def test_a_value_is_revealed_on_a_purpose_and_the_look_is_kept(cast: Cast, told: Told) -> None:
    person = told()
    reveal: dict[str, Any] = {"fields": ["phone"], "at": NOW}
    assert read.reveal(person.id, actor=cast.actor("grid_worker"), purpose=Purpose.VISITING, **reveal) == {
        "phone": "13800138000"
    }
    assert [(mark.unit, mark.purpose) for mark in read.looks_at(person)] == [("station-e1", "visiting")]
    with pytest.raises(NotAllowed):
        read.reveal(person.id, actor=cast.actor("clerk"), purpose=Purpose.STATISTICS, **reveal)
    for stranger, purpose in (("handler", Purpose.HANDLING), ("grid_worker", Purpose.EXPORTING)):
        with pytest.raises(NotThere):
            read.reveal(person.id, actor=cast.actor(stranger), purpose=purpose, **reveal)
    assert Look.objects.count() == 1


def test_a_person_sees_every_look_at_what_is_known_of_them_by_their_slip(cast: Cast, told: Told) -> None:
    person, need, double = told(), told("situation", **NEED), told()
    clerk = cast.actor("clerk")
    write.tie("concerns", need.id, person.id, source="visit", actor=clerk, at=NOW)
    for at, one in enumerate((person, need, double)):
        read.opened_page(one.id, actor=clerk, purpose=Purpose.CORRECTION, at=NOW + timedelta(minutes=at))
    number, secret = issue_slip(person.id, actor=cast.actor("grid_worker"), at=NOW)
    write.merge(double.id, into=person.id, actor=clerk, at=NOW)
    opened = looks_by_record_slip(number, secret)
    assert opened is not None
    assert (opened[0], len(opened[1])) == (person, 3)
    assert looks_by_record_slip(number, "22222-22222") is None
    again, newer = issue_slip(person.id, actor=clerk, at=NOW)
    assert again == number and looks_by_record_slip(number, secret) is None
    assert looks_by_record_slip(number, newer) is not None
    with pytest.raises(NotAllowed):
        issue_slip(person.id, actor=cast.actor("verifier"), at=NOW)


def test_somebody_is_found_by_name_by_words_and_by_an_exact_number(cast: Cast, told: Told) -> None:
    clerk, person, home = cast.actor("clerk"), told(), told("dwelling")
    for text in ("林桂", "13800138000", "138-0013-8000", PERSON["identity_number"].lower(), " 林桂花 "):
        assert read.find(text, actor=clerk) == [person], text
    assert read.find("刺桐路", actor=clerk) == [home]
    for text in ("", "1380013", "桂林", "x" * 300):
        assert read.find(text, actor=clerk) == []
    assert read.find("林桂", actor=clerk, kind="dwelling") == []
    assert read.find("林桂", actor=cast.actor("outsider")) == []
    assert read.find("林桂", actor=cast.actor("grid_worker")) == [person]


def test_found_records_are_paged_by_name(cast: Cast, told: Told) -> None:
    for number in range(5):
        told(name=f"林{number}")
    clerk = cast.actor("clerk")
    first = read.find("林", actor=clerk, most=3)
    rest = read.find("林", actor=clerk, most=3, after=first[-1])
    assert [one.name for one in (*first, *rest)] == ["林0", "林1", "林2", "林3", "林4"]


def test_a_renamed_record_is_found_by_its_new_name(cast: Cast, told: Told) -> None:
    home, clerk = told("dwelling"), cast.actor("clerk")
    write.change(home.id, {"address": "榕树巷2号"}, base=1, actor=clerk, source="office", on=TODAY, at=NOW)
    assert read.find("榕树", actor=clerk) == [home]
    assert read.find("刺桐", actor=clerk) == []


def test_a_phone_gets_what_may_go_there_of_its_own_grids(cast: Cast, told: Told) -> None:
    own, other = told(), told(grid="e20")
    rows = read.on_phone([own, other], cast.actor("grid_worker"))
    assert [row["id"] for row in rows] == [str(own.id)]
    assert rows[0]["values"]["phone"] == "13800138000"
    assert "identity_number" not in rows[0]["values"] and rows[0]["said"]["identity_number"] == 1
    assert len(read.on_phone([own, other], SYSTEM)) == 2


def test_twins_are_suggested_with_reasons_the_strongest_first(cast: Cast, told: Told) -> None:
    clerk, home = cast.actor("clerk"), told("dwelling")
    same = told()
    namesake = told(identity_number="", phone="", born_on="1949-12-31", gender="")
    neighbour = told(identity_number="", phone="", born_on="", gender="")
    told(name="林桂", identity_number="", phone="13900139000", born_on="", gender="")
    write.tie("lives_in", neighbour.id, home.id, source="visit", actor=clerk, at=NOW)
    found = twins_of(PERSON | {"phone": "13800138000"}, "person", actor=clerk, dwelling=home.id)
    assert [(twin.record, twin.reasons) for twin in found] == [
        (same, ["The same identity number", "The same name and phone", "The same name and birthday"]),
        (namesake, ["The same name and birthday"]),
        (neighbour, ["The same name in the same dwelling"]),
    ]
    assert twins_of(PERSON, "person", actor=cast.actor("outsider")) == []
    assert same not in [twin.record for twin in twins_of(PERSON, "person", actor=clerk, besides=same.id)]


def test_one_address_written_two_ways_is_one_address(cast: Cast, told: Told) -> None:
    home = told("dwelling")
    twin = HOME | {"address": "刺桐路 8號"}
    assert [one.record for one in twins_of(twin, "dwelling", actor=cast.actor("clerk"))] == [home]
    assert twins_of(twin | {"room": "503"}, "dwelling", actor=cast.actor("clerk")) == []


def test_twins_of_many_are_found_at_once(told: Told) -> None:
    person, keys = told(), [key for key, _reason in twin_keys("person", PERSON | {"phone": "13800138000"})]
    assert twins_of_all([*keys, "p-call:00"]) == {key: [(person.id, "person")] for key in keys}
