"""A phone holds what its scopes hold: rows that change, move, end; scopes given and taken; silence when all is old."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from citong.core.cases.models import Case
from citong.core.notices.models import Notice
from citong.core.people.access import Purpose, scope
from citong.core.people.models import Appointment, Beat
from citong.core.places.current import day_of
from citong.core.register import write
from citong.core.register.models import Record
from citong.core.sync import feed, footprint, grants
from citong.core.sync.holdings.records import Records
from citong.core.sync.models import Change, Feed, Grant, Prepared
from citong.core.sync.pull import pull
from citong.core.sync.scopes import of_account, of_grid, of_unit, scopes_of
from citong.core.sync.tests.phones import Phone
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)  # the feed is read below what has not committed
E10, E11 = of_grid("e10"), of_grid("e11")


@pytest.fixture
def dwelling(cast: Cast) -> Callable[..., Record]:
    """`dwelling("e10", by="clerk")`: a dwelling there."""

    def makes(grid: str = "e10", *, address: str = "中山路1号", by: str = "clerk") -> Record:
        now = timezone.now()
        values = {"address": address, "room": "101"}
        return write.record(
            "dwelling", values, actor=cast.actor(by), source="office", on=day_of(now), at=now, grid=grid
        )  # fmt: skip

    return makes


@pytest.fixture
def phone(cast: Cast) -> Phone:
    """The grid worker's phone, with all of its scopes filled."""
    found = Phone(cast.grid_worker)
    found.sync()
    return found


def change(record: Record, cast: Cast, **values: str) -> None:
    now = timezone.now()
    write.change(
        record.id, values, base=record.version, actor=cast.actor("clerk"), source="office", on=day_of(now), at=now
    )  # fmt: skip


def test_a_phone_holds_its_person_its_station_and_its_grids(cast: Cast) -> None:
    actor = cast.actor("grid_worker")
    station = next(iter(actor.seats)).unit
    grids = {of_grid(f"e1{cell}") for cell in range(4)}
    assert scopes_of(actor) == {of_account(cast.grid_worker.id), of_unit(station), *grids}
    assert scopes_of(cast.actor("clerk")) == {of_account(cast.clerk.id)}


def test_a_first_load_has_all_of_a_scope_and_its_cursor_goes_on_from_there(
    cast: Cast, dwelling: Callable[..., Record]
) -> None:
    kept, other = dwelling("e10"), dwelling("e20")
    phone = Phone(cast.grid_worker)
    assert phone.ask().fill == sorted(scopes_of(phone.actor()))  # type: ignore[union-attr]
    phone.sync()
    assert phone.record(kept.id)["name"] == "中山路1号 101" and phone.record(other.id) is None  # type: ignore[index]
    change(kept, cast, room="102")
    phone.sync()
    assert phone.record(kept.id)["name"] == "中山路1号 102"  # type: ignore[index]


def test_an_unchanged_pull_is_one_question(phone: Phone) -> None:
    actor = phone.actor()
    with CaptureQueriesContext(connection) as asked:
        assert pull(phone.device.id, phone.cursors, actor=actor, owed=[], at=timezone.now()) is None
    assert len(asked) == 1


def test_a_record_that_moves_leaves_one_grid_and_comes_to_the_other(
    cast: Cast, phone: Phone, dwelling: Callable[..., Record]
) -> None:
    record = dwelling("e10")
    phone.sync()
    write.move(record.id, grid="e11", actor=cast.actor("clerk"), at=timezone.now())
    phone.sync()
    key = ("record", str(record.id))
    assert key not in phone.rows[E10] and phone.rows[E11][key]["grid"] == "e11"
    write.move(record.id, grid="e20", actor=cast.actor("clerk"), at=timezone.now())
    phone.sync()
    assert phone.record(record.id) is None


def test_what_is_over_or_became_another_is_gone_and_says_so(
    cast: Cast, phone: Phone, dwelling: Callable[..., Record]
) -> None:
    first, second, third = dwelling(address="甲路1号"), dwelling(address="乙路1号"), dwelling(address="丙路1号")
    phone.sync()
    clerk, now = cast.actor("clerk"), timezone.now()
    write.end(first.id, on=day_of(now), reason="拆除", actor=clerk, at=now)
    write.merge(second.id, into=third.id, take=[], actor=clerk, at=now)
    pulled = phone.ask()
    told = {row["id"]: row for row in pulled.rows if row["what"] == "record"} if pulled else {}
    assert told[str(first.id)]["gone"] and told[str(first.id)]["ended"] == day_of(now).isoformat()
    assert told[str(second.id)]["gone"] and told[str(second.id)]["merged"] == str(third.id)
    phone.take(pulled)
    assert phone.record(third.id) and not phone.record(first.id) and not phone.record(second.id)


def test_a_long_row_of_changes_comes_in_parts(cast: Cast, dwelling: Callable[..., Record]) -> None:
    phone = Phone(cast.grid_worker, page=2)
    phone.sync()
    made = [dwelling("e10", address=f"中山路{number}号") for number in range(5)]
    first = phone.ask()
    assert first and first.more and len(first.rows) == 2
    phone.sync()
    assert all(phone.record(one.id) for one in made)


def test_a_grid_that_is_taken_away_is_forgotten_and_the_answer_awaited(
    cast: Cast, phone: Phone, dwelling: Callable[..., Record]
) -> None:
    record = dwelling("e10")
    phone.sync()
    Beat.objects.filter(grid="e10").delete()
    pulled = phone.ask()
    assert pulled and pulled.forget == [E10]
    assert grants.unforgotten(phone.device.id) == [E10], "it is owed until the phone says so"
    phone.take(pulled)
    assert phone.record(record.id) is None
    assert phone.ask() and phone.ask().forget == [E10], "told again, in case the first time was lost"  # type: ignore[union-attr]
    phone.forgotten([E10])
    assert grants.unforgotten(phone.device.id) == [] and phone.ask() is None


