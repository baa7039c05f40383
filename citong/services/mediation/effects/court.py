"""Before the court: confirmation that both ask for, its ruling, and the action after mediation has failed."""

from typing import Any

from django.utils.translation import gettext as _

from citong.core.cases.models import Task
from citong.core.clocks.calendar import calendar
from citong.core.flow.doing import Doing
from citong.core.flow.effects import owe
from citong.core.flow.refusal import Invalid, WrongState
from citong.core.papers import write as papers
from citong.core.papers.models import Paper
from citong.core.papers.sealing import with_signatures
from citong.core.places.current import day_of
from citong.services.mediation.agreeing import say
from citong.services.mediation.agreements import confirmation_of, in_effect, principals_of
from citong.services.mediation.courts import answered, open_window, take_part
from citong.services.mediation.models import Agreement, Confirmation, Matter, Objection
from citong.services.mediation.papers_filled import items_of
from citong.services.mediation.papers_made import hand_over, made, sealed, tell
from citong.services.mediation.papers_signed import consents, for_court, missing
from citong.services.mediation.parties import voice
from citong.services.mediation.rules.agreements import ObjectedInTime
from citong.services.mediation.signing import sign_as

CONFIRMING, FILING, OBJECTION = "confirmation", "filing", "objection"  # codes of what the court owes


def apply_confirmation(doing: Doing) -> None:
    """A party has signed the application; with the last one it lies before the court, with the agreement."""
    agreement, party, court = _agreed(doing), voice(doing), doing.data["court"]
    doing.facts["unit"] = doing.facts.pop("court")
    asked = confirmation_of(agreement)
    if asked is not None and asked.court_id != court.pk:  # another court: everybody is asked anew
        papers.void(asked.paper, at=doing.at)
        _end(doing, asked)
        asked = None
    asked = asked or _asked(doing, agreement)
    sign_as(doing, asked.paper, party)
    say(doing, party, Matter.CONFIRMATION, yes=True, round=asked.number)
    if missing(asked.paper, principals_of(doing.case.id)):
        return
    asked.applied_at = doing.at
    asked.save(update_fields=["applied_at"])
    tell(doing, with_signatures(asked.paper, at=doing.at))
    hand_over(doing, [*([agreement.paper] if agreement.paper else []), *consents(doing.case)])
    take_part(doing, court, CONFIRMING)
    doing.to = doing.type.states["confirm_applied"]


def court_accept(doing: Doing) -> None:
    """The court examines the agreement."""
    _before_court(doing, accepted_at=doing.at)


def court_refuse(doing: Doing) -> None:
    """The court does not take it up; within the thirty days both may apply once more, elsewhere or better."""
    _ruled(doing, "confirmation_refusal")
    _before_court(doing, ground=doing.data["ground"], ruling_number=doing.content["ruling_number"], ended_at=doing.at)
    _back(doing, "not_taken_up")


def rule_confirm(doing: Doing) -> None:
    """The agreement can be enforced."""
    _ruled(doing, "confirmation_ruling")
    _before_court(
        doing, ruled_at=doing.at, ruling=Confirmation.Ruling.CONFIRM, ruling_number=doing.content["ruling_number"]
    )
    answered(doing, CONFIRMING, "confirmed", stays=True)


def rule_reject(doing: Doing) -> None:
    """The court does not confirm it: parties agree anew or go to court."""
    _ruled(doing, "confirmation_refusal")
    _before_court(
        doing, ruled_at=doing.at, ruling=Confirmation.Ruling.REJECT, ground=doing.data["ground"],
        ruling_number=doing.content["ruling_number"], ended_at=doing.at,
    )  # fmt: skip
    answered(doing, CONFIRMING, "rejected", stays=False)


def withdraw_confirmation(doing: Doing) -> None:
    """What both asked for, one takes back."""
    voice(doing)
    _before_court(doing, ended_at=doing.at)
    _back(doing, "withdrawn")


