"""A real browser in front of the tiny town: one for all tests, a fresh window for each person."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from django.conf import settings as installed
from django.test import Client
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright

from citong.core.cases.models import Case
from citong.core.flow.intake import Opened
from citong.core.people.models import Account
from tests.browser.demo_city import command, quanzhou
from tests.browser.person import Person
from tests.browser.server import Server
from tests.cast import Cast

# The shell without a window takes a third of the time of the browser with one.
CHROMIUM = os.environ.get("CITONG_CHROMIUM") or which("chromium-headless-shell") or which("chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--lang=zh-CN", "--enable-unsafe-swiftshader",
]  # fmt: skip
WAITS_MS = 20_000
DESK, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=360, height=740)
LOCALES = {"zh-hans": "zh-CN", "zh-hant": "zh-TW", "en": "en"}
SIGN_IN = "allauth.account.auth_backends.AuthenticationBackend"
UNDRAWN = """new MutationObserver(() => {
    document.querySelectorAll('[data-map]').forEach((box) => box.removeAttribute('data-map'));
    document.querySelectorAll('[data-map-later]').forEach((box) => box.setAttribute('data-started', 'yes'));
}).observe(document, {childList: true, subtree: true})"""

Window = Callable[..., Person]
Someone = Callable[..., Person]
Report = Callable[..., Opened]
Walk = Callable[..., Case]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, and the permission to ask the database beside it: playwright keeps a loop in the tests' thread."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=WAITS_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[Server]:
    """The server over the test database; it ends before the database does."""
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def window(browser: Browser, server: Server, transactional_db: None, settings: Any) -> Iterator[Window]:
    """`window(account, phone=True, language="en", maps=True, **context)`: a browser window, signed in if said.

    Maps stay undrawn unless wanted: they cost more than all the rest. At the end no window has complained.
    """
    people: list[Person] = []  # `settings` is asked for so that photos stay where they are until all have left

    def opens(
        account: Account | None = None,
        *,
        phone: bool = False,
        language: str = "zh-hans",
        maps: bool = False,
        **rest: Any,
    ) -> Person:
        size = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if phone else {"viewport": DESK}
        context = browser.new_context(locale=LOCALES[language], reduced_motion="reduce", **size | rest)
        context.set_default_timeout(WAITS_MS)
        if not maps:
            context.add_init_script(UNDRAWN)
        if account is not None:
            context.add_cookies([_signed_in(account, server.url)])
        people.append(Person(context, context.new_page(), server.url, language))
        return people[-1]

    yield opens
    for person in people:
        person.context.close()
    server.rest()
    assert [fault for person in people for fault in person.faults] == []


@pytest.fixture
def someone(window: Window, cast: Cast) -> Someone:
    """`someone("clerk", **window)`: that person of the cast has signed in; without a name it is anybody."""
    return lambda name="", **rest: window(cast.people[name] if name else None, **rest)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo as a telephone takes it."""
    path = tmp_path / "井盖.jpg"
    image = Image.new("RGB", (1600, 1200), "#8d8f86")
    ImageDraw.Draw(image).ellipse((500, 300, 1100, 900), fill="#1d1f1b", outline="#5b5d57", width=40)
    image.save(path, "JPEG")
    return path


def _signed_in(account: Account, url: str) -> Any:
    client = Client()
    client.force_login(account, backend=SIGN_IN)
    cookie = installed.SESSION_COOKIE_NAME
    return {"name": cookie, "value": client.cookies[cookie].value, "url": url}


__all__ = ["command", "quanzhou"]
