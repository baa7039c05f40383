"""The front door: what this is, what people come for, and what was reported lately."""

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.people.access import ANYBODY, Purpose, scope
from citong.core.places.current import city, parameter
from citong.web.public.doors import doors
from citong.web.public.listed import listed
from citong.web.public.names import city_name
from citong.web.spans import span_words

NEWEST = 10
RECENT = timedelta(days=30)
COUNTED_SECONDS = 60


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the city's people can do here; the newest public reports; the last thirty days in numbers."""
    newest = Case.objects.filter(scope(ANYBODY, Purpose.PUBLIC)).select_related("category").order_by("-id")
    context = {
        "city": city_name(), "newest": listed(newest[:NEWEST]), "counts": _counts(), "limits": _limits(),
        "doors": doors(),
    }  # fmt: skip
    return render(request, "web/public/home.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, who sees it, how long, and what nobody keeps."""
    return render(request, "web/public/privacy.html", {"city": city_name(), "days": parameter("reopen_days", 30)})


def _counts() -> dict[str, int]:
    """Opened, closed and closed in time within thirty days: two range reads of an index, once a minute."""
    key = f"public.counts.{city().code}"
    found: dict[str, int] = cache.get_or_set(key, _count, COUNTED_SECONDS) or {}
    return found


def _count() -> dict[str, int]:
    since = timezone.now() - RECENT
    closed = Case.objects.filter(closed_at__gte=since, outcome="closed")
    late = closed.filter(late=True).count()
    done = closed.count()
    return {
        "opened": Case.objects.filter(opened_at__gte=since).count(),
        "closed": done,
        "on_time": round(100 * (done - late) / done) if done else 0,
    }


def _limits() -> list[dict[str, Any]]:
    """What the city promises: how long each step may take, and on which ground."""
    states = case_type("requests").states.values()
    clocks = [clock for state in states if not state.pauses for clock in state.clocks]
    limits = city().parameters.get("limits", {})
    return [
        {"label": one.label, "span": span_words(limits.get(one.limit, one.span)), "source": str(one.source)}
        for one in clocks
    ]
