"""What everybody sees: the first page, public cases, the map; and what nobody sees there."""

from typing import Any

from django.test import Client

from citong.core.cases.models import Case, Party
from citong.core.ledger.models import Entry
from citong.core.ledger.read import faults
from citong.core.notices.models import Notice


def test_the_first_page_names_the_city_and_lists_public_reports_alone(site: Client, published: Any) -> None:
    published(title="井盖没了，电话13812345678")
    published(title="不公开的事", category="safety.exit")
    page = site.get("/").content.decode()
    assert "Town" in page and "井盖没了" in page
    assert "13812345678" not in page and "不公开的事" not in page


def test_a_confidential_reporter_is_nowhere_on_the_public_page(site: Client, published: Any) -> None:
    number = published(
        reporting="confidential", name="林保密", phone="13812345678", email="lin@example.org"
    ).case.number
    page = site.get(f"/c/{number}/").content.decode()
    assert "林保密" not in page and "13812345678" not in page and "lin@example.org" not in page and "林居民" not in page


def test_a_case_that_is_not_public_does_not_exist_for_the_public(site: Client, published: Any) -> None:
    number = published(category="safety.exit").case.number
    assert site.get(f"/c/{number}/").status_code == 404
    assert site.post(f"/c/{number}/follow/", {"contact": "a@example.org"}).status_code == 404


def test_words_of_offices_stay_off_the_public_page(site: Client, published: Any, walk: Any) -> None:
    case = published().case
    walk(case, "accept", "dispatch", "feed_back")
    page = site.get(f"/c/{case.number}/").content.decode()
    assert "The handler reported it as done." in page and "已经修好" not in page and "张处置" not in page


def test_a_follower_hears_of_the_next_step_and_stands_in_the_ledger(site: Client, published: Any, walk: Any) -> None:
    case = published().case
    for _click in range(2):
        page = site.post(f"/c/{case.number}/follow/", {"contact": "neighbour@example.org"}, follow=True)
        assert "You will be told of every step" in page.content.decode()
    assert Party.objects.get(role="follower").email == "neighbour@example.org"
    walk(case, "accept")
    assert Notice.objects.filter(address="neighbour@example.org", code="accept").count() == 1
    entries = list(Entry.objects.filter(subject=case.id).order_by("position"))
    assert [entry.act for entry in entries] == ["open", "follow", "accept"]
    assert not list(faults(entries))


def test_an_address_that_is_none_is_refused_at_its_field(site: Client, published: Any) -> None:
    answer = site.post(f"/c/{published().case.number}/follow/", {"contact": "nobody"})
    assert answer.status_code == 422 and "Give an e-mail address" in answer.content.decode()


def test_the_map_holds_public_cases_in_view_and_no_person(site: Client, published: Any) -> None:
    shown = published(title="井盖 13812345678", name="林居民").case
    published(category="safety.exit")
    data = site.get("/map/cases.geojson", {"bbox": "118.5,24.8,118.7,25"}).json()
    (feature,) = data["features"]
    assert feature["properties"].keys() == {"number", "title", "kind", "state", "look", "url"}
    assert feature["properties"]["number"] == shown.number and "138" not in feature["properties"]["title"]
    assert site.get("/map/cases.geojson", {"bbox": "10,10,11,11"}).json()["features"] == []
    assert len(site.get("/map/cases.geojson", {"bbox": "x"}).json()["features"]) == 1


def test_the_outlines_of_districts_are_sent_once(site: Client) -> None:
    first = site.get("/map/districts.geojson")
    assert {one["properties"]["name"] for one in first.json()["features"]} == {"e", "w"}
    again = site.get("/map/districts.geojson", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_map_shows_the_grids_around_a_point_by_their_names(site: Client) -> None:
    found = site.get("/map/grids.geojson", {"near": "118.605,24.905"}).json()["features"]
    assert "e10" in {one["properties"]["code"] for one in found}
    assert site.get("/map/grids.geojson", {"near": "nan,1"}).json()["features"] == []


def test_every_page_answers(site: Client) -> None:
    for address in ("/", "/report/", "/track/", "/map/", "/privacy/"):
        assert site.get(address).status_code == 200
    assert site.get("/nowhere/").status_code == 404


def test_the_public_pages_ask_few_questions_however_many_cases(
    site: Client, published: Any, django_assert_max_num_queries: Any
) -> None:  # fmt: skip
    for _one in range(12):
        published()
    for address in ("/", "/map/", f"/c/{Case.objects.first().number}/"):  # type: ignore[union-attr]
        site.get(address)
        with django_assert_max_num_queries(12):
            site.get(address)
