"""What parties are asked one by one: put to them, answered by each, and agreed once all of them have said yes."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from citong.core.cases.models import Party
from citong.core.flow.doing import Doing
from citong.core.flow.refusal import WrongState
from citong.services.mediation.kinds import kind_of
from citong.services.mediation.models import Consent, Dispute, Matter, Mediator, Question
from citong.services.mediation.parties import principals

OPEN: Mapping[str, str] = {
    Matter.OFFER: "open_offer",
    Matter.FACTS: "open_facts",
    Matter.EXTENSION: "open_extension",
    Matter.DISCLOSURE: "open_disclosure",
}


def dispute_of(doing: Doing) -> Dispute:
    """The dispute of the case, to be changed: it is written with the act. At most one query."""
    if (waiting := doing.rows.held(Dispute).get(doing.case.pk)) is not None:
        return waiting
    found: Dispute | None = getattr(doing.case, "dispute", None)
    if found is None:  # a case that was brought over from elsewhere
        found = Dispute(case=doing.case, kind=kind_of(doing.case.title), origin=Dispute.Origin.RESIDENT)
        doing.rows.add(found)
        return found
    doing.rows.change(found)
    return found


def put(
    doing: Doing, matter: str, *, by: Party | None = None, terms: Mapping[str, Any] | None = None
) -> Question:  # fmt: skip
    """It waits for the parties' answers; an open one of the same matter is replaced. Whoever asks has said yes.

    `by` is the party who asks, None the mediator. One or two queries.
    """
    close(doing, matter, Question.Outcome.REPLACED)
    last = Question.objects.filter(case=doing.case, matter=matter).aggregate(last=Max("number"))["last"] or 0
    question = Question(
        case=doing.case, matter=matter, number=last + 1, party=by, terms=dict(terms or {}), asked_at=doing.at
    )
    doing.rows.add(question)
    setattr(dispute_of(doing), OPEN[matter], question.pk)
    doing.facts["round"] = question.number
    if by is not None:
        say(doing, by, matter, yes=True, round=question.number)
    return question


def opened(doing: Doing, matter: str) -> Question | None:
    """What of this matter waits for an answer; one query."""
    pk = getattr(dispute_of(doing), OPEN[matter])
    return Question.objects.filter(pk=pk).first() if pk else None


def asked(doing: Doing, matter: str) -> Question:
    """What of this matter waits for an answer, and the act names it. Raises WrongState where nothing does."""
    question = opened(doing, matter)
    if question is None:
        raise WrongState(_("There is nothing to answer."))
    doing.facts["round"] = question.number
    return question


def close(doing: Doing, matter: str, outcome: str, *, question: Question | None = None) -> None:
    """What of this matter was open waits no more. A query unless it is given."""
    if (question := question or opened(doing, matter)) is not None:
        question.outcome, question.closed_at = outcome, doing.at
        doing.rows.change(question)
        setattr(dispute_of(doing), OPEN[matter], None)


def close_all(doing: Doing) -> None:
    """Nothing waits for an answer any more: mediation has ended, or begins anew."""
    for matter in OPEN:
        close(doing, matter, Question.Outcome.REPLACED)


def say(
    doing: Doing, party: Party, matter: str, *, yes: bool, round: int = 1, choice: Mediator | None = None
) -> dict[UUID, Consent]:  # fmt: skip
    """The party has said so, in place of what they said before. Returns what each party said; one query."""
    consents = said(doing, matter, round=round)
    consent = consents.get(party.pk)
    if consent is None:
        consent = Consent(case=doing.case, party=party, matter=matter, round=round)
        doing.rows.add(consent)
    elif consent.pk not in doing.rows.held(Consent):
        doing.rows.change(consent)
    consent.answer, consent.choice, consent.at = yes, choice, doing.at
    return consents | {party.pk: consent}


def said(doing: Doing, matter: str, *, round: int = 1) -> dict[UUID, Consent]:
    """What each party has said to a matter, this act included; one query."""
    stored = Consent.objects.filter(case=doing.case, matter=matter, round=round)
    fresh = (one for one in doing.rows.held(Consent).values() if (one.matter, one.round) == (matter, round))
    return {one.party_id: one for one in (*stored, *fresh)}


def unanimous(doing: Doing, consents: Mapping[UUID, Consent], *, among: Iterable[Party] | None = None) -> bool:
    """Whether every party has said yes; agents have no voice of their own. `among` names those who are asked."""
    needed = principals(doing.parties if among is None else among)
    return bool(needed) and all(one.pk in consents and consents[one.pk].answer for one in needed)
