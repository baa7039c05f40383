"""Slips: a person named in a case gets a number and secret by which they see which offices looked at it, and why."""

import hmac
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from citong.core.cases.models import Case, Party
from citong.core.flow.record import write_entry
from citong.core.flow.refusal import NotAllowed, NotThere
from citong.core.people.access import Actor, Purpose, desk_seat, scope
from citong.core.people.models import Look
from citong.kit import ids


def issue_slip(case_id: UUID, party_id: UUID, *, actor: Actor, at: datetime) -> str:
    """The secret of a new slip for a party of the case, shown once; an older slip no longer opens anything.

    Raises NotThere, or NotAllowed for anybody but the case's desk.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(scope(actor, Purpose.HANDLING), pk=case_id).first()
        party = Party.objects.filter(case=case, pk=party_id).first() if case else None
        if case is None or party is None:
            raise NotThere(_("There is no such case."))
        seat = desk_seat(actor, case)
        if seat is None:
            raise NotAllowed(_("Only the desk of this case gives out slips."))
        secret = ids.secret()
        party.slip = ids.digest(secret, settings.RECEIPT_PEPPER)
        party.save(update_fields=["slip"])
        write_entry(case, "slip", by=actor.signature(seat), at=at, facts={"role": party.role}, content={})
        case.save(update_fields=["position", "head"])
    return secret


def looks_by_slip(number: str, secret: str) -> tuple[Case, list[Look]] | None:
    """The case and every look at it, newest first, for the holder of a slip; None for a wrong one; three queries."""
    try:
        plain = ids.case_number(*ids.parse_number(number))
        given = ids.digest(secret, settings.RECEIPT_PEPPER)
    except ValueError:
        return None
    case = Case.objects.filter(number=plain).first()
    slips = Party.objects.filter(case=case, slip__isnull=False).values_list("slip", flat=True) if case else []
    if case is None or not any(slip and hmac.compare_digest(bytes(slip), given) for slip in slips):
        return None
    return case, list(Look.objects.filter(subject=case.id).order_by("-at"))
