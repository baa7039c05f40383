"""From the id in an address to the record, for those who may see it; what is out of reach does not exist."""

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from citong.core.people.access import Actor, Purpose, register_scope
from citong.core.register.models import Record


def record_for(actor: Actor, record: UUID, *, purpose: Purpose = Purpose.HANDLING) -> Record:
    """The record; Http404 when it does not exist, or not for this actor. One query."""
    found = Record.objects.filter(register_scope(actor, purpose), pk=record).first()
    if found is None:
        raise Http404(_("There is no such record."))
    return found


def records_for(actor: Actor, ids: list[UUID]) -> dict[UUID, Record]:
    """Those of these records that the actor reaches; one query."""
    return {one.id: one for one in Record.objects.filter(register_scope(actor, Purpose.HANDLING), pk__in=ids)}
