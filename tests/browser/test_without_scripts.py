"""Without scripts everything can still be done."""

import pytest
from playwright.sync_api import expect

from citong.core.cases.models import Case
from tests.browser.conftest import Report, Someone
from tests.browser.person import answer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_report_is_made_and_followed_without_scripts(someone: Someone) -> None:
    person = someone(phone=True, java_script_enabled=False).go("/report/")
    form = person.page.locator("#report-form")
    answer(form, text="路灯三天不亮了", category="urban.light", address="东区东二社区", reporting="anonymous")
    person.press("Send")
    number = person.page.locator("#receipt-number").inner_text()
    secret = person.page.locator("#receipt-secret").inner_text()

    later = someone(java_script_enabled=False, language="zh-hant").go("/track/")
    answer(later.page.locator("main form"), number=number, secret=secret)
    later.press("Show my report")
    later.at(f"/track/{number}/")
    later.reads("路灯三天不亮了")
    assert Case.objects.get(number=number).reporting == "anonymous"


def test_a_clerk_accepts_without_scripts(someone: Someone, report: Report) -> None:
    case = report().case
    clerk = someone("clerk", java_script_enabled=False).go("/desk/")
    clerk.page.locator(".line-title").click()
    clerk.press("Accept")
    clerk.at(f"/desk/case/{case.number}/do/accept/")
    clerk.press("Accept", within=clerk.page.locator(".act-send"))
    clerk.sees("The report was accepted.")
    expect(clerk.page.locator(".case-state .state")).to_have_text(clerk.word("To dispatch"))
