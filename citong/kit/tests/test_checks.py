"""Numbers of people and organisations: right ones pass in any way of writing them, wrong ones are told why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citong.kit.checks import (
    PHONE,
    credit_code_fault,
    digits,
    identity_fault,
    identity_says,
    masked,
    phone_fault,
    plate_fault,
    telephone,
)  # fmt: skip
from citong.kit.text import ID_CHECKS, ID_WEIGHTS

GOOD = "11010519491231002X"  # the example of GB 11643-1999


def numbered(body: str) -> str:
    """The identity number with this body."""
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + ID_CHECKS[total % 11]


def test_the_example_of_the_standard_is_right_and_says_birthday_and_gender() -> None:
    assert identity_fault(GOOD) is None
    assert (identity_says(GOOD)[0].isoformat(), identity_says(GOOD)[1]) == ("1949-12-31", "f")


@given(st.integers(0, 17), st.sampled_from("0123456789X"))
def test_a_wrong_sign_anywhere_is_found(place: int, sign: str) -> None:
    wrong = GOOD[:place] + sign + GOOD[place + 1 :]
    assert (identity_fault(wrong) is None) == (wrong == GOOD)


@given(st.integers(0, 16))
def test_two_swapped_neighbours_are_found(place: int) -> None:
    swapped = GOOD[:place] + GOOD[place + 1] + GOOD[place] + GOOD[place + 2 :]
    assert (identity_fault(swapped) is None) == (swapped == GOOD)


def test_a_county_that_is_no_more_is_right() -> None:
    assert identity_fault(numbered("35222419700101001")) is None, "Shouning, before Ningde became a city"
    assert identity_fault(numbered("51022119600101001")) is None, "Changshou, before Chongqing was one of its own"


def test_a_place_that_never_was_and_a_day_that_never_was_are_told() -> None:
    assert identity_fault(numbered("99010519491231002")) == "unknown_area"
    assert identity_fault(numbered("11010519490230002")) == "birthday"
    assert identity_fault("110105491231002") == "length"


def test_a_credit_code_is_checked() -> None:
    assert credit_code_fault("91110000600037341L") is None
    assert credit_code_fault("91110000600037341M") == "check"
    assert credit_code_fault("") == "check"


PHONES = [
    ("138 0013 8000", "13800138000"), ("１３８００１３８０００", "13800138000"), ("+86 138-0013-8000", "13800138000"),
    ("0595-22281234", "059522281234"), ("(0595) 2228 1234", "059522281234"), ("+86 0595 22281234", "059522281234"),
    ("0595-22281234-801", "059522281234-801"), ("0595 22281234 转 12", "059522281234-12"),
    ("400-820-8820", "4008208820"), ("12345", "12345"), ("110119", "110119"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), PHONES)
def test_a_phone_number_is_brought_into_one_form(typed: str, kept: str) -> None:
    assert telephone(typed) == kept
    assert phone_fault(kept) is None


@pytest.mark.parametrize("wrong", ["", "12", "1380013800", "138001380001", "22281234", "phone", "12800138000"])
def test_what_is_no_phone_number_is_told(wrong: str) -> None:
    assert phone_fault(telephone(wrong)) == "shape"


@given(st.from_regex(PHONE, fullmatch=True))
def test_bringing_a_number_into_its_form_twice_changes_nothing(phone: str) -> None:
    assert telephone(telephone(phone)) == telephone(phone)
    assert digits(digits(phone)) == digits(phone)


@pytest.mark.parametrize("plate", ["闽C12345", "闽CD12345", "闽C12345D", "京A8888学", "粤Z1234港"])
def test_plates_of_all_kinds_are_right(plate: str) -> None:
    assert plate_fault(digits(plate)) is None


@pytest.mark.parametrize("plate", ["闽C1234", "C12345", "闽O1234I", "闽C123456"])
def test_what_is_no_plate_is_told(plate: str) -> None:
    assert plate_fault(digits(plate)) == "shape"


@given(st.text(min_size=1), st.integers(0, 4), st.integers(0, 4))
def test_a_masked_value_is_as_long_and_shows_its_ends_alone(value: str, first: int, last: int) -> None:
    shown = masked(value, first, last)
    assert len(shown) == len(value)
    hidden = len(value) - first - last
    assert shown == (value[:first] + "•" * hidden + value[len(value) - last :] if hidden > 0 else "•" * len(value))
