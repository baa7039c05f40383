"""The agreement at the desk: a mediator drafts it point by point and signs last, a judge reads it and confirms."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Locator, expect

from citong.services.mediation.agreements import current, points_of
from tests.browser.conftest import Window
from tests.browser.person import Person, answer
from tests.browser.test_accessible import Inspector, inspector
from tests.disputes import Quarrel

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("CITONG_SHOTS", "")  # a folder for pictures of what was looked at
CHECKS = ("is_willing", "is_able", "is_lawful", "harms_nobody", "is_clear", "is_true")
Look = Callable[..., None]


@pytest.fixture
def look(inspector: Inspector) -> Look:
    """`look(person, "name")`: the open page has nothing wrong, and is kept as a picture where a folder is named."""

    def looks(person: Person, name: str) -> None:
        inspector.look(person)
        if SHOTS:
            person.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)

    return looks


def beside(quarrel: Quarrel, state: str) -> Quarrel:
    """The case is in this state: in a thread of its own, since sealing keeps a loop, as playwright does in this one."""

    def until() -> None:
        try:
            quarrel.until(state)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(until).result()
    return quarrel


def drawn(form: Locator) -> None:
    """A name was drawn on the pad."""
    pad = form.locator("canvas.signature-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    form.page.mouse.move(box["x"] + 30, box["y"] + 30)
    form.page.mouse.down()
    for step in range(1, 12):
        form.page.mouse.move(box["x"] + 30 + 15 * step, box["y"] + 30 + 20 * (step % 3))
    form.page.mouse.up()


def sent(person: Person) -> None:
    """The open form was sent, and the page says that it is done."""
    person.page.locator(".act-send button").first.click()
    expect(person.page.locator("main [role=status] .alert")).to_be_visible()


def test_the_mediator_drafts_point_by_point_and_signs_last(window: Window, quarrel: Quarrel, look: Look) -> None:
    case = quarrel.until("mediating").case
    mediator = window(quarrel.mediators.committee).go(f"/desk/case/{case.number}/do/draft/")
    form = mediator.page.locator("main form.act-form")
    expect(form.locator("[name=about]")).to_have_value("隔壁新砌的围墙把小路堵窄了")
    rows: dict[str, Any] = {
        "terms-0-by": str(quarrel.party("respondent").pk), "terms-0-what": "把围墙退回半米",
        "terms-0-due": "2030-06-30",
        "terms-1-what": "双方不在小路上堆放东西",
    }  # fmt: skip
    answer(form, **rows, settles="all")
    for name in CHECKS:
        form.locator(f"[name={name}]").check()
    look(mediator, "draft")
    sent(mediator)
    agreement = current(case.id)
    assert agreement is not None
    assert [one.words for one in points_of(agreement)] == [
        "吴邻居于2030年6月30日前把围墙退回半米", "双方不在小路上堆放东西",
    ]  # fmt: skip
    quarrel.each("sign")
    mediator.go(f"/desk/case/{case.number}/do/sign/")
    form = mediator.page.locator("main form.act-form")
    form.locator("[name=read]").check()
    drawn(form)
    look(mediator, "mediator-signs")
    sent(mediator)
    assert quarrel.case.state == "effective"
    look(mediator.go(f"/desk/case/{case.number}/"), "agreed")
    mediator.page.locator(".paper-look").first.click()
    mediator.sees("Nothing of this paper was changed.")
    look(mediator, "checked")


def test_the_judge_finds_all_that_is_needed_on_one_page_and_rules(
    window: Window, quarrel: Quarrel, look: Look
) -> None:  # fmt: skip
    case = beside(quarrel, "confirm_applied").case
    judge = window(quarrel.mediators.judge).go("/desk/")
    look(judge, "judge-inbox")
    judge.reads(case.number)
    judge.page.get_by_role("link", name=case.title).first.click()
    judge.reads("司法确认申请书", "人民调解协议书", "林居民", "吴邻居")
    look(judge, "judge")
    href = judge.page.locator(".paper-list a", has_text="人民调解协议书").first.get_attribute("href")
    assert judge.context.request.get(f"{judge.url}{href}").headers["content-type"] == "application/pdf"
    judge.go(f"/desk/case/{case.number}/do/court_accept/")
    answer(judge.page.locator("main form.act-form"), note="符合受理条件")
    sent(judge)
    judge.go(f"/desk/case/{case.number}/do/rule_confirm/")
    form = judge.page.locator("main form.act-form")
    form.locator("[name=heard]").check()
    answer(form, ruling_number="（2026）闽0599民特31号", clerk="罗书记")
    look(judge, "rules")
    sent(judge)
    judge.reads("民事裁定书（确认调解协议）")
    look(judge, "confirmed")


__all__ = ["inspector"]
