"""Every look is in the trace: no door shows staff a case's personal words without a mark that its people can read."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from citong.core.people.models import Look
from tests.cast import Cast
from tests.doors import Door, Town, table
from tests.things import PERSONAL, furnished

STAFF = ("clerk", "handler", "supervisor", "administrator", "read key")
DOORS = [door for door in table()[2] if not door.name.startswith(("account", "mfa", "social", "openid"))]


@pytest.fixture
def town_with_doors(cast: Cast, report: Callable[..., Any], walk: Any, monkeypatch: Any) -> Town:
    monkeypatch.setattr(connections, "close_all", lambda: None)
    return furnished(cast, report, walk)


@pytest.mark.django_db
def test_no_door_shows_personal_words_without_a_look(town_with_doors: Town) -> None:
    shown = {door.name: _shown(town_with_doors, door) for door in DOORS}
    assert not [fault for _names, faults in shown.values() for fault in faults]
    assert {name for name, (names, _faults) in shown.items() if names} == {
        "case", "case_phone", "attachment", "api_case", "api_history", "refused_operation", "operation_settle"
    }  # fmt: skip


def _shown(town: Town, door: Door) -> tuple[list[str], list[str]]:
    """Who of the staff is shown personal words there, and which of them left no look."""
    seen, unmarked = [], []
    for method, rule in door.rules.items():
        for who in (one for one in STAFF if rule[one] == "in"):
            answer = town.knock(door, method, who)
            if any(word in answer.said() for word in PERSONAL) or answer.kind.startswith("image/"):
                seen.append(who)
                unmarked += [] if "people_look" in answer.wrote else [f"{door.name}: {method} by {who}"]
    return seen, unmarked


def test_a_photo_opened_beside_the_page_is_the_same_look(town_with_doors: Town) -> None:
    town, files = town_with_doors, f"/files/{town_with_doors.things['attachment_id']}/"
    clerk = town.clients["clerk"]
    assert clerk.get(f"/desk/case/{town.things['number']}/").status_code == 200
    assert clerk.get(files).status_code == clerk.get(files).status_code == 200
    assert Look.objects.filter(account=town.cast.clerk.id).count() == 1
    assert town.clients["resident"].get(files).status_code == 200
    assert Look.objects.count() == 1


def test_whoever_has_not_the_case_in_hand_says_what_for_before_a_photo_opens(town_with_doors: Town) -> None:
    town, number = town_with_doors, town_with_doors.things["number"]
    leader = town.clients["supervisor"]
    files = f"/files/{town.things['attachment_id']}/"
    assert leader.get(files).status_code == 404
    leader.post(f"/desk/case/{number}/purpose", {"purpose": "supervision"})
    assert leader.get(files).status_code == 200
    assert Look.objects.get(account=town.cast.supervisor.id).purpose == "supervision"
