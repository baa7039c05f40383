"""The pages of the visits, as sentences."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citong.core.people.models import Account, Look
from citong.kit.ids import uuid7
from citong.services.visits.models import Plan, Visit
from citong.services.visits.plan import plan_week, week_of
from citong.services.visits.tests.conftest import Homes
from citong.services.visits.write import Given, visit
from tests.cast import Cast

pytestmark = pytest.mark.django_db
At = Callable[[str], Client]


@pytest.fixture
def at(cast: Cast) -> At:
    def signed_in(who: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(cast.people[who])
        client.cookies["django_language"] = "en"
        return client

    return signed_in


@pytest.fixture
def week(homes: Homes, cast: Cast) -> date:
    """Twelve homes, planned for this week: one visited, one empty, one refused."""
    made = homes(12, at=timezone.now() - timedelta(days=20))
    monday = week_of(timezone.now())
    plan_week(monday)
    actor, now = cast.actor("grid_worker"), timezone.now()
    for home, outcome in zip(made, ("done", "absent", "refused"), strict=False):
        visit(Given(uuid7(), home, now, {"outcome": outcome}), actor=actor, at=now)
    return monday


def cells(answer: Any) -> list[str]:
    page = answer.content.decode()
    return [part.split("<")[0] for part in page.split("<dd>")[1:7]]


def test_a_supervisor_sees_how_far_the_week_has_come(at: At, week: date) -> None:
    answer = at("supervisor").get(reverse("visits"))
    assert cells(answer) == ["12", "1", "1", "1", "9", "0"]
    assert "东街道" in answer.content.decode()
    assert "Still to visit" in answer.content.decode()


def test_a_visit_is_told_in_words_in_the_history_of_a_home(at: At, homes: Homes, cast: Cast) -> None:
    (home,), now = homes(1), timezone.now()
    visit(Given(uuid7(), home, now, {"outcome": "done"}), actor=cast.actor("grid_worker"), at=now)
    assert '"timeline-what">Visited<' in at("clerk").get(reverse("record", args=[home])).content.decode()


def test_it_leads_down_to_the_workers_of_a_community_and_no_resident_is_named(at: At, week: date) -> None:
    page = at("supervisor").get(reverse("visits"), {"area": "e1"}).content.decode()
    assert "陈网格" in page
    assert "东街 " not in page
    assert not Look.objects.exists()


def test_a_week_that_is_over_says_what_was_missed(at: At, week: date, settings: Any) -> None:
    Plan.objects.update(week=week - timedelta(weeks=1))
    page = at("supervisor").get(reverse("visits"), {"week": str(week - timedelta(days=3))}).content.decode()
    assert "Missed" in page
    assert "office-figure-bad" in page


def test_the_number_of_queries_does_not_grow_with_the_city(
    at: At, week: date, colleague: Account, django_assert_max_num_queries: Any
) -> None:
    client = at("supervisor")
    with django_assert_max_num_queries(16):
        client.get(reverse("visits"))


def test_the_table_can_be_taken_away_without_names_of_residents(at: At, week: date) -> None:
    answer = at("supervisor").get(reverse("visits_export"))
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[1] == "station-e1,东区网格站1,陈网格,5,30,12,1,1,1,9,0,8.3"
    assert len(lines) == 2


@pytest.mark.parametrize("who", ["clerk", "grid_worker", "handler", "administrator"])
def test_coverage_is_for_supervisors_alone(at: At, week: date, who: str) -> None:
    assert at(who).get(reverse("visits")).status_code == 404
    assert at(who).get(reverse("visits_export")).status_code == 404


def test_a_worker_sees_the_own_week_with_reasons(at: At, week: date) -> None:
    page = at("grid_worker").get(reverse("my_visits")).content.decode()
    assert page.count("Never visited yet") == 12
    assert "e10 东街 3 号" in page
    assert "Nobody was at home" in page
    assert at("supervisor").get(reverse("my_visits")).status_code == 404


def test_a_visit_is_written_down_at_the_desk_once(at: At, week: date) -> None:
    client, home = at("grid_worker"), Plan.objects.get().households[-1]
    address = reverse("visit_form", args=[home])
    assert client.get(address).status_code == 200
    assert Look.objects.get().purpose == "visiting"
    answer = client.post(address, {"outcome": "", "wish": "想修灯", "key": str(uuid7())})
    assert (answer.status_code, "想修灯" in answer.content.decode()) == (422, True)
    key = str(uuid7())
    for _twice in range(2):
        assert client.post(address, {"outcome": "done", "wish": "想修灯", "key": key}).status_code == 302
    assert Visit.objects.filter(dwelling=home).count() == 1


def test_a_home_elsewhere_can_not_be_visited_here(at: At, homes: Homes) -> None:
    (far,) = homes(1, grid="e20")
    assert at("grid_worker").get(reverse("visit_form", args=[far])).status_code == 404
    assert at("grid_worker").post(reverse("visit_form", args=[far]), {"outcome": "done"}).status_code == 404
