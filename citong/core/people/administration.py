"""Administrator rights on a timer, and the marks that looks leave."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from citong.core.ledger.write import Signature, append, head_of
from citong.core.people.access import Actor, Purpose
from citong.core.people.models import Account, Elevation, Look
from citong.core.people.posts import Post
from citong.kit.ids import uuid7

LONGEST = timedelta(hours=1)


def elevate(account: Account, *, reason: str, at: datetime, span: timedelta = LONGEST) -> Elevation:
    """The administrator has their rights until at most an hour from now, and the ledger says why.

    Raises PermissionError for anybody without the post, ValueError for a missing reason.
    """
    held = account.appointments.filter(post=Post.ADMINISTRATOR, ends_on=None).select_related("unit").first()
    if held is None:
        raise PermissionError(_("Only a person with the post of administrator can take these rights."))
    if not reason.strip():
        raise ValueError(_("Say what the rights are needed for."))
    with transaction.atomic():
        until = at + min(span, LONGEST)
        taken = Elevation.objects.create(account=account, reason=reason, begins_at=at, ends_at=until)
        append(
            account.id, "elevate", kind="account", by=Signature(account.id, held.post, held.unit.code), at=at,
            head=head_of(account.id), facts={"until": until.isoformat()}, content={"reason": reason},
        )  # fmt: skip
    return taken


def look(subject: UUID, *, actor: Actor, purpose: Purpose, at: datetime) -> None:
    """The look is on record. Own looks of residents leave no mark: they concern nobody else."""
    if actor.account is None or purpose in (Purpose.OWN, Purpose.PUBLIC):
        return
    seat = actor.seats[0] if actor.seats else None
    Look.objects.bulk_create(
        [
            Look(
                id=uuid7(at), subject=subject, account=actor.account, purpose=purpose, at=at,
                unit=seat.unit_code if seat else "", post=seat.post if seat else "",
            )
        ]
    )  # fmt: skip
