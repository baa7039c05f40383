"""Parties of a case as actors: by their account, by the receipt of what they reported, or by a slip of their own."""

from dataclasses import replace
from uuid import UUID

from django.db.models import Q

from citong.core.cases.models import Case, Party
from citong.core.people import slip
from citong.core.people.access import Actor, Standing


def as_party(actor: Actor, party: Party) -> Actor:
    """The same actor, as this party of its case and as nothing else there."""
    return replace(actor, seats=(), elevated=False, standing=Standing(party.case_id, party.pk, party.side))


def party_of(
    case: Case, *, account: UUID | None = None, receipt: bool = False, among: frozenset[UUID] = frozenset()
) -> Party | None:
    """The party of the case that somebody is: one `among` those they proved to be, that of their account, or with the
    `receipt` whoever reported; None for anybody else. One query."""
    own = Q(pk__in=among)
    if account is not None:
        own |= Q(account=account)
    if receipt:
        own |= Q(role=Party.Role.REPORTER)
    return Party.objects.filter(own, case=case).exclude(side="").order_by("id").first()


def party_by_slip(number: str, secret: str) -> tuple[Case, Party] | None:
    """The case and the party whose slip this is; None for a wrong one, or without a side. Two queries."""
    given = slip.read(number, secret)
    case = Case.objects.filter(number=given.number).first() if given else None
    if given is None or case is None:
        return None
    parties = Party.objects.filter(case=case, slip__isnull=False).exclude(side="")
    return next(((case, party) for party in parties if given.opens([party.slip])), None)
