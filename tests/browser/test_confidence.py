"""A report in confidence: who handles it never learns the name, and the reporter sees who looked."""

import pytest
from playwright.sync_api import expect

from citong.core.cases.models import Case
from tests.browser.conftest import Someone, Walk
from tests.browser.reporting import sends, tells

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME, PHONE = "许知秋", "05950001234"


def test_the_handler_never_sees_the_name_the_clerk_does_and_the_reporter_sees_who_looked(
    someone: Someone, walk: Walk
) -> None:
    reporter = someone(phone=True)
    tells(reporter, "邻居把井盖搬走了", kind="urban.manhole")
    reporter.page.locator("[name=address]").fill("东区东一社区")
    reporter.press("Next")
    reporter.page.locator("[name=reporting][value=confidential]").check()
    reporter.page.locator("[name=name]").fill(NAME)
    reporter.page.locator("[name=phone]").fill(PHONE)
    number, _secret = sends(reporter)
    case = walk(Case.objects.get(number=number), "accept", "dispatch")

    handler = someone("handler").go(f"/desk/case/{number}/")
    handler.reads("邻居把井盖搬走了")
    handler.sees("Reported in confidence: the intake desk alone knows the name. Ask it to call.")
    for path in (f"/desk/case/{number}/", "/desk/", "/desk/notices/", f"/desk/case/{number}/do/feed_back/"):
        content = handler.go(path).page.content()
        assert NAME not in content
        assert PHONE not in content

    clerk = someone("clerk").go(f"/desk/case/{number}/")
    clerk.reads(NAME)
    clerk.press("Show")
    expect(clerk.page.locator(f"a[href='tel:{PHONE}']")).to_be_visible()

    reporter.go(f"/track/{case.number}/looks/")
    expect(reporter.page.locator(".public-looks-list li")).to_have_count(3)
    reporter.reads("东区城管局", "东区指挥中心")
