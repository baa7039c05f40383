"""Amounts, as sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citong.kit.money import fen_of, yuan_of


@pytest.mark.parametrize(
    ("written", "fen"),
    [("12", 1200), ("12.5", 1250), ("0.05", 5), ("1,200.00", 120_000), ("￥８８．８０", 8880), ("3 元", 300)],
)
def test_an_amount_is_read_as_people_write_it(written: str, fen: int) -> None:
    assert fen_of(written) == fen


@pytest.mark.parametrize("written", ["", "-1", "1.234", "1e3", "twelve", "1.2.3", "."])
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="written like"):
        fen_of(written)


@given(st.integers(0, 99_999_999_999))
def test_nothing_is_lost_between_fen_and_yuan(fen: int) -> None:
    assert fen_of(yuan_of(fen)) == fen
