"""An owner lets a program hear of each step, sees that it arrives, and ends it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from citong.core.hooks.models import Hook
from citong.core.hooks.sending import deliver
from citong.core.hooks.spread import spread
from citong.core.ledger.seal import seal
from tests.browser.conftest import Report, Someone
from tests.browser.person import Person, answer
from tests.browser.test_accessible import LANGUAGES, Inspector, inspector
from tests.receiver import Receiver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def minute() -> None:
    now = timezone.now() + timedelta(seconds=1)
    seal(at=now)
    spread(at=now)
    deliver(at=now)


def makes(person: Person, receiver: Receiver) -> Hook:
    """The person has made a webhook through the pages."""
    person.go("/hooks/").press("New webhook")
    answer(person.page.locator("main form"), name="区里的大屏", address=receiver.url, acts=["accept", "open"])
    person.press("Make it")
    expect(person.page.locator(".hooks-code code")).to_have_text(re.compile(r"^whsec_\S{44}$"))
    return Hook.objects.order_by("-id")[0]


def test_a_clerk_connects_a_program_and_ends_it(someone: Someone, receiver: Receiver, report: Report) -> None:
    clerk = someone("clerk").go("/desk/profile/")
    clerk.press("Webhooks")
    makes(clerk, receiver)
    report()
    receiver.status = 500
    minute()
    clerk.page.reload()
    clerk.sees("is tried again")
    receiver.status = 200
    clerk.press("Again")
    minute()
    clerk.page.reload()
    expect(clerk.page.locator("tbody tr")).to_have_count(2)
    clerk.sees("taken")
    clerk.press("End it")
    clerk.press("Not yet", within=clerk.page.locator("dialog#confirm"))
    clerk.press("End it")
    with clerk.page.expect_navigation():
        clerk.press("Yes, do it", within=clerk.page.locator("dialog#confirm"))
    clerk.sees("has ended")
    assert Hook.objects.get().state() == "ended"


@LANGUAGES
def test_the_pages_of_webhooks(
    someone: Someone, inspector: Inspector, receiver: Receiver, report: Report, language: str
) -> None:
    for name in ("clerk", "resident"):
        person = someone(name, language=language)
        inspector.look(person, "/hooks/", "/hooks/new")
        hook = makes(person, receiver)
        inspector.look(person)
        report()
        receiver.status = 500
        minute()
        inspector.look(person, f"/hooks/{hook.id}/", "/hooks/")


__all__ = ["inspector"]
