"""What the form proposes while it is being filled in: kinds that fit, reports nearby, the names of the place."""

import math
from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from citong.core.cases.models import Case, Category
from citong.core.flow.learn import suggest
from citong.core.flow.locate import FoundPlace, GivenPlace, locate
from citong.core.flow.refusal import Invalid
from citong.core.people.access import ANYBODY, Purpose, scope
from citong.core.places.current import parameter
from citong.core.places.locate import locator
from citong.kit.geometry import Datum, Point, check, metres_between, to_wgs84
from citong.web.public.listed import Listed, line
from citong.web.public.names import division_name, kind_name
from citong.web.throttle import spend

READ_SIGNS = 4_000
METRES_A_DEGREE = 111_320
MOST_NEARBY = 10
MOST_READ = 300  # cases looked at around one point


class PlaceForm(forms.Form):
    """A place as a page asks about it."""

    lon = forms.FloatField(required=False)
    lat = forms.FloatField(required=False)
    datum = forms.ChoiceField(choices=[(d.value, d.value) for d in Datum], required=False)
    address = forms.CharField(max_length=200, required=False)
    grid = forms.CharField(max_length=30, required=False)
    category = forms.CharField(max_length=80, required=False)

    def given(self) -> GivenPlace:
        """The place in core's words; empty where the answers were no place."""
        data = self.cleaned_data if self.is_valid() else {}
        return GivenPlace(
            data.get("lon"), data.get("lat"), Datum(data.get("datum") or Datum.WGS84),
            data.get("grid", ""), data.get("address", ""),
        )  # fmt: skip


@dataclass(frozen=True)
class Chip:
    """A proposed kind with the words of the text that decided."""

    code: str
    name: str
    above: str
    words: tuple[str, ...]


@require_POST
def suggest_kinds(request: HttpRequest) -> HttpResponse:
    """Kinds that fit the text, each with the words that speak for it; nothing when nothing fits."""
    spend(request, "hint")
    found = suggest(request.POST.get("text", "")[:READ_SIGNS])
    known = Category.objects.select_related("parent").in_bulk([one.code for one in found])
    chips = [
        Chip(one.code, kind_name(known[one.code]), _above(known[one.code]), one.words)
        for one in found
        if one.code in known
    ]
    return render(request, "web/public/_kinds.html", {"chips": chips})


@require_safe
def nearby(request: HttpRequest) -> HttpResponse:
    """Open public requests around the place, those of the same kind first."""
    spend(request, "hint")
    form = PlaceForm(request.GET)
    place, category = form.given(), form.cleaned_data.get("category", "")
    try:
        point = _point(place)
    except ValueError:
        point = None
    cases = around(point, category) if point else []
    return render(request, "web/public/_nearby.html", {"cases": cases, "asked": point is not None})


@require_safe
def where(request: HttpRequest) -> HttpResponse:
    """The names of the place and its grid, or a sentence when it is not in the city or not clear."""
    spend(request, "hint")
    place = PlaceForm(request.GET).given()
    try:
        found = locate(place)
    except Invalid as refusal:
        return render(request, "web/public/_where.html", {"sentence": str(refusal)})
    candidates = locator().find_address(place.address) if found.located is None and place.address else []
    context = {"names": _names(found), "grid": _grid(found), "candidates": candidates[:5], "place": place}
    return render(request, "web/public/_where.html", context)


def around(point: Point, category: str) -> list[Listed]:
    """At most ten open public cases within the city's distance and days; one query on the index of places."""
    reach = float(parameter("nearby_metres", 150))
    since = timezone.now() - timedelta(days=int(parameter("nearby_days", 30)))
    high = reach / METRES_A_DEGREE
    wide = high / max(math.cos(math.radians(point.lat)), 0.01)
    boxed = Case.objects.filter(
        scope(ANYBODY, Purpose.PUBLIC), open=True, opened_at__gte=since,
        lat__range=(point.lat - high, point.lat + high), lon__range=(point.lon - wide, point.lon + wide),
    ).select_related("category").order_by("-id")[:MOST_READ]  # fmt: skip
    measured = [(metres_between(point, Point(case.lon or 0, case.lat or 0)), case) for case in boxed]
    kin = category.split(".")[0]
    close = [(_strange(case, kin), metres, case) for metres, case in measured if metres <= reach]
    close.sort(key=lambda row: row[:2])
    return [line(case, metres=round(metres)) for _kin, metres, case in close[:MOST_NEARBY]]


def _strange(case: Case, kin: str) -> bool:
    return bool(kin) and (case.category_id or "").split(".")[0] != kin


def _point(place: GivenPlace) -> Point | None:
    if place.lon is None or place.lat is None:
        return None
    check(place.lon, place.lat)
    return Point(*to_wgs84(place.lon, place.lat, place.datum))


def _above(category: Category) -> str:
    return kind_name(category.parent) if category.parent else ""


def _names(found: FoundPlace) -> list[str]:
    return [name for code in found.levels.values() if code and (name := division_name(code))]


def _grid(found: FoundPlace) -> str:
    return found.located.base.code if found.located and found.located.base else ""
