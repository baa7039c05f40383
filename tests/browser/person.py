"""A person at a browser: what they open, read, press and fill in, in their own language."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

STATUS = re.compile(r"status of (\d{3})")


@dataclass
class Person:
    """One browser window of somebody. `faults` is what its console complained about."""

    context: BrowserContext
    page: Page
    url: str
    language: str = "zh-hans"
    faults: list[str] = field(default_factory=list)
    foreseen: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda fault: self.faults.append(f"{self.page.url}: {fault}"))

    def word(self, source: str, **values: Any) -> str:
        """How the platform says this sentence in the person's language."""
        with translation.override(self.language):
            said = gettext(source)
        return said % values if values else said

    def go(self, path: str) -> "Person":
        """The page at that path is open."""
        answered = self.page.goto(path if path.startswith("http") else f"{self.url}{path}")
        assert answered is None or answered.status < 400 or answered.status in self.foreseen, (path, answered.status)
        return self

    def button(self, source: str, *, within: Locator | None = None) -> Locator:
        """The button or link with exactly these words."""
        root = within or self.page.locator("body")
        name = re.compile(rf"^\s*{re.escape(self.word(source))}\s*$")
        return root.get_by_role("button", name=name).or_(root.get_by_role("link", name=name))

    def press(self, source: str, *, within: Locator | None = None) -> None:
        """The button or link with these words was pressed."""
        self.button(source, within=within).click()

    def sees(self, *sources: str) -> None:
        """Each of these sentences stands on the page."""
        for source in sources:
            expect(self.page.get_by_text(self.word(source)).first).to_be_visible()

    def reads(self, *texts: str) -> None:
        """Each of these texts stands on the page as it is."""
        for text in texts:
            expect(self.page.get_by_text(text).first).to_be_visible()

    def at(self, path: str) -> None:
        """The address is this one, whatever is asked after it."""
        expect(self.page).to_have_url(re.compile(rf"^{re.escape(self.url + path)}(\?.*)?(#.*)?$"))

    @contextmanager
    def drawer(self, act: str) -> Iterator[Locator]:
        """The form of an act of the open case, in its drawer."""
        self.press(act, within=self.page.locator("nav.acts"))
        drawer = self.page.locator("dialog.drawer[open]")
        expect(drawer).to_be_visible()
        yield drawer

    def does(self, act: str, *, photo: Path | None = None, **answers: Any) -> None:
        """The act of the open case was done through its drawer with these answers; the page says so."""
        with self.drawer(act) as drawer:
            answer(drawer, photo=photo, **answers)
            with self.page.expect_navigation():
                drawer.locator(".act-send button").first.click()
        expect(self.page.locator("main [role=status] .alert")).to_be_visible()

    def foresees(self, *statuses: int) -> "Person":
        """Answers with these statuses are no fault: the console speaks of each."""
        self.foreseen |= set(statuses)
        return self

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        status = STATUS.search(message.text)
        if status is None or int(status[1]) not in self.foreseen:
            self.faults.append(f"{self.page.url}: {message.text}")


def answer(root: Locator, *, photo: Path | None = None, **answers: Any) -> None:
    """Each answer stands in the field of its name, whatever kind of field it is."""
    for name, value in answers.items():
        found = root.locator(f"[name={name}]")
        kind = str(found.first.evaluate("one => one.type"))
        if kind in ("radio", "checkbox"):
            for one in value if isinstance(value, list) else [value]:
                root.locator(f"[name={name}][value='{one}']").check()
        elif kind.startswith("select"):
            found.select_option(value)
        else:
            found.fill(str(value))
    if photo is not None:
        root.locator("[name=photos]").set_input_files(photo)
