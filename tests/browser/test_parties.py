"""Two neighbours at their phones: one tells of the quarrel, the other is invited; both consent, choose and sign."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from citong.core.cases.models import Case
from citong.core.notices.models import Notice
from citong.core.notices.words import message
from tests.browser.conftest import PHONE, Someone
from tests.browser.person import Person, answer
from tests.browser.reporting import points, receipt_of
from tests.browser.test_accessible import Inspector, inspector
from tests.disputes import Quarrel
from tests.mediators import Mediators

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT, WISH = "隔壁新砌的围墙把小路堵窄了，三轮车过不去。", "把围墙退回去半米"
SHOTS = os.environ.get("CITONG_SHOTS", "")  # a folder for pictures of what was looked at


@pytest.fixture
def tells(inspector: Inspector) -> Callable[..., None]:
    """`look(person, "name")`: the open page has nothing wrong, and is kept as a picture where a folder is named."""

    def looks(person: Person, name: str = "") -> None:
        inspector.look(person)
        for width in (360, 1440) if SHOTS and name else ():
            person.page.set_viewport_size({"width": width, "height": 740 if width == 360 else 900})
            person.page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)
        person.page.set_viewport_size(PHONE)

    return looks


def applies(person: Person, look: Callable[..., None]) -> tuple[str, str]:
    """The dispute was told step by step; returns number and code of its receipt."""
    person.go("/")
    look(person, "home")
    person.page.get_by_role("link", name=person.word("Settle a dispute")).click()
    person.at("/report/mediation/")
    person.sees("Is somebody threatened or hurt now? Call 110 first.")
    person.press("Next")
    expect(person.page.locator("[name=text]")).to_be_visible()  # nothing was told yet
    answer(person.page.locator("form[data-report]"), kind="neighbour", text=TEXT)
    look(person, "apply-1")
    person.press("Next")
    answer(person.page.locator("form[data-report]"), wish=WISH)
    look(person, "apply-2")
    person.press("Next")
    answer(person.page.locator("form[data-report]"), other_name="吴邻居", other_phone="13887654321")
    look(person, "apply-3")
    person.press("Next")
    points(person)
    look(person, "apply-4")
    person.press("Next")
    answer(person.page.locator("form[data-report]"), name="林居民", phone="13812345678", languages=["minnan"])
    expect(person.page.locator("[data-preview]")).to_contain_text(WISH)
    look(person, "apply-5")
    person.press("Send")
    person.at("/receipt/")
    look(person, "receipt")
    return receipt_of(person)


def invited(quarrel: Quarrel, person: Person) -> Person:
    """The other side has opened the case with the code of its text message."""
    by = "mediator" if quarrel.case.holder_id else "clerk"
    quarrel.do("invite_party", by=by, party=str(quarrel.party("respondent").pk), way="sms")
    notice = Notice.objects.filter(channel="sms", code="invite_party").latest("id")
    code = re.findall(r"[2-9a-z]{5}-[2-9a-z]{5}", message(notice))[0]
    return person.go(f"/r/{quarrel.case.number}/{code}/")


def does(person: Person, act: str, **given: Any) -> None:
    """What waits for the party was done."""
    form = person.page.locator(f"#due-{act} form")
    for name, value in given.items():
        field = f"{act}-{name}"
        form.locator(f"[name={field}]").check() if value is True else answer(form, photo=None, **{field: value})
    form.locator("button.public-do").click()
    expect(person.page.locator("main [role=status] .alert")).to_be_visible()


def test_a_resident_tells_of_a_dispute_on_the_phone(
    someone: Someone, mediators: Mediators, tells: Callable[..., None]
) -> None:  # fmt: skip
    person = someone(phone=True, maps=True)
    number, _secret = applies(person, tells)
    person.press("I have kept it: show my report")
    person.at(f"/track/{number}/")
    person.reads(TEXT, WISH)
    tells(person, "tracked-found")
    assert Case.objects.get(number=number).text == ""


def test_a_dispute_is_told_without_scripts(someone: Someone, mediators: Mediators) -> None:
    person = someone(phone=True, java_script_enabled=False).go("/report/mediation/")
    form = person.page.locator("form[data-report]")
    answer(
        form,
        kind="neighbour",
        text=TEXT,
        address="东区东一社区",
        name="林居民",
        phone="13812345678",
        other_name="吴邻居",
    )
    person.press("Send")
    person.at("/receipt/")
    assert {one.side for one in Case.objects.get().parties.all()} == {"applicant", "respondent"}


def test_both_consent_and_choose_the_same_mediator(
    someone: Someone, quarrel: Quarrel, tells: Callable[..., None]
) -> None:  # fmt: skip
    quarrel.until("offered")
    other = invited(quarrel, someone(phone=True))
    other.at(f"/track/{quarrel.case.number}/")
    tells(other, "party-offered")
    does(other, "consent", read=True)
    assert quarrel.case.state == "choosing"

    own = someone("resident", phone=True).go("/reports/")
    own.page.locator(".public-list a").first.click()
    tells(own, "party-choosing")
    mediator = str(quarrel.mediators.register["elder"].pk)
    does(own, "choose", mediator=mediator)
    expect(own.page.locator("#due-choose")).to_have_count(0)
    other.go(f"/track/{quarrel.case.number}/")
    does(other, "choose", mediator=mediator)
    tells(other, "party-assigned")
    assert quarrel.case.state == "assigned" and quarrel.case.holder_id == quarrel.mediators.elder.id


def test_an_offer_is_answered_and_a_word_told_to_the_mediator_alone(
    someone: Someone, quarrel: Quarrel, tells: Callable[..., None]
) -> None:  # fmt: skip
    quarrel.until("mediating")
    quarrel.do("offer", by="applicant", amount="500", text="各让一步：墙退半米，补五百元")
    other = invited(quarrel, someone(phone=True))
    tells(other, "party-offer")
    does(other, "answer_offer", answer="accept")
    other.page.locator("summary", has_text=other.word("Tell the mediator alone")).click()
    form = other.page.locator("details[open] form").last
    form.locator("[name=confide-note]").fill("其实我还可以再让一点")
    form.locator("button.public-do").click()
    other.sees("Only your side and the mediator read this.")
    tells(other, "party-confided")


def test_the_agreement_is_signed_with_a_finger(
    someone: Someone, quarrel: Quarrel, tells: Callable[..., None]
) -> None:  # fmt: skip
    other = invited(quarrel.until("signing"), someone(phone=True))
    tells(other, "party-signing")
    paper = other.page.locator("#due-sign a.btn").first
    assert (
        other.context.request.get(f"{other.url}{paper.get_attribute('href')}").headers["content-type"]
        == "application/pdf"
    )
    pad = other.page.locator("canvas.signature-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None and box["width"] > 240 and box["x"] + box["width"] <= PHONE["width"]
    other.page.mouse.move(box["x"] + 30, box["y"] + 30)
    other.page.mouse.down()
    for step in range(1, 12):
        other.page.mouse.move(box["x"] + 30 + 15 * step, box["y"] + 30 + 20 * (step % 3))
    other.page.mouse.up()
    does(other, "sign", read=True)
    expect(other.page.locator("#due-sign")).to_have_count(0)
    tells(other, "party-signed")


def test_the_clerk_invites_and_prints_the_letter(
    someone: Someone, quarrel: Quarrel, tells: Callable[..., None]
) -> None:  # fmt: skip
    case = quarrel.until("offered").case
    clerk = someone("clerk").go(f"/desk/case/{case.number}/do/invite_party/")
    answer(clerk.page.locator("main form"), party=str(quarrel.party("respondent").pk), way="letter")
    clerk.page.locator(".act-send button").click()
    clerk.at(f"/desk/mediation/invitation/{case.number}/")
    tells(clerk, "invitation")
    tells(clerk.go(f"/desk/mediation/invitation/{case.number}/?print=1"), "letter")


__all__ = ["inspector"]
