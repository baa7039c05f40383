"""Phones and the office in any order, with loss, repetition, reordering, delay: in the end all agree, nothing is lost.

Hypothesis plays rounds of rules against the real database with real commits: workers say things and ask, messages are
delivered late, twice or never, the office changes, moves, merges and ends records, grids are given and taken away, and
another connection holds transactions open and commits them late. When a round ends everything is delivered, and then

- each phone holds exactly what its scopes hold, and nothing of a scope it lost, which it has said it forgot,
- each operation has one final answer,
- each word that was said is in the history, in a proposal, or in the supervisor's box.

The control plays a round on a feed that is read by its sequence alone, and must find that a change was lost.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from django.utils.translation import override
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from citong.core.people.access import actor_of
from citong.core.people.models import Account, Appointment, Beat
from citong.core.people.refusal import Refusal
from citong.core.places.current import day_of
from citong.core.register import write
from citong.core.register.models import Record
from citong.core.sync import box, footprint
from citong.core.sync.models import Grant, Operation
from citong.core.sync.registry import holdings
from citong.core.sync.scopes import scopes_of
from citong.core.sync.tests.phones import Phone
from citong.kit.ids import uuid7
from tests.cast import Cast

GRIDS = ("e10", "e11", "e12")
FIELDS = ("room", "building", "unit")
EMPTY = ("sync_awaited", "sync_grant", "sync_operation", "sync_device", "sync_prepared", "register_proposal",
         "register_tie", "register_record", "sync_change")  # fmt: skip
BESIDE = """
INSERT INTO register_record (id, kind, name, district, street, community, grid, lon, lat, values, said, keys, version,
                             changed_at, position, head)
