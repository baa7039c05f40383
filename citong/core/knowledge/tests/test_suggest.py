"""Articles that may fit what somebody tells, with the words that speak for them, as the law was on the day."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from citong.core.knowledge.everyday import asked
from citong.core.knowledge.read import listed, look_up, opened, statute_called
from citong.core.knowledge.suggest import articles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
TODAY = date(2026, 11, 22)
WALL = "邻居在两家之间砌了一堵墙，小路只剩一米，三轮车过不去。"
WAGES = "渔船上的六个船员出海四个月没有拿到工资。"


def named(found: Any) -> list[str]:
    return [f"{one.article.statute.short}{one.article.place // 100}" for one in found]


def test_a_wall_in_a_path_leads_to_the_law_of_neighbours_and_says_why() -> None:
    found = articles(WALL, on=TODAY)
    assert {"民法典288", "民法典291"} & set(named(found))
    assert all(one.words and set(one.words) <= set(asked(WALL).values()) for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_only_what_was_law_on_the_day_is_suggested() -> None:
    then, now = articles(WAGES, on=date(2026, 4, 30)), articles(WAGES, on=TODAY)
    assert {one.article.statute.issued_on.year for one in then if one.article.statute.short == "海商法"} == {1992}
    assert {one.article.statute.issued_on.year for one in now if one.article.statute.short == "海商法"} == {2025}
    assert articles(WAGES, on=date(1949, 10, 1)) == []


def test_words_of_the_kind_help_but_are_no_reason() -> None:
    plain = named(articles("他一直不给，说了几次都没有用。", on=TODAY))
    helped = articles("工厂一直不给，说了几次都没有用。", on=TODAY, about=["劳动报酬 用人单位 拖欠"])
    assert "劳动合同法30" not in plain
    assert all(word for one in helped for word in one.words)


@pytest.mark.parametrize("text", ["", "？！", "abc", "'; drop table", "的", "\x00", "鿿鿿鿿"])
def test_what_says_nothing_suggests_nothing(text: str) -> None:
    assert articles(text, on=TODAY) == []


def test_the_number_of_queries_does_not_grow(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):
        articles(WALL, on=TODAY)
    with django_assert_num_queries(4):
        articles(WALL * 50, on=TODAY, most=50)


def test_of_the_labelled_disputes_nine_in_ten_find_a_fitting_article_among_five() -> None:
    """Labels and everyday words are of one hand: a floor against decay, no measure of what is unseen."""
    with (Path(__file__).parent / "disputes.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    hits = sum(bool(set(named(articles(row["text"], on=TODAY))) & set(row["expected"].split(";"))) for row in rows)
    assert hits >= 0.9 * len(rows)


@pytest.mark.parametrize(
    "words", ["民法典第二百八十八条", "民法典288", "《民法典》第288条", "中华人民共和国民法典 第二百八十八条"]
)
def test_an_article_is_found_by_its_number(words: str) -> None:
    assert named(look_up(words, on=TODAY).hits) == ["民法典288"]


def test_within_a_law_the_number_alone_is_enough() -> None:
    assert named(look_up("288", on=TODAY, short="民法典").hits) == ["民法典288"]


def test_words_find_the_articles_that_hold_them_all_and_otherwise_the_nearest() -> None:
    every = look_up("相邻 采光", on=TODAY)
    assert named(every.hits) == ["民法典293"] and not every.nearest
    nearest = look_up("隔壁盖房子晒不到太阳", on=TODAY)
    assert nearest.nearest and "民法典293" in named(nearest.hits)


def test_a_law_is_found_by_a_part_of_its_name_and_read_in_order() -> None:
    assert statute_called("调解法", on=TODAY) == "人民调解法"
    assert statute_called("月球法", on=TODAY) == ""
    first, after = listed("民法典", on=TODAY)
    rest, _ = listed("民法典", on=TODAY, after=after or 0)
    assert len(first) == 50 and first[-1].place < rest[0].place


def test_an_article_knows_its_neighbours_and_the_versions_of_its_law() -> None:
    article = look_up("海商法22", on=TODAY).hits[0].article
    found = opened(article.id)
    assert found is not None and found.before is not None and found.after is not None
    assert (found.before.number, found.after.number) == ("第二十一条", "第二十三条")
    assert [version.issued_on.year for version, _same in found.versions] == [2025, 1992]
    assert all(same is not None for _version, same in found.versions)
