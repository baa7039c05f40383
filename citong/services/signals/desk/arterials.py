"""Arterials at the desk: the list, and the time-space diagram of each."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from citong.services.signals import drawn, reading
from citong.web.asking import actor_of_request
from citong.web.office.door import only_for

PAGE = "signals"
SLOWEST, FASTEST = 10.0, 90.0  # kilometres an hour
KMH = 3.6


@never_cache
@require_GET
@only_for(PAGE)
def arterial_list(request: HttpRequest) -> HttpResponseBase:
    """The arterials that lie whole in reach."""
    found = reading.arterials_for(actor_of_request(request))
    rows = [(one, len(one.stops), one.stops[-1]["metres"] if one.stops else 0) for one in found]
    return render(request, "signals/arterials.html", {"rows": rows})


@never_cache
@require_GET
@only_for(PAGE)
def arterial_page(request: HttpRequest, arterial: UUID) -> HttpResponseBase:
    """The time-space diagram with the plans in force, or with the offsets that would make the widest bands."""
    found = next((one for one in reading.arterials_for(actor_of_request(request)) if one.pk == arterial), None)
    if found is None:
        raise Http404
    kmh, best = _speed(request.GET.get("speed", ""), found.speed * KMH), "best" in request.GET
    rows = reading.by_code(stop["junction"] for stop in found.stops)
    shown = drawn.diagram(found, rows, speed=kmh / KMH, best=best)
    places = [(rows[stop["junction"]], stop["metres"]) for stop in found.stops if stop["junction"] in rows]
    return render(request, "signals/arterial.html", {
        "arterial": found, "diagram": shown, "kmh": kmh, "best": best, "places": places,
        "share": None if shown.share is None else round(100 * shown.share),
    })  # fmt: skip


def _speed(said: str, usual: float) -> float:
    try:
        return min(max(float(said), SLOWEST), FASTEST)
    except ValueError:
        return round(usual)
