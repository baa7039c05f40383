"""What stands agreed in a case: the draft or agreement that counts, its points in words, and what is still owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from citong.core.cases.models import Case, Party
from citong.core.ledger.models import Content, Entry
from citong.core.papers import write as papers
from citong.kit.money import yuan_of
from citong.services.mediation.models import Agreement, Confirmation, Obligation

SIDES = ("applicant", "respondent", "third")


@dataclass(frozen=True)
class Point:
    """A point of an agreement with its words, which are empty once they were erased."""

    obligation: Obligation
    words: str

    @property
    def yuan(self) -> str:
        """The amount as people read it, empty where it is not about money."""
        return yuan_of(self.obligation.amount) if self.obligation.amount is not None else ""


def current(case: UUID) -> Agreement | None:
    """The draft that waits for signatures, or the agreement in effect; one query."""
    return Agreement.objects.select_related("paper").filter(case=case, void_at=None).first()


def in_effect(case: UUID) -> Agreement | None:
    """The agreement of the case, once it is one; one query."""
    found = current(case)
    return found if found is not None and found.effective_at is not None else None


def points_of(agreement: Agreement) -> list[Point]:
    """Every point in its order; two queries."""
    lines = str(words_of(agreement.entry).get("terms", "")).splitlines()
    owed = agreement.obligations.select_related("party").order_by("number")
    return [Point(one, lines[one.number - 1] if one.number <= len(lines) else "") for one in owed]


def words_of(entry: UUID) -> dict[str, Any]:
    """The words of an entry; empty once they were erased. One query."""
    return Content.objects.filter(pk=entry).values_list("body", flat=True).first() or {}


def opening_words(case: Case) -> dict[str, Any]:
    """What was said when the case was opened; two queries."""
    entry = Entry.objects.filter(subject=case.id, act="open").values_list("id", flat=True).first()
    return words_of(entry) if entry else {}


def owed(agreement: Agreement) -> QuerySet[Obligation]:
    """What is not done yet."""
    return agreement.obligations.filter(done_at=None).order_by("number")


def confirmation_of(agreement: Agreement) -> Confirmation | None:
    """The application to a court that counts: asked for, before the judge, or granted; one query."""
    return agreement.confirmations.select_related("court", "paper").filter(ended_at=None).first()


def principals_of(case: UUID) -> list[Party]:
    """The parties themselves, applicants first; one query."""
    found = Party.objects.filter(case=case, side__in=SIDES).exclude(role=Party.Role.AGENT)
    return sorted(found, key=lambda one: (SIDES.index(one.side), one.pk))


def chosen_from(parties: Sequence[Party]) -> list[tuple[str, str]]:
    """(key, name with side) of each, to choose from."""
    return [(str(one.pk), f"{one.name or '—'} ({one.get_side_display()})") for one in parties]


def void_draft(case: Case, *, at: datetime) -> None:
    """What was drafted and is not in effect counts no longer, with every signature on it. One query where there is
    none."""
    before = current(case.id)
    if before is not None and before.effective_at is None:
        _void(before, at)


def put_aside(case: Case, *, at: datetime) -> None:
    """What was agreed counts no longer, nor its paper."""
    before = in_effect(case.id)
    assert before is not None  # the state says so
    _void(before, at)


def _void(before: Agreement, at: datetime) -> None:
    before.void_at = at
    before.save(update_fields=["void_at"])
    if before.paper is not None:
        papers.void(before.paper, at=at)
