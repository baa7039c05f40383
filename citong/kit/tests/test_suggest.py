import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citong.kit.suggest import TEXT_LIMIT, CategoryWords, Suggester

TREE = [
    CategoryWords("urban", "城乡建设", "道路、照明和市容。", "市政;城管"),
    CategoryWords("urban.road", "道路设施", "路面和人行道。", "路面;人行道"),
    CategoryWords("urban.road.manhole", "井盖", "井盖缺失、松动、下沉。", "井盖;窨井;井盖缺失"),
    CategoryWords("urban.road.surface", "路面破损", "路面出现坑洞和裂缝。", "坑洼;路面破损;大坑"),
    CategoryWords("urban.light", "路灯", "路灯不亮、灯杆倾斜。", "路灯;灯杆;不亮"),
    CategoryWords("labour", "劳动和社会保障", "工资、合同和保险。", "工资;职工"),
    CategoryWords("labour.arrears", "拖欠工资", "单位拖欠、克扣工资。", "欠薪;拖欠工资;讨薪"),
    CategoryWords("labour.pension", "养老保险", "参保、补缴和领取。", "养老保险;补缴"),
    CategoryWords("education", "教育文体", "学校与考试。", "学校;老师"),
    CategoryWords("education.fee", "学校收费", "学费和代收费。", "学费;乱收费"),
]


@pytest.fixture
def suggester() -> Suggester:
    return Suggester(TREE)


def codes(suggester: Suggester, text: str) -> list[str]:
    return [one.code for one in suggester.suggest(text)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("门口的井盖松了，一踩就响", "urban.road.manhole"),
        ("巷子里的路灯三天不亮了", "urban.light"),
        ("厂里三个月拖欠工资，想讨薪", "labour.arrears"),
        ("老家养老保险可以补缴几年", "labour.pension"),
        ("学校又要乱收费", "education.fee"),
    ],
)
def test_a_kind_is_found_by_its_own_words_before_anything_was_learnt(
    suggester: Suggester, text: str, code: str
) -> None:
    assert codes(suggester, text)[0] == code


def test_the_words_that_decided_are_shown_and_stand_in_the_text(suggester: Suggester) -> None:
    text = "路口井盖缺失，路灯也不亮"
    first = suggester.suggest(text)[0]
    assert first.words
    assert all(word in text for word in first.words)


def test_shares_fall_and_add_up_to_one_at_most(suggester: Suggester) -> None:
    shares = [one.share for one in suggester.suggest("学校门口井盖缺失，路灯不亮，工资没发", top=10)]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1.001


def test_no_more_kinds_come_than_asked_for(suggester: Suggester) -> None:
    assert len(suggester.suggest("学校门口井盖缺失，路灯不亮", top=1)) == 1


def test_a_title_weighs_more_than_the_body(suggester: Suggester) -> None:
    assert codes(suggester, "路灯不亮\n学校门口的路面")[0] == "urban.light"


def test_a_finer_kind_comes_before_its_parent(suggester: Suggester) -> None:
    assert codes(suggester, "人行道路面有大坑")[0] == "urban.road.surface"


def test_a_text_in_traditional_characters_is_understood(suggester: Suggester) -> None:
    assert codes(suggester, "巷口路燈不亮，燈桿歪了")[0] == "urban.light"


@pytest.mark.parametrize("text", ["", " \n ", "😀😀😀", "!!!???", "hello", "\ud800", "\x00\x00", "嗯"])
def test_a_text_without_a_known_word_gets_no_suggestion(suggester: Suggester, text: str) -> None:
    assert suggester.suggest(text) == []


def test_only_the_start_of_a_huge_text_is_read(suggester: Suggester) -> None:
    assert codes(suggester, "井盖缺失" + "，" * 100_000)[0] == "urban.road.manhole"
    assert suggester.suggest("，" * TEXT_LIMIT + "井盖缺失") == []


@given(st.text(st.characters(codec=None) | st.sampled_from("井盖路灯学校工资\n😀"), max_size=80))
@settings(max_examples=60)
def test_no_text_breaks_it(text: str) -> None:
    learnt = Suggester(TREE)
    learnt.learn([(text, "urban.light"), ("路灯不亮", "urban.light")])
    for one in learnt.suggest(text):
        assert 0 <= one.share <= 1


