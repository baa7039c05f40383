"""The papers of mediation: each can be made from its sample and from nothing, and says what the law wants it to say."""

import io
import re
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdfium2 import PdfDocument

from citong.core.papers.render import Rendered, rendered
from citong.services.mediation.papers import FOLDER, PAPERS, PaperKind
from citong.services.mediation.papers.data import Agreement, Matter, Sheet, amount
from citong.services.mediation.papers.samples import LIN, SAMPLES

AT = datetime(2026, 6, 3, 2, 0, tzinfo=UTC)
HOSTILE = '#panic("x") *粗* $x^2$ ] } ) \\ `raw` @ref <label> // /* ' + "很长" * 30 + "A" * 90
MUST_SAY = {
    "application": ("现自愿申请人民调解",),
    "registration": ("不收取任何费用",),
    "consent": ("选择或者接受人民调解员", "自主表达意愿、自愿达成调解协议", "如实陈述纠纷事实", "不收取任何费用"),
    "disclosure": ("可能影响公正调解", "申请更换"),
    "undisputed_facts": (
        "不包含任何一方为达成调解协议作出的妥协", "不得在诉讼程序中作为对其不利的依据或者证据", "第十八条",
        "第二十二条",
    ),
    "agreement": (
        "签名、盖章或者按指印", "具有法律约束力", "对履行情况进行监督", "向人民法院提起诉讼",
        "三十日内共同向人民法院申请司法确认", "申请强制执行",
    ),
    "commercial_agreement": ("商事调解协议书", "调解费用2,000元", "没有达成一致的事项", "大写：壹万贰仟捌佰元伍角"),
    "failure": ("第二十六条", "仲裁、行政、司法等途径", "不得在诉讼程序中作为对其不利的依据或者证据"),
    "confirmation_application": ("没有恶意串通、规避法律的行为", "三十日内共同提出申请"),
    "confirmation_ruling": ("达成的调解协议有效", "第二百零六条", "向人民法院申请执行", "十五日内", "六个月内"),
    "confirmation_refusal": ("驳回", "变更原调解协议或者达成新的调解协议"),
    "danger": ("第二十五条", "调解不因本报告而终止"),
    "appraisal": ("鉴定期间不计入调解期限",),
}  # fmt: skip


def made(kind: PaperKind, sheet: Sheet) -> Rendered:
    given = {one.name: getattr(sheet, one.name) for one in fields(sheet)}
    paper = {"number": "W26-0000121-4", "title": kind.title}
    return rendered(kind.template, given | {"paper": paper}, made_at=AT)


def text_of(paper: Rendered) -> str:
    with PdfDocument(paper.data) as document:
        return re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in document))


def bare(kind: PaperKind, **known: Any) -> Sheet:
    needed = {one.name for one in fields(kind.data) if one.default is MISSING} - {"matter"}
    chosen = {name: {"cause": "other", "outcome": "rejected"}.get(name, "") for name in needed}
    return kind.data(matter=Matter(number="26-0000012-3"), **(chosen | known))


def spoilt(value: Any) -> Any:
    """The same data with hostile words in every text that is free."""
    if isinstance(value, str):
        return HOSTILE if value not in ("wide_gap", "rejected", "performed") else value
    if isinstance(value, tuple):
        return tuple(spoilt(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: spoilt(getattr(value, one.name)) for one in fields(value)})
    return value


@pytest.fixture(params=PAPERS)
def kind(request: pytest.FixtureRequest) -> PaperKind:
    return PAPERS[request.param]


def test_each_has_a_sample_made_by_its_class(kind: PaperKind) -> None:
    assert isinstance(SAMPLES[kind.code], kind.data)


def test_every_template_is_listed() -> None:
    assert {path.name for path in FOLDER.glob("*.typ")} == {kind.template.name for kind in PAPERS.values()}


