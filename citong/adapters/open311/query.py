"""Which requests are asked for: public cases alone, by their numbers or by kind, time and status."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import QuerySet

from citong.adapters.open311.answer import Fault
from citong.adapters.open311.asked import MOST_ROWS, Given, listed, page, window
from citong.core.cases.models import Case
from citong.core.people.access import ANYBODY, Purpose, scope
from citong.kit import ids

STATUSES = frozenset({"open", "closed"})


def published() -> QuerySet[Case]:
    """The cases that anybody may know of, with all that is told of them."""
    cases = Case.objects.filter(scope(ANYBODY, Purpose.PUBLIC))
    return cases.select_related("category", "unit", "grid").defer("grid__outline")


def asked_for(given: Given) -> list[Case]:
    """The page of requests that fits, oldest first, so that new ones come after all pages; one query.

    Numbers override every other argument; those that are unknown here are left out.
    """
    if numbers := listed(given, "service_request_id"):
        return list(_ordered(published().filter(number__in=list(_plain(numbers))))[:MOST_ROWS])
    span = window(given)
    cases = published().filter(opened_at__gte=span.start, opened_at__lt=span.end)
    if codes := listed(given, "service_code"):
        cases = cases.filter(category__in=[code for code in codes if code.isprintable()])
    statuses = _statuses(given)
    if len(statuses) == 1:
        cases = cases.filter(open="open" in statuses)
    return list(page(given).of(_ordered(cases)))


def by_number(number: str) -> Case:
    """The public case of that number. Fault 404."""
    found = published().filter(number__in=list(_plain([number]))).first()
    if found is None:
        raise Fault(404, "service_request_id was not found.")
    return found


def by_token(token: str) -> Case:
    """The public case behind a token, which is its own identifier. Fault 404."""
    try:
        found = published().filter(pk=UUID(token)).first()
    except ValueError:
        found = None
    if found is None:
        raise Fault(404, "token was not found.")
    return found


def _ordered(cases: QuerySet[Case]) -> QuerySet[Case]:
    """By opening, which an index holds; the identifier parts what was opened in one moment."""
    return cases.order_by("opened_at", "id")


def _statuses(given: Given) -> set[str]:
    asked = {status.lower() for status in listed(given, "status")}
    if asked - STATUSES:
        raise Fault(400, "status must be open, closed or both.")
    return asked


def _plain(numbers: Iterable[str]) -> Iterator[str]:
    """Numbers as they are kept; what can be none is left out."""
    for number in numbers:
        try:
            yield ids.case_number(*ids.parse_number(number))
        except ValueError:
            continue
