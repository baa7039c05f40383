"""The four pictures of the documentation, made of the demo city when CITONG_PICTURES is set.

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

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not os.environ.get("CITONG_PICTURES"), reason="CITONG_PICTURES is not set"),
]

PICTURES = TREE / "docs/pictures"
LARGEST_BYTES = 300_000


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


def shown(verifier: Account) -> Case:
    """A case that waits for the verifier, with much to see: a photo, a place and a long history."""
    desks = Unit.objects.filter(appointments__account=verifier)
    photos = Attachment.objects.filter(file__width__isnull=False).values("subject")
    fitting = Case.objects.filter(desk__in=desks, state="checking", lat__isnull=False, pk__in=photos)
    return fitting.latest("position")


def picture(person: Person, name: str) -> None:
    """What the person sees is docs/pictures/NAME.png, in as few colours as one does not notice."""
    person.page.evaluate("document.fonts.ready")
    drawn = Image.open(io.BytesIO(person.page.screenshot())).convert("RGB")
    reduced = drawn.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    PICTURES.mkdir(parents=True, exist_ok=True)
    reduced.save(PICTURES / f"{name}.png", optimize=True)
    assert (PICTURES / f"{name}.png").stat().st_size < LARGEST_BYTES
