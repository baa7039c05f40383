"""Keeping what was agreed, or going on from there where somebody does not."""

from collections.abc import Iterable

from citong.core.flow.doing import Doing
from citong.core.papers.models import Paper
from citong.core.places.current import day_of
from citong.services.mediation.agreements import confirmation_of, in_effect
from citong.services.mediation.models import Agreement, Obligation
from citong.services.mediation.papers_filled import items_of
from citong.services.mediation.papers_made import hand_over, made

KEPT, LATE, BROKEN = Obligation.Outcome.KEPT, Obligation.Outcome.LATE, Obligation.Outcome.BROKEN
FOLLOWED = "follow_up"


def follow_up(doing: Doing) -> None:
    """What is done is done, what is not is written down; how far it all is."""
    agreement = _agreed(doing)
    _keep(doing, agreement, doing.data["kept"])
    agreement.obligations.filter(number__in=doing.data["broken"], done_at=None).update(outcome=BROKEN)
    doing.facts["left"] = agreement.obligations.filter(done_at=None).count()


def perform(doing: Doing) -> None:
    """All of it is done; nobody had to be forced."""
    agreement = _agreed(doing)
    _keep(doing, agreement, doing.data.get("kept") or ())


def breach(doing: Doing) -> None:
    """Points whose day is over count as broken."""
    agreement = _agreed(doing)
    late = agreement.obligations.filter(done_at=None, due_on__lt=day_of(doing.at))
    doing.facts["broken"] = list(late.values_list("number", flat=True))
    late.update(outcome=BROKEN)


def enforce(doing: Doing) -> None:
    """The papers for enforcement lie ready: the agreement, the ruling, and how often it was asked for."""
    _bundle(doing)


def sue(doing: Doing) -> None:
    """The papers for an action over the agreement lie ready."""
    _bundle(doing)


def _agreed(doing: Doing) -> Agreement:
    agreement = in_effect(doing.case.id)
    assert agreement is not None  # the state says so
    return agreement


def _keep(doing: Doing, agreement: Agreement, numbers: Iterable[int]) -> None:
    today = day_of(doing.at)
    for one in agreement.obligations.filter(number__in=numbers, done_at=None):
        one.done_at, one.outcome = doing.at, LATE if one.due_on is not None and one.due_on < today else KEPT
        one.save(update_fields=["done_at", "outcome"])


def _bundle(doing: Doing) -> None:
    """Agreement, application, ruling and follow-ups, with an index of them, go along with the act."""
    agreement = _agreed(doing)
    asked = confirmation_of(agreement)
    papers = [agreement.paper] if agreement.paper else []
    if asked is not None:
        papers.append(asked.paper)
        papers += Paper.objects.filter(subject=doing.case.id, kind="confirmation_ruling", version=1).order_by(
            "-made_at", "-id"
        )[:1]
    papers += Paper.objects.filter(subject=doing.case.id, kind=FOLLOWED, version=1).order_by("made_at", "id")
    made(doing, "file_index", items=items_of(papers))
    hand_over(doing, papers)
