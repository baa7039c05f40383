"""Learning from what was closed: which words belong to which kind. It proposes; a person decides."""

import logging
import time
from collections.abc import Iterator
from datetime import datetime

from citong.core.cases.models import Case, Category, Learnt
from citong.core.places.current import city
from citong.kit.suggest import CategoryWords, Suggester, Suggestion

MOST_CASES = 100_000
SECONDS = 60.0
log = logging.getLogger(__name__)
_held: tuple[float, tuple[str, int], Suggester] | None = None


def suggest(text: str, *, top: int = 3) -> list[Suggestion]:
    """Kinds that fit the text, best first, with the words that speak for them; empty when nothing does or it fails."""
    try:
        return suggester().suggest(text, top=top)
    except Exception:  # a suggestion may fail without stopping anyone
        log.exception("category suggestion failed")
        return []


def suggester() -> Suggester:
    """The suggester of this city's categories and of what was learnt, kept for a minute."""
    global _held
    key = (city().code, city().version)
    if _held is None or _held[1] != key or time.monotonic() - _held[0] > SECONDS:
        _held = (time.monotonic(), key, _build())
    return _held[2]


def learn(*, at: datetime) -> int:
    """What closed cases say is learnt anew; returns how many were read."""
    fresh = Suggester(_categories())
    pairs = list(_closed())
    fresh.learn(pairs)
    Learnt.objects.update_or_create(id=1, defaults={"state": fresh.to_json(), "cases": len(pairs), "learnt_at": at})
    return len(pairs)


def _build() -> Suggester:
    learnt = Learnt.objects.first()
    return Suggester.from_json(_categories(), learnt.state) if learnt else Suggester(_categories())


def _categories() -> list[CategoryWords]:
    rows = Category.objects.filter(ends_on=None).order_by("order")
    return [CategoryWords(row.code, row.name, row.description, row.keywords) for row in rows]


def _closed() -> Iterator[tuple[str, str]]:
    rows = Case.objects.filter(outcome="closed", category__isnull=False).order_by("-id")
    for title, text, category in rows.values_list("title", "text", "category_id")[:MOST_CASES]:
        yield f"{title}\n{text}", str(category)
