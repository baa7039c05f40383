import datetime as dt
import threading
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citong.kit.ids import (
    SECRET_ALPHABET,
    case_number,
    digest,
    normalise_secret,
    parse_number,
    secret,
    uuid7,
    uuid7_floor,
    uuid7_time,
)

AT = dt.datetime(2026, 11, 22, 8, 30, 0, 123_456, tzinfo=dt.UTC)
numbers = st.builds(case_number, st.integers(2000, 2099), st.integers(1, 10**9))


def test_ids_of_a_process_only_grow() -> None:
    ids = [uuid7() for _ in range(5000)]
    assert ids == sorted(set(ids))


def test_ids_of_one_given_millisecond_grow_and_keep_it() -> None:
    ids = [uuid7(AT) for _ in range(5000)]
    assert ids == sorted(set(ids))
    assert {uuid7_time(id) for id in ids} == {AT.replace(microsecond=123_000)}


def test_ids_drawn_by_many_threads_differ() -> None:
    drawn: list[UUID] = []
    threads = [threading.Thread(target=lambda: drawn.extend([uuid7() for _ in range(500)])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(drawn)) == 4000


def test_an_id_has_the_layout_of_rfc_9562() -> None:
    id = uuid7(AT)
    assert (id.version, id.variant) == (7, "specified in RFC 4122")
    assert id.int >> 80 == int(AT.timestamp() * 1000)


def test_the_floor_bounds_a_millisecond_from_below() -> None:
    assert uuid7_floor(AT) <= uuid7(AT) < uuid7_floor(AT + dt.timedelta(milliseconds=1))
    assert uuid7(AT - dt.timedelta(milliseconds=1)) < uuid7_floor(AT)
    assert uuid7_floor(AT).version == 7


def test_an_id_of_another_kind_holds_no_time() -> None:
    with pytest.raises(ValueError, match="holds no time"):
        uuid7_time(UUID("00000000-0000-4000-8000-000000000000"))


def test_a_naive_moment_gives_no_id() -> None:
    with pytest.raises(ValueError, match="pass an aware datetime"):
        uuid7(dt.datetime(2026, 1, 1))


def test_a_case_number_shows_year_sequence_and_check_digit() -> None:
    assert case_number(2026, 12345) == "26-0012345-4"
    assert parse_number("26-0012345-4") == (2026, 12345)


@pytest.mark.parametrize(
    "typed", ["2600123454", " 26 0012345 4 ", "２６－００１２３４５－４", "26–0012345—4", "26−0012345−4"]
)
def test_a_case_number_is_read_as_people_type_it(typed: str) -> None:
    assert parse_number(typed) == (2026, 12345)


@pytest.mark.parametrize("typed", ["", "26-12345", "case 7", "26-0012345-x", "26--0012345-4", "-26-0012345-4"])
def test_what_is_no_case_number_is_told_its_shape(typed: str) -> None:
    with pytest.raises(ValueError, match="looks like 26-0012345-7"):
        parse_number(typed)


@pytest.mark.parametrize(("year", "sequence"), [(1999, 1), (2100, 1), (2026, 0)])
def test_numbers_outside_the_century_are_refused(year: int, sequence: int) -> None:
    with pytest.raises(ValueError, match="2000 to 2099"):
        case_number(year, sequence)


@given(st.integers(2000, 2099), st.integers(1, 10**12))
def test_every_number_is_read_back(year: int, sequence: int) -> None:
    assert parse_number(case_number(year, sequence)) == (year, sequence)


@given(numbers)
def test_every_wrong_digit_is_caught(number: str) -> None:
    digits = number.replace("-", "")
    for at, right in enumerate(digits):
        for wrong in set("0123456789") - {right}:
            with pytest.raises(ValueError, match="wrong digit"):
                parse_number(digits[:at] + wrong + digits[at + 1 :])


@given(numbers)
def test_every_swap_of_neighbours_is_caught(number: str) -> None:
    digits = number.replace("-", "")
    for at in range(len(digits) - 1):
        if digits[at] != digits[at + 1]:
            with pytest.raises(ValueError, match="wrong digit"):
                parse_number(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])


def test_a_secret_has_two_groups_and_no_look_alikes() -> None:
    drawn = {secret() for _ in range(200)}
    assert len(drawn) == 200
    assert all(len(one) == 11 and one[5] == "-" for one in drawn)
    assert not set("01ilo") & set(SECRET_ALPHABET)
    assert len(set(SECRET_ALPHABET)) ** 10 >= 2**49


def test_a_secret_is_read_as_people_type_it() -> None:
    pepper = bytes(range(32))
    assert normalise_secret(" ABCDE—ＦＧＨＪＫ ") == "abcdefghjk"
    assert digest("abcde-fghjk", pepper) == digest("ABCDE FGHJK", pepper)
    assert digest("abcde-fghjk", pepper) != digest("abcde-fghjm", pepper)
    assert len(digest("abcde-fghjk", pepper)) == 32


@pytest.mark.parametrize("typed", ["", "abcde-fghj", "abcde-fghjk2", "abcde-fghj0", "abcde-fghji"])
def test_what_is_no_secret_is_told_its_shape(typed: str) -> None:
    with pytest.raises(ValueError, match="looks like abcde-fghjk"):
        normalise_secret(typed)


def test_a_short_pepper_is_refused() -> None:
    with pytest.raises(ValueError, match="draw a new one"):
        digest("abcde-fghjk", b"salt")
