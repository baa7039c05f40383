"""The public directory: who mediates where, for what, in which language, and whether it costs anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from citong.core.places.current import city, today
from citong.services.mediation import bodies as reading
from citong.services.mediation.matching import taken_by
from citong.services.mediation.models import Body, Mediator
from citong.services.mediation.register_forms import FilterForm
from citong.web.throttle import spend

ROWS = 50
MOST_ON_MAP = 2_000
PUBLIC = ("q", "kind", "field", "language", "district")


@dataclass(frozen=True)
class Shown:
    """A mediator as everybody may know them."""

    name: str
    expert: bool
    title: str
    about: str
    fields: Sequence[str]
    languages: Sequence[str]
    court: str


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Bodies by district, kind of dispute and language: a list that needs neither scripts nor the map beside it."""
    form = FilterForm(request.GET)
    asked = {name: value for name, value in form.asked().items() if name in PUBLIC}
    after = request.GET.get("after", "")
    found = _published(asked)
    rows = list((found.filter(unit__code__gt=after) if after else found)[: ROWS + 1])
    shown = {
        "rows": rows[:ROWS], "form": form, "asked": asked, "query": urlencode(asked), "after": after,
        "more": urlencode(asked | {"after": rows[ROWS - 1].unit.code}) if len(rows) > ROWS else "",
        "review": city().parameters.get("map_review_number", ""),
    }  # fmt: skip
    return render(request, "mediation/directory.html", shown)


@require_safe
def directory_body(request: HttpRequest, body: UUID) -> HttpResponse:
    """One body: where and when it is there, what it takes, whether it charges, and its published mediators."""
    found = _published({}).filter(pk=body).first()
    if found is None:
        raise Http404
    on = today()
    people = found.mediators.filter(published=True, ended_on=None).select_related("account", "inviting_court")
    serving = [one for one in people.order_by("account__name") if one.term_ends is None or one.term_ends > on]
    shown = {
        "body": found, "people": [_shown(one) for one in serving],
        "fields": reading.field_words(taken_by(found.kind, found.fields)), "every": _takes_all(found),
    }  # fmt: skip
    return render(request, "mediation/directory_body.html", shown)


@require_safe
@cache_control(public=True, max_age=300)
def directory_points(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the listed bodies that say where they are, at most 2,000."""
    spend(request, "hint")
    asked = {name: value for name, value in FilterForm(request.GET).asked().items() if name in PUBLIC}
    rows = _published(asked).filter(lon__isnull=False)[: MOST_ON_MAP + 1]
    features = [_feature(body) for body in rows]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features[:MOST_ON_MAP], "capped": len(features) > MOST_ON_MAP},
        content_type="application/geo+json",
    )


def _published(asked: dict[str, str]) -> QuerySet[Body]:
    found = Body.objects.filter(published=True, ended_on=None).select_related("unit__division", "inviting_court")
    return reading.narrowed(found, _without_people(asked), at=timezone.now()).order_by("unit__code")


def _without_people(asked: dict[str, str]) -> dict[str, str]:
    """Names of people are no way into the directory: only who is published stands on the page of a body."""
    return {("name" if name == "q" else name): value for name, value in asked.items()}


def _takes_all(body: Body) -> bool:
    return taken_by(body.kind, body.fields) == taken_by("", ())


def _shown(one: Mediator) -> Shown:
    return Shown(
        one.account.name, one.sort == Mediator.Sort.EXPERT, one.title, one.about, reading.field_words(one.fields),
        reading.language_words(one.languages), one.inviting_court.name if one.inviting_court else "",
    )  # fmt: skip


def _feature(body: Body) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": str(body.id),
        "geometry": {"type": "Point", "coordinates": [body.lon, body.lat]},
        "properties": {
            "title": body.unit.name, "kind": body.get_kind_display(), "look": "open",
            "state": _("Charges a fee") if body.charges else _("Free of charge"),
            "url": reverse("mediation_directory_body", args=[body.id]),
        },
    }  # fmt: skip
