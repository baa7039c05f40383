"""Who mediates: chosen together, else appointed; accepted, declined, disclosed, replaced, passed on."""

from django.utils.translation import gettext as _

from citong.core.flow.doing import Doing
from citong.core.flow.refusal import Invalid
from citong.core.places.current import day_of
from citong.services.mediation.agreeing import asked, close, close_all, dispute_of, put, say, unanimous
from citong.services.mediation.models import Dispute, Matter, Mediator, Question
from citong.services.mediation.parties import principals, voice
from citong.services.mediation.rules.course import RefusedAgain
from citong.services.mediation.seeking import best, kept_from, proposals, registered
from citong.services.mediation.ties import taken_up


def choose(doing: Doing) -> None:
    """The party wants this mediator; once all want the same one, that one is asked. Raises Invalid for another."""
    party, mediator, dispute = voice(doing), doing.data["mediator"], dispute_of(doing)
    _assert_free(doing, mediator)
    choices = say(doing, party, Matter.MEDIATOR, yes=True, round=dispute.round, choice=mediator)
    _name(doing, mediator)
    wanted = {choices[one.pk].choice_id if one.pk in choices else None for one in principals(doing.parties)}
    if wanted == {mediator.pk}:
        _assign(doing, mediator)
        doing.to = doing.type.states["assigned"]


def appoint(doing: Doing) -> None:
    """The named mediator is asked. Raises Invalid for one who may not."""
    _assert_free(doing, doing.data["mediator"])
    _assign(doing, doing.data["mediator"], appointed=True)


def appoint_by_rule(doing: Doing) -> None:
    """Whoever fits best is asked; where nobody does, the case stays and the desk is told, until somebody is found."""
    found = best(doing.case, dispute_of(doing), doing.parties)
    if found is None:
        doing.to, doing.facts["nobody"] = doing.type.states["choosing"], True
        doing.also_tell = [doing.case.desk_id]
        return
    _assign(doing, registered().get(pk=found.candidate.id), appointed=True)


def accept(doing: Doing) -> None:
    """The mediator has it in hand: later disputes of the same people go to others."""
    assert doing.actor.account is not None
    dispute = dispute_of(doing)
    dispute.accepted_at, dispute.taken_up_at = doing.at, dispute.taken_up_at or doing.at
    taken_up(doing.actor.account, case=doing.case.pk, parties=doing.parties, at=doing.at)


def give_back(doing: Doing) -> None:
    """Whoever was asked does not mediate it; somebody else is sought."""
    _seek_anew(doing)


def disclose(doing: Doing) -> None:
    """Every party is asked whether the mediator shall stay all the same."""
    put(doing, Matter.DISCLOSURE)


def answer_disclosure(doing: Doing) -> None:
    """With the last yes the mediator stays; with the first no they are replaced."""
    question, yes = asked(doing, Matter.DISCLOSURE), doing.data["answer"] == "yes"
    answers = say(doing, voice(doing), Matter.DISCLOSURE, yes=yes, round=question.number)
    if not yes:
        close(doing, Matter.DISCLOSURE, Question.Outcome.NO, question=question)
        _refused(doing)
    elif unanimous(doing, answers):
        close(doing, Matter.DISCLOSURE, Question.Outcome.YES, question=question)


def replace(doing: Doing) -> None:
    """A party wants another mediator; whoever wants another one once more has refused mediation."""
    voice(doing)
    _refused(doing)


def pass_on(doing: Doing) -> None:
    """A colleague of the same body mediates from now on. Raises Invalid for one who may not."""
    mediator, dispute = doing.data["mediator"], dispute_of(doing)
    _assert_free(doing, mediator)
    dispute.mediator, doing.case.holder_id = mediator, mediator.account_id
    _name(doing, mediator)
    if dispute.accepted_at is not None:
        taken_up(mediator.account_id, case=doing.case.pk, parties=doing.parties, at=doing.at)


def again(doing: Doing) -> None:
    """All want to try once more: a mediator is sought as if for the first time."""
    dispute = dispute_of(doing)
    for party in principals(doing.parties):
        say(doing, party, Matter.MEDIATE, yes=True)
    dispute.failed_as, dispute.refusals, dispute.tried = "", 0, []
    _seek_anew(doing, tried=False)


def _refused(doing: Doing) -> None:
    dispute = dispute_of(doing)
    dispute.refusals += 1
    if RefusedAgain.formula(refusals=dispute.refusals, on=day_of(doing.at)):
        dispute.failed_as = Dispute.Failure.UNWILLING
        close_all(doing)
        doing.to = doing.type.states["failed"]
        return
    _seek_anew(doing)
    doing.to = doing.type.states["choosing"]


def _seek_anew(doing: Doing, *, tried: bool = True) -> None:
    dispute, case = dispute_of(doing), doing.case
    if tried and case.holder_id is not None:
        dispute.tried = [*dispute.tried, case.holder_id]
    close_all(doing)
    dispute.mediator = dispute.assigned_at = dispute.accepted_at = None
    dispute.round += 1
    case.handling_unit_id = None


def _assign(doing: Doing, mediator: Mediator, *, appointed: bool = False) -> None:
    dispute, unit = dispute_of(doing), mediator.body.unit
    doing.case.holder_id, doing.case.handling_unit_id = mediator.account_id, unit.pk
    dispute.mediator, dispute.appointed, dispute.assigned_at = mediator, appointed, doing.at
    doing.facts |= {"unit": unit.code, "unit_name": unit.name}
    _name(doing, mediator)


def _name(doing: Doing, mediator: Mediator) -> None:
    """The register's row is a fact; the name is for those who read what was said."""
    doing.facts["mediator"] = str(mediator.pk)
    doing.content["who"] = f"{mediator}, {mediator.body}"


def _assert_free(doing: Doing, mediator: Mediator) -> None:
    sentence = kept_from(doing.case, mediator.account_id, dispute_of(doing), doing.parties)
    if sentence:
        told = _("%(name)s can not mediate this: %(why)s") % {"name": mediator, "why": sentence}
        raise Invalid(told, {"mediator": [told]})


__all__ = [
    "accept", "again", "answer_disclosure", "appoint", "appoint_by_rule", "choose", "disclose", "give_back", "pass_on",
    "proposals", "replace",
]  # fmt: skip
