"""What the page of a plan change shows: the plan beside the one in force, and its simulations."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from citong.core.cases.declare import Words
from citong.core.cases.models import Case
from citong.core.people.access import Actor, Purpose, scope
from citong.core.signals.store import plan_from_json
from citong.services.signals import drawn
from citong.services.signals.keeping import fits
from citong.services.signals.models import Plan, PlanChange, Simulation
from citong.services.signals.simulating import Compared, HourCompared, compared, hours_compared
from citong.web.asking import actor_of_request
from citong.web.desk.door import is_part
from citong.web.office.door import only_for
from citong.web.panels import Panel, case_panel

LABELS: dict[str, tuple[Words, Words]] = {
    "speed": (_("Mean speed"), _("km/h")),
    "delay": (_("Delay of a trip"), _("s")),
    "stops": (_("Stops of a trip"), ""),
    "queue": (_("Standing before the junction"), _("vehicles")),
    "worst_wait": (_("Longest wait"), _("s")),
    "kept_out": (_("Trips that could not depart"), ""),
    "violations": (_("Breaches of safety seen"), ""),
}
KMH = 3.6


@case_panel("signals")
def plans(case: Case, actor: Actor) -> Panel | None:
    """The proposed plan under the one it would replace; three queries."""
    change = PlanChange.objects.select_related("junction").filter(pk=case.pk).first()
    if change is None:
        return None
    built = change.junction.built
    held = change.junction.plans.filter(ends_at=None).first()
    same = held is not None and held.case == case.pk and held.sort == Plan.Sort.CHANGE
    return Panel(_("Plan"), "traffic-lights", "signals/_plans.html", {
        "change": change, "junction": change.junction, "fits": fits(change) or not case.open, "in_force": same,
        "held": drawn.timeline(built, held.built) if held and not same else None,
        "proposed": drawn.timeline(built, change.built), "held_number": held.number if held else "",
    })  # fmt: skip


@case_panel("signals")
def simulations(case: Case, actor: Actor) -> Panel | None:
    """Every simulation of the change, the last one first; one query."""
    rows = Simulation.objects.filter(change=case.pk).order_by("-asked_at")
    return Panel(_("Before and after"), "chart-bar", "signals/_simulations.html", {
        "rows": [shown(one) for one in rows], "digest": _digest(case),
    })  # fmt: skip


@never_cache
@require_GET
@only_for("signals")
def simulation_page(request: HttpRequest, simulation: UUID) -> HttpResponseBase:
    """The record of one simulation, run by run, or for htmx how far it is."""
    actor = actor_of_request(request)
    visible = Case.objects.filter(scope(actor, Purpose.HANDLING), service="signals")
    found = Simulation.objects.select_related("change__junction", "change__case").filter(
        pk=simulation, change__case__in=visible
    ).first()  # fmt: skip
    if found is None:
        raise Http404
    if is_part(request):
        return render(request, "signals/_simulation.html", {"one": shown(found)})
    built = found.change.junction.built
    return render(request, "signals/simulation.html", {
        "one": shown(found), "simulation": found, "junction": found.change.junction, "case": found.change.case,
        "hours": [_hour(hour) for hour in hours_compared(found)],
        "runs": list(zip(found.before, found.after, strict=False)),
        "before": drawn.timeline(built, plan_from_json(found.plan_before)),
        "after": drawn.timeline(built, plan_from_json(found.plan_after)),
    })  # fmt: skip


def shown(one: Simulation) -> dict[str, Any]:
    """A simulation as pages show it."""
    return {
        "row": one, "open": one.state in (Simulation.State.WAITING, Simulation.State.RUNNING),
        "tone": {"done": "good", "failed": "late"}.get(one.state, "calm"),
        "figures": [_figure(figure) for figure in compared(one)], "seeds": len(one.seeds),
    }  # fmt: skip


def _figure(one: Compared) -> dict[str, Any]:
    label, unit = LABELS[one.code]
    scale, places = (KMH, 1) if one.code == "speed" else (1.0, 1)
    change = "" if one.change is None else f"{one.change:+.1%}".replace("%", " %").replace("-", "−")
    worst = number_format(one.worst * scale, places).replace("-", "−")
    return {
        "label": label, "unit": unit, "before": number_format(one.before * scale, places),
        "after": number_format(one.after * scale, places), "change": change, "worse": one.worse,
        "better": not one.worse and (one.after > one.before if one.better_high else one.after < one.before),
        "worst": worst if one.worst <= 0 else f"+{worst}",
    }  # fmt: skip


def _hour(one: HourCompared) -> dict[str, Any]:
    """A row: corridor, from when to when, and pairs of before and after; speed in km/h."""
    hours = one.begin // 3600
    scales = {"speed": KMH, "delay": 1.0, "queue": 1.0}
    return {
        "corridor": one.corridor, "time": f"{hours % 24:02}:00–{(hours + 1) % 24:02}:00",
        "figures": [(one.before[code] * scale, one.after[code] * scale) for code, scale in scales.items()],
    }  # fmt: skip


def _digest(case: Case) -> str:
    found = PlanChange.objects.filter(pk=case.pk).values_list("digest", flat=True).first()
    return found or ""
