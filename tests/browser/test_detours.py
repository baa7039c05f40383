"""The ways around: return, another unit, several units, more time, rework and reopening, each through its drawer."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from citong.core.cases.models import Case
from tests.browser.conftest import Report, Someone, Walk
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def due_at(case: Case) -> datetime:
    case.refresh_from_db()
    assert case.due_at is not None
    return case.due_at


def opened(person: Person, case: Case) -> Person:
    return person.go(f"/desk/case/{case.number}/")


def test_a_case_that_is_not_ours_goes_back_with_the_reason_and_to_another_unit(
    someone: Someone, report: Report, walk: Walk
) -> None:
    case = walk(report().case, "accept", "dispatch")
    handler = opened(someone("handler"), case)
    handler.does("Return", reason="此处归消防通道管理")
    handler.at("/desk/")
    handler.reads(case.number)

    dispatcher = opened(someone("dispatcher"), case)
    dispatcher.reads("此处归消防通道管理")
    dispatcher.does("Dispatch", unit="fire-e", note="请核实")
    dispatcher.does("Re-assign", unit="urban-e", reason="现场是市政井盖")
    opened(handler, case).reads("现场是市政井盖")
    handler.press("Take")
    handler.sees("A handler took the case.")


def test_the_case_is_done_only_when_every_helping_unit_has_done_its_part(
    someone: Someone, report: Report, walk: Walk
) -> None:
    case = walk(report().case, "accept", "dispatch")
    opened(someone("dispatcher"), case).does("Handle jointly", units=["fire-e"], note="请协助警戒")
    handler = opened(someone("handler"), case)
    expect(handler.button("Report as done")).to_have_count(0)
    handler.reads("东区消防队")

    firefighter = opened(someone("firefighter"), case)
    firefighter.does("Report my part as done", result="警戒已撤除")
    opened(handler, case).does("Report as done", result="已经修好")
    case.refresh_from_db()
    assert case.state == "checking"


def test_more_time_is_asked_for_granted_and_seen_by_the_clock(someone: Someone, report: Report, walk: Walk) -> None:
    case = walk(report().case, "accept", "dispatch")
    handler = opened(someone("handler"), case)
    handler.does("Ask for more time", days="3", reason="等待配件")
    before = due_at(case)
    opened(someone("dispatcher"), case).does("Decide on more time", decision="grant", reason="同意")
    opened(handler, case)
    expect(handler.page.locator(".dials")).to_contain_text("东区指挥中心")
    assert due_at(case) > before


def test_bad_work_is_done_again_and_a_closed_case_is_opened_again(someone: Someone, report: Report, walk: Walk) -> None:
    case = walk(report().case, "accept", "dispatch", "feed_back")
    verifier = opened(someone("verifier"), case)
    verifier.does("Not good enough", reason="井盖仍松动")
    handler = opened(someone("handler"), case)
    handler.reads("井盖仍松动")
    handler.does("Report as done", result="已加固")
    opened(verifier, case).does("Verify and close", way="photo")

    resident = someone("resident").go(f"/track/{case.number}/")
    resident.page.locator("summary", has_text=resident.word("Reopen")).click()
    form = resident.page.locator("details[open] form")
    form.locator("textarea").fill("下雨后又松了")
    form.locator("button").click()
    resident.sees("The case was reopened.")
    case.refresh_from_db()
    assert (case.state, case.reworks, case.reopenings) == ("dispatching", 1, 1)
