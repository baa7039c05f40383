"""Open screens hear of changes by themselves."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Report, Someone, Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_new_case_is_announced_in_an_open_inbox_and_shown_without_a_reload(someone: Someone, report: Report) -> None:
    clerk = someone("clerk")
    with clerk.page.expect_response("**/desk/live"):
        clerk.go("/desk/")
    fresh = report(text="刚刚发现的井盖破损").case
    bar = clerk.page.locator("[data-live-said]")
    expect(bar).to_be_visible()
    clerk.page.evaluate("window.notReloaded = true")
    bar.click()
    expect(clerk.page.locator(".line-title", has_text=fresh.title)).to_be_visible()
    assert clerk.page.evaluate("window.notReloaded")


def test_an_open_case_tells_that_somebody_else_has_worked_on_it(someone: Someone, report: Report, walk: Walk) -> None:
    case = report().case
    clerk = someone("clerk")
    with clerk.page.expect_response("**/desk/live"):
        clerk.go(f"/desk/case/{case.number}/")
    other = report(text="另一件事：路灯不亮").case
    walk(other, "accept")
    expect(clerk.page.locator("[data-live-said]")).to_be_hidden()
    walk(case, "accept")
    expect(clerk.page.locator("[data-live-said]")).to_be_visible()
