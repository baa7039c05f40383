"""The law at the desk: looked up by words, number, statute and day; each article with where it comes from."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from citong.core.knowledge.load import load_shipped
from citong.core.knowledge.read import look_up
from tests.cast import PASSWORD, Cast

LAW = "/desk/knowledge/"


@pytest.fixture
def clerk(cast: Cast) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.cookies["django_language"] = "en"
    assert client.login(username=cast.clerk.username, password=PASSWORD)
    return client


@pytest.fixture
def shelf(clerk: Client) -> Client:
    """A clerk at the desk with the law that comes with the program."""
    load_shipped()
    return clerk


def read(client: Client, address: str = "", **asked: str) -> str:
    answer = client.get(LAW + address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_everyday_words_lead_to_an_article_with_its_reasons(shelf: Client) -> None:
    text = read(shelf, q="邻居盖楼挡了我家采光", on="2026-11-22")
    assert "第二百九十三条" in text and "<mark>采光</mark>" in text and "in force since 2021-01-01" in text


def test_a_number_leads_to_its_article_alone(shelf: Client) -> None:
    text = read(shelf, q="民法典第288条", on="2026-11-22")
    assert text.count('class="law-hit"') == 1 and "第二百八十八条" in text


def test_the_day_decides_which_wording_is_shown(shelf: Client) -> None:
    assert "第一百六十九条" in read(shelf, law="海商法", on="2026-04-30")
    now = read(shelf, law="海商法", on="2026-05-01")
    assert "第一百七十八条" in now and "第一百六十九条" not in now


def test_a_law_alone_is_read_in_order_and_page_by_page(shelf: Client) -> None:
    first = read(shelf, law="民法典", on="2026-11-22")
    assert first.count('class="law-hit"') == 50 and "Next articles" in first
    last = read(shelf, law="民法典", on="2026-11-22", after="125700")
    assert last.count('class="law-hit"') == 1 and "Back to the first page" in last


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"law": "月球法"}, "No law with “月球法” in its name was in force"),
        ({"q": "qwertyuiop"}, "No article in force on"),
        ({}, "Look up articles by what happened"),
        ({"q": "民法典288", "on": "never", "after": "-"}, "第二百八十八条"),
    ],
)
def test_what_is_not_there_or_said_wrongly_is_told_kindly(shelf: Client, asked: dict[str, str], said: str) -> None:
    assert said in read(shelf, **asked)


def test_without_any_law_the_operator_is_told_what_to_do(clerk: Client) -> None:
    assert "citong import laws" in read(clerk)


def test_the_page_of_an_article_says_since_when_it_holds_and_shows_other_versions(shelf: Client) -> None:
    old = look_up("海商法22", on=date(2026, 1, 1)).hits[0].article
    text = read(shelf, f"articles/{old.pk}/")
    assert "has not been law since 2026-05-01" in text and "1993-07-01 – 2026-05-01" in text
    assert "Only chosen articles of this law are loaded here." in text
    new = look_up("海商法22", on=date(2026, 6, 1)).hits[0].article
    assert f"{LAW}articles/{new.pk}/" in text and "has not been law" not in read(shelf, f"articles/{new.pk}/")


def test_an_article_that_is_not_there_is_not_found(shelf: Client) -> None:
    assert shelf.get(f"{LAW}articles/999999999/").status_code == 404


def test_a_resident_stays_outside(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.resident)
    assert client.get(LAW).status_code == 403


def test_a_long_list_costs_no_more_queries(shelf: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(14):
        read(shelf, law="民法典", on="2026-11-22")
