"""The centre's console: who asks, who drives, what comes next; approved and aborted by a key."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from citong.core.flow.act import form_for
from citong.core.flow.reading import told
from citong.core.people.access import Actor, Purpose
from citong.core.people.administration import look
from citong.kit.ids import uuid7
from citong.services.escort.city import approve_seconds, lost_seconds
from citong.services.escort.ground import bounds, junctions, streets
from citong.services.escort.models import Escort
from citong.services.escort.pages.showing import escort_for, in_reach, map_of, over_lately, shown, streets_of
from citong.services.escort.service import EscortService
from citong.web.asking import actor_of_request
from citong.web.office.door import only_for

PAGE = "escorts"


@require_GET
@only_for(PAGE)
def console(request: HttpRequest) -> HttpResponse:
    """All escorts in hand; each is shown whole when it is chosen, which is a look."""
    return _page(request, None)


@require_GET
@only_for(PAGE)
def watch(request: HttpRequest, number: str) -> HttpResponse:
    """The same with this one shown. That somebody looked where it drives is written down."""
    actor = actor_of_request(request)
    chosen = escort_for(actor, number)
    look(chosen.pk, actor=actor, purpose=Purpose.HANDLING, at=timezone.now())
    return _page(request, chosen)


@require_GET
@only_for(PAGE)
def part(request: HttpRequest) -> HttpResponse:
    """What changes each second: the list."""
    return render(request, "escort/_console.html", _context(actor_of_request(request), None))


@require_GET
@only_for(PAGE)
def watch_part(request: HttpRequest, number: str) -> HttpResponse:
    """What changes each second: the list and the one that is shown."""
    actor = actor_of_request(request)
    return render(request, "escort/_console.html", _context(actor, escort_for(actor, number)))


@require_GET
@only_for(PAGE)
def escort_map(request: HttpRequest) -> JsonResponse:
    """Ways, lights and vehicles as GeoJSON; `chosen` is shown with all its lights. With `streets`, the streets around
    it instead, which do not move."""
    actor = actor_of_request(request)
    found = in_reach(actor)
    wanted = request.GET.get("chosen", "")
    chosen = next((one for one in found if one.case.number == wanted), None)
    if "streets" in request.GET:
        return JsonResponse(streets_of(chosen), content_type="application/geo+json")
    return JsonResponse(map_of(found, chosen=chosen), content_type="application/geo+json")


def _page(request: HttpRequest, chosen: Escort | None) -> HttpResponse:
    actor = actor_of_request(request)
    context = _context(actor, chosen) | {"no_roads": streets() is None, "no_port": not junctions()}
    context |= {"done": over_lately(actor), "bounds": ",".join(f"{side:.5f}" for side in bounds() or ())}
    if chosen is not None:
        acts = EscortService.acts
        context["forms"] = {
            name: form_for(acts[name], chosen.case, actor)
            for name in ("refuse", "abort", "end", "hand_on", "send_officer", "name_driver")
            if name in context["one"].acts
        }
        context["words"] = _words(chosen, actor)
    return render(request, "escort/console.html", context)


def _context(actor: Actor, chosen: Escort | None) -> dict[str, Any]:
    now = timezone.now()
    found = [shown(one, actor, at=now) for one in in_reach(actor)]
    context: dict[str, Any] = {
        "found": found, "now": now, "key": uuid7().hex, "approve_s": approve_seconds(), "lost": round(lost_seconds()),
        "chosen": chosen, "one": None,
    }  # fmt: skip
    if chosen is not None:
        points = list(chosen.points.select_related("goes", "proposed").order_by("number"))
        context |= {"one": shown(chosen, actor, at=now), "points": points}
    return context


def _words(chosen: Escort, actor: Actor) -> list[tuple[str, str]]:
    """What was said when it was asked for: the destination, and what the centre should know."""
    first = next(iter(told(chosen.case, actor)), None)
    said = (first.words or {}) if first is not None else {}
    return [(name, str(said[name])) for name in ("goal", "text") if said.get(name)]
