"""Junctions at the desk: the list with its map, and the page of each."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.flow.intake import open_case
from citong.core.flow.refusal import Invalid
from citong.core.people.access import Actor, Purpose, may_propose_plan, scope
from citong.services.signals import drawn, reading
from citong.services.signals.forms import PlanChangeForm, lines_of
from citong.services.signals.models import Junction, Plan
from citong.services.signals.words import several
from citong.web.asking import actor_of_request
from citong.web.desk.door import is_part
from citong.web.office.door import only_for

PAGE = "signals"
ROWS, MOST_ON_MAP, LONGEST = 50, 2_000, 60


@never_cache
@require_GET
@only_for(PAGE)
def junction_list(request: HttpRequest) -> HttpResponseBase:
    """Junctions in reach with their health, or for htmx the next lines alone. As many queries for any size."""
    actor, now = actor_of_request(request), timezone.now()
    asked, after = _asked(request), request.GET.get("after", "").replace("\0", "")
    whole = reading.junctions_for(actor)
    found = _narrowed(request, actor).order_by("code")
    rows = list((found.filter(code__gt=after) if after else found)[: ROWS + 1])
    more = urlencode(asked | {"after": rows[ROWS - 1].code}) if len(rows) > ROWS else ""
    context: dict[str, Any] = {
        "rows": [(one, reading.health_of(one, at=now)) for one in rows[:ROWS]], "asked": asked, "more": more,
        "after": after, "query": urlencode(asked),
    }  # fmt: skip
    if after and is_part(request):
        return render(request, "signals/junction_lines.html", context)
    counts = reading.counts(whole, at=now)
    context |= {
        "counts": [(one, counts[one.code], one.code == asked.get("health")) for one in reading.ALL],
        "total": sum(counts.values()), "bounds": reading.bounds(whole),
    }  # fmt: skip
    return render(request, "signals/junctions.html", context)


@never_cache
@require_GET
@only_for(PAGE)
def junction_points(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the same junctions, at most 2,000; with `streets`, of the arterials they stand on."""
    now = timezone.now()
    if "streets" in request.GET:
        return _streets(actor_of_request(request))
    rows = list(_narrowed(request, actor_of_request(request)).filter(lon__isnull=False)[: MOST_ON_MAP + 1])
    features = [
        {
            "type": "Feature", "id": str(one.pk), "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
            "properties": {
                "title": one.name, "number": one.code, "state": str(health.label), "look": health.look,
                "url": reverse("signals_junction", args=[one.pk]),
            },
        }
        for one in rows[:MOST_ON_MAP] for health in [reading.health_of(one, at=now)]
    ]  # fmt: skip
    said = {"type": "FeatureCollection", "features": features, "capped": len(rows) > MOST_ON_MAP}
    return JsonResponse(said, content_type="application/geo+json")


def _streets(actor: Actor) -> HttpResponse:
    """Arterials as lines from junction to junction."""
    rows = reading.arterials_for(actor)
    places = reading.places_of({stop["junction"] for one in rows for stop in one.stops})
    lines = [(one.name, [places[stop["junction"]] for stop in one.stops if stop["junction"] in places]) for one in rows]
    features = [
        {"type": "Feature", "geometry": {"type": "LineString", "coordinates": points}, "properties": {"name": name}}
        for name, points in lines if len(points) > 1
    ]  # fmt: skip
    said = {"type": "FeatureCollection", "features": features}
    return JsonResponse(said, content_type="application/geo+json")


@never_cache
@require_GET
@only_for(PAGE)
def junction_page(request: HttpRequest, junction: UUID) -> HttpResponseBase:
    """One junction: what it shows now, its stages, the plan in force, plans before, changes, detectors."""
    actor = actor_of_request(request)
    found = one_junction(actor, junction)
    built, plans = found.built, list(found.plans.order_by("-number")[:20])
    held = next((plan for plan in plans if plan.ends_at is None), None)
    changes = Case.objects.filter(scope(actor, Purpose.HANDLING), plan_change__junction=found).order_by("-opened_at")
    return render(request, "signals/junction.html", _now(found) | {
        "held": held, "timeline": drawn.timeline(built, held.built) if held else None,
        "stages": drawn.stages(built), "plans": plans, "changes": _stated(list(changes[:20])),
        "detectors": list(found.detectors.order_by("code")),
        "proposes": may_propose_plan(actor, found.district) is not None,
        "times": built.clearance, "groups": _groups(found),
    })  # fmt: skip


