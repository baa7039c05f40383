"""Following a public case: whoever asks is told what becomes of it, without becoming its reporter."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from citong.core.cases.models import Case, Party
from citong.core.flow.record import write_entry
from citong.core.flow.refusal import Invalid, NotThere
from citong.core.ledger.write import Signature
from citong.core.people.access import ANYBODY, RESIDENT_SEAT, Purpose, scope


@dataclass(frozen=True)
class Followed:
    """The case is followed. `again` is true when this address followed it already."""

    case: Case
    again: bool = False


def follow(case_id: UUID, *, contact: str, at: datetime) -> Followed:
    """The e-mail address hears of every step from now on, and the ledger says that somebody follows.

    One transaction; the address itself stands with the parties alone. Raises NotThere, also for a case that
    is not public, and Invalid for an address that can not be one.
    """
    address = _address(contact)
    with transaction.atomic():
        public = Case.objects.select_for_update().filter(scope(ANYBODY, Purpose.PUBLIC), pk=case_id)
        case = public.first()
        if case is None:
            raise NotThere(_("There is no such case."))
        if case.parties.filter(email__iexact=address).exclude(role=Party.Role.NAMED).exists():
            return Followed(case, again=True)
        Party.objects.create(case=case, role=Party.Role.FOLLOWER, email=address, channels=["email"])
        by = Signature(None, RESIDENT_SEAT.post, "")
        write_entry(case, "follow", by=by, at=at, facts={"channel": "email"}, content={})
        case.save(update_fields=["position", "head"])
    return Followed(case)


def _address(contact: str) -> str:
    try:
        validate_email(contact.strip())
    except ValidationError as fault:
        sentence = _("Give an e-mail address such as name@example.com.")
        raise Invalid(sentence, {"contact": [sentence]}) from fault
    return contact.strip()
