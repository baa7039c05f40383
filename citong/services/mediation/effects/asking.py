"""Registering a dispute, naming and inviting its parties, and what they say to mediation."""

from typing import Any

from django.utils.translation import gettext as _

from citong.core.cases.models import Party
from citong.core.flow.doing import Doing
from citong.core.flow.refusal import Invalid, NotAllowed, WrongState
from citong.core.notices import outbox
from citong.core.people import slip
from citong.core.people.access import RESIDENT_SEAT
from citong.core.places.current import day_of
from citong.kit.ids import uuid7
from citong.services.mediation.agreeing import dispute_of, say, unanimous
from citong.services.mediation.forms.opening import LINE_OF
from citong.services.mediation.kinds import title_of
from citong.services.mediation.models import Dispute, Matter, PartyDetails
from citong.services.mediation.parties import (
    APPLICANT,
    Person,
    doubles,
    of_side,
    party_rows,
    principals,
    speaker,
    voice,
)
from citong.services.mediation.rules.course import BothSidesNamed, FewSpeakForASide, OneCodeForOneMatter

PERSON = ("name", "phone", "email", "identity", "home")


def register(doing: Doing) -> None:
    """The matter has its kind, its languages and its line of law. Whoever applied in person has consented by that.

    Raises WrongState while a side is missing, Invalid for a probable double that nobody said is another matter.
    """
    case, data, dispute = doing.case, doing.data, dispute_of(doing)
    if not BothSidesNamed.formula(sides=[one.side for one in principals(doing.parties)]):
        raise WrongState(_(BothSidesNamed.label))
    _once(doing, dispute)
    dispute.kind, dispute.registered_at = data["kind"], doing.at
    dispute.languages = list(data["languages"]) or dispute.languages
    dispute.amount = data["amount"] or dispute.amount
    case.title = title_of(dispute.kind)
    if not case.line.startswith("filed"):
        case.line = LINE_OF.get(dispute.kind, "")
    for party in of_side(doing.parties, APPLICANT):
        if party.role == Party.Role.REPORTER:
            say(doing, party, Matter.MEDIATE, yes=True)


def withdraw(doing: Doing) -> None:
    """The applicant does not go on with it."""
    if doing.seat is RESIDENT_SEAT:
        voice(doing)
    dispute_of(doing).failed_as = Dispute.Failure.WITHDRAWN


def add_party(doing: Doing) -> None:
    """Somebody more takes part in the dispute, and has to be asked like everybody else."""
    person = Person(*(doing.data[name] for name in PERSON))
    _join(doing, *party_rows(doing.case, person, side=doing.data["side"]))


def add_agent(doing: Doing) -> None:
    """Somebody speaks for a party. Raises WrongState where too many do, NotAllowed for another party's agent."""
    whom = _own(doing, doing.data["whom"])
    if doing.seat is RESIDENT_SEAT and speaker(doing).pk != whom.pk:
        raise NotAllowed(_("You can name an agent for yourself alone."))
    speaking = sum(one.role == Party.Role.AGENT and one.side == whom.side for one in doing.parties)
    if not FewSpeakForASide.formula(line=doing.case.line, speaking=speaking, on=day_of(doing.at)):
        raise WrongState(_(FewSpeakForASide.label))
    person = Person(*(doing.data.get(name, "") for name in PERSON))
    agent, details = party_rows(
        doing.case, person, side=whom.side, role=Party.Role.AGENT, authority=doing.data["authority"], speaks_for=whom
    )
    _join(doing, agent, details)


def invite_party(doing: Doing) -> None:
    """The party can come in with the number and a secret, which is kept nowhere: it is made anew from a mark whenever
    the message is sent or the letter printed. What opened the case for them before opens it no more."""
    party, mark = _own(doing, doing.data["party"]), uuid7(doing.at).hex
    _secret, party.slip = slip.invited(party.pk, mark)
    del doing.facts["party"]  # that would say who acted
    doing.facts |= {"invited": str(party.pk), "slip": mark}
    if doing.data["way"] == "sms":
        party.channels = sorted({*party.channels, "sms"})
        told = {"number": doing.case.number, "act": "invite_party", "service": doing.case.service}
        by_sms = (one for one in outbox.to_party(doing.case, party, told | {"party": str(party.pk), "slip": mark},
                                                 at=doing.at) if one.channel == "sms")  # fmt: skip
        doing.rows.add(*by_sms)
    doing.rows.change(party)


def consent(doing: Doing) -> None:
    """The party wants mediation; once all do, a mediator is sought."""
    party = voice(doing)
    if doing.data.get("online"):
        say(doing, party, Matter.ONLINE, yes=True)
    dispute = dispute_of(doing)
    dispute.languages = list(dict.fromkeys([*dispute.languages, *doing.data.get("languages", ())]))
    _consented(doing, party)


def consent_noted(doing: Doing) -> None:
    """The registrar heard or has in writing that the party wants mediation."""
    _consented(doing, _own(doing, doing.data["whom"]))


def refuse(doing: Doing) -> None:
    """A party does not want mediation, and so there is none."""
    say(doing, voice(doing), Matter.MEDIATE, yes=False)
    dispute_of(doing).failed_as = Dispute.Failure.UNWILLING


def unreachable(doing: Doing) -> None:
    """A party could not be asked."""
    _own(doing, doing.data["whom"])
    dispute_of(doing).failed_as = Dispute.Failure.UNREACHABLE


def _once(doing: Doing, dispute: Dispute) -> None:
    """One code for one matter: a probable double is registered only where somebody looked."""
    found = doubles(doing.case, doing.data["kind"], doing.parties)
    if not OneCodeForOneMatter.formula(doubles=found, apart=doing.data["apart"]):
        sentence = _("%(rule)s Look at %(numbers)s; say so below if this is another matter.") % {
            "rule": _(OneCodeForOneMatter.label), "numbers": ", ".join(found),
        }  # fmt: skip
        raise Invalid(sentence, {"apart": [sentence]})
    dispute.double_of = found[0] if found else ""


def _consented(doing: Doing, party: Party) -> None:
    said_so = say(doing, party, Matter.MEDIATE, yes=True)
    waiting = [one for one in principals(doing.parties) if one.pk not in said_so]
    doing.facts["waiting"] = len(waiting)
    if doing.case.state == "offered" and unanimous(doing, said_so):
        doing.to = doing.type.states["choosing"]


def _join(doing: Doing, party: Party, details: PartyDetails) -> None:
    doing.rows.add(party, details)
    doing.parties.append(party)
    doing.facts["added"], doing.content["who"] = str(party.pk), party.name


def _own(doing: Doing, chosen: Any) -> Party:
    """The party as the act has it in hand; whoever reads the act's words reads whom it is about."""
    party = next(one for one in doing.parties if one.pk == chosen.pk)
    doing.content["who"] = party.name
    return party
