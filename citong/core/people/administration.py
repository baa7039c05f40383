"""Administrator rights on a timer, and the marks that looks leave."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citong.core.ledger.write import Head, Signature, append, head_of
from citong.core.people.access import Actor, Purpose
from citong.core.people.models import Account, Appointment, Elevation, Look, Unit
from citong.core.people.posts import Post
from citong.core.places.current import day_of
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


@transaction.atomic
def make_administrator(username: str, *, name: str, password: str) -> Account:
    """An account with the post of administrator in the city's centre; the ledger says the installation made it.

    Raises ValueError with a sentence where the name is taken or the city has no centre.
    """
    centre = Unit.objects.filter(function="centre", level="city", ends_on=None).first()
    if centre is None:
        raise ValueError("The city has no command centre: load a city first with `citong city load FOLDER`.")
    if Account.objects.filter(username__iexact=username).exists():
        raise ValueError(f"There is an account {username} already: choose another sign-in name.")
    now = timezone.now()
    account = Account.objects.create_user(username, password=password, name=name)
    post = Post.ADMINISTRATOR
    Appointment.objects.create(account=account, unit=centre, post=post, begins_on=day_of(now))
    append(
        account.id, "appoint", kind="account", by=Signature(None, "system"), at=now, head=Head(),
        facts={"unit": centre.code, "post": post},
    )  # fmt: skip
    return account


def look(subject: UUID, *, actor: Actor, purpose: Purpose, at: datetime) -> None:
    """The look is on record. Own looks of residents leave no mark: they concern nobody else."""
    look_all([subject], actor=actor, purpose=purpose, at=at)


def look_all(subjects: Iterable[UUID], *, actor: Actor, purpose: Purpose, at: datetime) -> None:
    """The look at each of these is on record; one statement."""
    if actor.account is None or purpose in (Purpose.OWN, Purpose.PUBLIC):
        return
    seat = actor.seats[0] if actor.seats else None
    Look.objects.bulk_create(
        [
            Look(
                id=uuid7(at), subject=subject, account=actor.account, purpose=purpose, at=at,
                unit=seat.unit_code if seat else "", post=seat.post if seat else "",
            )
            for subject in subjects
        ]
    )  # fmt: skip
