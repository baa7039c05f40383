"""Whole tables at once: records with their ties and histories by COPY, ten thousand rows in a transaction."""

import gc
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from citong.core.ledger.bulk import append_all, copy_in
from citong.core.ledger.models import Content, Entry
from citong.core.ledger.rows import fresh
from citong.core.ledger.write import Signature, told
from citong.core.people.access import Actor, may_write_record
from citong.core.people.refusal import Invalid
from citong.core.register.changing import branch_of
from citong.core.register.checking import closed, kept
from citong.core.register.held import KIND, LONGEST_NAME, words_of
from citong.core.register.kinds import KINDS, TIES
from citong.core.register.models import Record, Tie
from citong.core.register.place import Spot, fits_address, inside, spot_in, spot_of, spots_at
from citong.core.register.sealed import keys_of
from citong.core.search.index import document, gathering, index_all
from citong.kit.chain import content_hash, entry_hash
from citong.kit.ids import uuid7

AT_ONCE = 10_000


@dataclass(frozen=True)
class Bond:
    """A tie from a row to another record: of an earlier row, or one that was in the register before."""

    kind: str
    object: UUID
    since: date | None = None


@dataclass(frozen=True)
class Checked:
    """A row whose values were cleaned by the fields of its kind. With an `id` of its own it is loaded once.

    It is where its point is (WGS-84), else in its grid, else where the record that houses it is, else with the actor.
    """

    kind: str
    values: Mapping[str, Any]
    on: date
    id: UUID = field(default_factory=uuid7)
    grid: str = ""
    lon: float | None = None
    lat: float | None = None
    ties: Sequence[Bond] = ()


@dataclass
class Loaded:
    """What became of the rows: `refused` holds (position from 0, sentence) of each that could not be loaded."""

    recorded: int = 0
    again: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class _Part:
    """What one transaction writes."""

    records: list[Record] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)


def load_all(
    rows: Iterable[Checked], *, actor: Actor, source: str, at: datetime,
    done: Callable[[Loaded], None] = lambda loaded: None,
) -> Loaded:  # fmt: skip
    """Every row is in the register with its history, sealed, found by search; told again, a row of the same id is not.

    Ten thousand rows stand or fall together; `done` hears after each of those what became of all rows so far, inside
    the transaction. Must not run in a transaction. Rows out of the actor's reach are refused.
    """
    loaded, waiting, position = Loaded(), iter(rows), 0
    with gathering(), _uncollected():
        while batch := list(islice(waiting, AT_ONCE)):
            with transaction.atomic():
                _load(batch, position, loaded, actor=actor, source=source, at=at)
                done(loaded)
            position += len(batch)
    return loaded