def object_(doing: Doing) -> None:
    """The court has an objection to decide on; one that comes too late is refused. Raises WrongState, Invalid."""
    asked, party = _confirmed(doing), voice(doing) if doing.actor.standing is not None else None
    if asked.objections.filter(decided_at=None).exists():
        raise WrongState(_("There is an objection already that the court has to decide on."))
    assert asked.ruled_at is not None
    known = day_of(asked.ruled_at) if party else doing.data["known_on"]
    if known > day_of(doing.at):
        raise Invalid(_("This day has not come yet."), {"known_on": [_("This day has not come yet.")]})
    if not ObjectedInTime.formula(party=party is not None, known_on=known, on=day_of(doing.at), days=calendar()):
        raise WrongState(_(ObjectedInTime.label))
    Objection.objects.create(
        confirmation=asked, by=Objection.By.PARTY if party else Objection.By.OTHER, party=party, known_on=known,
        raised_at=doing.at,
    )  # fmt: skip
    owe(doing, Task(code=OBJECTION, unit_id=asked.court_id))
    doing.also_tell = [asked.court_id]


def decide_objection(doing: Doing) -> None:
    """The ruling stands, or it is set aside: then the agreement binds as it did before. Raises WrongState."""
    asked = _confirmed(doing)
    raised = asked.objections.filter(decided_at=None).first()
    if raised is None:
        raise WrongState(_("There is no objection to decide on."))
    raised.outcome, raised.decided_at = doing.data["outcome"], doing.at
    raised.save(update_fields=["outcome", "decided_at"])
    answered(doing, OBJECTION, raised.outcome, stays=raised.outcome == Objection.Outcome.DISMISSED)
    if raised.outcome == Objection.Outcome.SET_ASIDE:
        _end(doing, asked)
        doing.case.doers = {name: done for name, done in doing.case.doers.items() if name != "rule_confirm"}
        open_window(doing)
        doing.to = doing.type.states["effective"]


def file_to_court(doing: Doing) -> None:
    """The court has the papers that are against nobody: what was applied for, who consented, what all hold undisputed,
    that mediation failed. Nothing of what was offered, conceded or said."""
    court = doing.data["court"]
    doing.facts["unit"] = doing.facts.pop("court")
    handed = for_court(doing.case)
    listed = items_of(handed)
    letter = made(doing, "referral", attachments=tuple(f"{one.title} {one.number}" for one in listed))
    if doing.case.handling_unit is not None:
        sealed(doing, letter, unit=doing.case.handling_unit, side="body")
    made(doing, "file_index", items=(*items_of([letter]), *listed))
    hand_over(doing, handed)
    take_part(doing, court, FILING)


def court_file(doing: Doing) -> None:
    """The action is registered."""
    answered(doing, FILING, "registered", stays=True)


def _agreed(doing: Doing) -> Agreement:
    agreement = in_effect(doing.case.id)
    assert agreement is not None  # the state says so
    return agreement


def _asked(doing: Doing, agreement: Agreement) -> Confirmation:
    paper = made(doing, "confirmation_application", court=doing.data["court"].name)
    return Confirmation.objects.create(
        agreement=agreement, number=agreement.confirmations.count() + 1, court=doing.data["court"], paper=paper,
        asked_at=doing.at,
    )  # fmt: skip


def _before_court(doing: Doing, **values: Any) -> None:
    """What the court says stands on the application that lies before it."""
    asked = confirmation_of(_agreed(doing))
    assert asked is not None
    for name, value in values.items():
        setattr(asked, name, value)
    asked.save(update_fields=list(values))


def _confirmed(doing: Doing) -> Confirmation:
    asked = confirmation_of(_agreed(doing))
    assert asked is not None
    return asked


def _end(doing: Doing, asked: Confirmation) -> None:
    asked.ended_at = doing.at
    asked.save(update_fields=["ended_at"])


def _back(doing: Doing, outcome: str) -> None:
    """The court has no part any more, and the agreement is as it was."""
    answered(doing, CONFIRMING, outcome, stays=False)
    open_window(doing)


def _ruled(doing: Doing, kind: str) -> Paper:
    """The ruling is made and sealed by the court; one without a certificate has added what bears its seal."""
    asked = _confirmed(doing)
    paper = made(doing, kind)
    if sealed(doing, paper, unit=asked.court, side="court") is None and not doing.data.get("photos"):
        sentence = _("This court has no certificate that holds: add a photo of the ruling with its seal.")
        raise Invalid(sentence, {"photos": [sentence]})
    return paper
