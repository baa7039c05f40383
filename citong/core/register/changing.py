"""Changes of fields: merged with what was said meanwhile, taken, or left for somebody to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from citong.core.ledger.rows import Rows
from citong.core.people.access import Actor, Seat
from citong.core.people.posts import Post
from citong.core.people.refusal import Refusal
from citong.core.places.current import parameter
from citong.core.register import telling
from citong.core.register.checking import closed, fit_together, opened, some
from citong.core.register.held import Held, leave, locked, say, standing, together
from citong.core.register.kinds import KINDS
from citong.core.register.models import Proposal, Record
from citong.core.register.place import Spot, fits_address, inside
from citong.kit.ids import uuid7
from citong.kit.merging import Merged, Said, merge

Why = Proposal.Why


@dataclass(frozen=True)
class Change:
    """Some fields of a record as somebody says them, who had seen its version `base`.

    `source` is one of `models.Source`, `on` the day of which the words speak, `branch` the run of changes (a device),
    `to` where the record is put next, in the same transaction.
    """

    record: UUID
    data: Mapping[str, Any]
    base: int
    source: str
    on: date
    branch: str = ""
    to: Spot | None = None


@dataclass(frozen=True)
class Changed:
    """The record as it is now, what became of each given field (in clear), and what waits for a decision."""

    record: Record
    merged: Merged
    proposals: list[Proposal]


def change(
    record: UUID, data: Mapping[str, Any], *, base: int, actor: Actor, source: str, on: date, at: datetime,
    branch: str = "", to: Spot | None = None, rows: Rows | None = None,
) -> Changed:  # fmt: skip
    """The fields say this, as far as nobody must decide; it is recorded and told. Raises Refusal.

    What stands already changes nothing and leaves no entry. A record that was merged into another is that other.
    """
    with together(rows) as rows:
        one = Change(record, data, base, source, on, branch, to)
        return _changed(one, locked([record], rows=rows), actor=actor, at=at, rows=rows)


def change_all(
    changes: Sequence[Change], *, actor: Actor, at: datetime, rows: Rows
) -> list[Changed | Refusal]:  # fmt: skip
    """Each change in order, as `change` does it, or why it was refused; one query locks all of the records."""
    held = locked({one.record for one in changes}, rows=rows)
    return [_tried(one, held, actor=actor, at=at, rows=rows) for one in changes]


def branch_of(actor: Actor, branch: str) -> str:
    """The run of changes that this one belongs to: the device's, or whatever its author says from their desk."""
    return branch or str(actor.account or "system")


def _tried(one: Change, held: Held, *, actor: Actor, at: datetime, rows: Rows) -> Changed | Refusal:
    try:
        return _changed(one, held, actor=actor, at=at, rows=rows)
    except Refusal as refusal:
        return refusal


def _changed(one: Change, held: Held, *, actor: Actor, at: datetime, rows: Rows) -> Changed:
    record, seat = standing(held, one.record, actor=actor)
    before = opened(record)
    merged = _merged(one, record, before, branch=branch_of(actor, one.branch))
    asked = _for_approval(record, seat, merged)
    if not (merged.taken or merged.waiting):
        return Changed(record, merged, [])
    fit_together(KINDS[record.kind], before, before | merged.taken | merged.waiting)
    fits_address(merged.taken, one.to or inside(record))
    proposals = _proposals(one, record, merged, asked, actor=actor, at=at)
    facts: dict[str, Any] = {"source": one.source, "on": one.on.isoformat()}
    facts |= {why: sorted(proposal.values) for why, proposal in proposals.items()}
    waiting = {why: p.values for why, p in proposals.items() if why != Why.OVER}
    told: dict[str, Any] = {}
    if merged.taken:
        told = say(record, merged.taken, branch=branch_of(actor, one.branch), source=one.source, on=one.on, rows=rows)
    facts |= {"fields": sorted(told), "version": record.version}
    content = told | ({"waiting": waiting} if waiting else {})
    leave(record, "change", actor=actor, seat=seat, at=at, rows=rows, facts=facts, content=content)
    if proposals:
        rows.add(*proposals.values(), *telling.deciders(record, proposals, at=at))
    return Changed(record, merged, list(proposals.values()))


def _merged(one: Change, record: Record, now: Mapping[str, Any], *, branch: str) -> Merged:
    """What becomes of the given fields. Versions of a record that was merged mean nothing to the one it is now."""
    kind, base = KINDS[record.kind], one.base if record.id == one.record else 0
    given = some(kind, one.data)
    said = {name: Said(*record.said[name][:2]) for name in given if name in record.said}
    stands = {name: now.get(name, "") for name in given}
    return merge(kind.rules(), stands, said, given=given, base=base, branch=branch)


def _for_approval(record: Record, seat: Seat, merged: Merged) -> dict[str, Any]:
    """The fields the city wants looked at before a grid worker's word stands; they wait instead of being taken."""
    if seat.post != Post.GRID_WORKER:
        return {}
    wanted = parameter("register_approval", [])
    asked = {name: value for name, value in merged.taken.items() if f"{record.kind}.{name}" in wanted}
    for name, value in asked.items():
        del merged.taken[name]
        merged.over.pop(name, None)
        merged.waiting[name] = value
    return asked


def _proposals(
    one: Change, record: Record, merged: Merged, asked: Mapping[str, Any], *, actor: Actor, at: datetime
) -> dict[str, Proposal]:  # fmt: skip
    """What is to be decided, by why."""
    guarded = {name: value for name, value in merged.waiting.items() if name not in asked}
    values = {Why.APPROVAL: asked, Why.GUARDED: guarded, Why.OVER: merged.over}
    return {
        why: Proposal(
            id=uuid7(at), record=record, why=why, values=closed(KINDS[record.kind], record.id, found), base=one.base,
            source=one.source, author_id=actor.account, said_at=at,
        )
        for why, found in values.items() if found
    }  # fmt: skip
