"""The desk without a mouse."""

import re

import pytest
from playwright.sync_api import Locator, expect

from citong.core.cases.models import Case
from tests.browser.conftest import Report, Someone
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TABS = 40


def tabs_to(person: Person, wanted: Locator) -> None:
    """The focus was moved there by the tab key alone."""
    for _press in range(MOST_TABS):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        person.page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} tabs do not reach {wanted}.")


def test_a_clerk_goes_through_the_inbox_and_accepts_without_a_mouse(someone: Someone, report: Report) -> None:
    first, second = report(text="第一件：井盖松动").case, report(text="第二件：井盖破损").case
    clerk = someone("clerk").go("/desk/")
    keys, titles = clerk.page.keyboard, clerk.page.locator(".line-title")
    keys.press("j")
    expect(titles.first).to_be_focused()
    keys.press("j")
    expect(titles.last).to_be_focused()
    keys.press("k")
    expect(titles.first).to_be_focused()
    keys.press("Enter")
    expect(clerk.page).to_have_url(re.compile(f"{first.number}|{second.number}"))

    tabs_to(clerk, clerk.button("Accept"))
    keys.press("Enter")
    drawer = clerk.page.locator("dialog.drawer[open]")
    expect(drawer).to_be_visible()
    assert drawer.evaluate("one => one.contains(document.activeElement)")
    tabs_to(clerk, drawer.locator(".act-send button").first)
    keys.press("Enter")
    clerk.sees("The report was accepted.")
    assert Case.objects.filter(state="dispatching").count() == 1


def test_escape_closes_the_drawer_and_the_keys_explain_themselves(someone: Someone, report: Report) -> None:
    clerk = someone("clerk").go(f"/desk/case/{report().case.number}/")
    with clerk.drawer("Accept") as drawer:
        clerk.page.keyboard.press("Escape")
        expect(drawer).to_be_hidden()
    clerk.page.keyboard.press("?")
    expect(clerk.page.locator("#keys")).to_be_visible()
    clerk.page.keyboard.press("Escape")
    clerk.page.keyboard.press("/")
    expect(clerk.page.locator("[role=search] input")).to_be_focused()