def test_no_categories_give_no_suggestion() -> None:
    assert Suggester([]).suggest("井盖缺失") == []


def taught(pairs: Sequence[tuple[str, str]], *, times: int = 60) -> Suggester:
    suggester = Suggester(TREE)
    suggester.learn(list(pairs) * times)
    return suggester


LOCAL_WORDS = [
    ("番仔楼边上的铁盘又翘起来", "urban.road.manhole"),
    ("铁盘不见了剩一个洞", "urban.road.manhole"),
    ("头家跑路，血汗没有着落", "labour.arrears"),
    ("巷子乌漆麻黑，要拿手电", "urban.light"),
]


def test_words_that_no_category_names_are_learnt_from_closed_cases(suggester: Suggester) -> None:
    assert suggester.suggest("村口铁盘翘起来") == []
    assert codes(taught(LOCAL_WORDS), "村口铁盘翘起来")[0] == "urban.road.manhole"


def test_a_few_closed_cases_do_not_outvote_the_categories_own_words() -> None:
    suggester = taught([("路灯不亮", "education.fee")], times=3)
    assert codes(suggester, "路灯不亮")[0] == "urban.light"


def test_learning_in_parts_equals_learning_at_once() -> None:
    parts = Suggester(TREE)
    for pair in LOCAL_WORDS * 5:
        parts.learn([pair])
    whole = taught(LOCAL_WORDS, times=5)
    assert parts.suggest("铁盘翘起来") == whole.suggest("铁盘翘起来")


def test_a_case_of_a_category_that_is_gone_counts_for_its_ancestor_and_an_unknown_one_for_nothing() -> None:
    suggester = taught(
        [("铁盘翘起来", "urban.road.manhole.old"), ("头家跑路", "labour.arrears"), ("天上有云", "weather")]
    )
    assert codes(suggester, "铁盘")[0] == "urban.road.manhole"
    assert suggester.suggest("天上有云") == []


def test_what_was_learnt_survives_being_stored_as_json() -> None:
    suggester = taught(LOCAL_WORDS)
    kept = json.loads(json.dumps(suggester.to_json()))
    assert Suggester.from_json(TREE, kept).suggest("村口铁盘翘起来") == suggester.suggest("村口铁盘翘起来")


def test_what_was_stored_still_serves_when_categories_have_changed() -> None:
    kept = taught(LOCAL_WORDS).to_json()
    fewer = [row for row in TREE if row.code != "urban.road.manhole"][::-1]
    fresh = [*fewer, CategoryWords("urban.bench", "座椅", "座椅损坏。", "长椅")]
    assert codes(Suggester.from_json(fresh, kept), "村口铁盘翘起来")[0].startswith("urban.road")


@pytest.mark.parametrize("state", [{}, {"version": 0}])
def test_no_state_or_a_strange_one_is_the_same_as_nothing_learnt(state: dict[str, int]) -> None:
    suggester = Suggester.from_json(TREE, state)
    assert suggester.suggest("铁盘翘起来") == []
    assert codes(suggester, "井盖缺失")[0] == "urban.road.manhole"


def test_a_restored_suggester_learns_on() -> None:
    restored = Suggester.from_json(TREE, taught(LOCAL_WORDS).to_json())
    restored.learn([("长杆倒了", "urban.light")] * 60)
    assert codes(restored, "长杆倒了")[0] == "urban.light"
    assert codes(restored, "铁盘翘起来")[0] == "urban.road.manhole"


def test_the_words_it_keeps_are_bounded_and_the_common_ones_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citong.kit.suggest.MOST_WORDS", 400)
    suggester = taught(LOCAL_WORDS)
    signs = [chr(0x4E00 + at) for at in range(2_000)]
    for start in range(0, 2_000, 40):
        text = " ".join(first + second for first in signs[start : start + 40] for second in signs[:8])
        suggester.learn([(text, "education.fee")])
    assert 200 < len(suggester.to_json()["words"]) <= 400
    assert codes(suggester, "村口铁盘翘起来")[0] == "urban.road.manhole"
