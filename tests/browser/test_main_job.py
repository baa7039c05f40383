"""The main job: a report finds its hands, is handled in time, checked by somebody else, closed and rated."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from citong.core.cases.models import Case
from citong.core.ledger.models import Entry
from citong.core.ledger.read import faults
from citong.core.notices.models import Notice
from tests.browser.conftest import Report, Someone
from tests.browser.person import Person
from tests.browser.reporting import map_of, points, rates, sends, tells

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "小区东门外的窨井盖不见了"
TEXT = f"{TITLE}，晚上没有灯，老人差点摔进去。"
WAY = ["open", "accept", "dispatch", "take", "feed_back", "close", "rate"]


def test_a_report_goes_from_a_phone_through_four_people_to_its_rating(
    someone: Someone, report: Report, photo: Path
) -> None:
    other = report(text="路口窨井盖松动", lon=118.6052, lat=24.9051, public="on").case
    resident = someone(phone=True, maps=True)
    tells(resident, TEXT, kind="urban.manhole", photo=photo)
    points(resident)
    resident.reads("东一社区", other.title)
    resident.press("Next")
    expect(resident.page.locator("[data-preview]")).to_contain_text(TEXT)
    number, secret = sends(resident)

    staff_settle_it(someone, number, photo)

    elsewhere = someone(phone=True).go(f"/r/{number}/{secret}/")
    elsewhere.at(f"/track/{number}/")
    assert secret not in elsewhere.page.content()
    sees_every_step(elsewhere)
    rates(elsewhere)
    assert_whole(Case.objects.get(number=number))


def staff_settle_it(someone: Someone, number: str, photo: Path) -> None:
    clerk = someone("clerk").go("/desk/")
    expect(clerk.page.locator(".bell")).to_have_accessible_name(clerk.word("Notices: %(n)s", n=2))
    clerk.page.get_by_role("link", name=TITLE).click()
    expect(clerk.page.locator(".case-main .photos img")).not_to_have_count(0)
    clerk.does("Accept", category="urban.manhole")

    dispatcher = someone("dispatcher").go(f"/desk/case/{number}/")
    dispatcher.does("Dispatch", note="请今天先围起来")

    handler = someone("handler").go("/desk/")
    expect(handler.page.locator(".bell")).to_have_accessible_name(handler.word("Notices: %(n)s", n=1))
    handler.page.get_by_role("link", name=TITLE).click()
    handler.press("Take")
    handler.does("Report as done", result="已换新井盖并试压", photo=photo)

    verifier = someone("verifier").go(f"/desk/case/{number}/")
    verifier.reads("已换新井盖并试压")
    verifier.does("Verify and close", way="site", note="现场平整")


def sees_every_step(person: Person) -> None:
    done = ["The report was accepted.", "The report was sent to those who handle it.",
            "The handler reported it as done.", "The result was checked and the case closed."]  # fmt: skip
    person.sees(*done)
    person.reads("已换新井盖并试压", "东区城管局")


def assert_whole(case: Case) -> None:
    told = Entry.objects.filter(subject=case.id).order_by("position")
    assert [entry.act for entry in told] == WAY
    assert list(faults(list(told))) == []
    assert case.handling_unit is not None
    assert (case.state, case.rating, case.handling_unit.code) == ("closed", 5, "urban-e")
    assert Notice.objects.filter(subject=case.id, unit__code="urban-e", code="rate").exists()


def test_the_place_is_set_by_keyboard_alone_and_the_report_is_written_in_english(someone: Someone) -> None:
    person = someone(language="en", maps=True)
    tells(person, "The cover of the manhole is missing.")
    canvas = map_of(person).locator("canvas")
    canvas.focus()
    person.page.keyboard.press("ArrowRight")
    person.page.keyboard.press("Enter")
    expect(person.page.locator(".public-where")).to_be_visible()
    person.press("Next")
    number, _secret = sends(person)
    case = Case.objects.get(number=number)
    assert case.lon is not None and case.district


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_an_address_is_enough_in_each_language(someone: Someone, language: str) -> None:
    person = someone(phone=True, language=language)
    tells(person, TEXT)
    person.page.locator("[name=address]").fill("东区东一社区小学门口")
    person.reads("东一社区")
    person.press("Next")
    number, _secret = sends(person)
    expect(person.page.locator("html")).to_have_attribute("lang", language)
    person.press("I have kept it: show my report")
    person.sees("Received")
    assert Case.objects.get(number=number).community == "e1"
