"""Who quarrels: the parties of a dispute and their agents, what identifies them, and for whom somebody speaks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from citong.core.cases.models import Case, Party
from citong.core.flow.doing import Doing
from citong.core.flow.refusal import NotAllowed
from citong.core.papers.write import erase
from citong.core.people.access import Actor
from citong.core.people.models import Account
from citong.core.register.sealed import seal, unseal
from citong.services.mediation.forms.opening import OTHERS
from citong.services.mediation.models import Dispute, PartyDetails
from citong.services.mediation.rules.course import AuthorityToAgree
from citong.services.mediation.ties import keys_of

APPLICANT, RESPONDENT, THIRD = Party.Side.APPLICANT, Party.Side.RESPONDENT, Party.Side.THIRD
TURNED = "turned"  # the channel of a case of another service that became a dispute
BROUGHT_IN = frozenset({Dispute.Origin.RESIDENT, Dispute.Origin.COMPANY, Dispute.Origin.CALL})


@dataclass(frozen=True)
class Person:
    """Somebody as they are named when they enter a dispute."""

    name: str = ""
    phone: str = ""
    email: str = ""
    identity: str = ""
    home: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.phone)


def opening_parties(case: Case, answers: Mapping[str, Any], actor: Actor) -> list[Any]:
    """The dispute with its applicant and the other side, as far as they were named; where somebody is in danger, the
    case is urgent. Whoever found it is no party: they hear of its course by their receipt. No query."""
    origin = Dispute.Origin.REQUEST if case.channel == TURNED else answers["origin"]
    brought_in = origin in BROUGHT_IN and not answers.get("finder")
    case.urgent = case.urgent or bool(answers.get("danger"))
    dispute = Dispute(
        case=case, kind=answers["kind"], amount=answers.get("amount"), languages=list(answers.get("languages") or []),
        origin=origin, finder=None if brought_in else actor.account, batch=answers.get("batch"),
    )  # fmt: skip
    rows = _reporting(case, answers, actor, brought_in)
    for other in OTHERS:
        said = {name: answers.get(f"{other}_{name}") or "" for name in ("name", "phone", "identity", "home")}
        if person := Person(**said):
            rows += party_rows(case, person, side=RESPONDENT)
    return [dispute, *rows]


def party_rows(
    case: Case, person: Person, *, side: str, role: str = Party.Role.PARTY, authority: str = "", **more: Any
) -> tuple[Party, PartyDetails]:
    """(party, its sealed details) of somebody who enters the case; neither is saved yet."""
    party = Party(case=case, role=role, side=side, name=person.name, phone=person.phone, email=person.email, **more)
    details = PartyDetails(party=party, authority=authority)
    identify(party, details, identity=person.identity, home=person.home)
    return party, details


def identify(party: Party, details: PartyDetails, *, identity: str = "", home: str = "") -> None:
    """What identifies the party is sealed, and found again by blind keys."""
    details.identity = seal(identity, party.pk, "identity") or details.identity
    details.address = seal(home, party.pk, "address") or details.address
    known = identity or unseal(details.identity, party.pk, "identity")
    details.keys = sorted(keys_of(name=party.name, phone=party.phone, number=known, account=party.account_id))


def identified(party: Party) -> Person:
    """The party with number and address in the clear, for whoever may read them; one query."""
    held = PartyDetails.objects.filter(party=party).first() or PartyDetails(party=party)
    identity, home = unseal(held.identity, party.pk, "identity"), unseal(held.address, party.pk, "address")
    return Person(party.name, party.phone, party.email, identity, home)


def principals(parties: Iterable[Party]) -> list[Party]:
    """The parties themselves, without their agents: whoever must agree where all must."""
    return [one for one in parties if one.side and one.role != Party.Role.AGENT]


def of_side(parties: Iterable[Party], side: str) -> list[Party]:
    """The parties themselves of one side."""
    return [one for one in principals(parties) if one.side == side]


def voice(doing: Doing) -> Party:
    """The party for whom the actor answers: themselves, or whom they have authority to bind. Raises NotAllowed.

    One query for an agent.
    """
    speaking = speaker(doing)
    if speaking.role != Party.Role.AGENT:
        return speaking
    held = PartyDetails.objects.filter(party=speaking).first()
    if not AuthorityToAgree.formula(authority=held.authority if held else ""):
        raise NotAllowed(_(AuthorityToAgree.label))
    return next(one for one in doing.parties if one.pk == speaking.speaks_for_id)


def speaker(doing: Doing) -> Party:
    """The party, or agent, who acts. Raises NotAllowed."""
    standing = doing.actor.standing
    found = next((one for one in doing.parties if standing is not None and one.pk == standing.party), None)
    if found is None:
        raise NotAllowed(_("Only a party can do this."))
    return found


def doubles(case: Case, kind: str, parties: Sequence[Party]) -> list[str]:
    """Numbers of open disputes of the same kind, earlier or registered, in which somebody of each side meets again.

    They are found by blind keys: by telephone, number of identity, account, or name. One or two queries.
    """
    keys = dict(PartyDetails.objects.filter(party__in=parties).values_list("party_id", "keys"))
    known_before = Q(case__lt=case.pk) | Q(registered_at__isnull=False)
    met = Dispute.objects.filter(known_before, kind=kind, case__open=True).exclude(case=case)
    for side in (APPLICANT, RESPONDENT):
        known = [key for one in of_side(parties, side) for key in keys.get(one.pk, ())]
        if not known:
            return []
        met = met.filter(case__parties__details__keys__overlap=known)
    return list(met.order_by("case__number").values_list("case__number", flat=True).distinct())


def forget(case: Case) -> None:
    """Numbers, addresses and keys of the people in the case are gone, and the papers that name them."""
    erase(case.pk)
    PartyDetails.objects.filter(party__case=case).update(identity="", address="", keys=[])


def _reporting(case: Case, answers: Mapping[str, Any], actor: Actor, brought_in: bool) -> list[Any]:
    """Whoever tells of the dispute, as its applicant; or the applicant whom staff name; or one who only told it."""
    person = Person(*(answers.get(name) or "" for name in ("name", "phone", "email", "identity", "home")))
    account = Account(id=actor.account, language=actor.language) if case.reporter_id else None
    if account and not person.name:  # papers name whoever is signed in
        person = replace(person, name=actor.name)
    channels = sorted({*(answers.get("channels") or []), *(["app"] if account else [])})
    told_it: dict[str, Any] = {"role": Party.Role.REPORTER, "account": account, "channels": channels}
    if brought_in or case.channel == TURNED:
        return [*party_rows(case, person, side=APPLICANT, **told_it)]
    if actor.seats:
        return [*party_rows(case, person, side=APPLICANT)] if person else []
    return [Party(case=case, name=person.name, phone=person.phone, email=person.email, **told_it)]