VALUES (%s, 'place', 'beside', 'e', 'es', 'e1', %s, NULL, NULL, '{}', '{}', '{}', 1, now(), 0, '')
"""
pick = st.integers(min_value=0, max_value=10_000)


class City(RuleBasedStateMachine):
    """Two workers with a phone each, a third phone of the first worker, and the office."""

    cast: Cast
    bare = False

    def __init__(self) -> None:
        super().__init__()
        self._emptied()
        self.workers = [self.cast.grid_worker, self.cast.people["second worker"]]
        self._beats(self.workers[0], GRIDS[:2])
        self._beats(self.workers[1], GRIDS[1:])
        owners = [*self.workers, self.workers[0]]
        self.phones = [Phone(one, bare=self.bare, page=3, patient=False) for one in owners]
        self.clerk, self.number, self.words = self.cast.actor("clerk"), 0, dict[UUID, str]()
        self.known = [self._made(GRIDS[number % 3]) for number in range(3)]
        self.network: list[tuple[Phone, list[dict[str, Any]]]] = []
        self.late: list[psycopg.Connection[Any]] = []
        self.forgetting: list[tuple[Phone, list[str]]] = []

    # What workers say

    @rule(phone=pick, record=pick, field=pick)
    def a_worker_changes_a_record(self, phone: int, record: int, field: int) -> None:
        """What they saw of it, or what they themselves made; their own earlier word is what it builds on."""
        one, id, word = self._phone(phone), self._of(self.known, record), self._word()
        seen, before = one.record(id), self._last(one, id)
        data = {"set": {FIELDS[field % 3]: word}, "source": "visit"}
        base = seen["version"] if seen else 0
        self.words[one.say("change", data, subject=id, base=base, after=before and str(before))] = word

    @rule(phone=pick, grid=pick)
    def a_worker_finds_a_new_dwelling(self, phone: int, grid: int) -> None:
        one, word, id = self._phone(phone), self._word(), uuid7()
        values = {"address": f"{word}路"}
        self.words[
            one.say("record", {"kind": "dwelling", "values": values, "grid": self._of(GRIDS, grid)}, subject=id)
        ] = word
        self.known.append(id)

    # What the network does

    @rule(phone=pick, which=st.integers(min_value=1, max_value=2**12))
    def a_phone_sends_some_of_it(self, phone: int, which: int) -> None:
        one = self._phone(phone)
        some = [operation for bit, operation in enumerate(one.box.values()) if which >> bit & 1]
        self.network.append((one, some))

    @precondition(lambda self: self.network)
    @rule(message=pick, stays=st.booleans(), answered=st.booleans(), turned=st.booleans())
    def a_message_comes(self, message: int, stays: bool, answered: bool, turned: bool) -> None:
        """Late, perhaps not for the last time, perhaps turned round, and its answer is perhaps lost."""
        at = message % len(self.network)
        phone, operations = self.network[at] if stays else self.network.pop(at)
        answers = phone.push(operations[::-1] if turned else operations)
        if answered:
            phone.hear(answers)

    @precondition(lambda self: self.network)
    @rule(message=pick)
    def a_message_is_lost(self, message: int) -> None:
        self.network.pop(message % len(self.network))

    @rule(phone=pick, heard=st.booleans())
    def a_phone_asks(self, phone: int, heard: bool) -> None:
        """And forgets what it is told to forget; its word of that comes later, perhaps twice, perhaps never."""
        one = self._phone(phone)
        pulled = one.ask()
        if not heard or pulled is None:
            return
        one.take(pulled)
        for scope in pulled.fill[:2]:
            one.fill(scope)
        if pulled.forget:
            self.forgetting.append((one, list(pulled.forget)))

    @precondition(lambda self: self.forgetting)
    @rule(message=pick, stays=st.booleans())
    def a_word_of_forgetting_comes(self, message: int, stays: bool) -> None:
        at = message % len(self.forgetting)
        phone, scopes = self.forgetting[at] if stays else self.forgetting.pop(at)
        phone.forgotten(scopes)

    # What the office does

    @rule(record=pick, field=pick)
    def the_office_changes_a_record(self, record: int, field: int) -> None:
        self._office(
            lambda id, now: write.change(
                id, {FIELDS[field % 3]: self._word()}, base=2**30, actor=self.clerk, source="office", on=day_of(now),
                at=now,
            ),
            record,
        )  # fmt: skip

    @rule(record=pick, grid=pick)
    def the_office_moves_a_record(self, record: int, grid: int) -> None:
        self._office(lambda id, now: write.move(id, grid=self._of(GRIDS, grid), actor=self.clerk, at=now), record)

    @rule(record=pick)
    def the_office_ends_a_record(self, record: int) -> None:
        self._office(lambda id, now: write.end(id, on=day_of(now), actor=self.clerk, at=now), record)

    @rule(lost=pick, into=pick)
    def the_office_merges_two(self, lost: int, into: int) -> None:
        other = self._of(self.known, into)
        self._office(lambda id, now: write.merge(id, into=other, take=[], actor=self.clerk, at=now), lost)

    @rule(worker=pick, grids=st.sets(st.sampled_from(GRIDS)))
    def grids_are_given_and_taken(self, worker: int, grids: set[str]) -> None:
        self._beats(self.workers[worker % 2], sorted(grids))

    # Transactions that end long after they began

    @precondition(lambda self: len(self.late) < 3)
    @rule(grid=pick)
    def a_transaction_begins(self, grid: int) -> None:
        beside = psycopg.connect(**connection.get_connection_params() | {"context": None})
        beside.execute(BESIDE, [uuid7(), self._of(GRIDS, grid)])
        self.late.append(beside)

    @precondition(lambda self: self.late)
    @rule(which=pick)
    def it_commits(self, which: int) -> None:
        with self.late.pop(which % len(self.late)) as beside:
            beside.commit()

    # The end of a round

    def teardown(self) -> None:
        while self.late:
            self.it_commits(0)
        for phone, operations in self.network:
            phone.push(operations)
        now = timezone.now()
        for phone in self.phones:
            phone.patient = True
            phone.sync()
        Operation.objects.filter(result="held").update(received_at=now - 2 * box.LONGEST_HELD)
        box.force(at=now)
        for phone in self.phones:
            phone.sync()
        self._all_hold_what_is()
        self._nothing_is_lost()

    def _all_hold_what_is(self) -> None:
        for phone in self.phones:
            mine = scopes_of(phone.actor())
            assert set(phone.rows) == set(phone.cursors) == mine, "it holds its scopes and no other"
            for scope in mine:
                with override(phone.account.language):
                    rows = [row for one in holdings().values() for row in one.whole(scope)]
                whole = {(row["what"], row["id"]): row for row in rows}
                assert phone.rows[scope] == whole, f"{scope} is not what it should be"
                assert phone.footprint(scope) == footprint.footprint(scope)
            held = set(Grant.objects.filter(device=phone.device, forgotten_at=None).values_list("scope", flat=True))
            assert held == mine, "whatever it lost it has said it forgot"

    def _nothing_is_lost(self) -> None:
        for phone in self.phones:
            assert phone.box == {} and set(phone.said) == set(phone.answers)
        kept = Operation.objects.in_bulk(list(self.words))
        assert kept.keys() == self.words.keys(), "each is there once, by the id its phone gave it"
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(body::text, ' ') FROM ledger_content")
            history = str((cursor.fetchone() or [""])[0])
            cursor.execute("SELECT string_agg(values::text, ' ') FROM register_proposal")
            proposed = str((cursor.fetchone() or [""])[0])
        for id, word in self.words.items():
            refused = kept[id].result == "refused" and word in json.dumps(box.said(kept[id]), ensure_ascii=False)
            assert refused or word in history or word in proposed, f"{word} is nowhere"

    # Beside the rules

    def _phone(self, which: int) -> Phone:
        return self.phones[which % len(self.phones)]

    def _of(self, some: Any, which: int) -> Any:
        return some[which % len(some)]

    def _word(self) -> str:
        self.number += 1
        return f"w{self.number}w"

    def _last(self, phone: Phone, subject: UUID) -> UUID | None:
        """What the phone last said of it, as long as that has no final answer."""
        said = [id for id, operation in phone.box.items() if operation["subject"] == str(subject)]
        return said[-1] if said else None

    def _made(self, grid: str) -> UUID:
        now, values = timezone.now(), {"address": f"{self._word()}路"}
        made = write.record(
            "dwelling", values, actor=self.clerk, source="office", on=day_of(now), at=now, grid=grid
        )  # fmt: skip
        return made.id

    def _office(self, does: Callable[[UUID, Any], object], record: int) -> None:
        known = Record.objects.filter(pk=self._of(self.known, record)).values_list("id", flat=True)
        for id in known:
            with suppress(Refusal):
                does(id, timezone.now())

    def _beats(self, worker: Account, grids: Any) -> None:
        held = Appointment.objects.get(account=worker)
        Beat.objects.filter(appointment=held).exclude(grid__in=grids).delete()
        for grid in grids:
            Beat.objects.get_or_create(appointment=held, grid=grid)
        assert actor_of(worker).seats

    def _emptied(self) -> None:
        with connection.cursor() as cursor:
            for table in EMPTY:
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute("TRUNCATE ledger_content")


@pytest.fixture
def city(cast: Cast, transactional_db: None) -> Iterator[type[City]]:
    """The rules, with a second grid worker beside the cast's."""
    station = Appointment.objects.get(account=cast.grid_worker)
    second = Account.objects.create_user("second", "second@example.org", "x", name="郭网格")
    Appointment.objects.create(account=second, unit=station.unit, post=station.post, begins_on=station.begins_on)
    cast.people["second worker"] = second
    City.cast = cast
    yield City
    del City.cast


