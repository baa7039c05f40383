"""Statutes are read as public collections lay them out; what is not understood is said, never guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citong.kit.statutes import numeral, parse, short_name

LAW = """# 中华人民共和国甲法（2020修正）

2010年8月28日 第一次会议通过

2020年5月1日 第二次会议修正

<!-- INFO END -->

会议通过）

## 第一编 总则

### 第一章 一般规定

第一条 为了甲，制定本法。

第二条 有下列情形之一的：

（一）乙；

第一条规定的除外。

第二条之一 丙。

### 第二章 附则

第三条 本法自2011年1月1日起施行。

附件：

第一条 不算。
"""


def test_a_statute_has_a_title_events_and_articles_under_their_headings() -> None:
    law = parse(LAW)
    assert (law.title, law.short, law.issued_on) == ("中华人民共和国甲法（2020修正）", "甲法", date(2020, 5, 1))
    assert [(one.number, one.place) for one in law.articles] == [
        ("第一条", 100), ("第二条", 200), ("第二条之一", 201), ("第三条", 300),
    ]  # fmt: skip
    assert law.articles[0].headings == ("第一编 总则", "第一章 一般规定")
    assert law.articles[-1].headings == ("第一编 总则", "第二章 附则")
    assert not law.faults


def test_a_line_that_names_another_article_belongs_to_the_article_it_stands_in() -> None:
    assert parse(LAW).articles[1].text == "有下列情形之一的：\n（一）乙；\n第一条规定的除外。"


def test_the_start_of_the_first_wording_is_not_the_start_of_a_later_one() -> None:
    """An amended law often keeps the sentence with which its first wording came into force."""
    assert parse(LAW).in_force_from is None
    first = parse(LAW.replace("2020年5月1日 第二次会议修正\n", ""))
    assert first.in_force_from == date(2011, 1, 1)


@pytest.mark.parametrize(
    ("events", "begins", "ends"),
    [
        ("2018年7月31日 国务院令第701号公布\n2018年10月1日 施行", date(2018, 10, 1), None),
        ("1992年11月7日 通过\n1993年7月1日 施行\n2026年5月1日 失效", date(1993, 7, 1), date(2026, 5, 1)),
        ("2020年1月1日 通过", None, None),
    ],
)
def test_a_text_says_from_when_to_when_it_held(events: str, begins: date | None, ends: date | None) -> None:
    law = parse(f"# 甲条例\n{events}\n<!-- INFO END -->\n第一条 甲。")
    assert (law.in_force_from, law.in_force_to) == (begins, ends)


def test_it_says_itself_that_it_holds_at_once() -> None:
    law = parse("# 甲条例\n2020年1月1日 公布\n<!-- INFO END -->\n第一条 本条例自公布之日起施行。")
    assert law.in_force_from == date(2020, 1, 1)


def test_a_text_without_articles_has_items_and_a_short_answer_is_one_piece() -> None:
    decision = parse("# 甲决定\n2020年1月1日 通过\n<!-- INFO END -->\n一、甲。\n二、乙。")
    assert [one.number for one in decision.articles] == ["一、", "二、"]
    answer = parse("# 甲批复\n2020年1月1日 公布\n<!-- INFO END -->\n你院来函收悉。\n应当如此。")
    assert [(one.number, one.text) for one in answer.articles] == [("全文", "你院来函收悉。\n应当如此。")]
    assert answer.faults


def test_what_is_not_understood_is_said() -> None:
    law = parse("2020年13月1日 通过\n某日 施行\n<!-- INFO END -->\n第一条 甲。\n第一条 乙。\n第二条")
    assert [fault.split(":")[0] for fault in law.faults] == [
        "Not a date with an event", "Not a date with an event", "第一条 is there twice; the first was kept.",
        "第二条 has no words.", "There is no title",
    ]  # fmt: skip
    assert [one.text for one in law.articles] == ["甲。"]


@pytest.mark.parametrize(
    ("written", "number"),
    [("十", 10), ("二十", 20), ("一百零五", 105), ("一千二百五十四", 1254), ("288", 288), ("一百一十", 110)],
)
def test_numbers_are_read_as_they_are_written(written: str, number: int) -> None:
    assert numeral(written) == number


def test_versions_of_one_law_have_one_short_name() -> None:
    names = [
        "中华人民共和国民事诉讼法",
        "民事诉讼法",
        "中华人民共和国民事诉讼法（2023修正）",
        "中华人民共和国民事 诉讼法",
    ]
    assert {short_name(name) for name in names} == {"民事诉讼法"}


@given(st.text(alphabet="第一二十百条之章编#附：\n 甲乙0123年月日通过<!->INFOEND", max_size=300))
def test_no_text_breaks_the_reader_and_places_are_in_use_once(text: str) -> None:
    law = parse(text)
    places = [one.place for one in law.articles]
    assert len(places) == len(set(places)) and all(one.text for one in law.articles)