@never_cache
@require_GET
@only_for(PAGE)
def junction_now(request: HttpRequest, junction: UUID) -> HttpResponseBase:
    """What the junction shows now, for the page that asks every two seconds."""
    return render(request, "signals/_now.html", _now(one_junction(actor_of_request(request), junction)))


@never_cache
@require_http_methods(["GET", "POST"])
@only_for(PAGE)
def change_new(request: HttpRequest, junction: UUID) -> HttpResponseBase:
    """A new plan is proposed: line by line from the plan in force. Nothing typed is lost."""
    actor = actor_of_request(request)
    found = one_junction(actor, junction)
    if may_propose_plan(actor, found.district) is None:
        raise Http404
    if request.method == "GET":
        return _form_page(request, found, PlanChangeForm(actor=actor, initial=_initial(found)))
    data = request.POST.copy()
    data["junction"] = found.code
    try:
        opened = open_case("signals", data, actor=actor, channel="counter")
    except Invalid as refusal:
        form = PlanChangeForm(data, actor=actor)
        form.is_valid()
        return _form_page(request, found, form, status=refusal.status)
    return redirect("case", number=opened.case.number)


def one_junction(actor: Actor, junction: UUID) -> Junction:
    """The junction, where the actor reaches it; 404 otherwise."""
    found = reading.junctions_for(actor).select_related("network").filter(pk=junction).first()
    if found is None:
        raise Http404
    return found


def _asked(request: HttpRequest) -> dict[str, str]:
    said = {name: request.GET.get(name, "").replace("\0", "").strip()[:LONGEST] for name in ("q", "health")}
    return {name: value for name, value in said.items() if value}


def _narrowed(request: HttpRequest, actor: Actor) -> Any:
    asked = _asked(request)
    found = reading.junctions_for(actor).filter(reading.healthy(asked.get("health", ""), at=timezone.now()))
    if words := asked.get("q"):
        found = found.filter(Q(code__icontains=words) | Q(name__icontains=words))
    return found


def _now(junction: Junction) -> dict[str, Any]:
    health = reading.health_of(junction, at=timezone.now())
    return {"junction": junction, "health": health, "lamps": drawn.lamps(junction.built, junction.state)}


def _groups(junction: Junction) -> list[tuple[str, float, float, float]]:
    """Groups with the times that no plan can shorten, those with the same times together."""
    built, alike = junction.built, dict[tuple[float, float, float], list[int]]()
    times = built.clearance
    for group in range(built.groups):
        row = times.min_green[group], times.amber[group], times.pedestrian[group]
        alike.setdefault(row, []).append(group)
    return [(several(built, groups), *row) for row, groups in alike.items()]


def _stated(cases: list[Case]) -> list[tuple[Case, Any]]:
    states = case_type("signals").states
    return [(case, states[case.state].label) for case in cases]


def _initial(junction: Junction) -> dict[str, Any]:
    held: Plan | None = junction.plans.filter(ends_at=None).first()
    return {
        "spans": lines_of(held.spans) if held else "",
        "offset": held.offset if held else 0,
        "junction": junction.code,
    }


def _form_page(request: HttpRequest, junction: Junction, form: PlanChangeForm, *, status: int = 200) -> HttpResponse:
    held = junction.plans.filter(ends_at=None).first()
    built = junction.built
    return render(request, "signals/change.html", {
        "junction": junction, "form": form, "title": _("Propose a plan"), "groups": _groups(junction),
        "timeline": drawn.timeline(built, held.built) if held else None,
    }, status=status)  # fmt: skip
