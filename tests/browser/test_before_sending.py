"""What the page does for a report before it is sent: words are kept, heavy photos are made light."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from citong.core.files.models import File
from tests.browser.conftest import Someone
from tests.browser.reporting import sends, tells

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEAVY_SIDE = 3200
LIGHT_SIDE = 2560
WORDS = "小区门口的路灯三天不亮，晚上很黑。"


@pytest.fixture
def heavy_photo(tmp_path: Path) -> Path:
    """A photo of several megabytes: noise can not be pressed."""
    path = tmp_path / "路灯.jpg"
    Image.effect_noise((HEAVY_SIDE, HEAVY_SIDE // 2), 90).convert("RGB").save(path, "JPEG", quality=95)
    return path


def test_what_was_written_and_not_sent_is_there_after_a_reload(someone: Someone) -> None:
    resident = someone(phone=True).go("/report/")
    text = resident.page.locator("[name=text]")
    text.fill(WORDS)
    resident.page.reload()
    expect(text).to_have_value(WORDS)


def test_what_was_sent_does_not_come_back(someone: Someone) -> None:
    resident = someone(phone=True)
    tells(resident, WORDS)
    resident.page.locator("[name=address]").fill("丰泽街 1 号")
    resident.press("Next")
    sends(resident)
    resident.go("/report/")
    expect(resident.page.locator("[name=text]")).to_have_value("")


def test_a_heavy_photo_is_made_light_before_it_travels(someone: Someone, heavy_photo: Path) -> None:
    resident = someone(phone=True)
    tells(resident, WORDS, photo=heavy_photo)
    told = "one => [one.files.length, one.files[0].size, one.files[0].name]"
    count, size, name = resident.page.locator("[name=photos]").evaluate(told)
    assert (count, name) == (1, "路灯.jpg")
    assert size < heavy_photo.stat().st_size
    resident.page.locator("[name=address]").fill("丰泽街 1 号")
    resident.press("Next")
    sends(resident)
    kept = File.objects.get()
    assert max(kept.width or 0, kept.height or 0) <= LIGHT_SIDE
