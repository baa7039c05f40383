"""The course of mediation: offers, undisputed facts, appraisal, more time, sham, danger, an end without agreement."""

from django.utils.translation import gettext as _

from citong.core.cases.models import Party, Task
from citong.core.clocks import run as clocks
from citong.core.clocks.models import Clock
from citong.core.flow.doing import Doing
from citong.core.flow.effects import LEVELS, owe, settle
from citong.core.flow.refusal import NotAllowed, WrongState
from citong.core.flow.route import around
from citong.core.people.access import RESIDENT_SEAT
from citong.core.people.models import Unit
from citong.kit.durations import parse
from citong.services.mediation.agreeing import asked, close, close_all, dispute_of, put, say, unanimous
from citong.services.mediation.models import Dispute, Matter, Question
from citong.services.mediation.parties import voice
from citong.services.mediation.rules.course import TimeIsLeft

DANGER, MEDIATE = "danger", "mediate"  # code of the task of the police, and of the clock of mediation


def offer(doing: Doing) -> None:
    """The offer waits for the others; the one before it is off the table."""
    put(doing, Matter.OFFER, by=_asking(doing), terms={"amount": doing.data["amount"]})


def answer_offer(doing: Doing) -> None:
    """With the last yes the offer is agreed, and the mediator drafts; with the first no it is off the table.

    Raises NotAllowed for the side that made it.
    """
    question, party = asked(doing, Matter.OFFER), voice(doing)
    maker = next((one for one in doing.parties if one.pk == question.party_id), None)
    if maker is not None and maker.side == party.side:
        raise NotAllowed(_("This is an offer of your own side: the others answer it."))
    yes = doing.data["answer"] == "accept"
    answers = say(doing, party, Matter.OFFER, yes=yes, round=question.number)
    others = [one for one in doing.parties if maker is None or one.side != maker.side]
    if not yes:
        close(doing, Matter.OFFER, Question.Outcome.NO, question=question)
    elif unanimous(doing, answers, among=others):
        close(doing, Matter.OFFER, Question.Outcome.YES, question=question)
        doing.facts["agreed"] = True


def facts(doing: Doing) -> None:
    """What nobody disputes is written down; it is undisputed once every party has agreed to this very text."""
    put(doing, Matter.FACTS)


def agree_facts(doing: Doing) -> None:
    """The party agrees that these facts are undisputed; with the last one they are."""
    question = asked(doing, Matter.FACTS)
    answers = say(doing, voice(doing), Matter.FACTS, yes=True, round=question.number)
    if unanimous(doing, answers):
        close(doing, Matter.FACTS, Question.Outcome.YES, question=question)
        doing.facts["agreed"] = True


def appraise(doing: Doing) -> None:
    """Somebody who knows finds out, and the clock stands still meanwhile. Raises WrongState once the time is over.

    The expert's name is for those who read the case.
    """
    _assert_time(doing)
    if expert := doing.data.get("expert"):
        doing.content["who"] = f"{expert}, {expert.body}"


def ask_extension(doing: Doing) -> None:
    """Every party is asked for more time. Raises WrongState once the time is over."""
    _assert_time(doing)
    put(doing, Matter.EXTENSION, by=_asking(doing), terms={"days": doing.data["more"]})


def answer_extension(doing: Doing) -> None:
    """With the last yes the clock is due later by so many days; with the first no it stays. A deadline that has passed
    is never moved: raises WrongState."""
    clock, question = _assert_time(doing), asked(doing, Matter.EXTENSION)
    yes = doing.data["answer"] == "yes"
    answers = say(doing, voice(doing), Matter.EXTENSION, yes=yes, round=question.number)
    if not yes:
        close(doing, Matter.EXTENSION, Question.Outcome.NO, question=question)
    elif unanimous(doing, answers):
        close(doing, Matter.EXTENSION, Question.Outcome.YES, question=question)
        worked = "working " if parse(clock.span).working else ""
        doing.facts["span"] = f"{question.terms['days']} {worked}days"
        clocks.extend(clock, doing.facts["span"], at=doing.at, by="parties")


def suspect(doing: Doing) -> None:
    """Mediation stands still, and the desk judges. Raises WrongState once the time is over."""
    _assert_time(doing)


def stop_sham(doing: Doing) -> None:
    """It was a sham: there is no way on for it."""
    dispute = dispute_of(doing)
    dispute.sham, dispute.failed_as = True, Dispute.Failure.OTHER
    close_all(doing)


def danger(doing: Doing) -> None:
    """The police of the place owe an answer and hear the words of the danger, nothing else; mediation goes on.

    Where no unit of the police is known, the desk hears it alone.
    """
    case = doing.case
    police = _police(doing)
    case.urgent = case.urgent or bool(doing.data.get("now"))
    doing.facts["unit"] = police.code if police else ""
    if police is None:
        return
    doing.also_tell = [police.pk]
    if police.pk not in case.joint:
        case.joint = [*case.joint, police.pk]
        owe(doing, Task(code=DANGER, unit_id=police.pk))


def answer_danger(doing: Doing) -> None:
    """The police have answered; they see nothing more of the case. Raises NotAllowed for any other unit."""
    owed = [task for task in doing.tasks if (task.code, task.unit_id) == (DANGER, doing.seat.unit)]
    if not owed:
        raise NotAllowed(_("Only the police can answer this."))
    for task in owed:
        settle(doing, task, "answered")
    doing.case.joint = [unit for unit in doing.case.joint if unit != doing.seat.unit]


def fail(doing: Doing) -> None:
    """It ended without an agreement, in one of the eight ways of the law."""
    _end(doing, doing.data["cause"])


def fail_by_time(doing: Doing) -> None:
    """Its time is over."""
    _end(doing, Dispute.Failure.TIME_OVER)


def _end(doing: Doing, cause: str) -> None:
    dispute_of(doing).failed_as = cause
    close_all(doing)


def _asking(doing: Doing) -> Party | None:
    """The party who asks, or None: the mediator."""
    return voice(doing) if doing.seat is RESIDENT_SEAT else None


def _assert_time(doing: Doing) -> Clock:
    clock = next((one for one in doing.clocks if one.code == MEDIATE and one.stopped_at is None), None)
    if clock is None or not TimeIsLeft.formula(due_at=clock.due_at, at=doing.at):
        raise WrongState(_(TimeIsLeft.label))
    return clock


def _police(doing: Doing) -> Unit | None:
    """The nearest unit of the police around the place; at most four queries."""
    for level in LEVELS[1:]:
        units = Unit.objects.filter(around(doing.case, level), level=level, function="police", ends_on=None)
        if (found := units.order_by("id").first()) is not None:
            return found
    return None
