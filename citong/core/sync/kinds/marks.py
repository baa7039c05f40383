"""What happened on the phone and leaves a mark: a sealed field was looked at, a notice was read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from citong.core.ledger.rows import Rows
from citong.core.notices.models import Notice
from citong.core.people.access import Actor, Purpose, may_enrol
from citong.core.people.models import Look
from citong.core.sync.declare import Kind, Outcome, Result, Sent
from citong.core.sync.given import uuid_of
from citong.kit.ids import uuid7


class Looked(Kind):
    """look: {fields, purpose} at the record that is its subject, at the moment at which it was looked at.

    It has happened: it is on record whatever the worker may see today.
    """

    code = "look"

    def apply(self, sent: Sequence[Sent], *, actor: Actor, device: UUID, at: datetime, rows: Rows) -> list[Outcome]:
        seat, account = may_enrol(actor), actor.account
        assert account is not None  # a device speaks for one
        unit, post = (seat.unit_code, seat.post) if seat else ("", "")
        for one in sent:
            said = one.data.get("purpose")
            purpose = said if said in Purpose.__members__.values() else Purpose.VISITING
            rows.add(
                Look(
                    id=uuid7(one.at), subject=one.subject, account=account, unit=unit, post=post,
                    purpose=str(purpose), at=one.at,
                )
            )  # fmt: skip
        return [Outcome(Result.DONE) for _one in sent]


class Read(Kind):
    """read: {notices}, ids of notices to the worker."""

    code = "read"

    def apply(self, sent: Sequence[Sent], *, actor: Actor, device: UUID, at: datetime, rows: Rows) -> list[Outcome]:
        listed = [one.data["notices"] for one in sent if isinstance(one.data.get("notices"), list)]
        ids = [id for notices in listed for id in map(uuid_of, notices) if id]
        Notice.objects.filter(id__in=ids, account=actor.account, seen_at=None).update(seen_at=at)
        return [Outcome(Result.DONE) for _one in sent]
