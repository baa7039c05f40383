"""What people and others send wrongly: each gets a clear sentence, and nothing is lost or doubled."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from citong.core.cases.models import Case
from tests.browser.conftest import Report, Someone, Walk
from tests.browser.person import Person, answer
from tests.browser.reporting import sends, tells

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>'\"&amp;"
PARIS = {"longitude": 2.3522, "latitude": 48.8566}


def placed(person: Person) -> None:
    person.page.locator("[name=address]").fill("东区东一社区")
    person.press("Next")


def test_a_script_in_a_title_is_shown_as_text_everywhere(someone: Someone, report: Report, walk: Walk) -> None:
    case = report(title=SCRIPT, text=SCRIPT, public="on").case
    walk(case, "accept")
    dialogs: list[str] = []
    for who, paths in {
        "": ["/", f"/c/{case.number}/", "/map/"],
        "clerk": ["/desk/?tab=all", f"/desk/case/{case.number}/", "/desk/search?q=script", "/desk/map/"],
        "resident": ["/reports/", f"/track/{case.number}/"],
    }.items():
        person = someone(who)
        person.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        for path in paths:
            person.go(path).reads(SCRIPT)
            assert person.page.locator("main img[src=x]").count() == 0
    assert dialogs == []


def test_a_hundred_thousand_signs_get_a_sentence_and_stay_in_the_form(someone: Someone) -> None:
    person = someone().foresees(422)
    text = "井盖" * 50_000
    tells(person, text)
    placed(person)
    person.press("Send")
    expect(person.page.locator("#faults")).to_contain_text(
        person.word("This text is longer than %(most)d characters: please shorten it.", most=4000)
    )
    expect(person.page.locator("[name=text]")).to_have_value(text)
    assert not Case.objects.exists()


def test_a_photo_of_fifty_megabytes_gets_a_sentence_and_the_words_stay(someone: Someone, tmp_path: Path) -> None:
    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.write(b"\xff\xd8\xff\xe0")
        file.truncate(50_000_000)
    person = someone().foresees(422)
    tells(person, "井盖不见了")
    placed(person)
    person.page.locator("[name=photos]").set_input_files(large)
    person.press("Send")
    expect(person.page.locator("#faults")).to_contain_text(
        person.word("%(name)s is larger than 20 MB: send a smaller photo.", name="large.jpg")
    )
    expect(person.page.locator("[name=text]")).to_have_value("井盖不见了")


def test_a_forged_receipt_opens_nothing(someone: Someone, report: Report) -> None:
    opened = report(title="只有本人能看")
    person = someone().go(f"/r/{opened.case.number}/aaaaa-aaaaa/")
    person.at("/track/")
    person.sees("Number and code do not belong together: compare both with your receipt.")
    answer(person.page.locator("main form"), number="26-9999999-9", secret=opened.secret)
    person.press("Show my report")
    person.sees("Number and code do not belong together: compare both with your receipt.")
    person.go(f"/track/{opened.case.number}/").at("/track/")
    assert "只有本人能看" not in person.page.content()


def test_a_double_click_makes_one_case(someone: Someone) -> None:
    person = someone()
    tells(person, "井盖不见了")
    placed(person)
    person.button("Send").dblclick()
    person.at("/receipt/")
    assert Case.objects.count() == 1


def test_a_place_outside_the_city_is_refused_at_once_and_again_when_sent(someone: Someone) -> None:
    person = someone(phone=True, geolocation=PARIS, permissions=["geolocation"]).foresees(422)
    tells(person, "井盖不见了")
    person.press("Use my place")
    outside = "This place lies outside the city: choose a place inside it."
    expect(person.page.locator("#where")).to_contain_text(person.word(outside))
    person.press("Next")
    person.press("Send")
    expect(person.page.locator("#faults")).to_contain_text(person.word(outside))
    expect(person.page.locator("[name=text]")).to_have_value("井盖不见了")
    assert not Case.objects.exists()


def test_a_phone_that_gives_its_place_needs_no_tap(someone: Someone) -> None:
    person = someone(phone=True, geolocation={"longitude": 118.605, "latitude": 24.905}, permissions=["geolocation"])
    tells(person, "井盖不见了")
    person.press("Use my place")
    person.reads("东一社区")
    person.press("Next")
    number, _secret = sends(person)
    assert Case.objects.get(number=number).community == "e1"


def test_what_somebody_else_did_meanwhile_is_told_and_nothing_typed_is_lost(
    someone: Someone, report: Report, walk: Walk
) -> None:
    case = report().case
    clerk = someone("clerk").go(f"/desk/case/{case.number}/").foresees(409)
    with clerk.drawer("Accept") as drawer:
        walk(case, "accept")
        answer(drawer, note="这句话不能丢")
        drawer.locator(".act-send button").first.click()
        expect(drawer.locator("[role=alert]")).to_contain_text(clerk.word("Load the case anew"))
        expect(drawer.locator("[name=note]")).to_have_value("这句话不能丢")