@contextmanager
def _uncollected() -> Iterator[None]:
    """Python looks for no cycles meanwhile: here are none, and looking through so many rows costs a fifth."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _load(
    batch: list[Checked], first: int, loaded: Loaded, *, actor: Actor, source: str, at: datetime
) -> None:  # fmt: skip
    known = set(Record.objects.filter(pk__in=[row.id for row in batch]).values_list("pk", flat=True))
    part, homes, own = _Part(), _homes(batch), spot_of(actor)
    for position, (row, spot) in enumerate(_placed(batch, actor), start=first):
        if row.id in known:
            loaded.again += 1
            continue
        try:
            _ties_fit(row, homes)
            record = _record(row, _spot(row, spot, homes, own), part, actor=actor, source=source, at=at)
        except Invalid as refusal:
            loaded.refused.append((position, str(refusal)))
            continue
        homes[record.id] = inside(record)
        known.add(record.id)
        loaded.recorded += 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")  # what the search index gathered goes in by large parts
    copy_in(Record, part.records)
    copy_in(Tie, part.ties)
    index_all(document(record.id, KIND, words_of(record)) for record in part.records)
    append_all(part.entries, part.contents, at=at)


def _record(row: Checked, spot: Spot, part: _Part, *, actor: Actor, source: str, at: datetime) -> Record:
    kind = KINDS[row.kind]
    values = {name: value for name, one in row.values.items() if (value := kept(one))}
    record = fresh(Record, {"id": row.id, "kind": row.kind, "changed_at": at, "version": 1, **vars(spot)})
    seat = may_write_record(actor, record)
    if seat is None:
        sentence = _("You can not record anything at this place.")
        raise Invalid(sentence, {"place": [sentence]})
    fits_address(values, spot)
    record.values = closed(kind, row.id, values)
    branch, day = branch_of(actor, ""), row.on.isoformat()
    record.said = {name: [1, branch, source, day] for name in values}
    record.name, record.keys = kind.name_of(values)[:LONGEST_NAME], keys_of(row.kind, values)
    facts = {"kind": row.kind, "fields": sorted(values), "source": source, "on": day, "version": 1, "grid": spot.grid}
    _leave(record, "record", actor.signature(seat), at, facts, record.values, part)
    for bond in row.ties:
        _tied(record, bond, actor.signature(seat), source, at, part)
    part.records.append(record)
    return record


def _tied(record: Record, bond: Bond, by: Signature, source: str, at: datetime, part: _Part) -> None:
    tie = fresh(Tie, {
        "id": uuid7(at), "kind": bond.kind, "subject_id": record.id, "object_id": bond.object, "since": bond.since,
        "source": source, "changed_at": at, "version": 1, "until": None,
    })  # fmt: skip
    part.ties.append(tie)
    facts = {"tie": str(tie.id), "tie_kind": bond.kind, "object": str(bond.object), "source": source}
    facts |= {"since": bond.since.isoformat()} if bond.since else {}
    _leave(record, "tie", by, at, facts, {}, part)


def _leave(
    record: Record, act: str, by: Signature, at: datetime, facts: dict[str, Any], content: dict[str, Any], part: _Part
) -> None:  # fmt: skip
    """The entry stands after the record's head, chained and hashed as `ledger.write.append` does."""
    entry = fresh(Entry, {
        "id": uuid7(at), "subject": record.id, "kind": KIND, "position": record.position + 1, "act": act, "at": at,
        "district": record.district, "actor": by.account, "post": by.post, "unit": by.unit, "facts": facts,
        "previous": record.head,
    })  # fmt: skip
    if content:
        salt = secrets.token_bytes(16)
        entry.content_hash = content_hash(content, salt)
        part.contents.append(fresh(Content, {"id": entry.id, "salt": salt, "body": content}))
    entry.hash = record.head = entry_hash(told(entry))
    record.position += 1
    part.entries.append(entry)


def _placed(batch: list[Checked], actor: Actor) -> Iterator[tuple[Checked, Spot | None]]:
    """Each row with the place its own point or grid says; None where it says none, or one that is not."""
    points = [(row.lon, row.lat) for row in batch if row.lon is not None and row.lat is not None]
    found = iter(spots_at(points))
    grids: dict[str, Spot | None] = {}
    for row in batch:
        if row.lon is not None and row.lat is not None:
            yield row, next(found)
            continue
        if row.grid not in grids:
            grids[row.grid] = _grid(row.grid)
        yield row, grids[row.grid]


def _grid(code: str) -> Spot | None:
    try:
        return spot_in(code) if code else None
    except Invalid:
        return None


def _homes(batch: list[Checked]) -> dict[UUID, Spot]:
    """Where the records are that rows of this batch are tied to; one query."""
    wanted = {bond.object for row in batch for bond in row.ties}
    return {record.id: inside(record) for record in Record.objects.filter(pk__in=wanted)}


def _spot(row: Checked, found: Spot | None, homes: Mapping[UUID, Spot], own: Spot) -> Spot:
    """Where the row is. Raises Invalid for a point outside the city and for an unknown grid."""
    if found is None and (row.lon is not None or row.grid):
        sentence = _("This place lies outside the city, or its grid is unknown.")
        raise Invalid(sentence, {"place": [sentence]})
    housing = (homes[bond.object] for bond in row.ties if TIES[bond.kind].houses)
    home = next(housing, None)
    return found or home or own


def _ties_fit(row: Checked, homes: Mapping[UUID, Spot]) -> None:
    for bond in row.ties:
        if bond.kind not in TIES or row.kind not in TIES[bond.kind].subject or bond.object not in homes:
            sentence = _("“%(tie)s” does not fit between these two.") % {"tie": bond.kind}
            raise Invalid(sentence, {"ties": [sentence]})
