"""Being away: what would reach a person reaches a colleague of theirs until they are back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from citong.core.ledger.write import Signature, append, head_of
from citong.core.people.models import Absence, Account, Appointment
from citong.core.places.current import day_of


class CannotBeAway(ValueError):
    """The absence is not entered; the sentence says why."""


def colleagues(account: UUID, *, at: datetime) -> QuerySet[Account]:
    """Active people with a current post in one of the account's units: who may stand in. By name; one query."""
    own = Appointment.objects.filter(account=account, ends_on=None).values("unit")
    held = Appointment.objects.filter(unit__in=own, ends_on=None, begins_on__lte=day_of(at)).values("account")
    return Account.objects.filter(id__in=held, is_active=True).exclude(id=account).order_by("name", "username")


def be_away(
    account: UUID, *, stand_in: UUID, begins_at: datetime, ends_at: datetime, reason: str = "", at: datetime
) -> Absence:  # fmt: skip
    """From the one moment to the other the colleague stands in, and the ledger says so. Raises CannotBeAway."""
    with transaction.atomic():
        away = Account.objects.select_for_update().get(pk=account)
        _check(away, stand_in, begins_at, ends_at, at)
        absence = Absence.objects.create(
            account=away, stand_in_id=stand_in, begins_at=begins_at, ends_at=ends_at, reason=reason
        )
        facts = {"stand_in": str(stand_in), "begins_at": begins_at.isoformat(), "ends_at": ends_at.isoformat()}
        _record(away, "be_away", facts, {"reason": reason} if reason else {}, at)
    return absence


def be_back(absence: Absence, *, at: datetime) -> None:
    """The absence ends now, or never begins; the ledger says so."""
    with transaction.atomic():
        away = Account.objects.select_for_update().get(pk=absence.account_id)
        if absence.begins_at < at:
            Absence.objects.filter(pk=absence.pk, ends_at__gt=at).update(ends_at=at)
        else:
            Absence.objects.filter(pk=absence.pk).delete()
        _record(away, "be_back", {"stand_in": str(absence.stand_in_id)}, {}, at)


def _check(away: Account, stand_in: UUID, begins_at: datetime, ends_at: datetime, at: datetime) -> None:
    if ends_at <= max(begins_at, at):
        raise CannotBeAway(_("The absence must end after it begins, and after now."))
    if not colleagues(away.pk, at=at).filter(pk=stand_in).exists():
        raise CannotBeAway(_("Choose a colleague of one of your own units."))
    if away.absences.filter(begins_at__lt=ends_at, ends_at__gt=begins_at).exists():
        raise CannotBeAway(_("You are away at that time already: end that absence first."))
    if Absence.objects.filter(account=stand_in, begins_at__lt=ends_at, ends_at__gt=begins_at).exists():
        raise CannotBeAway(_("This colleague is away at that time: choose another one."))


def _record(away: Account, act: str, facts: dict[str, str], content: dict[str, str], at: datetime) -> None:
    held = away.appointments.filter(ends_on=None).select_related("unit").order_by("id").first()
    by = Signature(away.pk, held.post if held else "", held.unit.code if held else "")
    append(away.pk, act, kind="account", by=by, at=at, head=head_of(away.pk), facts=facts, content=content)