def played(city: type[City], *, rounds: int, steps: int) -> None:
    """So many rounds; one that fails is told as it was played, for making it shorter would take minutes."""
    how = settings(
        max_examples=rounds, stateful_step_count=steps, deadline=None, phases=[Phase.generate], database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(city, settings=how)


def test_whatever_the_network_does_all_agree_in_the_end_and_nothing_is_lost(city: type[City]) -> None:
    played(city, rounds=25, steps=25)


@pytest.mark.parametrize("bare", [False, True])
def test_a_cursor_that_is_a_bare_sequence_loses_what_commits_late(city: type[City], bare: bool) -> None:
    """The same round twice: a number is taken, a later one is committed and read, then the first one commits."""

    class Played(city):  # type: ignore[misc, valid-type]
        pass

    Played.bare = bare
    round = Played()
    for phone in round.phones:
        phone.sync()
    round.a_transaction_begins(1)
    round.the_office_changes_a_record(1, 0)
    for number in range(3):
        round.a_phone_asks(number, True)
    round.it_commits(0)
    if not bare:
        round.teardown()
        return
    with pytest.raises(AssertionError, match="is not what it should be"):
        round.teardown()


def test_the_rules_find_that_by_themselves(city: type[City]) -> None:
    """The control of the first test: played on a bare sequence, its rounds do not come out right."""

    class Played(city):  # type: ignore[misc, valid-type]
        bare = True

        @rule()
        def somebody_is_late(self) -> None:
            self.a_transaction_begins(1)
            self.the_office_changes_a_record(1, 0)
            self.a_phone_asks(0, True)
            self.a_phone_asks(1, True)

    with pytest.raises(AssertionError, match="is not what it should be"):
        played(Played, rounds=30, steps=20)
