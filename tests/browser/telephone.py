"""A grid worker's telephone: a browser whose storage outlives it, with the app on it, at the end of a cable."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Page, expect

PIN = "397152"
STRIP = ".strip-state strong"
ALL_SENT, SEEN = "已全部发送", "走访所见所闻"


class Telephone:
    """`on()` opens the app; `off()` closes the browser, as a phone that runs out of power does."""

    def __init__(self, browser: BrowserType, *, folder: Path, url: str, **options: Any) -> None:
        self._browser, self._folder, self.url, self._options = browser, folder, url, options
        self._context: BrowserContext | None = None
        self.faults: list[str] = []

    @property
    def page(self) -> Page:
        assert self._context is not None
        return self._context.pages[0]

    def on(self, *, cookies: Any = (), at: datetime | None = None) -> "Telephone":
        """The app is on the screen; its clock shows that moment."""
        self._context = self._browser.launch_persistent_context(str(self._folder), **self._options)
        self._context.set_default_timeout(20_000)
        self._context.add_cookies(list(cookies))
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        if at is not None:
            self.page.clock.set_system_time(at)
        self.page.goto(f"{self.url}/field/")
        return self

    def off(self) -> None:
        if self._context is not None:
            self._context.close()
        self._context = None

    @contextmanager
    def day(self, at: datetime, *, unsent: int = 0) -> Iterator[None]:
        """A day with the phone, begun by the PIN and ended by an empty battery; so much was unsent in the morning."""
        self.on(at=at).unlock()
        self.waits(unsent)
        yield
        self.off()

    def enrol(self) -> None:
        """Whoever is signed in made this phone theirs, and the first load is here."""
        self.press("知道了，设置密码")
        for _time in range(2):
            self.type_pin()
        expect(self.page.get_by_role("heading", name="今日")).to_be_visible()
        expect(self.page.locator(STRIP)).to_have_text(ALL_SENT)
        expect(self.page.locator(".strip-state small")).to_contain_text("上次同步")

    def type_pin(self, pin: str = PIN) -> None:
        """The digits were pressed one by one."""
        pad = self.page.locator(".pad")
        expect(pad).to_be_visible()
        before = self.page.locator("[role=group]:has(.pad)").get_attribute("aria-label")
        for digit in pin:
            pad.get_by_role("button", name=digit, exact=True).click()
        expect(self.page.locator(f'[role=group][aria-label="{before}"] .pips')).to_have_count(0)

    def type_wrong_pin(self) -> None:
        """Six digits that are not the PIN, and the app's word about it."""
        said = self.page.locator(".door").inner_text()
        for digit in "000000":
            self.page.locator(".pad").get_by_role("button", name=digit, exact=True).click()
        self.page.wait_for_function("said => document.querySelector('.door')?.innerText !== said", arg=said)

    def unlock(self, pin: str = PIN) -> None:
        """The app is open again."""
        self.type_pin(pin)
        expect(self.page.locator(".strip")).to_be_visible()

    def go(self, *parts: object) -> None:
        """The screen of that address is shown."""
        self.page.evaluate("to => { location.hash = to }", "#/" + "/".join(map(str, parts)))

    def press(self, words: str) -> None:
        """The button or link with these words was pressed."""
        button = self.page.get_by_role("button", name=words, exact=True)
        button.or_(self.page.get_by_role("link", name=words, exact=True)).first.click()

    def choose(self, words: str) -> None:
        """The choice with these words is taken."""
        self.page.locator("label.chip", has_text=words).first.click()

    def write(self, label: str, words: str) -> None:
        """The field with this label says so."""
        self.page.get_by_label(label).first.fill(words)

    def reads(self, words: str) -> None:
        """These words stand on the screen."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def visit(self, home: object, outcome: str, *, note: str = "", photo: Path | None = None) -> None:
        """A visit is written down."""
        self.go("visit", home)
        self.choose(outcome)
        if note:
            self.write("备注", note)
        if photo is not None:
            self.page.locator("input[type=file]").last.set_input_files(photo)
        self.save("保存走访")

    def change(self, record: object, label: str, words: str) -> None:
        """A field of a record is corrected, as seen at a visit."""
        self.go("edit", record)
        self.write(label, words)
        self.choose(SEEN)
        self.save()

    def add_person(self, home: object, name: str, **fields: str) -> None:
        """Somebody new lives there, as seen at a visit."""
        self.go(f"add/person?of={home}")
        for label, words in {"姓名": name, **fields}.items():
            self.write(label, words)
        self.choose(SEEN)
        self.save()

    def tell(self, words: str) -> None:
        """The first free words that the form asks for."""
        self.page.locator("form textarea").first.fill(words)

    def waits(self, number: int) -> None:
        """The bar on every screen says that so many operations are not sent."""
        expect(self.page.locator(STRIP)).to_contain_text(f"{number}项未发送" if number else ALL_SENT)

    def save(self, words: str = "保存") -> None:
        """What stands in the form is kept on the phone, and the screen before it is back."""
        before = self.page.evaluate("location.hash")
        self.press(words)
        self.page.wait_for_function("before => location.hash !== before", arg=before)
