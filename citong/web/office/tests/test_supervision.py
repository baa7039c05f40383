"""The supervisor's page: every number leads to its cases, nobody sees another's, and the workbook says the same."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from citong.core.cases.models import Case
from citong.core.flow.measures import MEASURES
from citong.core.people.models import Account, Appointment, Unit
from citong.core.people.posts import Post
from tests.cast import Cast

WEST = {"lon": 118.565, "lat": 24.905}


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def client_of(cast: Cast) -> Callable[[str], Client]:
    return lambda who: signed_in(getattr(cast, who))


@pytest.fixture
def some_cases(report: Callable[..., Any], walk: Callable[..., Case]) -> list[Case]:
    made = [report(channel=channel).case for channel in ("web", "app", "phone")]
    made.append(report(category="safety.exit", lon=118.625).case)
    walk(made[0], "accept", "dispatch", "feed_back", "close", "rate")
    report(**WEST)
    return made


def numbers(page: str) -> set[str]:
    return set(re.findall(r"26-\d{7}-\d", page))


def figures(page: str) -> list[tuple[str, str]]:
    """(address, words) of every number that leads to cases."""
    found = re.findall(r'<a href="(/desk/supervision/cases\?[^"]+)">([^<]+)</a>', page)
    return [(unescape(address), words) for address, words in found]


@pytest.mark.parametrize("who", ["handler", "clerk", "administrator", "resident"])
def test_the_page_does_not_exist_for_other_posts(who: str, client_of: Callable[[str], Client]) -> None:
    for name in ("supervision", "figure_cases", "supervision_export"):
        assert client_of(who).get(reverse(name)).status_code == 404


@pytest.mark.parametrize("by", ["unit", "area", "grid", "kind", "channel"])
def test_each_number_leads_to_exactly_so_many_cases(
    by: str, some_cases: list[Case], client_of: Callable[[str], Client]
) -> None:
    client = client_of("supervisor")
    shown = figures(client.get(reverse("supervision"), {"by": by}).content.decode())
    assert len(shown) > 20
    for address, words in shown:
        if words.isdecimal():
            assert len(numbers(client.get(address).content.decode())) == int(words), address


def test_a_share_shows_those_counted_and_the_others(some_cases: list[Case], client_of: Callable[[str], Client]) -> None:
    client = client_of("supervisor")
    closed = some_cases[0].number
    for part, expected in (("counted", {closed}), ("rest", set()), ("all", {closed})):
        page = client.get(reverse("figure_cases"), {"measure": "on_time", "part": part}).content.decode()
        assert numbers(page) == expected


def test_a_supervisor_of_one_district_never_sees_the_other(
    some_cases: list[Case], client_of: Callable[[str], Client]
) -> None:
    client, west = client_of("supervisor"), Case.objects.get(district="w")
    pages = [client.get(reverse("supervision"), {"by": by}).content.decode() for by in ("unit", "area", "grid")]
    cases = client.get(reverse("figure_cases"), {"measure": "received", "area": "w"}).content.decode()
    assert all("西区" not in page for page in pages)
    assert west.number not in cases and not numbers(cases)


def test_a_supervisor_of_the_city_sees_both_and_goes_deeper(some_cases: list[Case], cast: Cast) -> None:
    boss = Account.objects.create_user("boss", password="x", name="市监督")
    Appointment.objects.create(
        account=boss, unit=Unit.objects.get(code="centre"), post=Post.SUPERVISOR, begins_on="2026-01-01"
    )
    client = signed_in(boss)
    page = client.get(reverse("supervision"), {"by": "area"}).content.decode()
    assert "东区" in page and "西区" in page
    deeper = client.get(reverse("supervision"), {"by": "area", "area": "e"}).content.decode()
    assert "东街道" in deeper and "西街道" not in deeper


def test_a_post_elsewhere_adds_nothing_to_the_figures(some_cases: list[Case], cast: Cast) -> None:
    Appointment.objects.create(
        account=cast.supervisor, unit=Unit.objects.get(code="urban-w"), post=Post.CLERK, begins_on="2026-01-01"
    )
    page = signed_in(cast.supervisor).get(reverse("figure_cases"), {"measure": "received"}).content.decode()
    assert numbers(page) == {case.number for case in some_cases}


def test_kinds_open_to_those_below_them(some_cases: list[Case], client_of: Callable[[str], Client]) -> None:
    client = client_of("supervisor")
    top = client.get(reverse("supervision"), {"by": "kind"}).content.decode()
    below = client.get(reverse("supervision"), {"by": "kind", "kind": "urban"}).content.decode()
    assert "城乡建设" in top and "井盖" not in top
    assert "井盖" in below and "公共安全" not in below


def test_the_period_is_what_was_asked_for(report: Callable[..., Any], client_of: Callable[[str], Client]) -> None:
    old = report(at=timezone.now() - timedelta(days=60)).case
    client = client_of("supervisor")
    day = timezone.localtime(old.opened_at).date().isoformat()
    then = {"measure": "received", "period": "custom", "since": day, "until": day}
    assert numbers(client.get(reverse("figure_cases"), then).content.decode()) == {old.number}
    assert not numbers(client.get(reverse("figure_cases"), {"measure": "received"}).content.decode())


@pytest.mark.parametrize("query", ["since=x", "period=custom&since=2026-02-30&until=2026-01-01", "by=zzz", "after=1"])
def test_nonsense_in_the_address_does_no_harm(query: str, client_of: Callable[[str], Client]) -> None:
    assert client_of("supervisor").get(f"{reverse('supervision')}?{query}").status_code == 200


def test_the_workbook_says_the_same_and_explains_itself(
    some_cases: list[Case], client_of: Callable[[str], Client]
) -> None:
    answer = client_of("supervisor").get(reverse("supervision_export"))
    book = load_workbook(BytesIO(answer.content))
    assert len(book.sheetnames) == 9
    told = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows() if row[0].value}
    assert all(told[str(measure.label)] == str(measure.definition) for measure in MEASURES)
    total = [cell.value for cell in book.worksheets[1][2]]
    assert total[1] == len(some_cases)
    units = {row[0].value: row[1].value for row in book.worksheets[2].iter_rows(min_row=2)}
    assert sum(units.values()) == len(some_cases)


def test_a_name_that_looks_like_a_formula_stays_text(
    report: Callable[..., Any], client_of: Callable[[str], Client]
) -> None:
    Unit.objects.filter(code="centre-e").update(name="=1+1")
    report()
    book = load_workbook(BytesIO(client_of("supervisor").get(reverse("supervision_export")).content))
    cell = book.worksheets[2]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_the_page_asks_as_often_for_many_cases_as_for_few(
    report: Callable[..., Any], cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.supervisor)
    for _number in range(6):
        report()
    client.get(reverse("supervision"))
    with django_assert_max_num_queries(20):
        client.get(reverse("supervision"))
