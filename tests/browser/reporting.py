"""The report form as a person fills it in, step by step, and the receipt that comes of it."""

import re
from pathlib import Path

import segno
from playwright.sync_api import Locator, expect

from tests.browser.person import Person

PLACE = (118.605, 24.905)
QR_PATH = re.compile(r'd="([^"]+)"')


def tells(person: Person, text: str, *, kind: str = "", photo: Path | None = None) -> None:
    """The first step says what happened; the proposed kind of that code was chosen."""
    person.go("/report/")
    person.page.locator("[name=text]").fill(text)
    if kind:
        chip = person.page.locator(f"[data-kind='{kind}']")
        chip.click()
        expect(chip).to_have_attribute("aria-pressed", "true")
        expect(person.page.locator("[name=category]")).to_have_value(kind)
    if photo is not None:
        person.page.locator("[name=photos]").set_input_files(photo)
        expect(person.page.locator("[data-thumbs] img")).to_have_count(1)
    person.press("Next")


def points(person: Person, *, lon: float = PLACE[0], lat: float = PLACE[1]) -> None:
    """The second step has its place: the map was tapped there, and the page names the place."""
    box = map_of(person)
    at = box.evaluate("(box, place) => box.citongMap.project(place)", [lon, lat])
    box.click(position={"x": at["x"], "y": at["y"]})
    expect(person.page.locator(".public-where")).to_be_visible()


def map_of(person: Person) -> Locator:
    """The first map of the page, once it is drawn."""
    box = person.page.locator("[data-map]").first
    expect(box).to_have_attribute("data-ready", "yes")
    box.scroll_into_view_if_needed()
    return box


def sends(person: Person) -> tuple[str, str]:
    """The report was sent; returns number and code of its receipt."""
    person.press("Send")
    person.at("/receipt/")
    return receipt_of(person)


def receipt_of(person: Person) -> tuple[str, str]:
    """Number and code on the receipt, whose QR code holds the link that opens the report."""
    number = person.page.locator("#receipt-number").inner_text()
    secret = person.page.locator("#receipt-secret").inner_text()
    drawn = person.page.locator(".public-receipt-qr").inner_html()
    wanted = segno.make(f"{person.url}/r/{number}/{secret}/", error="m").svg_inline(border=2)
    assert QR_PATH.findall(drawn)[-1] == QR_PATH.findall(wanted)[-1]
    return number, secret


def rates(person: Person) -> None:
    """The open report was rated with the best there is."""
    person.page.locator("summary", has_text=person.word("Rate")).click()
    person.page.get_by_label(person.word("Very good")).check()
    person.page.locator("details[open] form button").click()
    person.sees("The reporter rated the handling.")
