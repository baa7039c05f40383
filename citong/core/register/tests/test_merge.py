"""Two records become one and two again, whatever was said meanwhile: nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citong.core.ledger.models import Entry
from citong.core.ledger.read import faults, history
from citong.core.people.access import SYSTEM
from citong.core.people.refusal import Invalid, NotAllowed, Refusal, WrongState
from citong.core.register import read, write
from citong.core.register.checking import opened
from citong.core.register.deciding import proposed
from citong.core.register.models import Proposal, Record
from citong.core.register.sealed import unseal
from citong.core.register.tests.conftest import NOW, TODAY
from citong.core.register.tests.test_write import NEED
from tests.cast import Cast

Told = Callable[..., Record]
Says = Callable[..., write.Changed]


def clear(record: Record) -> dict[str, Any]:
    return opened(Record.objects.get(pk=record.pk))


@pytest.fixture
def two(told: Told) -> tuple[Record, Record]:
    """(lost, kept): the same woman, once with her phone and once with her identity number."""
    lost = told(identity_number="", gender="", born_on="", phone="13900139000", stay="rents")
    return lost, told(phone="13800138000", stay="")


def test_the_survivor_takes_what_was_chosen_with_source_and_day(cast: Cast, two: tuple[Record, Record]) -> None:
    lost, kept = two
    write.merge(lost.id, into=kept.id, take=["phone"], actor=cast.actor("clerk"), at=NOW)
    assert clear(kept)["phone"] == "13900139000" and "stay" not in clear(kept)
    assert clear(lost)["stay"] == "rents", "the lost record keeps its own words"
    step = read.history(kept)[-1]
    assert (step.act, step.field, step.value) == ("merge", "phone", "139••••••00")


def test_whatever_is_said_about_the_lost_record_is_said_about_the_other(
    cast: Cast, two: tuple[Record, Record], says: Says, told: Told
) -> None:
    lost, kept = two
    need = told("situation", **NEED)
    write.tie("concerns", need.id, lost.id, source="visit", actor=cast.actor("clerk"), at=NOW)
    write.merge(lost.id, into=kept.id, actor=cast.actor("clerk"), at=NOW)
    said = says(lost, by="grid_worker", phone="13700137000", branch="phone-1")
    assert (said.record.id, [one.why for one in said.proposals]) == (kept.id, ["over"])
    assert read.find("13900139000", actor=cast.actor("clerk")) == [kept], "by a number of the lost one as well"
    assert [tie.subject for tie in read.ties_of(kept)] == [need]


def test_two_become_two_again_with_the_words_they_had(cast: Cast, two: tuple[Record, Record]) -> None:
    lost, kept = two
    before, clerk = (clear(lost), clear(kept)), cast.actor("clerk")
    write.merge(lost.id, into=kept.id, take=["phone", "stay"], actor=clerk, at=NOW)
    write.unmerge(lost.id, actor=clerk, at=NOW)
    assert (clear(lost), clear(kept)) == before
    assert read.find("13900139000", actor=clerk) == [Record.objects.get(pk=lost.pk)]


def test_a_word_said_since_stays_with_the_survivor(cast: Cast, two: tuple[Record, Record], says: Says) -> None:
    (lost, kept), clerk = two, cast.actor("clerk")
    write.merge(lost.id, into=kept.id, take=["phone", "stay"], actor=clerk, at=NOW)
    says(kept, base=2, phone="13600136000")
    write.unmerge(lost.id, actor=clerk, at=NOW)
    assert clear(kept)["phone"] == "13600136000" and "stay" not in clear(kept)
    assert clear(lost)["phone"] == "13900139000"


def test_what_waits_at_the_lost_record_is_decided_for_the_survivor(
    cast: Cast, two: tuple[Record, Record], says: Says
) -> None:
    (lost, kept), clerk = two, cast.actor("clerk")
    says(lost, phone="13500135000")
    waiting = says(lost, by="grid_worker", phone="13400134000", branch="phone-1").proposals[0]
    write.merge(lost.id, into=kept.id, actor=clerk, at=NOW)
    write.decide(waiting.id, take=True, actor=clerk, at=NOW)
    assert clear(kept)["phone"] == "13500135000"
    assert Proposal.objects.get().state == "taken"


def test_only_an_office_merges_and_only_what_can_be_one(cast: Cast, two: tuple[Record, Record], told: Told) -> None:
    (lost, kept), clerk = two, cast.actor("clerk")
    with pytest.raises(NotAllowed):
        write.merge(lost.id, into=kept.id, actor=cast.actor("grid_worker"), at=NOW)
    for other in (told("dwelling"), lost):
        with pytest.raises(Invalid):
            write.merge(lost.id, into=other.id, actor=clerk, at=NOW)
    with pytest.raises(WrongState):
        write.unmerge(lost.id, actor=clerk, at=NOW)
    write.merge(lost.id, into=kept.id, actor=clerk, at=NOW)
    with pytest.raises(WrongState):
        write.merge(kept.id, into=lost.id, actor=clerk, at=NOW)


FIELDS = {
    "name": st.sampled_from(["甲", "乙", "丙"]),
    "phone": st.sampled_from(["", "13800138000", "13900139000", "13700137000"]),
    "stay": st.sampled_from(["", "rents", "away", "lives"]),
    "identity_number": st.sampled_from(["", "11010519491231002X", "110101194912310032"]),
}
WORDS = st.fixed_dictionaries({}, optional=FIELDS)
PEOPLE = st.fixed_dictionaries(FIELDS)
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Undone(Exception):
    """Ends an example; its rows are rolled back."""


@MANY
@given(
    first=PEOPLE, second=PEOPLE, take=st.sets(st.sampled_from(sorted(FIELDS))),
    meanwhile=st.lists(st.tuples(st.sampled_from(["lost", "kept"]), WORDS), max_size=4),
)  # fmt: skip
def test_merging_and_unmerging_loses_nothing(
    town: Any,
    first: dict[str, str],
    second: dict[str, str],
    take: set[str],
    meanwhile: list[tuple[str, dict[str, str]]],
) -> None:
    with pytest.raises(Undone), transaction.atomic():
        lost, kept = (tell(values) for values in (first, second))
        before = clear(kept)
        write.merge(lost.id, into=kept.id, take=sorted(take), actor=SYSTEM, at=NOW)
        merged, later = clear(kept), dict[str, str]()
        assert merged == {k: v for k, v in (before | {n: first[n] for n in take}).items() if v}
        for whom, words in meanwhile:
            taken = say({"lost": lost, "kept": kept}[whom], words, branch="a").merged.taken
            later |= taken
        write.unmerge(lost.id, actor=SYSTEM, at=NOW)
        assert clear(lost) == {k: v for k, v in first.items() if v}
        assert clear(kept) == {k: v for k, v in (before | later).items() if v}
        for one in (lost, kept):
            assert not list(faults(list(Entry.objects.filter(subject=one.id).order_by("position"))))
            assert all(told_last(one)[name] == value for name, value in clear(one).items())
        raise Undone


@MANY
@given(data=st.data(), senders=st.integers(1, 3))
def test_in_any_order_of_changes_the_last_word_stands_and_no_other_is_lost(town: Any, data: Any, senders: int) -> None:
    with pytest.raises(Undone), transaction.atomic():
        record = tell({"name": "甲", "identity_number": ""})
        seen, said = dict.fromkeys(range(senders), 1), dict[str, set[str]]()
        for _step in range(data.draw(st.integers(1, 6))):
            who, words = data.draw(st.integers(0, senders - 1)), data.draw(WORDS)
            before = clear(record)
            try:
                done = say(record, words, base=seen[who], branch=f"phone-{who}")
            except Refusal:
                assert clear(record) == before
                continue
            assert clear(record) == {k: v for k, v in (before | done.merged.taken).items() if v}
            held = {name for one in done.proposals for name in one.values}
            assert held == set(done.merged.over) | set(done.merged.waiting)
            for name in words:
                said.setdefault(name, set()).add(words[name])
            if data.draw(st.booleans()):
                seen[who] = done.record.version
        assert all(value in found(record, name) for name, values in said.items() for value in values if value)
        raise Undone


def tell(values: dict[str, str]) -> Record:
    return write.record("person", values, actor=SYSTEM, source="office", on=TODAY, at=NOW, grid="e10")


def say(record: Record, words: dict[str, str], *, base: int = 99, branch: str) -> write.Changed:
    return write.change(record.id, words, base=base, actor=SYSTEM, source="visit", on=TODAY, at=NOW, branch=branch)


def told_last(record: Record) -> dict[str, Any]:
    """Field to the last word about it in the history, in clear."""
    return dict(words_about(record))


def found(record: Record, name: str) -> set[str]:
    """Every word about a field that the history or what waits for a decision still knows."""
    waiting = [proposed(one).get(name) for one in record.proposals.all()]
    return {*(value for field, value in words_about(record) if field == name), *filter(None, waiting)}


def words_about(record: Record) -> list[tuple[str, str]]:
    """(field, word in clear) as the ledger has them, oldest first."""
    return [
        (name, unseal(one.words[name], record.id, name) if one.words[name].startswith("v1:") else one.words[name])
        for one in history(record.id) for name in one.entry.facts.get("fields", ()) if one.words
    ]  # fmt: skip
