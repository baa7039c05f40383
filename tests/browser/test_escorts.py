"""An escort in the browser: asked on a phone, approved by a key, followed live, ended with one hand."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from citong.core.cases.models import Case
from citong.services.escort.models import Position
from citong.services.escort.tests.street import A_BLOCK, BLOCK_M, LAT, WEST, Street, street
from tests.browser.conftest import Someone
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("CITONG_PICTURES", "")
GOAL = f"{WEST + 6.9 * A_BLOCK}, {LAT}"


def here(metres: float) -> Any:
    return {"longitude": WEST + 0.0005 + metres / BLOCK_M * A_BLOCK, "latitude": LAT, "accuracy": 5}


def on_the_road(someone: Someone, **rest: Any) -> Person:
    return someone(
        "officer", phone=True, language="en", permissions=["geolocation"], geolocation=here(0), **rest
    )  # fmt: skip


def picture(person: Person, name: str) -> None:
    if PICTURES:
        person.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def drives(street: Street, phone: Person, seconds: int, *, speed: float = 15.0, begins: float = 0.0) -> None:
    for second in range(seconds):
        phone.context.set_geolocation(here(begins + second * speed))
        phone.page.wait_for_timeout(1000)
        street.now = timezone.now()
        street.second()


def test_from_the_request_on_the_road_to_the_report(street: Street, someone: Someone) -> None:
    phone, desk = on_the_road(someone), someone("operator", language="en", maps=bool(PICTURES))
    desk.go("/desk/escorts/")
    expect(desk.page.get_by_text("Nobody asks for an escort now")).to_be_visible()
    phone.go("/escort/")
    expect(phone.page.locator("[data-where]")).to_contain_text("From where you are")
    phone.page.get_by_label("Where to?").fill(GOAL)
    picture(phone, "ask")
    phone.page.get_by_role("button", name="Ask the centre").click()
    expect(phone.page.get_by_text("The centre is asked")).to_be_visible()
    case = Case.objects.get(service="escort")
    line = desk.page.get_by_role("link", name="Ambulance")
    expect(line).to_be_visible()
    line.click()
    expect(desk.page.get_by_text("5 lights")).to_be_visible()
    picture(desk, "asked")
    desk.page.locator("body").press("a")
    expect(desk.page.get_by_text("The centre approved the escort.")).to_be_visible()
    phone.page.get_by_role("button", name="Set off").click()
    expect(phone.page.get_by_role("button", name="I am there")).to_be_visible()
    drives(street, phone, 14)
    assert Position.objects.filter(escort=case.pk).count() > 5
    expect(phone.page.locator(".escort-next h2")).to_contain_text("小巷")
    expect(desk.page.locator(".escort-ahead li").first).to_be_visible()
    picture(phone, "drive")
    picture(desk, "console")
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.page.get_by_role("button", name="I am there").click()
    expect(phone.page.locator("#confirm")).to_contain_text("m to go")
    phone.page.wait_for_timeout(2500)  # what comes each second takes nothing from under the thumb
    phone.page.get_by_role("button", name="Yes, do it").click()
    phone.page.get_by_role("link", name="Report", exact=True).click()
    expect(phone.page.get_by_text("Time won", exact=True)).to_be_visible()
    picture(phone, "report")


def test_a_phone_that_may_not_tell_its_place_says_so_and_what_happens(street: Street, someone: Someone) -> None:
    case = street.under_way()
    phone = someone("officer", phone=True, language="en")
    phone.go(f"/escort/{case.number}/")
    expect(phone.page.get_by_text("Your phone does not say where you are.")).to_be_visible()


__all__ = ["street"]
