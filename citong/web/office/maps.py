"""The map of the staff: layers of grids, and the cases in reach by state and lateness, with the same as a table."""

import gzip
import math
from datetime import datetime
from typing import Any

import shapely
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from citong.core.cases.models import Case
from citong.core.people.access import Actor, Purpose, scope
from citong.core.places.current import parameter
from citong.core.places.models import City, Layer
from citong.web.asking import actor_of_request
from citong.web.desk.choices import kinds
from citong.web.desk.paging import page
from citong.web.desk.rows import loaded, rows, state_of
from citong.web.desk.wanted import Wanted, state_names
from citong.web.office import outlines
from citong.web.office.door import only_for

MOST_CASES = 5_000
ROWS = 25
GEOJSON = "application/geo+json"


@require_GET
@only_for("map")
def staff_map(request: HttpRequest) -> HttpResponse:
    """The map with its switches, and the newest of the shown cases as a table."""
    actor, wanted, now = actor_of_request(request), Wanted.read(request.GET), timezone.now()
    late = bool(request.GET.get("late"))
    cases = _cases(actor, wanted, late=late, at=now)
    found = page(loaded(cases), after=request.GET.get("after", ""), newest_first=True, rows=ROWS)
    layers = list(Layer.objects.order_by("-base", "order"))
    chosen = request.GET.get("layer") or layers[0].code
    shown = {
        "layers": layers, "layer": next((one for one in layers if one.code == chosen), None),
        "trial": any(one.generated for one in layers), "review_number": parameter("map_review_number", ""),
        "bounds": ",".join(map(str, bounds())), "wanted": wanted, "late": late, "states": state_names(),
        "kinds": kinds(), "rows": rows(found.cases, at=now), "after": found.after, "query": _query(wanted, late),
        "most": MOST_CASES, "cases_url": f"{reverse('staff_cases')}{_query(wanted, late)}", "now": now,
    }  # fmt: skip
    return render(request, "web/office/map/page.html", shown)


@require_GET
@only_for("map")
def grid_outlines(request: HttpRequest, layer: str) -> HttpResponse:
    """All current grids of a layer; asked again with the ETag of the same version it answers 304."""
    found = get_object_or_404(Layer, code=layer)
    etag = f'"{outlines.tag(found)}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(outlines.packed(found), content_type=GEOJSON, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(gzip.decompress(outlines.packed(found)), content_type=GEOJSON)
    for name, value in {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding, Cookie"}.items():
        response.headers[name] = value
    return response


@require_GET
@only_for("map")
def staff_cases(request: HttpRequest) -> JsonResponse:
    """The cases in the actor's reach inside `bbox` (west,south,east,north), newest first, at most `MOST_CASES`."""
    actor, wanted, now = actor_of_request(request), Wanted.read(request.GET), timezone.now()
    cases = _cases(actor, wanted, late=bool(request.GET.get("late")), at=now)
    columns = ("id", "number", "service", "state", "title", "open", "due_at", "warn_at", "late", "urgent", "lon", "lat")
    found = list(cases.filter(_within(request.GET.get("bbox", ""))).order_by("-id").only(*columns)[: MOST_CASES + 1])
    features = [_feature(case, now) for case in found[:MOST_CASES]]
    shown = {"type": "FeatureCollection", "features": features, "capped": len(found) > MOST_CASES}
    return JsonResponse(shown, content_type=GEOJSON)


def bounds() -> list[float]:
    """West, south, east, north of the city; one query."""
    outline = City.objects.values_list("outline", flat=True).get()
    return [round(float(side), 5) for side in shapely.from_wkb(bytes(outline)).bounds]


def look(case: Case, *, at: datetime) -> str:
    """How a case is coloured: closed, late, near its limit, or in time."""
    if not case.open:
        return "closed"
    if case.due_at is not None and case.due_at <= at:
        return "late"
    return "near" if case.warn_at is not None and case.warn_at <= at else "open"


def _cases(actor: Actor, wanted: Wanted, *, late: bool, at: datetime) -> QuerySet[Case]:
    reach = Case.objects.filter(scope(actor, Purpose.HANDLING)).filter(wanted.condition(), lon__isnull=False)
    return reach.filter(open=True, due_at__lte=at) if late else reach


def _within(bbox: str) -> Q:
    """The condition on cases of a box; anything that is no box means the whole city."""
    try:
        west, south, east, north = (float(side) for side in bbox.split(","))
    except ValueError:
        return Q()
    if not all(map(math.isfinite, (west, south, east, north))):
        return Q()
    return Q(lat__gte=south, lat__lte=north, lon__gte=west, lon__lte=east)


def _feature(case: Case, now: datetime) -> dict[str, Any]:
    said = {
        "number": case.number, "title": case.title, "state": str(state_of(case).label), "look": look(case, at=now),
        "urgent": case.urgent, "url": reverse("case", args=[case.number]),
    }  # fmt: skip
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [case.lon, case.lat]}, "properties": said}


def _query(wanted: Wanted, late: bool) -> str:
    said = wanted.query(tab="", sort="")
    return f"{said}{'&' if said else '?'}late=1" if late else said
