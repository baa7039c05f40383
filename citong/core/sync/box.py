"""What could not be done at first: held operations, done after some days; refused ones, which a person settles."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from citong.core.ledger.write import Head, append
from citong.core.people.access import Actor, Purpose, Seat, actor_of, leads
from citong.core.people.administration import look
from citong.core.people.models import Account
from citong.core.people.posts import Post
from citong.core.people.refusal import Invalid, NotThere
from citong.core.sync.declare import Result
from citong.core.sync.models import Operation
from citong.core.sync.push import try_again
from citong.core.sync.sealing import unseal

LONGEST_HELD = timedelta(days=5)
PAGE = 50


def force(*, at: datetime, most: int = 500) -> int:
    """Operations held longer than `LONGEST_HELD` are done without what they build on, with a mark; how many were."""
    due = Operation.objects.filter(result=Result.HELD, settled_at=None, received_at__lt=at - LONGEST_HELD)
    found = due.select_related("device__account").order_by("device", "received_at", "id")[:most]
    for one in found:
        account = one.device.account
        with override(account.language):
            try_again(one.device_id, [one], actor=actor_of(account, at=at), by=None, at=at)
    return len(found)


def refused(actor: Actor, *, after: UUID | None = None) -> list[Operation]:
    """Refused operations of people the actor supervises, that nobody settled yet; oldest first; one query."""
    if _supervisor(actor) is None:
        return []
    found = _open().filter(device__account__in=Account.objects.filter(leads(actor)))
    if after is not None:
        found = found.filter(id__gt=after)
    return list(found.select_related("device__account").order_by("id")[:PAGE])


def opened(operation: UUID, *, actor: Actor, at: datetime) -> tuple[Operation, dict[str, Any]]:
    """One of them with what was said in it; the look is on record at its subject. Raises NotThere."""
    found = _one(operation, actor)
    look(found.subject, actor=actor, purpose=Purpose.SUPERVISION, at=at)
    return found, said(found)


def said(operation: Operation) -> dict[str, Any]:
    """An operation as its phone sent it, while it is kept."""
    body: dict[str, Any] = json.loads(unseal(operation.body, of=f"operation {operation.id}"))
    return body


def try_refused(operation: UUID, *, actor: Actor, at: datetime) -> Operation:
    """The operation is tried once more for the worker who said it, by the seats they have now. Raises NotThere."""
    found = _one(operation, actor)
    worker = actor_of(found.device.account, at=at)
    try_again(found.device_id, [found], actor=worker, by=actor.account, at=at)
    return Operation.objects.get(pk=operation)


def settle(operation: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """A person took care of it otherwise and says how; what was said in it is gone. Raises NotThere, Invalid."""
    if not reason.strip():
        raise Invalid(_("Some answers need another look."), {"reason": [_("Say what was done about it.")]})
    with transaction.atomic():
        found = _one(operation, actor, lock=True)
        with override(found.device.account.language):
            sentence = _("Your supervisor settled it: %(reason)s") % {"reason": reason.strip()}
        found.answer = found.answer | {"sentence": sentence}
        found.body, found.settled_at, found.settled_by_id = b"", at, actor.account
        found.save(update_fields=["answer", "body", "settled_at", "settled_by"])
        seat = _supervisor(actor)
        assert seat is not None
        append(
            found.id, "settle", kind="operation", by=actor.signature(seat), at=at, head=Head(),
            facts={"kind": found.kind, "device": str(found.device_id)}, content={"reason": reason.strip()},
        )  # fmt: skip


def _one(operation: UUID, actor: Actor, *, lock: bool = False) -> Operation:
    rows = _open().select_for_update(of=("self",)) if lock else _open()
    within = rows.filter(device__account__in=Account.objects.filter(leads(actor)), pk=operation)
    found: Operation | None = within.select_related("device__account").first() if _supervisor(actor) else None
    if found is None:
        raise NotThere(_("There is no such operation."))
    return found


def _open() -> Any:
    return Operation.objects.filter(Q(result=Result.REFUSED), settled_at=None)


def _supervisor(actor: Actor) -> Seat | None:
    seats: Sequence[Seat] = actor.seats
    return next((seat for seat in seats if seat.post == Post.SUPERVISOR), None)