def test_a_grid_given_again_is_filled_again_and_a_late_word_of_forgetting_counts_no_more(
    cast: Cast, phone: Phone, dwelling: Callable[..., Record]
) -> None:
    record = dwelling("e10")
    held = Appointment.objects.get(account=cast.grid_worker)
    Beat.objects.filter(grid="e10").delete()
    phone.take(phone.ask())
    Beat.objects.create(appointment=held, grid="e10")
    phone.sync()
    phone.forgotten([E10])
    assert phone.record(record.id)
    assert Grant.objects.filter(device=phone.device, scope=E10, forgotten_at=None, ended_at=None).exists()


def test_a_cursor_of_another_epoch_or_before_what_was_pruned_begins_anew(
    cast: Cast, phone: Phone, dwelling: Callable[..., Record]
) -> None:
    record = dwelling("e10")
    Change.objects.update(at=timezone.now() - feed.KEPT - timedelta(days=1))
    assert feed.prune(at=timezone.now()) > 0
    pulled = phone.ask()
    assert pulled and E10 in pulled.fill, "what changed was pruned before the phone had read it"
    phone.sync()
    assert phone.record(record.id)
    Feed.objects.update(epoch="restored")
    assert phone.ask().fill == sorted(phone.cursors)  # type: ignore[union-attr]
    phone.sync()
    assert phone.ask() is None


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "a.1", f"a.{'9' * 30}.1", "a.-1.0", "a.1.²"])
def test_a_cursor_that_was_never_ours_begins_anew(phone: Phone, text: str) -> None:
    phone.cursors[E10] = text
    assert phone.ask().fill == [E10]  # type: ignore[union-attr]


def test_a_footprint_that_differs_repairs_one_scope(cast: Cast, phone: Phone, dwelling: Callable[..., Record]) -> None:
    record = dwelling("e10")
    phone.sync()
    said = {scope: phone.footprint(scope) for scope in phone.cursors}
    assert footprint.wrong(said, actor=phone.actor()) == []
    phone.rows[E10].pop(("record", str(record.id)))
    said[E10] = phone.footprint(E10)
    assert footprint.wrong(said, actor=phone.actor()) == [E10]
    assert not Prepared.objects.filter(scope=E10).exists(), "the load that lay ready may be what is wrong"
    phone.fill(E10)
    assert footprint.wrong({E10: phone.footprint(E10)}, actor=phone.actor()) == []


def test_cases_in_hand_and_own_reports_and_notices_come_and_go(
    cast: Cast, phone: Phone, report: Any, walk: Any
) -> None:
    mine = report(by="grid_worker").case
    given = walk(report(category="urban.light").case, "accept", "dispatch")
    phone.sync()
    account, station = of_account(cast.grid_worker.id), of_unit(given.unit_id)
    assert phone.rows[account][("case", str(mine.id))]["mine"]
    assert phone.rows[station][("case", str(given.id))]["number"] == given.number
    held = {id for rows in phone.rows.values() for what, id in rows if what == "case"}
    reached = Case.objects.filter(scope(phone.actor(), Purpose.HANDLING), pk__in=held)
    assert reached.count() == len(held) == 2, "nothing that the worker could not see at the desk"
    walk(given, ("feed_back", {}, "grid_worker"))
    told = Notice.objects.filter(account=cast.grid_worker).first()
    phone.sync()
    assert ("case", str(given.id)) not in phone.rows[station]
    if told:
        assert phone.rows[account][("notice", str(told.id))]["read"] is False
    footprints = {scope: phone.footprint(scope) for scope in phone.cursors}
    assert footprint.wrong(footprints, actor=phone.actor()) == []


def test_sealed_fields_that_must_not_leave_the_office_do_not(cast: Cast, phone: Phone) -> None:
    now = timezone.now()
    values = {"name": "陈阿婆", "phone": "13800138000", "identity_number": "11010119900307109X"}
    made = write.record(
        "person", values, actor=cast.actor("clerk"), source="office", on=day_of(now), at=now, grid="e10"
    )  # fmt: skip
    phone.sync()
    row = phone.record(made.id)
    assert row and row["values"]["phone"] == "13800138000" and "identity_number" not in row["values"]


def test_a_tie_is_told_to_the_grids_of_both_ends(cast: Cast, phone: Phone, dwelling: Callable[..., Record]) -> None:
    now, clerk = timezone.now(), cast.actor("clerk")
    home, person = dwelling("e10"), None
    person = write.record("person", {"name": "陈"}, actor=clerk, source="office", on=day_of(now), at=now, grid="e11")
    tie = write.tie("owns", person.id, home.id, source="office", actor=clerk, at=now)
    phone.sync()
    key = ("tie", str(tie.id))
    assert key in phone.rows[E10] and key in phone.rows[E11]
    write.untie(tie.id, until=day_of(now), actor=clerk, at=timezone.now())
    phone.sync()
    assert key not in phone.rows[E10] and key not in phone.rows[E11]


def test_a_holding_tells_nothing_outside_the_actors_reach(cast: Cast, dwelling: Callable[..., Record]) -> None:
    record: UUID = dwelling("e20").id
    assert Records().rows([record], actor=cast.actor("grid_worker"), scopes=[of_grid("e20")]) == {}
