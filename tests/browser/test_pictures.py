"""The pictures of the documentation, made of the demo city when CITONG_PICTURES is set.

`CITONG_PICTURES=1 script/test tests/browser/test_pictures.py` makes them anew: 1440 × 900, simplified Chinese.
"""

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from citong.core.cases.models import Case
from citong.core.files.models import Attachment
from citong.core.people.models import Account, Unit
from tests.browser.conftest import Window
from tests.browser.demo_city import TREE, Command
from tests.browser.person import Person
from tests.browser.reporting import map_of
from tests.browser.telephone import PIN

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not os.environ.get("CITONG_PICTURES"), reason="CITONG_PICTURES is not set"),
]

PICTURES = TREE / "docs/pictures"
LARGEST_BYTES = 300_000
GAP = 8


def test_the_four_pictures_of_the_documentation_are_made(window: Window, quanzhou: Path, command: Command) -> None:
    command("demo", "--city", quanzhou)
    picture(window().go("/"), "home")
    clerk = Account.objects.get(username="clerk")
    picture(window(clerk).go("/desk/?tab=all"), "inbox")
    verifier = Account.objects.get(username="verifier")
    person = window(verifier, maps=True).go(f"/desk/case/{shown(verifier).number}/")
    map_of(person)
    person.page.evaluate("scrollTo(0, 0)")
    picture(person, "case")
    supervisor = window(Account.objects.get(username="city_supervisor")).go("/desk/supervision/?by=area")
    expect(supervisor.page.locator("[data-chart] svg")).to_be_visible()
    picture(supervisor, "supervision")


def test_the_picture_of_the_phone_is_made(window: Window, quanzhou: Path, command: Command) -> None:
    command("demo", "--city", quanzhou)
    phone = window(Account.objects.get(username="grid_worker"), phone=True, maps=True).go("/field/")
    phone.page.get_by_role("button", name="知道了，设置密码").click()
    for asked in ("请设置六位数字密码", "请再输入一次"):
        pad = phone.page.get_by_role("group", name=asked)
        for digit in PIN:
            pad.get_by_role("button", name=digit, exact=True).click()
    expect(phone.page.locator(".week-figure")).to_be_visible()
    home = phone.page.locator("a[href^='#/dwelling/']").first.get_attribute("href")
    drawn = [screen(phone, address) for address in ("#/today", str(home), "#/map", "#/errands")]
    width, height = drawn[0].size
    whole = Image.new("RGB", (len(drawn) * (width + GAP) + GAP, height + 2 * GAP), "#e8e4df")
    for number, one in enumerate(drawn):
        whole.paste(one, (GAP + number * (width + GAP), GAP))
    keep(whole, "phone")


def screen(phone: Person, address: str) -> Image.Image:
    """The app's screen of that address, once it stands still."""
    phone.page.evaluate("to => { location.hash = to }", address)
    phone.page.wait_for_timeout(2_500)
    return Image.open(io.BytesIO(phone.page.screenshot(scale="css"))).convert("RGB")


def shown(verifier: Account) -> Case:
    """A case that waits for the verifier, with much to see: a photo, a place and a long history."""
    desks = Unit.objects.filter(appointments__account=verifier)
    photos = Attachment.objects.filter(file__width__isnull=False).values("subject")
    fitting = Case.objects.filter(desk__in=desks, state="checking", lat__isnull=False, pk__in=photos)
    return fitting.latest("position")


def picture(person: Person, name: str) -> None:
    """What the person sees is kept by that name."""
    person.page.evaluate("document.fonts.ready")
    keep(Image.open(io.BytesIO(person.page.screenshot())).convert("RGB"), name)


def keep(drawn: Image.Image, name: str) -> None:
    """The picture is docs/pictures/NAME.png, in as few colours as one does not notice."""
    reduced = drawn.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    PICTURES.mkdir(parents=True, exist_ok=True)
    reduced.save(PICTURES / f"{name}.png", optimize=True)
    assert (PICTURES / f"{name}.png").stat().st_size < LARGEST_BYTES
