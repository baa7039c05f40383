import pytest
from hypothesis import given
from hypothesis import strategies as st

from citong.kit.text import (
    add_words,
    find_personal,
    mask_phone,
    masked,
    plain,
    query_tokens,
    to_traditional,
    tokens,
)

han = st.text(st.sampled_from("井盖缺失路灯不亮的了小区门口垃圾没人清窨下水道"), min_size=1, max_size=12)


def finds(query: str, text: str) -> bool:
    """As the index does: every token of the query, one character as a prefix."""
    kept = tokens(text)
    return all(
        any(one.startswith(wanted) for one in kept) if len(wanted) == 1 else wanted in kept
        for wanted in query_tokens(query)
    )


@pytest.mark.parametrize(
    "query", ["井盖", "井蓋", "井", "失", "井盖缺失", "缺失的井盖", "人行道", "ABC", "ａｂｃ", "12"]
)
def test_a_report_is_found_by_its_words(query: str) -> None:
    assert finds(query, "人行道井盖缺失,Abc号12,")


@pytest.mark.parametrize("query", ["路灯", "盖井", "井盖 路灯", "ab13"])
def test_a_report_is_not_found_by_other_words(query: str) -> None:
    assert not finds(query, "人行道井盖缺失,Abc号12,")


def test_words_apart_in_the_text_are_found_by_a_query_that_joins_them() -> None:
    assert finds("井盖缺失", "井盖昨夜已经缺失")


def test_a_text_in_traditional_characters_is_found_by_simplified_ones() -> None:
    assert finds("路灯", "臺灣路的路燈不亮")


def test_punctuation_leaves_no_token_and_no_pair_across_it() -> None:
    assert tokens("井盖,缺失。!  ") == ["井盖", "盖", "缺失", "失"]
    assert tokens(",。!") == query_tokens("") == []


def test_further_words_are_found_too() -> None:
    assert "市政" in tokens("井盖", words=["市政设施"])


def test_a_query_is_not_cut_inside_a_word_of_the_city() -> None:
    add_words(["鲤城区开元", "蚵壳厝"])
    assert query_tokens("蚵壳厝") == ["蚵壳", "壳厝"]
    assert query_tokens("蚵壳厝路燈") == ["蚵壳", "壳厝", "路灯"]


def test_simplified_text_is_shown_in_traditional_characters() -> None:
    assert to_traditional("井盖缺失,皇后在后面") == "井蓋缺失,皇后在後面"


@given(han, han, han)
def test_what_stands_in_a_text_is_always_found(before: str, wanted: str, after: str) -> None:
    assert finds(wanted, before + wanted + after)


def test_kept_text_has_no_control_characters() -> None:
    assert plain(" a\x00b\x07\tc\r\nd\re\u202ef\ud800 ", 20) == "ab\tc\nd\nef"
    assert plain("e\u0301", 1) == "é"


def test_a_long_text_is_refused_not_cut() -> None:
    assert plain("井盖", 2) == "井盖"
    with pytest.raises(ValueError, match="has 3 characters and may have 2"):
        plain("井盖缺", 2)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("mobile number", "13800138000"),
        ("mobile number", "+86 138 0013 8000"),
        ("mobile number", "１３８００１３８０００"),
        ("landline", "0595-22345678"),
        ("landline", "(0591)87654321"),
        ("landline", "（0591）87654321"),
        ("identity number", "11010519491231002X"),
        ("identity number", "11010519491231002x"),
        ("identity number", "110105194912310021"),
        ("e-mail", "clerk.one@example.com.cn"),
    ],
)
def test_a_personal_number_is_found_and_masked(kind: str, number: str) -> None:
    text = f"请联系{number},谢谢"
    assert [(found.kind, text[found.start : found.end]) for found in find_personal(text)] == [(kind, number)]
    assert masked(text) == "请联系***,谢谢"


@pytest.mark.parametrize(
    "text", ["26-0012345-4", "电话12345", "2026-11-22 08:30", "订单998877665544332218", "井盖100个"]
)
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text


def test_all_personal_numbers_of_a_text_are_masked() -> None:
    assert masked("13800138000或13900139000@example.com,0595-22345678") == "***或***,***"


def test_a_phone_keeps_enough_to_be_recognised_by_its_owner() -> None:
    assert mask_phone("138 0013 8000") == "138****8000"
    assert mask_phone("059522345678") == "059****5678"
    assert mask_phone("12345") == "****"


@given(st.text(max_size=40))
def test_any_text_can_be_kept_searched_and_masked(text: str) -> None:
    kept = plain(text, 1000)
    kept.encode()
    assert plain(kept, 1000) == kept
    assert all(token.strip() for token in tokens(kept) + query_tokens(kept))
    assert not find_personal(masked(kept))
