"""Records are told, changed, tied and ended by whoever may, and every word of it is kept."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from citong.core.ledger.models import Entry
from citong.core.ledger.read import faults
from citong.core.ledger.rows import Rows
from citong.core.notices.models import Notice
from citong.core.people.access import SYSTEM
from citong.core.people.refusal import Invalid, NotAllowed, NotThere, WrongState
from citong.core.places.current import forget_city
from citong.core.places.models import City
from citong.core.register import read, write
from citong.core.register.models import Proposal, Record, Tie
from citong.core.register.tasks import end_due
from citong.core.register.tests.conftest import NOW, TODAY
from citong.kit.ids import uuid7
from tests.cast import Cast

Told = Callable[..., Record]
Says = Callable[..., write.Changed]
DAY = timedelta(days=1)


def values(record: Record, cast: Cast) -> dict[str, Any]:
    found: dict[str, Any] = read.on_phone([Record.objects.get(pk=record.pk)], cast.actor("clerk"))[0]["values"]
    return found


def test_a_record_is_where_its_grid_is_and_carries_source_and_day(told: Told) -> None:
    person = told()
    assert (person.district, person.street, person.community, person.grid) == ("e", "es", "e1", "e10")
    assert person.said["phone"][0] == 1 and person.said["phone"][2:] == ["office", "2026-03-02"]


def test_a_record_is_where_its_point_is(cast: Cast, told: Told) -> None:
    home = write.record(
        "dwelling", {"address": "海边路1号"}, actor=cast.actor("clerk"), source="office", on=TODAY, at=NOW,
        lon=118.625, lat=24.905,
    )  # fmt: skip
    assert (home.grid, home.community) == ("e20", "e2")


def test_a_record_without_a_place_is_where_its_author_works(cast: Cast) -> None:
    told = write.record("person", {"name": "无处"}, actor=cast.actor("clerk"), source="office", on=TODAY, at=NOW)
    assert (told.district, told.street, told.grid) == ("e", "", "")


def test_told_twice_with_one_key_or_id_a_record_is_one(cast: Cast) -> None:
    def tell(**rest: Any) -> Record:
        given: dict[str, Any] = {"actor": cast.actor("clerk"), "source": "office", "on": TODAY, "at": NOW}
        return write.record("person", {"name": "一人"}, grid="e10", **given, **rest)

    own = uuid7(NOW)
    assert tell(key="form-1").id == tell(key="form-1").id != tell(key="form-2").id
    assert tell(id=own).id == tell(id=own).id == own
    assert Record.objects.count() == 3


def test_numbers_are_checked_and_brought_into_one_form(told: Told, cast: Cast) -> None:
    assert values(told(), cast)["phone"] == "13800138000"
    with pytest.raises(Invalid) as refused:
        told(identity_number="110105194912310021", phone="12", name="")
    assert sorted(refused.value.errors) == ["identity_number", "name", "phone"]


def test_an_address_that_names_another_part_of_the_city_is_refused(cast: Cast, told: Told) -> None:
    """Grid e10 lies in 东一社区, 东街道."""
    home = told("dwelling", address="东街道东一社区1号", grid="e10")
    by: dict[str, Any] = {"source": "office", "on": TODAY, "actor": cast.actor("clerk"), "at": NOW}
    with pytest.raises(Invalid) as refused:
        write.change(home.id, {"address": "东二社区1号"}, base=1, **by)
    assert "东二社区" in refused.value.errors["address"][0]
    with pytest.raises(Invalid):
        told("dwelling", address="西街道一巷2号", grid="e10")
    with pytest.raises(Invalid):
        write.move(home.id, grid="e20", actor=by["actor"], at=NOW)
    assert told("dwelling", address="东街道中山路3号", grid="e10").community == "e1"
    assert told("dwelling", address="东一社区东二社区联谊楼4号", grid="e10").community == "e1"
    assert Record.objects.get(pk=home.pk).values["address"] == "东街道东一社区1号"


def test_fields_that_contradict_each_other_are_refused(told: Told, says: Says) -> None:
    with pytest.raises(Invalid) as refused:
        told(born_on="1950-01-01")
    assert list(refused.value.errors) == ["born_on"]
    with pytest.raises(Invalid):
        says(told(), gender="m")


def test_a_field_no_kind_has_is_refused_and_not_lost_in_silence(told: Told, says: Says) -> None:
    with pytest.raises(Invalid):
        says(told(), faith="x")


def test_a_grid_worker_reaches_their_beats_alone(cast: Cast, told: Told, says: Says) -> None:
    own, other = told(grid="e10"), told(grid="e20")
    assert says(own, by="grid_worker", phone="13900139000").record.version == 2
    with pytest.raises(NotThere):
        says(other, by="grid_worker", phone="13900139000")
    with pytest.raises(NotAllowed):
        told(by="grid_worker", grid="e20")


def test_who_only_reads_may_not_change_and_who_does_not_sees_nothing(cast: Cast, told: Told, says: Says) -> None:
    person = told()
    for reader in ("dispatcher", "verifier", "supervisor"):
        with pytest.raises(NotAllowed):
            says(person, by=reader, phone="13900139000")
    for stranger in ("handler", "administrator", "outsider", "resident"):
        with pytest.raises(NotThere):
            says(person, by=stranger, phone="13900139000")


def test_what_stands_already_changes_nothing(told: Told, says: Says) -> None:
    person = told()
    same = says(person, phone="+86 138-0013-8000", stay="", by="clerk")
    assert same.record.version == 1 and not same.merged.taken
    assert Entry.objects.filter(subject=person.id).count() == 1


def test_the_later_word_stands_and_somebody_is_shown_what_it_stands_over(cast: Cast, told: Told, says: Says) -> None:
    person = told()
    says(person, phone="13900139000")
    over = says(person, by="grid_worker", phone="13700137000", branch="phone-1")
    assert values(person, cast)["phone"] == "13700137000"
    assert [(one.why, one.state) for one in over.proposals] == [("over", "waiting")]
    notice = Notice.objects.get(subject=person.id)
    assert (notice.unit.code if notice.unit else "", notice.facts["why"]) == ("centre-e", ["over"])
    write.decide(over.proposals[0].id, take=True, actor=cast.actor("clerk"), at=NOW)
    assert values(person, cast)["phone"] == "13900139000"


def test_a_guarded_field_that_changed_meanwhile_waits_for_a_person(cast: Cast, told: Told, says: Says) -> None:
    person = told(born_on="", gender="", identity_number="")
    says(person, identity_number="11010519491231002X")
    waits = says(person, by="grid_worker", identity_number="110101194912310032", phone="13700137000")
    assert waits.merged.waiting and waits.merged.taken == {"phone": "13700137000"}
    assert read.shown(Record.objects.get(pk=person.pk), cast.actor("clerk"))["identity_number"].endswith("2X")
    with pytest.raises(NotAllowed):
        write.decide(waits.proposals[0].id, take=True, actor=cast.actor("grid_worker"), at=NOW)
    write.decide(waits.proposals[0].id, take=False, actor=cast.actor("supervisor"), at=NOW, reason="与证件不符")
    with pytest.raises(WrongState):
        write.decide(waits.proposals[0].id, take=True, actor=cast.actor("supervisor"), at=NOW)
    assert Notice.objects.filter(account=cast.grid_worker, code="proposal_left").count() == 1


def test_what_a_branch_said_itself_is_no_surprise_to_it(told: Told, says: Says) -> None:
    person = told()
    says(person, by="grid_worker", phone="13900139000", branch="phone-1")
    assert not says(person, by="grid_worker", phone="13700137000", branch="phone-1").proposals
    assert says(person, by="grid_worker", phone="13600136000", branch="phone-2").proposals


@pytest.fixture
def asks_approval(town: City) -> None:
    town.parameters = town.parameters | {"register_approval": ["person.identity_number"]}
    town.save()
    forget_city()


def test_what_a_city_wants_looked_at_waits_when_a_grid_worker_says_it(
    asks_approval: None, cast: Cast, told: Told, says: Says
) -> None:
    person = told(identity_number="")
    asked = says(person, by="grid_worker", identity_number="11010519491231002X")
    assert (asked.record.version, [one.why for one in asked.proposals]) == (1, ["approval"])
    assert read.history(person)[-1].field != "identity_number"
    write.decide(asked.proposals[0].id, take=True, actor=cast.actor("clerk"), at=NOW)
    step = read.history(person)[-1]
    assert (step.field, step.value, step.source, step.act) == (
        "identity_number",
        "110•••••••••••••2X",
        "visit",
        "decide",
    )
    assert says(person, identity_number="").record.version == 3, "an office needs no approval"


def test_nobody_decides_their_own_proposal(asks_approval: None, cast: Cast, told: Told, says: Says) -> None:
    person = told(identity_number="")
    says(person, phone="13900139000", branch="a")
    over = says(person, phone="13700137000", branch="b").proposals[0]
    with pytest.raises(NotAllowed):
        write.decide(over.id, take=True, actor=cast.actor("clerk"), at=NOW)
    write.decide(over.id, take=True, actor=cast.actor("supervisor"), at=NOW)


def test_every_word_about_every_field_is_in_its_history_also_what_emptied_it(told: Told, says: Says) -> None:
    person = told()
    says(person, phone="13900139000")
    says(person, base=2, phone="", stay="rents")
    steps = [(step.field, step.value, step.version) for step in read.history(person) if step.field in ("phone", "stay")]
    assert steps == [
        ("phone", "138••••••00", 1), ("phone", "139••••••00", 2), ("phone", "", 3), ("stay", "rents", 3)
    ]  # fmt: skip
    assert read.history(person)[0].by == "王受理"
    assert not list(faults(list(Entry.objects.filter(subject=person.id).order_by("position"))))


def test_a_tie_that_houses_puts_somebody_where_the_dwelling_is_and_moves_them_with_it(cast: Cast, told: Told) -> None:
    clerk = cast.actor("clerk")
    home, person, need = told("dwelling", grid="e20"), told(grid="e10"), told("situation", **NEED)
    write.tie("concerns", need.id, person.id, source="visit", actor=clerk, at=NOW)
    write.tie("lives_in", person.id, home.id, source="visit", actor=clerk, at=NOW, since=date(2020, 5, 1))
    assert {Record.objects.get(pk=one.pk).grid for one in (person, need)} == {"e20"}
    write.move(home.id, actor=clerk, at=NOW, grid="e11")
    assert {Record.objects.get(pk=one.pk).grid for one in (home, person, need)} == {"e11"}
    acts = [entry.act for entry in Entry.objects.filter(subject=person.id).order_by("position")]
    assert acts == ["record", "tie", "move", "move"]


NEED = {"sort": "illness", "details": "每周需要送药", "since": "2026-01-01", "until": "2026-06-30"}


def test_a_tie_holds_once_and_ends_once(cast: Cast, told: Told) -> None:
    clerk, home, person = cast.actor("clerk"), told("dwelling"), told()
    one = write.tie("lives_in", person.id, home.id, source="visit", actor=clerk, at=NOW, since=TODAY)
    assert write.tie("lives_in", person.id, home.id, source="visit", actor=clerk, at=NOW) == one
    with pytest.raises(Invalid):
        write.untie(one.id, until=TODAY - DAY, actor=clerk, at=NOW)
    write.untie(one.id, until=TODAY, actor=clerk, at=NOW)
    assert write.untie(one.id, until=TODAY + DAY, actor=clerk, at=NOW).until == TODAY
    assert write.tie("lives_in", person.id, home.id, source="visit", actor=clerk, at=NOW) != one


def test_a_tie_may_end_and_begin_anew_in_one_command(cast: Cast, told: Told) -> None:
    clerk, home, person, rows = cast.actor("clerk"), told("dwelling"), told(), Rows()
    one = write.tie("lives_in", person.id, home.id, source="visit", actor=clerk, at=NOW, since=TODAY, rows=rows)
    write.untie(one.id, until=TODAY, actor=clerk, at=NOW, rows=rows)
    write.tie("lives_in", person.id, home.id, source="visit", actor=clerk, at=NOW, rows=rows)
    rows.write()
    assert Tie.objects.filter(until=None).count() == 1 and Tie.objects.count() == 2


def test_a_tie_that_does_not_fit_or_reaches_out_of_sight_is_refused(cast: Cast, told: Told) -> None:
    home, person = told("dwelling", grid="e20"), told(grid="e10")
    with pytest.raises(Invalid):
        write.tie("lives_in", home.id, person.id, source="visit", actor=cast.actor("clerk"), at=NOW)
    with pytest.raises(NotThere):
        write.tie("lives_in", person.id, home.id, source="visit", actor=cast.actor("grid_worker"), at=NOW)


def test_a_week_of_words_about_a_new_record_goes_in_one_statement(cast: Cast) -> None:
    worker, rows = cast.actor("grid_worker"), Rows()
    given: dict[str, Any] = {"actor": worker, "source": "visit", "at": NOW, "rows": rows}
    home = write.record("dwelling", {"address": "新村1号"}, on=TODAY, grid="e12", **given)
    person = write.record("person", {"name": "新人"}, on=TODAY, grid="e10", **given)
    write.tie("lives_in", person.id, home.id, **given)
    write.change_all([write.Change(person.id, {"phone": "13900139000"}, 1, "visit", TODAY, "phone-1")],
                     actor=worker, at=NOW, rows=rows)  # fmt: skip
    write.end(person.id, on=TODAY, actor=worker, at=NOW, rows=rows)
    rows.write()
    kept = Record.objects.get(pk=person.pk)
    assert (kept.grid, kept.version, kept.ended_on, kept.position) == ("e12", 4, TODAY, 5)
    assert not list(faults(list(Entry.objects.filter(subject=person.id).order_by("position"))))


def test_a_refused_change_stops_none_of_the_others(cast: Cast, told: Told) -> None:
    one, rows = told(), Rows()
    changes = [
        write.Change(one.id, {"phone": "1"}, 1, "visit", TODAY),
        write.Change(uuid7(NOW), {"phone": "13900139000"}, 1, "visit", TODAY),
        write.Change(one.id, {"phone": "13900139000"}, 1, "visit", TODAY),
        write.Change(one.id, {"stay": "rents"}, 2, "visit", TODAY),
    ]
    found = write.change_all(changes, actor=cast.actor("grid_worker"), at=NOW, rows=rows)
    rows.write()
    assert [type(result) for result in found] == [Invalid, NotThere, write.Changed, write.Changed]
    assert Record.objects.get(pk=one.pk).version == 3


def test_a_record_ended_by_mistake_goes_on(cast: Cast, told: Told) -> None:
    person, clerk = told(), cast.actor("clerk")
    write.end(person.id, on=TODAY, actor=clerk, at=NOW, reason="迁出")
    assert write.resume(person.id, actor=clerk, at=NOW).ended_on is None
    with pytest.raises(WrongState):
        write.resume(person.id, actor=clerk, at=NOW)


def test_a_need_that_reached_its_last_day_ends_by_itself(told: Told) -> None:
    need, later = told("situation", **NEED), told("situation", **NEED | {"until": "2026-07-01"})
    last = NOW.replace(month=6, day=30)
    assert end_due(at=last) == 0
    assert end_due(at=last + DAY) == 1
    assert end_due(at=last + DAY) == 0
    assert Record.objects.get(pk=need.pk).ended_on == date(2026, 6, 30)
    assert Record.objects.get(pk=later.pk).ended_on is None
    assert Entry.objects.get(subject=need.id, act="end").actor is None


def test_the_platform_itself_may_record(town: City) -> None:
    assert write.record("person", {"name": "甲"}, actor=SYSTEM, source="office", on=TODAY, at=NOW, grid="w10").grid


def test_a_proposal_waits_for_whoever_may_decide_it(cast: Cast, told: Told, says: Says) -> None:
    person = told()
    says(person, phone="13900139000")
    says(person, by="grid_worker", phone="13700137000", branch="phone-1")
    assert [one.record for one in read.proposals_for(cast.actor("supervisor"))] == [person]
    assert read.proposals_for(cast.actor("outsider")) == []
    assert Proposal.objects.get().values["phone"].startswith("v1:")
