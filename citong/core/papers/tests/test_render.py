"""Templates become PDF/A: whatever the data says, always the same, and with nothing from outside."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader

from citong.core.papers import fonts as papers_fonts
from citong.core.papers.fonts import NoFont, font_is_there, missing, writable
from citong.core.papers.plain import plain
from citong.core.papers.render import STYLE, Unprintable, render, rendered
from citong.core.papers.tests.conftest import AT, DATA, NOTICE
from citong.core.papers.tests.reading import fonts_of, text_of

PAPER = {"paper": {"number": "W26-0000121-4", "title": "告知书"}}
HOSTILE = '#include "/etc/passwd" *粗* $x^2$ ] } ) \\ `raw` @ref <label> // /* #panic("x") #sys.inputs = 一 - 二 ~ _z_'


def made(**given: Any) -> bytes:
    return render(NOTICE, DATA | PAPER | given, made_at=AT)


def test_the_same_data_give_the_same_bytes() -> None:
    assert made() == made()


def test_another_word_or_moment_gives_other_bytes() -> None:
    assert (
        len({made(), made(text="另一句。"), render(NOTICE, DATA | PAPER, made_at=datetime(2026, 6, 4, tzinfo=UTC))})
        == 3
    )


def test_words_of_the_template_language_are_printed_as_they_are() -> None:
    assert re.sub(r"\s", "", HOSTILE) in re.sub(r"\s", "", text_of(made(text=HOSTILE)))


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_no_text_stops_a_paper(text: str) -> None:
    assert made(text=text, people=[text], body=text).startswith(b"%PDF-1.7")


def test_it_says_it_is_pdf_a_and_carries_what_that_takes() -> None:
    data = made()
    root = PdfFileReader(io.BytesIO(data)).root
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>" in data
    assert "/Encrypt" not in PdfFileReader(io.BytesIO(data)).trailer
    assert root["/Lang"] == "zh-CN"


def test_every_font_is_embedded_and_none_is_the_machines() -> None:
    used = fonts_of(made())
    assert used
    assert all("NotoSerifSC" in name and embedded for name, embedded in used)


def test_the_number_of_the_paper_can_be_read_in_the_file() -> None:
    assert b"citong-paper W26-0000121-4" in made()


def test_signature_blocks_are_told_with_their_places() -> None:
    places = rendered(NOTICE, DATA | PAPER, made_at=AT).places
    assert [(one["side"], one["name"], one["method"]) for one in places] == [
        ("applicant", "林海生", "drawn"), ("applicant", "陈阿土", "drawn"),
        ("body", "云谷社区人民调解委员会", "certificate"), ("court", "小城人民法院", "certificate"),
    ]  # fmt: skip
    assert all(one["page"] == 1 and 0 < one["left"] < 595 and 0 < one["top"] < 842 for one in places)


def test_a_rare_sign_is_printed_as_the_printers_gap_and_named_below() -> None:
    text = text_of(made(people=["陈𠮷"]))
    assert "陈〓" in text
    assert "U+20BB7" in text


def test_rare_signs_that_the_font_has_stay() -> None:
    assert not any(missing(sign) for sign in "䶮堃㛃镕喆Ⅳ①€")


def test_control_signs_are_dropped() -> None:
    assert writable("一\x00二\x1b三\ufe0f") == "一二三"


def test_a_template_reads_no_file_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "a.typ").write_text('#read("../secret.txt")')
    with pytest.raises(Unprintable):
        render(folder / "a.typ", DATA | PAPER, made_at=AT)


def test_the_style_takes_no_package_from_the_internet() -> None:
    sources = [path.read_text(encoding="utf-8") for path in STYLE.rglob("*.typ")]
    assert sources
    assert all(set(re.findall(r'#?import "@([^"]+)"', source)) <= {"citong/paper:1.0.0"} for source in sources)


def test_a_missing_font_is_said_with_its_mend(settings: Any, tmp_path: Path) -> None:
    settings.PAPER_FONTS = tmp_path
    papers_fonts.fonts.cache_clear()
    try:
        with pytest.raises(NoFont, match="CITONG_PAPER_FONTS"):
            made()
        assert "script/setup" in (font_is_there()[0].hint or "")
    finally:
        papers_fonts.fonts.cache_clear()


def test_moments_are_told_in_the_citys_time() -> None:
    assert plain(datetime(2026, 6, 3, 20, 5, tzinfo=UTC), zone=ZoneInfo("Asia/Shanghai")) == "2026-06-04T04:05"


def test_what_is_no_plain_value_is_refused() -> None:
    with pytest.raises(TypeError):
        plain(object(), zone=ZoneInfo("Asia/Shanghai"))
