"""Open data: all public cases as files, and not a word of any person in them."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.cache import cache
from django.http import StreamingHttpResponse
from django.test import AsyncRequestFactory, Client
from django.utils import timezone

from citong.core.cases.models import Case, Category
from citong.core.flow.forget import forget
from citong.core.flow.intake import Opened
from citong.core.flow.published import COLUMNS, batches, published
from citong.core.people.access import ANYBODY, Purpose, scope
from citong.core.places.current import forget_city, today
from citong.web import throttle
from citong.web.public import open_data

CSV, GEOJSON = "/api/v1/public/cases.csv", "/api/v1/public/cases.geojson"
PERSONAL = {
    "name": "林保密", "phone": "13812345678", "email": "lin@example.org", "behalf_name": "陈奶奶",
    "behalf_phone": "13987654321", "named": "老赵",
}  # fmt: skip
Publish = Callable[..., Case]


@pytest.fixture
def accepted(published: Callable[..., Opened], walk: Any) -> Publish:
    """`accepted(title=…)`: a public case that its desk has accepted as public."""
    return lambda **data: walk(published(**data).case, ("accept", {"public": "on"}))


def rows(site: Client, **asked: str) -> list[dict[str, str]]:
    answer = site.get(CSV, asked)
    assert answer.status_code == 200, b"".join(answer)
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))


def numbers(site: Client, **asked: str) -> list[str]:
    return [row["number"] for row in rows(site, **asked)]


def test_a_row_says_what_kind_where_when_and_how_it_stands(site: Client, accepted: Publish, walk: Any) -> None:
    case = walk(accepted(), "dispatch", "feed_back", "close", "rate")
    (row,) = rows(site)
    assert tuple(row) == COLUMNS
    assert row["number"] == case.number and row["service"] == "requests"
    assert (row["category"], row["category_name"]) == ("urban.manhole", "Manhole cover")
    assert (row["status"], row["state"], row["state_name"], row["outcome"]) == ("closed", "closed", "Closed", "closed")
    assert (row["district"], row["district_name"], row["street"], row["community"]) == ("e", "东区", "es", "e1")
    assert (row["lon"], row["lat"], row["datum"]) == ("118.605", "24.905", "WGS84")
    assert (row["rating"], row["reworks"], row["reopenings"], row["late"]) == ("5", "0", "0", "false")


def test_times_are_those_of_the_city_and_say_so(site: Client, accepted: Publish) -> None:
    case = accepted(at=datetime(2026, 1, 31, 22, 30, tzinfo=UTC))
    assert rows(site)[0]["opened_at"] == "2026-02-01T06:30:00+08:00"
    made = json.loads(site.get(GEOJSON).getvalue())
    assert (made["zone"], made["datum"]) == ("Asia/Shanghai", "WGS84")
    assert made["features"][0]["properties"]["opened_at"].endswith("+08:00") and case.number


def test_a_map_file_has_the_same_rows(site: Client, accepted: Publish) -> None:
    accepted()
    (row,) = rows(site)
    (feature,) = json.loads(site.get(GEOJSON).getvalue())["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [118.605, 24.905]}
    assert set(feature["properties"]) == set(row) - {"lon", "lat"} and feature["id"] == row["number"]


@pytest.mark.parametrize("address", [CSV, GEOJSON])
def test_no_word_of_a_person_is_anywhere_in_a_file(site: Client, accepted: Publish, walk: Any, address: str) -> None:
    words = "张三电话13700001111，住东一社区8号楼302"
    case = accepted(**PERSONAL, title="张三家门口", text=words, address="东区人民路88号302", reporting="confidential")
    walk(case, ("dispatch", {"note": "王五跟进"}), ("feed_back", {"result": "李四已修好"}), "close")
    whole = site.get(address).getvalue().decode()
    assert case.number in whole
    said = [*PERSONAL.values(), "张三", "王五", "李四", "13700001111", "302", "人民路", "林居民", "王受理", "张处置"]
    assert [one for one in said if one in whole] == []


WITHHELD: dict[str, Callable[[Any, Any], Any]] = {
    "its reporter did not allow it": lambda report, walk: walk(report().case, "accept"),
    "its kind is not public": lambda report, walk: report(public="on", category="safety.exit"),
    "its desk took it off the map": lambda report, walk: walk(
        report(public="on").case, ("accept", {"public": ""})
    ),
    "nobody has accepted it yet": lambda report, walk: report(public="on"),
    "its reporter was asked something": lambda report, walk: walk(report(public="on").case, "ask"),
    "its reporter took it back": lambda report, walk: walk(
        report(public="on").case, ("accept", {"public": "on"}), "withdraw"
    ),
}  # fmt: skip


@pytest.mark.parametrize("why", WITHHELD)
def test_a_case_is_not_given_away_when(site: Client, report: Any, walk: Any, accepted: Publish, why: str) -> None:
    WITHHELD[why](report, walk)
    shown = accepted().number
    assert numbers(site) == [shown]
    assert [feature["id"] for feature in json.loads(site.get(GEOJSON).getvalue())["features"]] == [shown]


def test_every_case_in_it_has_a_public_page(site: Client, accepted: Publish, report: Any) -> None:
    accepted()
    report()
    public = Case.objects.filter(scope(ANYBODY, Purpose.PUBLIC))
    assert not published().difference(public).exists() and published().count() == 1
    assert all(site.get(f"/c/{number}/").status_code == 200 for number in numbers(site))


def test_when_its_words_are_forgotten_its_point_is_gone_too(site: Client, accepted: Publish, walk: Any) -> None:
    case = walk(accepted(), "dispatch", "feed_back", "close")
    forget(case.id, at=timezone.now())
    (row,) = rows(site)
    assert (row["lon"], row["lat"], row["community"]) == ("", "", "e1")


def test_points_are_rounded(site: Client, accepted: Publish) -> None:
    accepted(lon=118.6051234567, lat=24.9059876543)
    (row,) = rows(site)
    assert (row["lon"], row["lat"]) == ("118.60512", "24.90599")


def test_filters_narrow_each_other(site: Client, accepted: Publish, walk: Any) -> None:
    hole, light = accepted(), accepted(category="urban.light")
    Case.objects.filter(pk=light.pk).update(district="w")
    walk(hole, "dispatch", "feed_back", "close")
    assert numbers(site, category="urban") == [hole.number, light.number]
    assert numbers(site, category="urban.light") == [light.number]
    assert numbers(site, state="closed") == [hole.number] and numbers(site, state="open") == [light.number]
    assert numbers(site, district="w") == [light.number] and numbers(site, district="e", state="open") == []
    assert numbers(site, service="requests", since="", until="") == [hole.number, light.number]


def test_a_kind_that_is_no_longer_in_force_can_still_be_asked_for(site: Client, accepted: Publish) -> None:
    case = accepted()
    Category.objects.filter(code="urban.manhole").update(ends_on=today() - timedelta(days=1))
    assert numbers(site, category="urban.manhole") == [case.number]


def test_days_are_whole_days_of_the_city(site: Client, accepted: Publish) -> None:
    midnight = datetime(2026, 1, 31, 16, 0, tzinfo=UTC)  # the first of February in the city
    before, first, last, after = (
        accepted(at=midnight + timedelta(seconds=seconds)).number for seconds in (-1, 0, 86_399, 86_400)
    )
    assert numbers(site, since="2026-02-01", until="2026-02-01") == [first, last]
    assert numbers(site, until="2026-01-31") == [before] and numbers(site, since="2026-02-02") == [after]


FAULTS = [
    ("since=yesterday", "since"), ("since=2026-02-30", "since"), ("until=0001-01-01", "until"),
    ("until=9999-12-31", "until"), ("since=2026-02-02&until=2026-02-01", "until"), ("service=none", "service"),
    ("category=urban%00", "category"), ("category=safety.none", "category"), ("district=zz", "district"),
    ("district=%00", "district"), ("state=perhaps", "state"), ("distrct=e", "distrct"), ("%00=1", "\0"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "field"), FAULTS)
def test_a_filter_that_means_nothing_is_named(site: Client, query: str, field: str) -> None:
    for address in (CSV, GEOJSON):
        answer = site.get(f"{address}?{query}")
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
        assert answer.json()["errors"][field]


def test_the_page_shows_what_is_wrong_at_its_field(site: Client, accepted: Publish) -> None:
    accepted()
    answer = site.get("/open-data/requests.csv?since=yesterday&colour=red")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Give a day such as 2026-01-31." in page and "There is no such filter." in page


def test_rows_stay_in_order_and_none_comes_twice_while_others_are_written(accepted: Publish) -> None:
    old = datetime(2026, 1, 1, tzinfo=UTC)
    given = [accepted(at=old + timedelta(days=day)).number for day in (1, 2, 3, 4)]
    coming = batches(size=2)
    first = next(coming)
    accepted(at=old), accepted(at=old + timedelta(days=2, hours=1))
    late = accepted().number
    seen = [row["number"] for row in [*first, *(row for batch in coming for row in batch)]]
    assert [number for number in seen if number in given] == given and len(seen) == len(set(seen))
    assert seen[-1] == late


def test_a_batch_costs_one_statement(accepted: Publish, django_assert_num_queries: Any) -> None:
    for _case in range(3):
        accepted()
    with django_assert_num_queries(2 + 2):
        assert [len(batch) for batch in batches(size=2)] == [2, 1]


def test_what_is_accepted_packed_comes_packed(site: Client, accepted: Publish) -> None:
    accepted()
    plain, packed = site.get(CSV), site.get(CSV, headers={"accept-encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(packed.getvalue()) == plain.getvalue()
    for refused in ("gzip;q=0", "gzip; q=0.0, br", "identity", ""):
        assert "Content-Encoding" not in site.get(CSV, headers={"accept-encoding": refused})
    assert "attachment" in plain["Content-Disposition"] and "town-requests-" in plain["Content-Disposition"]


@pytest.mark.filterwarnings("error")
def test_an_asynchronous_server_is_given_an_asynchronous_stream(accepted: Publish) -> None:
    number = accepted().number
    request = AsyncRequestFactory().get(CSV)

    async def fetched() -> bytes:
        response = await sync_to_async(open_data.open_data_file)(request, "csv")
        assert isinstance(response, StreamingHttpResponse) and response.is_async
        return b"".join([part async for part in response])

    assert number.encode() in async_to_sync(fetched)()


def test_so_many_an_hour_then_a_pause(site: Client, accepted: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "LIMITS", {**throttle.LIMITS, "download": throttle.Limit(2, throttle.HOUR)})
    accepted()
    assert [site.get(CSV).status_code for _try in range(2)] == [200, 200]
    turned = site.get(GEOJSON)
    assert (turned.status_code, turned["Content-Type"]) == (429, "application/problem+json") and turned["Retry-After"]
    assert site.get("/open-data/requests.csv").status_code == 429
    assert site.get("/open-data/").status_code == 200


def test_the_page_says_how_much_there_is_and_on_which_terms(site: Client, accepted: Publish, town: Any) -> None:
    assert "There is no public report yet." in site.get("/open-data/").content.decode()
    accepted()
    cache.clear()
    town.parameters["open_data_licence"] = "CC BY 4.0 https://creativecommons.org/licenses/by/4.0/"
    town.save()
    forget_city()
    page = site.get("/open-data/").content.decode()
    assert "CC BY 4.0" in page and "/api/v1/public/cases.csv" in page and "Asia/Shanghai" in page
    assert json.loads(site.get(GEOJSON).getvalue())["licence"].startswith("CC BY 4.0")


def test_identifiers_begin_with_the_moment_of_opening(accepted: Publish) -> None:
    """The day filters stand on it."""
    at = datetime(2026, 1, 31, 22, 30, 0, 123_000, tzinfo=UTC)
    case = accepted(at=at)
    assert UUID(str(case.id)).int >> 80 == int(at.timestamp() * 1000)
