"""The map of public requests: its page with a list beside it, the cases in view, the outlines of the districts."""

import json
import math
from datetime import timedelta
from functools import lru_cache
from typing import Any

import shapely
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag, require_safe

from citong.core.cases.models import Case, Category
from citong.core.cases.registry import case_type
from citong.core.people.access import ANYBODY, Purpose, scope
from citong.core.places.city import DISTRICTS
from citong.core.places.current import city
from citong.core.places.locate import locator
from citong.core.places.models import Grid
from citong.kit.text import masked
from citong.web.public.listed import listed
from citong.web.public.names import city_name, kind_name
from citong.web.throttle import spend

MOST_CASES = 2_000
MOST_LISTED = 50
CLOSED_SHOWN = timedelta(days=30)
COARSE_DEGREES = 0.0008  # about 80 m: fine enough for a whole city on one screen
KEPT_DIGITS = 5
AROUND_DEGREES = 0.015  # about 1.6 km
MOST_GRIDS = 200
Box = tuple[float, float, float, float]


@require_safe
def public_map(request: HttpRequest) -> HttpResponse:
    """Map and list of public requests; `?state=open|closed`, `?kind=` narrow both."""
    cases = shown(request).select_related("category").order_by("-id")[:MOST_LISTED]
    context = {
        "city": city_name(), "cases": listed(cases), "bounds": ",".join(map(str, _bounds(city().code, city().version))),
        "kinds": Category.objects.filter(parent=None, public=True, ends_on=None).order_by("order"),
        "kind": request.GET.get("kind", ""), "state": request.GET.get("state", ""), "query": request.GET.urlencode(),
        "review": city().parameters.get("map_review_number", ""),
    }  # fmt: skip
    return render(request, "web/public/map.html", context)


@require_safe
@cache_control(public=True, max_age=30)
def public_cases(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the public cases in `?bbox=west,south,east,north`, newest first, at most 2,000; no person in it."""
    spend(request, "hint")
    found = shown(request).filter(lat__isnull=False, lon__isnull=False)
    if box := _box(request.GET.get("bbox", "")):
        found = found.filter(lon__range=(box[0], box[2]), lat__range=(box[1], box[3]))
    rows = list(found.select_related("category").order_by("-id")[: MOST_CASES + 1])
    features = [_feature(case) for case in rows[:MOST_CASES]]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features, "capped": len(rows) > MOST_CASES},
        content_type="application/geo+json",
    )


def _version(request: HttpRequest) -> str:
    held = city()
    return f'"{held.code}-{held.version}"'


@require_safe
@cache_control(public=True, max_age=3600)
@etag(_version)
def district_outlines(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the districts, simplified; kept until the city changes."""
    held = city()
    return HttpResponse(_outlines(held.code, held.version), content_type="application/geo+json")


@require_safe
@cache_control(public=True, max_age=3600)
def near_grids(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the base grids around `?near=lon,lat`, so that a map without streets still says where one is."""
    near = _numbers(request.GET.get("near", ""), 2)
    features = [] if near is None else _grids(shapely.Point(near).buffer(AROUND_DEGREES))
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


def _grids(area: shapely.Geometry) -> list[dict[str, Any]]:
    """Base grids that touch the area, from memory; at most 200."""
    cells = locator().base
    found = cells.tree.query(area, predicate="intersects") if area.is_valid else []
    return [
        {
            "type": "Feature",
            "geometry": _drawn(cells.outlines[at]),
            "properties": {"code": cells.refs[at].code, "name": cells.refs[at].name},
        }
        for at in found[:MOST_GRIDS]
    ]


def shown(request: HttpRequest) -> QuerySet[Case]:
    """Public cases that are open or were closed in the last thirty days, narrowed by the page's filters."""
    fresh = Q(open=True) | Q(closed_at__gte=timezone.now() - CLOSED_SHOWN)
    found = Case.objects.filter(scope(ANYBODY, Purpose.PUBLIC), fresh)
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    if state in ("open", "closed"):
        found = found.filter(open=state == "open")
    return found.filter(Q(category=kind) | Q(category__code__startswith=f"{kind}.")) if kind else found


def _feature(case: Case) -> dict[str, Any]:
    state = case_type(case.service).states[case.state]
    return {
        "type": "Feature",
        "id": case.number,
        "geometry": {"type": "Point", "coordinates": [case.lon, case.lat]},
        "properties": {
            "number": case.number, "title": masked(case.title), "kind": kind_name(case.category),
            "state": str(state.public), "look": "open" if case.open else "closed",
            "url": reverse("public_case", args=[case.number]),
        },
    }  # fmt: skip


def _box(text: str) -> Box | None:
    """West, south, east, north; None for anything else."""
    found = _numbers(text, 4)
    if found is None or found[0] > found[2] or found[1] > found[3]:
        return None
    return found[0], found[1], found[2], found[3]


def _numbers(text: str, count: int) -> list[float] | None:
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    return found if len(found) == count and all(map(math.isfinite, found)) else None


@lru_cache(maxsize=2)
def _outlines(_city: str, _version: int) -> bytes:
    rows = Grid.objects.filter(layer=DISTRICTS, ends_at=None).order_by("code")
    features = [_outline(grid) for grid in rows]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _outline(grid: Grid) -> dict[str, Any]:
    """The district, its outline coarse enough for a screen."""
    coarse = shapely.simplify(shapely.from_wkb(bytes(grid.outline)), COARSE_DEGREES)
    geometry = _drawn(shapely.set_precision(coarse, 10**-KEPT_DIGITS))
    label = [round(grid.centre_lon, KEPT_DIGITS), round(grid.centre_lat, KEPT_DIGITS)]
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"code": grid.code, "name": grid.name, "label": label},
    }


def _drawn(shape: shapely.Geometry) -> Any:
    return json.loads(shapely.to_geojson(shape))


@lru_cache(maxsize=2)
def _bounds(_city: str, _version: int) -> list[float]:
    """West, south, east, north of all districts; the whole of the city's outline where there are none."""
    outlines = Grid.objects.filter(layer=DISTRICTS, ends_at=None).values_list("outline", flat=True)
    shapes = [shapely.from_wkb(bytes(one)) for one in outlines]
    return [round(float(edge), KEPT_DIGITS) for edge in shapely.total_bounds(shapes)] if shapes else []
