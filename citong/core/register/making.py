"""New records, the end of records, and where they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from citong.core.ledger.rows import Rows
from citong.core.people.access import Actor, Purpose, Seat, may_write_record, reaches_record
from citong.core.people.refusal import NotAllowed, NotThere, Refusal, WrongState
from citong.core.register.changing import branch_of
from citong.core.register.checking import invalid, kind_of, whole
from citong.core.register.held import Held, leave, locked, say, standing, together
from citong.core.register.models import Record
from citong.core.register.place import Spot, fits_address, housed_in, inside, put, spot
from citong.kit.ids import uuid7

KEYS = UUID("6d1f1c1e-5f0e-5b7e-9a35-5a1d0c1a9c54")  # names the ids that are made from the keys of commands


@dataclass(frozen=True)
class New:
    """A record as somebody first says it; see `record` for the words."""

    kind: str
    data: Mapping[str, Any]
    source: str
    on: date
    id: UUID | None = None
    grid: str = ""
    lon: float | None = None
    lat: float | None = None
    branch: str = ""
    key: str = ""

    def name(self, at: datetime) -> UUID:
        """Its id: given, or always the same of one key, or a fresh one."""
        return self.id or (uuid5(KEYS, self.key) if self.key else uuid7(at))


def record(
    kind: str, data: Mapping[str, Any], *, actor: Actor, source: str, on: date, at: datetime, id: UUID | None = None,
    grid: str = "", lon: float | None = None, lat: float | None = None, branch: str = "", key: str = "",
    rows: Rows | None = None,
) -> Record:  # fmt: skip
    """A new record stands in the register; told again, with the same id or `key`, it is the same one.

    It is where the WGS-84 point is, else in the grid, else where its author works; a tie that houses it moves it.
    Raises Invalid with the sentences of each field, NotAllowed for a place that is not the author's.
    """
    with together(rows) as rows:
        one = New(kind, data, source, on, id, grid, lon, lat, branch, key)
        found = record_all([one], actor=actor, at=at, rows=rows)[0]
        if isinstance(found, Refusal):
            raise found
        return found


def record_all(news: Sequence[New], *, actor: Actor, at: datetime, rows: Rows) -> list[Record | Refusal]:
    """Each new record, as `record` makes it, or why it was refused; one query."""
    names = [one.name(at) for one in news]
    held = locked(names, rows=rows)
    return [_tried(one, name, held, actor=actor, at=at, rows=rows) for one, name in zip(news, names, strict=True)]


def end(
    record: UUID, *, on: date, actor: Actor, at: datetime, reason: str = "", rows: Rows | None = None
) -> Record:  # fmt: skip
    """The record is over from that day on: moved away, died, pulled down, closed. Its ties are over with it.

    Told again it stays as it was first told. Raises NotThere, NotAllowed.
    """
    with together(rows) as rows:
        found, seat = standing(locked([record], rows=rows), record, actor=actor)
        if found.ended_on is None:
            found.ended_on = on
            found.version += 1
            facts = {"on": on.isoformat(), "version": found.version}
            words = {"reason": reason} if reason else {}
            leave(found, "end", actor=actor, seat=seat, at=at, rows=rows, facts=facts, content=words)
        return found


def resume(record: UUID, *, actor: Actor, at: datetime, reason: str = "", rows: Rows | None = None) -> Record:
    """A record that was ended by mistake is not over. Raises NotThere, NotAllowed, WrongState."""
    with together(rows) as rows:
        found, seat = standing(locked([record], rows=rows), record, actor=actor)
        if found.ended_on is None:
            raise WrongState(_("This record is not over."))
        found.ended_on = None
        found.version += 1
        words = {"reason": reason} if reason else {}
        facts = {"version": found.version}
        leave(found, "resume", actor=actor, seat=seat, at=at, rows=rows, facts=facts, content=words)
        return found


def move(
    record: UUID, *, actor: Actor, at: datetime, grid: str = "", lon: float | None = None, lat: float | None = None,
    rows: Rows | None = None,
) -> Record:  # fmt: skip
    """The record is at this WGS-84 point or in this grid, and all that is housed in it with it.

    Raises NotThere, NotAllowed, Invalid for a place outside the city, or that does not fit the address.
    """
    with together(rows) as rows:
        found, seat = standing(locked([record], rows=rows), record, actor=actor)
        if not grid and (lon is None or lat is None):
            raise invalid({"place": [_("Say where it is: a point or a grid.")]})
        to = spot(grid, lon, lat, actor=actor)
        fits_address(found.values, to)
        place_at(found, to, actor=actor, seat=seat, at=at, rows=rows)
        return found


def place_at(record: Record, to: Spot, *, actor: Actor, seat: Seat, at: datetime, rows: Rows) -> None:
    """The record is at this spot, told in its history, and so is whatever is housed in it and was where it was."""
    before = record.grid
    if not put(record, to):
        return
    record.version += 1
    words = {} if record.lon is None else {"lon": record.lon, "lat": record.lat}
    facts = {"grid": record.grid, "from": before, "version": record.version}
    leave(record, "move", actor=actor, seat=seat, at=at, rows=rows, facts=facts, content=words)
    housed = housed_in(record.id, rows=rows)
    held = locked(housed, rows=rows) if housed else {}
    for one in (held[id] for id in sorted(housed & held.keys())):
        if one.grid in (before, ""):
            place_at(one, inside(record), actor=actor, seat=seat, at=at, rows=rows)


def _tried(
    one: New, name: UUID, held: Held, *, actor: Actor, at: datetime, rows: Rows
) -> Record | Refusal:  # fmt: skip
    try:
        if name in held:
            return _again(one, held[name], actor)
        found = _made(one, name, actor=actor, at=at, rows=rows)
    except Refusal as refusal:
        return refusal
    held[name] = found
    return found


def _again(one: New, found: Record, actor: Actor) -> Record:
    if found.kind != one.kind or not reaches_record(actor, found, Purpose.HANDLING):
        raise NotThere(_("There is no such record."))
    return found


def _made(one: New, name: UUID, *, actor: Actor, at: datetime, rows: Rows) -> Record:
    kind = kind_of(one.kind)
    found = Record(id=name, kind=kind.code, changed_at=at)
    put(found, spot(one.grid, one.lon, one.lat, actor=actor))
    seat = may_write_record(actor, found)
    if seat is None:
        raise NotAllowed(_("You can not record anything at this place."))
    branch = branch_of(actor, one.branch)
    values = whole(kind, one.data)
    fits_address(values, inside(found))
    told = say(found, values, branch=branch, source=one.source, on=one.on, rows=rows)
    facts = {"kind": kind.code, "fields": sorted(told), "source": one.source, "on": one.on.isoformat(), "version": 1}
    facts |= {"grid": found.grid}
    leave(found, "record", actor=actor, seat=seat, at=at, rows=rows, facts=facts, content=told)
    return found
