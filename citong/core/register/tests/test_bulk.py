"""A table is loaded as if each row had been told by itself, once, and under signed checkpoints."""

from datetime import date
from typing import Any

import pytest

from citong.core.ledger.models import Checkpoint, Content, Entry, Seal
from citong.core.ledger.read import faults
from citong.core.people.access import SYSTEM
from citong.core.register import read, write
from citong.core.register.bulk import Bond, Checked, Loaded, load_all
from citong.core.register.checking import opened, whole
from citong.core.register.kinds import KINDS
from citong.core.register.models import Record, Tie
from citong.core.register.tests.conftest import HOME, NOW, PERSON, TODAY
from citong.kit.ids import uuid7
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def row(kind: str, data: dict[str, Any], **rest: Any) -> Checked:
    return Checked(kind, whole(KINDS[kind], data), TODAY, **rest)


def household() -> list[Checked]:
    home = row("dwelling", HOME, lon=118.625, lat=24.905)
    return [home, row("person", PERSON, ties=[Bond("lives_in", home.id, date(2020, 5, 1))])]


def test_a_loaded_record_can_not_be_told_from_one_that_was_told(cast: Cast) -> None:
    clerk, rows = cast.actor("clerk"), household()
    assert load_all(rows, actor=clerk, source="import", at=NOW) == Loaded(recorded=2)
    home, person = (Record.objects.get(pk=one.id) for one in rows)
    told = write.record("person", PERSON, actor=clerk, source="import", on=TODAY, at=NOW, grid="e20")
    for name in ("kind", "name", "district", "street", "community", "grid", "lon", "keys", "said", "version"):
        assert getattr(person, name) == getattr(told, name), name
    assert opened(person) == opened(told) and (home.lon, home.grid) == (118.625, "e20")
    assert person in read.find("13800138000", actor=clerk)
    assert Tie.objects.get().since == date(2020, 5, 1)
    for one in (home, person):
        entries = list(Entry.objects.filter(subject=one.id).order_by("position"))
        assert not list(faults(entries, Content.objects.in_bulk([entry.id for entry in entries])))
        assert one.position == len(entries) and bytes(one.head) == bytes(entries[-1].hash)
    assert Checkpoint.objects.count() == 1 and not Seal.objects.filter(
        checkpoint=None, entry__in=Entry.objects.exclude(subject=told.id).values("id")
    )
    write.change(person.id, {"stay": "rents"}, base=1, actor=clerk, source="visit", on=TODAY, at=NOW)


def test_a_table_that_is_loaded_again_loads_nothing(cast: Cast) -> None:
    rows, heard = household(), list[int]()
    load_all(rows, actor=cast.actor("clerk"), source="import", at=NOW)
    again = load_all(
        rows, actor=cast.actor("clerk"), source="import", at=NOW, done=lambda so_far: heard.append(so_far.again)
    )
    assert (again.recorded, again.again, heard) == (0, 2, [2])
    assert Record.objects.count() == 2


def test_rows_that_can_not_be_are_refused_and_the_others_loaded(cast: Cast) -> None:
    rows = [
        row("dwelling", HOME, grid="w10"),
        row("dwelling", HOME, grid="nowhere"),
        row("dwelling", HOME, lon=1.0, lat=1.0),
        row("person", PERSON, ties=[Bond("lives_in", uuid7(NOW))]),
        row("dwelling", HOME, grid="e10"),
    ]
    loaded = load_all(rows, actor=cast.actor("clerk"), source="import", at=NOW)
    assert (loaded.recorded, [position for position, _sentence in loaded.refused]) == (1, [0, 1, 2, 3])
    assert load_all(rows[:1], actor=SYSTEM, source="import", at=NOW).recorded == 1