def test_its_sample_says_what_the_law_wants_and_has_no_programs_words(kind: PaperKind) -> None:
    text = text_of(made(kind, SAMPLES[kind.code]))
    assert all(words in text for words in MUST_SAY.get(kind.code, ()))
    assert not re.search(r"None|none|true|false|auto|dictionary", text)


def test_the_sides_that_sign_are_those_declared(kind: PaperKind) -> None:
    sides = {place["side"] for place in made(kind, SAMPLES[kind.code]).places}
    assert sides <= kind.signed_by
    assert kind.signed_by - sides <= {"third"}  # the samples have two parties


def test_it_can_be_printed_with_nothing_known(kind: PaperKind) -> None:
    text = text_of(made(kind, bare(kind)))
    assert "None" not in text and "none" not in text


def test_hostile_words_are_only_words(kind: PaperKind) -> None:
    text = text_of(made(kind, spoilt(SAMPLES[kind.code])))
    assert '#panic("x")*粗*$x^2$]})\\`raw`@ref<label>///*' in text


def test_nothing_leaves_the_page(kind: PaperKind) -> None:
    with PdfDocument(io.BytesIO(made(kind, spoilt(SAMPLES[kind.code])).data)) as document:
        for page in document:
            words = page.get_textpage()
            for number in range(words.count_rects()):
                left, _bottom, right, _top = words.get_rect(number)
                assert left >= 0 and right <= 595


def test_no_page_holds_signatures_alone(kind: PaperKind) -> None:
    with PdfDocument(made(kind, SAMPLES[kind.code]).data) as document:
        last = document[len(document) - 1].get_textpage().get_text_bounded()
    said = [
        line for line in last.splitlines() if not re.search(r"编号|（.*）：|年\s*月\s*日|第.*页|盖章|委员会|院印", line)
    ]
    assert said or len(document) == 1


def test_many_parties_sign_each_in_a_place_of_their_own() -> None:
    many = tuple(replace(LIN, name=f"林{sign}") for sign in "甲乙丙丁戊己庚辛壬癸子丑")
    sample = SAMPLES["agreement"]
    assert isinstance(sample, Agreement)
    places = made(PAPERS["agreement"], replace(sample, applicants=many, respondents=many)).places
    drawn = [one for one in places if one["method"] == "drawn"]
    assert len(drawn) == 26
    assert len({(one["page"], one["left"], one["top"]) for one in drawn}) == 26


def test_only_the_report_of_danger_is_hidden_from_parties() -> None:
    assert [kind.code for kind in PAPERS.values() if kind.hidden] == ["danger"]


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"), (5, "伍分"), (50, "伍角"), (100, "壹元整"), (105, "壹元零伍分"), (1_050, "壹拾元伍角"),
        (80_000, "捌佰元整"), (100_100, "壹仟零壹元整"), (1_000_000, "壹万元整"), (1_010_000, "壹万零壹佰元整"),
        (1_280_050, "壹万贰仟捌佰元伍角"), (10_000_000_000, "壹亿元整"), (10_000_500_000, "壹亿零伍仟元整"),
        (12_345_678_912, "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分"),
    ],
)  # fmt: skip
def test_sums_are_written_in_words(fen: int, words: str) -> None:
    assert amount(fen).words == words


@given(st.integers(0, 10**14 - 1))
def test_every_sum_reads_back_from_its_words(fen: int) -> None:
    assert _read(amount(fen).words) == fen


def test_a_sum_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="no sum"):
        amount(-1)


def _read(words: str) -> int:
    digits, units = "零壹贰叁肆伍陆柒捌玖", {"拾": 10, "佰": 100, "仟": 1000}
    total = group = digit = 0
    for sign in words:
        if sign in digits:
            digit = digits.index(sign)
        elif sign in units:
            group, digit = group + digit * units[sign], 0
        elif sign in "亿万元":
            total, group, digit = total + (group + digit) * {"亿": 10**8, "万": 10**4, "元": 1}[sign] * 100, 0, 0
        elif sign in "角分":
            total, digit = total + digit * (10 if sign == "角" else 1), 0
    return total
