"""Slips: a person named in a case gets a number and secret by which they see which offices looked at it, and why."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from citong.core.cases.models import Case, Party
from citong.core.flow.record import write_entry
from citong.core.flow.refusal import NotAllowed, NotThere
from citong.core.people import slip
from citong.core.people.access import Actor, Purpose, desk_seat, scope
from citong.core.people.models import Look


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
        secret, party.slip = slip.fresh()
        party.save(update_fields=["slip"])
        write_entry(case, "slip", by=actor.signature(seat), at=at, facts={"role": party.role}, content={})
        case.save(update_fields=["position", "head"])
    return secret


def looks_by_slip(number: str, secret: str) -> tuple[Case, list[Look]] | None:
    """The case and every look at it, newest first, for the holder of a slip; None for a wrong one; three queries."""
    given = slip.read(number, secret)
    case = Case.objects.filter(number=given.number).first() if given else None
    if given is None or case is None:
        return None
    slips = Party.objects.filter(case=case, slip__isnull=False).values_list("slip", flat=True)
    return (case, slip.looks([case.id])) if given.opens(slips) else None
