"""Who could mediate a case now, and what keeps somebody from it: the matching, asked for a dispute as it stands."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from citong.core.cases.models import Case, Party
from citong.services.mediation.candidates import appoint_choice, propose_for, why_not
from citong.services.mediation.matching import Proposal
from citong.services.mediation.models import Dispute, Interest, Mediator
from citong.services.mediation.ties import keys_of_parties


def proposals(case: Case) -> list[Proposal]:
    """Those who fit best, best first, with their reasons; three queries."""
    dispute, parties = Dispute.objects.filter(case=case).first(), Party.objects.filter(case=case).exclude(side="")
    return list(propose_for(case, **_asked(dispute, parties), languages=dispute.languages if dispute else ()).proposals)


def best(case: Case, dispute: Dispute, parties: Iterable[Party]) -> Proposal | None:
    """Whom the rules appoint, or nobody; one query."""
    return appoint_choice(case, **_asked(dispute, parties), languages=dispute.languages)


def kept_from(case: Case, account: UUID, dispute: Dispute, parties: Iterable[Party]) -> str:
    """What keeps this account from mediating the case, in a sentence; empty where nothing does. One query."""
    return why_not(case, account, **_asked(dispute, parties))


def registered() -> QuerySet[Mediator]:
    """Every mediator of the registers, with body and account."""
    standing = Mediator.objects.filter(sort=Mediator.Sort.MEDIATOR, ended_on=None)
    return standing.select_related("account", "body__unit").order_by("id")


def experts(case: Case | None) -> QuerySet[Mediator]:
    """Experts whom neither an interest nor a part in the dispute keeps from it."""
    standing = Mediator.objects.filter(sort=Mediator.Sort.EXPERT, ended_on=None)
    standing = standing.select_related("account", "body__unit").order_by("id")
    if case is None:
        return standing.none()
    parties = list(Party.objects.filter(case=case).exclude(side=""))
    own = {one.account_id for one in parties if one.account_id} | set(map(UUID, case.doers.get("open", ())))
    tied = Interest.objects.filter(keys__overlap=sorted(keys_of_parties(parties)), ended_on=None).values("mediator")
    return standing.exclude(account__in=own).exclude(pk__in=tied)


def _asked(dispute: Dispute | None, parties: Iterable[Party]) -> dict[str, Any]:
    if dispute is None:
        return {"parties": parties}
    finders = [dispute.finder] if dispute.finder else []
    return {"kind": dispute.kind, "finders": finders, "parties": parties, "tried": dispute.tried}
