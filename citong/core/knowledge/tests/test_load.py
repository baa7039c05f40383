"""Statutes come in from a folder: again without harm, each wording with its days, and what is strange is told."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from citong.core.knowledge.load import load, load_shipped
from citong.core.knowledge.models import Article, Collection, Rank, Statute, Word, held_on

pytestmark = pytest.mark.django_db


def text(title: str, *articles: str, events: str = "2020年1月1日 通过") -> str:
    body = "\n".join(f"第{'一二三四五'[at]}条 {words}" for at, words in enumerate(articles))
    return f"# {title}\n{events}\n<!-- INFO END -->\n{body}\n"


def put(folder: Path, name: str, written: str) -> Path:
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written, "utf-8")
    return path


def test_what_comes_with_the_program_is_understood_whole() -> None:
    report = load_shipped()
    assert not report.strange and not report.files["refused"]
    assert Article.objects.filter(common=True).count() == report.articles > 400
    assert not Statute.objects.filter(start_said=False).exists()
    assert {"law", "regulation", "interpretation"} <= set(Statute.objects.values_list("level", flat=True))
    whole = Collection.objects.get()
    assert whole.articles == report.articles and Word.objects.get(token="相邻").articles < whole.articles


def test_loaded_again_nothing_is_written() -> None:
    load_shipped()
    before = set(Article.objects.values_list("id", flat=True))
    again = load_shipped()
    assert set(again.files) == {"same"} and again.articles == 0
    assert set(Article.objects.values_list("id", flat=True)) == before


def test_an_interrupted_load_goes_on_where_it_stopped(tmp_path: Path) -> None:
    put(tmp_path, "甲法(2020-01-01)", text("甲法", "甲。"))
    put(tmp_path, "乙法(2020-01-01)", text("乙法", "乙。"))

    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(tmp_path, source="test", told=stop)
    report = load(tmp_path, source="test")
    assert (report.files["same"], report.files["new"]) == (1, 1)
    assert Word.objects.filter(token__in=["甲", "乙"]).count() == 2


def test_a_changed_file_changes_its_articles_and_keeps_their_addresses(tmp_path: Path) -> None:
    put(tmp_path, "甲法", text("甲法", "甲。", "乙。"))
    load(tmp_path, source="test")
    first = Article.objects.get(number="第一条")
    put(tmp_path, "甲法", text("甲法", "丙。"))
    report = load(tmp_path, source="test")
    assert report.files["changed"] == 1
    assert [(one.id, one.text) for one in Article.objects.all()] == [(first.id, "丙。")]


def test_each_wording_ends_where_the_next_begins(tmp_path: Path) -> None:
    put(
        tmp_path,
        "法律/甲法(2010-01-01)",
        text("中华人民共和国甲法", "旧。", events="2010年1月1日 通过\n2010年6月1日 施行"),
    )
    put(tmp_path, "法律/甲法(2020-01-01)", text("甲法", "新。", events="2020年1月1日 修正\n2020年7月1日 施行"))
    load(tmp_path, source="test")

    def words_on(day: date) -> list[str]:
        return list(Article.objects.filter(held_on(day, of="statute__")).values_list("text", flat=True))

    assert words_on(date(2010, 5, 31)) == []
    assert words_on(date(2010, 6, 1)) == words_on(date(2020, 6, 30)) == ["旧。"]
    assert words_on(date(2020, 7, 1)) == ["新。"]


def test_the_list_of_a_collection_says_when_a_text_began_and_whether_it_lapsed(tmp_path: Path) -> None:
    put(tmp_path, "行政法规/甲条例(2010-01-01)", text("甲条例", "甲。"))
    put(tmp_path, "行政法规/乙条例(2010-01-01)", text("乙条例", "乙。"))
    with sqlite3.connect(tmp_path / "db.sqlite3") as listed:
        listed.execute("CREATE TABLE law (name, publish, valid_from, expired)")
        rows = [("甲条例", "2010-01-01", "2010-03-01", 0), ("乙条例", "2010-01-01", None, 1)]
        listed.executemany("INSERT INTO law VALUES (?, ?, ?, ?)", rows)
    load(tmp_path, source="test")
    assert Statute.objects.get(short="甲条例").in_force_from == date(2010, 3, 1)
    lapsed = Statute.objects.get(short="乙条例")
    assert lapsed.lapsed and not lapsed.holds_on(date(2015, 1, 1))
    assert set(Statute.objects.filter(held_on(date(2015, 1, 1))).values_list("short", flat=True)) == {"甲条例"}


def test_local_rules_come_in_for_the_named_places_alone(tmp_path: Path) -> None:
    put(tmp_path, "DLC/上海地方法规/地方性法规/上海/上海市甲条例(2020-01-01)", text("上海市甲条例", "甲。"))
    put(tmp_path, "地方性法规/福建/福建省乙条例(2020-01-01)", text("福建省乙条例", "乙。"))
    report = load(tmp_path, source="test", areas=["福建"])
    here = Statute.objects.get()
    assert (here.short, here.area, here.level) == ("福建省乙条例", "福建", Rank.LOCAL)
    assert report.files["left_out"] == 1


def test_cases_and_decisions_that_only_amend_stay_out_and_the_strange_is_told(tmp_path: Path) -> None:
    put(tmp_path, "案例/某案", text("某案", "甲。"))
    put(tmp_path, "法律/关于修改甲法的决定(2020-01-01)", text("关于修改《甲法》的决定", "甲。"))
    put(tmp_path, "法律/空法(2020-01-01)", "# 空法\n2020年1月1日 通过\n<!-- INFO END -->\n")
    (tmp_path / "坏.md").write_bytes(b"\xff\xfe\x00")
    report = load(tmp_path, source="test")
    assert not Statute.objects.exists()
    assert (report.files["left_out"], report.files["refused"]) == (1, 2)
    assert {where for where, _what in report.strange} == {"法律/空法(2020-01-01).md", "坏.md"}


def test_a_whole_text_takes_the_place_of_an_excerpt_and_keeps_what_was_chosen(tmp_path: Path) -> None:
    load_shipped()
    name = "诉讼与非诉讼程序法/人民调解法(2010-08-28)"
    put(tmp_path, name, text("中华人民共和国人民调解法", "一。", "二。", "三。", events="2010年8月28日 通过"))
    load(tmp_path, source="elsewhere")
    law = Statute.objects.get(short="人民调解法")
    assert not law.excerpt and law.source == "elsewhere"
    assert law.in_force_from == date(2011, 1, 1), "what the excerpt knew is kept"
    assert {one.number: one.common for one in law.articles.all()} == {"第一条": False, "第二条": True, "第三条": True}
    assert set(load_shipped().files) == {"same"}
