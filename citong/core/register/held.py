"""Records in the hands of one command: locked, changed in memory, and written with an entry of their history."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _

from citong.core.ledger.models import Entry
from citong.core.ledger.rows import Rows, rows_where
from citong.core.ledger.write import Head, append
from citong.core.people.access import Actor, Purpose, Seat, may_write_record, reaches_record
from citong.core.people.refusal import NotAllowed, NotThere
from citong.core.register.checking import closed, opened
from citong.core.register.kinds import KINDS
from citong.core.register.models import Record
from citong.core.register.sealed import keys_of
from citong.core.search.index import document
from citong.core.search.models import Document

KIND = "record"
LONGEST_NAME = 160
LOCKED = "id = ANY (%s) ORDER BY id FOR NO KEY UPDATE"
Held = dict[UUID, Record]


@contextmanager
def together(rows: Rows | None) -> Iterator[Rows]:
    """The rows of a surrounding command, or rows of their own that are written at the end, in one transaction."""
    if rows is not None:
        yield rows
        return
    with transaction.atomic():
        own = Rows()
        yield own
        own.write()


def locked(ids: Iterable[UUID], *, rows: Rows) -> Held:
    """The records of these ids, and those they were merged into, locked until the transaction ends.

    A record that waits in `rows` is that very one. One query, and one more for each step of merging.
    """
    held: Held = dict(rows.held(Record))
    wanted = set(ids)
    while wanted:
        if missing := [one for one in wanted if one not in held]:
            held |= {record.id: record for record in rows_where(Record, LOCKED, [missing])}
        wanted = {into for one in wanted if one in held and (into := held[one].merged_into_id)}
    return held


def standing(held: Held, id: UUID, *, actor: Actor) -> tuple[Record, Seat]:
    """The record that stands for this id, itself or the one it was merged into, and the seat to write to it from.

    Raises NotThere, NotAllowed.
    """
    record = held.get(id)
    while record is not None and record.merged_into_id:
        record = held.get(record.merged_into_id)
    return writable(record, actor=actor)


def writable(record: Record | None, *, actor: Actor) -> tuple[Record, Seat]:
    """The record, and the seat to write to it from. Raises NotThere, NotAllowed."""
    if record is None:
        raise NotThere(_("There is no such record."))
    seat = may_write_record(actor, record)
    if seat is None and reaches_record(actor, record, Purpose.HANDLING):
        raise NotAllowed(_("This record is not yours to change."))
    if seat is None:
        raise NotThere(_("There is no such record."))
    return record, seat


def say(
    record: Record, values: Mapping[str, Any], *, branch: str, source: str, on: date, rows: Rows
) -> dict[str, Any]:  # fmt: skip
    """The record's next version says these (plain) values; returned as they are kept. An empty one leaves no value."""
    before = words_of(record)
    record.version += 1
    told = closed(KINDS[record.kind], record.id, values)
    record.values = {name: value for name, value in (record.values | told).items() if value}
    record.said = record.said | {name: [record.version, branch, source, on.isoformat()] for name in told}
    follow(record, told, before=before, rows=rows)
    return told


def follow(record: Record, names: Iterable[str], *, before: list[str], rows: Rows) -> None:
    """Name, keys and search index follow the fields of these names, that have changed."""
    record.name = KINDS[record.kind].name_of(record.values)[:LONGEST_NAME]
    if not _keyed(record.kind).isdisjoint(names):
        record.keys = keys_of(record.kind, opened(record))
    if record._state.adding or words_of(record) != before:
        found = document(record.id, KIND, words_of(record))
        if waiting := rows.held(Document).get(record.id):
            waiting.vector = found.vector
        else:
            (rows.add if record._state.adding else rows.change)(found)


def leave(
    record: Record, act: str, *, actor: Actor, seat: Seat, at: datetime, rows: Rows, facts: Mapping[str, Any],
    content: Mapping[str, Any] | None = None,
) -> Entry:  # fmt: skip
    """The record's history has this entry, and the record is written with the rows."""
    entry = append(
        record.id, act, kind=KIND, by=actor.signature(seat), at=at, head=Head(record.position, bytes(record.head)),
        district=record.district, facts=facts, content=content, rows=rows,
    )  # fmt: skip
    record.position, record.head, record.changed_at = entry.position, bytes(entry.hash), at
    touch(record, rows=rows)
    return entry


def touch(row: Any, *, rows: Rows) -> None:
    """The row is written with the rows, once."""
    if row.pk not in rows.held(type(row)):
        (rows.add if row._state.adding else rows.change)(row)


def words_of(record: Record) -> list[str]:
    """The texts by which the record can be found: free words that are not sealed."""
    return [record.name, *(str(record.values[name]) for name in _worded(record.kind) if name in record.values)]


@cache
def _worded(kind: str) -> tuple[str, ...]:
    known = KINDS[kind].known.items()
    return tuple(name for name, one in known if isinstance(one.field, forms.CharField) and not one.sealed)


@cache
def _keyed(kind: str) -> frozenset[str]:
    declared = KINDS[kind]
    keyed = {name for name, known in declared.known.items() if known.key}
    return frozenset(keyed.union(*(twins.fields for twins in declared.twins)))
