"""What waits for a decision is taken or left."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from citong.core.ledger.rows import Rows
from citong.core.people.access import Actor, Purpose, Seat, may_decide, reaches_record
from citong.core.people.refusal import NotAllowed, NotThere, WrongState
from citong.core.places.current import day_of
from citong.core.register import telling
from citong.core.register.changing import branch_of
from citong.core.register.checking import fit_together, opened
from citong.core.register.held import leave, locked, say, together
from citong.core.register.kinds import KINDS
from citong.core.register.models import Proposal, Record, Source
from citong.core.register.sealed import unseal


def decide(
    proposal: UUID, *, take: bool, actor: Actor, at: datetime, reason: str = "", rows: Rows | None = None
) -> Proposal:  # fmt: skip
    """The proposed values stand, or everything stays as it was; its author hears which.

    Of a record that was merged meanwhile the one it is now is meant. Raises NotThere, NotAllowed (for its own author
    as well), WrongState when it was decided already, Invalid when the values no longer fit the record.
    """
    with together(rows) as rows:
        found = Proposal.objects.select_for_update().filter(pk=proposal).first()
        record, seat = _decidable(found, actor, rows)
        assert found is not None
        if found.state != Proposal.State.WAITING:
            raise WrongState(_("This was decided already."))
        told = _taken(found, record, actor=actor, rows=rows) if take else {}
        found.state = Proposal.State.TAKEN if take else Proposal.State.LEFT
        found.decided_by_id, found.decided_at = actor.account, at
        rows.change(found)
        facts = {"proposal": str(found.id), "why": found.why, "taken": take, "fields": sorted(told)}
        facts |= {"source": _source(found), "on": _day(found).isoformat(), "version": record.version}
        words = ({"reason": reason} if reason else {}) | told
        leave(record, "decide", actor=actor, seat=seat, at=at, rows=rows, facts=facts, content=words)
        rows.add(*telling.author(record, found, at=at))
        return found


def proposed(proposal: Proposal) -> dict[str, Any]:
    """The values of a proposal in clear. Of `over`, those that stood there."""
    known = KINDS[proposal.record.kind].known
    return {
        name: unseal(value, proposal.record_id, name) if known[name].sealed else value
        for name, value in proposal.values.items()
    }  # fmt: skip


def _decidable(found: Proposal | None, actor: Actor, rows: Rows) -> tuple[Record, Seat]:
    if found is None:
        raise NotThere(_("There is no such proposal."))
    held = locked([found.record_id], rows=rows)
    record = held[found.record_id]
    while record.merged_into_id:
        record = held[record.merged_into_id]
    if not reaches_record(actor, record, Purpose.HANDLING):
        raise NotThere(_("There is no such proposal."))
    seat = may_decide(actor, record, author=found.author_id)
    if seat is None:
        raise NotAllowed(_("Somebody else has to decide this."))
    return record, seat


def _taken(found: Proposal, record: Record, *, actor: Actor, rows: Rows) -> dict[str, Any]:
    now = opened(record)
    values = {name: value for name, value in proposed(found).items() if now.get(name, "") != value}
    if not values:
        return {}
    fit_together(KINDS[record.kind], now, now | values)
    return say(record, values, branch=branch_of(actor, ""), source=_source(found), on=_day(found), rows=rows)


def _source(found: Proposal) -> str:
    """Who takes back what stood there goes by the files."""
    return Source.OFFICE if found.why == Proposal.Why.OVER else found.source


def _day(found: Proposal) -> Any:
    return day_of(found.said_at)
