"""What every paper of a case begins with: number and kind, the body, the parties with their agents, who mediates."""

from collections.abc import Iterable, Sequence
from typing import Any

from citong.core.cases.models import Case, Party
from citong.kit.checks import credit_code_fault
from citong.services.mediation.agreements import Point
from citong.services.mediation.models import Dispute, PartyDetails
from citong.services.mediation.papers.data import Agent, Matter, Person, Term, amount
from citong.services.mediation.parties import identified, of_side

AUTHORITY = {
    PartyDetails.Authority.SPECIAL: "特别授权（代为承认、变更、放弃请求，进行和解，签署调解协议）",
    PartyDetails.Authority.GENERAL: "一般代理",
}


def sheet_of(case: Case, parties: Iterable[Party], *, only: Party | None = None) -> dict[str, Any]:
    """What `papers.data.Sheet` holds, by its names; with `only`, that party alone. A query for each person."""
    dispute = Dispute.objects.select_related("mediator__account", "mediator__body__unit").filter(case=case).first()
    mediator = dispute.mediator if dispute else None
    named = [one for one in parties if only is None or one.pk == only.pk or one.speaks_for_id == only.pk]
    return {
        "matter": Matter(
            number=case.number, kind=case.title, body=mediator.body.unit.name if mediator else case.desk.name,
            charged=bool(mediator and mediator.body.charges),
        ),
        "applicants": _people(named, Party.Side.APPLICANT), "respondents": _people(named, Party.Side.RESPONDENT),
        "thirds": _people(named, Party.Side.THIRD),
        "mediators": (mediator.account.get_full_name(),) if mediator else (),
    }  # fmt: skip


def terms_of(points: Iterable[Point]) -> tuple[Term, ...]:
    """The points of an agreement as papers tell them."""
    return tuple(
        Term(text=one.words, amount=amount(one.obligation.amount) if one.obligation.amount is not None else None)
        for one in points
    )


def lines(words: object) -> tuple[str, ...]:
    """Each line that says something."""
    return tuple(line.strip() for line in str(words or "").splitlines() if line.strip())


def _people(parties: Sequence[Party], side: str) -> tuple[Person, ...]:
    return tuple(
        _person(one, [each for each in parties if each.speaks_for_id == one.pk]) for one in of_side(parties, side)
    )


def _person(party: Party, agents: Sequence[Party]) -> Person:
    told = identified(party)
    organisation = bool(told.identity) and not credit_code_fault(told.identity)
    return Person(
        name=party.name, identity=told.identity, address=told.home, phone=party.phone, organisation=organisation,
        agent=_agent(agents[0]) if agents else None,
    )  # fmt: skip


def _agent(party: Party) -> Agent:
    details = PartyDetails.objects.filter(party=party).first()
    authority = AUTHORITY.get(PartyDetails.Authority(details.authority), "") if details and details.authority else ""
    return Agent(name=party.name, identity=identified(party).identity, phone=party.phone, authority=authority)
