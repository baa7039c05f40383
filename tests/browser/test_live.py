"""Open screens hear of changes by themselves."""

from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import expect

from tests.browser.conftest import Report, Someone, Walk
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


LISTENERS = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %%' AND backend_start > %s"


def watching(person: Person, path: str) -> Person:
    """The page is open, and the server listens to the database on its behalf."""
    began = asked("SELECT clock_timestamp()")
    with person.page.expect_response("**/desk/live"):
        person.go(path)
    for _look in range(400):
        if asked(LISTENERS, began):
            return person
        person.page.wait_for_timeout(50)
    raise AssertionError("The server does not listen.")


def asked(query: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def test_a_new_case_is_announced_in_an_open_inbox_and_shown_without_a_reload(someone: Someone, report: Report) -> None:
    clerk = watching(someone("clerk"), "/desk/")
    fresh = report(text="刚刚发现的井盖破损").case
    bar = clerk.page.locator("[data-live-said]")
    expect(bar).to_be_visible()
    clerk.page.evaluate("window.notReloaded = true")
    bar.click()
    expect(clerk.page.locator(".line-title", has_text=fresh.title)).to_be_visible()
    expect(bar).to_be_hidden()
    assert clerk.page.evaluate("window.notReloaded")


def test_an_open_case_tells_that_somebody_else_has_worked_on_it_and_of_no_other(
    someone: Someone, report: Report, walk: Walk
) -> None:
    case, other = report().case, report(text="另一件事：路灯不亮").case
    clerk = watching(someone("clerk"), f"/desk/case/{case.number}/")
    said = clerk.page.locator("[data-live-said]")
    walk(other, "accept")
    expect(said).to_be_hidden()
    walk(case, "accept")
    expect(said).to_be_visible()
