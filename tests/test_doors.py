"""Every address × every post × GET and POST: nobody gets in where the table of doors does not say so.

The table is tests/doors.toml. A new address fails here until a line of the table says who may use it.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from citong.adapters.api.models import ApiKey
from citong.core.people.posts import Post
from tests.cast import Cast
from tests.doors import MARKS, Answer, Door, Town, addresses, table
from tests.things import furnished

PEOPLE, RULES, DOORS = table()
KEYS = [who for who in PEOPLE if who.endswith(" key")]
BY_SESSION = [who for who in PEOPLE if who not in KEYS]
FOR_PROGRAMS = ("api_", "open311_")
OUT_OF_REACH = ("absent", "receipt")
PARTS = 4  # so that several processors can share them


@pytest.fixture
def town_with_doors(cast: Cast, report: Callable[..., Any], walk: Any, settings: Any, monkeypatch: Any) -> Town:
    settings.OPEN311_KEYS = ["of-the-doors"]
    # A live screen gives its connections back, and with them the transaction of this test.
    monkeypatch.setattr(connections, "close_all", lambda: None)
    return furnished(cast, report, walk)


def test_every_address_is_in_the_table() -> None:
    declared = {door.url for door in DOORS}
    assert sorted(addresses().keys() - declared) == [], "say in tests/doors.toml who may use them"
    assert sorted(declared - addresses().keys()) == [], "these addresses are gone"


def test_every_post_and_every_scope_of_a_key_is_in_the_table() -> None:
    assert {*Post.values, *(f"{scope} key" for scope in ApiKey.Scope.values)} <= set(PEOPLE)


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_each_door_lets_in_whom_the_table_names_and_nobody_else(town_with_doors: Town, part: int) -> None:
    """And a GET writes nothing but marks; what is out of reach answers like what does not exist; no POST is forged."""
    faults = [fault for door in DOORS[part::PARTS] for fault in _faults(town_with_doors, door)]
    assert not faults, "\n".join(faults)


def _faults(town: Town, door: Door) -> list[str]:
    found = []
    for method, rule in door.rules.items():
        for who in _knocking(door):
            answer = town.knock(door, method, who)
            said = f"{door.name}: {method} by {who}"
            if answer.word != rule[who]:
                found.append(f"{said} is told “{answer.word}” ({answer.status}), not “{rule[who]}”")
            if method == "GET" and answer.wrote - MARKS - set(door.writes):
                found.append(f"{said} writes {sorted(answer.wrote - MARKS - set(door.writes))}")
            if (door.hides or answer.word in OUT_OF_REACH) and not _same(
                answer, town.knock(door, method, who, missing=True)
            ):
                found.append(f"{said} tells that there is something")
    return found + _forged(town, door)


def _knocking(door: Door) -> list[str]:
    """Everybody; pages read no keys, so there one stands for all."""
    return PEOPLE if door.url.startswith(FOR_PROGRAMS) else [who for who in PEOPLE if who not in KEYS[1:]]


def _same(one: Answer, other: Answer) -> bool:
    return (one.status, one.said()) == (other.status, other.said())


def _forged(town: Town, door: Door) -> list[str]:
    """Whoever gets in by a session can not be made to send the form from a foreign page."""
    inside = [who for who in BY_SESSION if door.token and door.rules["POST"][who] == "in"]
    return [f"{door.name}: POST by {who} needs no token" for who in inside[-1:] if town.unforged(door, who) != 403]
