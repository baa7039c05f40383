"""What the form proposes while it is filled in."""

from typing import Any

from django.test import Client


def test_kinds_are_proposed_with_the_words_that_decided(site: Client) -> None:
    page = site.post("/report/kinds", {"text": "路灯不亮好几天了"}).content.decode()
    assert 'data-kind="urban.light"' in page and "Street light" in page and "路灯" in page


def test_a_text_that_fits_nothing_gets_no_proposal(site: Client) -> None:
    assert "data-kind" not in site.post("/report/kinds", {"text": ""}).content.decode()


def test_an_open_report_nearby_is_shown_with_the_way_to_follow_it(site: Client, published: Any) -> None:
    near = published(title="门口井盖没了").case
    far = published(title="远处的井盖", lon=118.625).case
    page = site.get(
        "/report/nearby", {"lon": "118.6052", "lat": "24.9051", "category": "urban.manhole"}
    ).content.decode()
    assert near.number in page and "m away" in page and far.number not in page


def test_reports_that_are_not_public_are_never_shown_nearby(site: Client, published: Any) -> None:
    hidden = published(title="消防通道", category="safety.exit").case
    assert hidden.number not in site.get("/report/nearby", {"lon": "118.605", "lat": "24.905"}).content.decode()


def test_a_point_is_told_by_its_names_and_grid(site: Client) -> None:
    page = site.get("/report/where", {"lon": "118.605", "lat": "24.905"}).content.decode()
    assert "东区" in page and "东一社区" in page and "e10" in page


def test_a_point_outside_the_city_gets_a_sentence(site: Client) -> None:
    assert "outside the city" in site.get("/report/where", {"lon": "119.9", "lat": "26.1"}).content.decode()


def test_an_address_in_words_is_told_by_its_names(site: Client) -> None:
    assert "东一社区" in site.get("/report/where", {"address": "东一社区3号楼"}).content.decode()


def test_nonsense_as_a_place_breaks_nothing(site: Client) -> None:
    for asked in ({"lon": "x", "lat": "y"}, {"lon": "nan", "lat": "inf"}, {"address": "a" * 500}, {}):
        assert site.get("/report/where", asked).status_code == 200
        assert site.get("/report/nearby", asked).status_code == 200
