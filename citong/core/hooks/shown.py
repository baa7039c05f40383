"""A page of what was sent, for a hook's owner."""

from dataclasses import dataclass
from uuid import UUID

from citong.core.cases.models import Case
from citong.core.hooks.feed import reached
from citong.core.hooks.models import Delivery, Hook
from citong.core.ledger.models import Entry
from citong.core.people.access import Actor

PAGE = 50


@dataclass(frozen=True)
class Told:
    """One delivery with its type, and what it is about where its owner may still know."""

    delivery: Delivery
    kind: str
    service: str = ""
    act: str = ""
    number: str = ""


def page_of(
    hook: Hook, actor: Actor, *, before: UUID | None = None, only: UUID | None = None
) -> list[Told]:  # fmt: skip
    """Up to one more than a page, newest first, made before a delivery; or the one asked for. Three queries."""
    found = hook.deliveries.order_by("-id")
    if before is not None:
        found = found.filter(pk__lt=before)
    if only is not None:
        found = found.filter(pk=only)
    rows = list(found[: PAGE + 1])
    entries = Entry.objects.filter(id__in=[row.entry for row in rows if row.entry]).in_bulk()
    cases = reached(actor, entries.values())
    return [_told(row, entries.get(row.entry) if row.entry else None, cases) for row in rows]


def _told(row: Delivery, entry: Entry | None, cases: dict[UUID, Case]) -> Told:
    if row.entry is None:
        return Told(row, "test")
    case = cases.get(entry.subject) if entry else None
    if entry is None or case is None:
        return Told(row, "case")
    return Told(row, f"case.{entry.act}", case.service, entry.act, case.number)
