"""A list paged by key: page after page stays in place while cases come and go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from citong.core.cases.models import Case

ROWS = 50
NEVER = "never"


@dataclass(frozen=True)
class Page:
    """Up to `ROWS` cases and the key after which the next ones follow; empty on the last page."""

    cases: Sequence[Case]
    after: str = ""


def page(cases: QuerySet[Case], *, after: str, newest_first: bool, rows: int = ROWS) -> Page:
    """The cases that follow the key, by deadline (those without one last) or newest first; one query."""
    ordered = cases.order_by("-id") if newest_first else cases.order_by(F("due_at").asc(nulls_last=True), "id")
    found = list(ordered.filter(_following(after, newest_first=newest_first))[: rows + 1])
    more = len(found) > rows
    return Page(found[:rows], key_of(found[rows - 1]) if more else "")


def key_of(case: Case) -> str:
    """The place of a case in the list, fit for an address."""
    due = f"{case.due_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}" if case.due_at else NEVER
    return f"{due}~{case.id}"


def _following(after: str, *, newest_first: bool) -> Q:
    try:
        said, _sign, given = after.partition("~")
        last = UUID(given)
        due = None if said == NEVER else datetime.strptime(said, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    except ValueError:
        return Q()
    if newest_first:
        return Q(id__lt=last)
    if due is None:
        return Q(due_at=None, id__gt=last)
    return Q(due_at__gt=due) | Q(due_at=due, id__gt=last) | Q(due_at=None)
