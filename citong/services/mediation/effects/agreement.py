"""From the draft to the signatures, and into effect."""

from collections.abc import Sequence
from datetime import datetime, time

from django.utils.translation import gettext as _

from citong.core.flow import timing
from citong.core.flow.doing import Doing
from citong.core.flow.refusal import Invalid, WrongState
from citong.core.papers import write as papers
from citong.core.papers.models import Paper
from citong.core.papers.sealing import with_signatures
from citong.core.places.current import day_of, limit, zone
from citong.services.mediation.agreeing import close_all, dispute_of, say
from citong.services.mediation.agreements import current, principals_of, put_aside, void_draft
from citong.services.mediation.courts import open_window
from citong.services.mediation.going_on import go_on
from citong.services.mediation.models import Agreement, Matter, Obligation
from citong.services.mediation.papers_made import made, sealed, tell
from citong.services.mediation.papers_signed import missing
from citong.services.mediation.parties import voice
from citong.services.mediation.signing import sign_as, sign_paper
from citong.services.mediation.terms import Owed, called, line

LOOKED_AFTER = "30 days"  # after which an agreement without a last day is asked about, where the city says nothing


def draft(doing: Doing) -> None:
    """The draft waits for signatures; one before it is void, with every signature on it."""
    void_draft(doing.case, at=doing.at)
    agreement = _written(doing)
    agreement.paper = made(doing, "agreement")
    agreement.save(update_fields=["paper"])
    doing.facts["version"] = agreement.version


def take_back_draft(doing: Doing) -> None:
    """There is no draft any more."""
    void_draft(doing.case, at=doing.at)


def sign(doing: Doing) -> None:
    """The very paper that was shown is signed: by a party, or, once all of them have, by the mediator; then the body's
    seal goes on it, and it is in effect."""
    agreement = current(doing.case.id)
    assert agreement is not None and agreement.paper is not None  # the form has asked
    if doing.actor.standing is not None:
        party = voice(doing)
        sign_as(doing, agreement.paper, party)
        say(doing, party, Matter.AGREEMENT, yes=True, round=agreement.version)
        return
    if waiting := missing(agreement.paper, principals_of(doing.case.id)):
        raise WrongState(
            _("You sign last. These have not signed yet: %(names)s.")
            % {"names": "、".join(one.name for one in waiting)}
        )
    sign_paper(doing, agreement.paper, papers.Signer("mediator", doing.actor.name, account=doing.actor.account))
    _stamped(doing, agreement.paper)
    _takes_effect(doing, agreement, doing.at)


def renew(doing: Doing) -> None:
    """What a court rejected binds nobody any more; what is agreed next can be taken to a court again."""
    put_aside(doing.case, at=doing.at)
    case = doing.case
    case.fed_back_at = dispute_of(doing).agreed_at = None
    case.doers = {name: done for name, done in case.doers.items() if name != "rule_reject"}


def agree_orally(doing: Doing) -> None:
    """What was agreed by word of mouth is in effect since the day on which it was."""
    void_draft(doing.case, at=doing.at)
    agreement = _written(doing, oral=True)
    agreement.paper = made(doing, "record")
    day = doing.data["reached_on"]
    reached = doing.at if day >= day_of(doing.at) else datetime.combine(day, time(23, 59), zone())
    _takes_effect(doing, agreement, reached)


def _stamped(doing: Doing, paper: Paper) -> None:
    """The body's seal is on the paper; one without a certificate has added what bears its stamp. Raises Invalid."""
    unit = doing.case.handling_unit
    if unit is not None and sealed(doing, paper, unit=unit, side="body") is not None:
        return
    if not doing.data.get("photos"):
        sentence = _("Your body has no certificate that holds: add a photo of the agreement with its stamp.")
        raise Invalid(sentence, {"photos": [sentence]})
    tell(doing, with_signatures(paper, at=doing.at))


def _written(doing: Doing, *, oral: bool = False) -> Agreement:
    """The agreement and what is owed by it stand in their tables, and its sentences in the words of the entry."""
    owed: Sequence[Owed] = doing.data["terms"]
    parties = {one.pk: one for one in doing.parties}
    doing.content["terms"] = "\n".join(line(one, called(parties[one.party] if one.party else None)) for one in owed)
    due = [one.due_on for one in owed if one.due_on is not None]
    agreement = Agreement.objects.create(
        case=doing.case, version=Agreement.objects.filter(case=doing.case).count() + 1, settles=doing.data["settles"],
        oral=oral, perform_by=max(due, default=None), drafted_at=doing.at, entry=doing.entry,
    )  # fmt: skip
    Obligation.objects.bulk_create(
        Obligation(agreement=agreement, number=number, party_id=one.party, amount=one.amount, due_on=one.due_on)
        for number, one in enumerate(owed, start=1)
    )
    doing.facts["amounts"] = [one.amount for one in owed if one.amount is not None]
    return agreement


def _takes_effect(doing: Doing, agreement: Agreement, at: datetime) -> None:
    """It binds from that moment: its performance is watched, and what it leaves open goes on as a case of its own."""
    agreement.effective_at = doing.case.fed_back_at = at
    doing.to = doing.type.states["effective"]
    doing.clocks.append(
        timing.start(doing.type.clocks()["perform"], doing.case, at=doing.at, span=_until(agreement, doing.at))
    )
    if not agreement.oral:
        open_window(doing)
    dispute_of(doing).agreed_at = at
    close_all(doing)
    if agreement.settles == Agreement.Settles.PART:
        agreement.rest = go_on(doing, agreement)
        doing.facts["rest"] = agreement.rest.number
    agreement.save()


def _until(agreement: Agreement, at: datetime) -> str:
    """The span to the last day on which something is due; where nothing is, to when the parties are asked."""
    if agreement.perform_by is None:
        return limit("mediation_follow_up", LOOKED_AFTER)
    days = max((agreement.perform_by - day_of(at)).days, 1)
    return "1 day" if days == 1 else f"{days} days"
