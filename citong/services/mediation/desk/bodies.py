"""The bodies at the desk: the list, the page of each, and what is done to one."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from citong.core.cases.models import Case
from citong.core.people.access import Actor, body_area, may_lead_body
from citong.core.places.current import day_of
from citong.core.places.models import Division
from citong.services.mediation import bodies as reading
from citong.services.mediation import registers
from citong.services.mediation.desk.doing import done
from citong.services.mediation.models import Body
from citong.services.mediation.register_forms import BodyForm, FilterForm, NewBodyForm, ReasonForm, RoomForm
from citong.web.asking import actor_of_request
from citong.web.desk.door import is_part
from citong.web.office.door import only_for

ROWS = 50
MOST_PEOPLE = 100
PAGE = "mediation_bodies"


@require_GET
@only_for(PAGE)
def body_list(request: HttpRequest) -> HttpResponseBase:
    """The bodies of the actor's area, or for htmx the next lines alone. The same number of queries for any size."""
    actor, now = actor_of_request(request), timezone.now()
    form = FilterForm(request.GET)
    asked, after = form.asked(), request.GET.get("after", "")
    found = reading.narrowed(reading.bodies_for(actor), asked, at=now).order_by("unit__code")
    found = found.filter(unit__code__gt=after) if after else found
    rows = list(found[: ROWS + 1])
    shown = rows[:ROWS]
    counts = reading.counts_of(shown, at=now)
    more = urlencode(asked | {"after": shown[-1].unit.code}) if len(rows) > ROWS else ""
    context = {
        "rows": [(body, counts[body.id]) for body in shown], "form": form, "asked": asked, "more": more, "after": after,
        "founds": founding(actor).exists(), "query": urlencode(asked),
    }  # fmt: skip
    if after and is_part(request):
        return render(request, "mediation/bodies_lines.html", context)
    return render(request, "mediation/bodies.html", context)


@require_GET
@only_for(PAGE)
def body_page(request: HttpRequest, body: UUID) -> HttpResponseBase:
    """One body: what is known of it, what does not fit the law, its people with their load, its rooms, its changes."""
    actor, now = actor_of_request(request), timezone.now()
    found, after = one_body(actor, body), request.GET.get("after", "")
    people = reading.people_of(found, at=now, after=after, most=MOST_PEOPLE + 1)
    shown = frame(found, actor, now) | {
        "people": people[:MOST_PEOPLE], "after": after,
        "more": urlencode({"after": people[MOST_PEOPLE - 1].entry.account.username}) if people[MOST_PEOPLE:] else "",
        "warnings": reading.warnings_for(found, on=day_of(now)),
        "rooms": list(found.rooms.filter(ended_on=None).order_by("name")), "room_form": RoomForm(),
        "fields": reading.field_words(found.fields), "changes": reading.changes_of(found.id),
        "held": Case.objects.filter(unit=found.unit_id, open=True).count(),
    }  # fmt: skip
    return render(request, "mediation/body.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(PAGE)
def body_new(request: HttpRequest) -> HttpResponseBase:
    """A new body in the actor's area."""
    actor, now = actor_of_request(request), timezone.now()
    places = founding(actor)
    if not places.exists():
        raise Http404
    form, status = NewBodyForm(request.POST or None, places=places), 200
    if request.method == "POST":
        status, made = done(form, lambda: registers.found_body(
            form.cleaned_data["name"], form.cleaned_data["division"], form.values(), actor=actor, at=now
        ))  # fmt: skip
        if made is not None:
            messages.success(request, _("The body stands in the register. Now take its mediators in."))
            return redirect("mediation_body", made.id)
    return render(request, "mediation/form.html", {
        "form": form, "title": _("A new body"), "back": "mediation_bodies", "save": _("Enter it"),
    }, status=status)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(PAGE)
def body_change(request: HttpRequest, body: UUID) -> HttpResponseBase:
    """What is known of a body changes."""
    actor, now = actor_of_request(request), timezone.now()
    found = led(actor, body)
    form, status = BodyForm(request.POST or None, initial=BodyForm.told(found)), 200
    if request.method == "POST":
        status, _nothing = done(form, lambda: registers.change_body(found, form.values(), actor=actor, at=now))
        if status == 200:
            messages.success(request, _("Changed, and recorded in the ledger."))
            return redirect("mediation_body", found.id)
    return render(request, "mediation/form.html", frame(found, actor, now) | {
        "form": form, "title": found.unit.name, "save": _("Save"), "back": "mediation_body", "back_to": found.id,
    }, status=status)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(PAGE)
def body_end(request: HttpRequest, body: UUID) -> HttpResponseBase:
    """The question whether a body shall end; then it has ended, and everybody in its register with it."""
    actor, now = actor_of_request(request), timezone.now()
    found = led(actor, body)
    form, status = ReasonForm(request.POST or None), 200
    if request.method == "POST":
        status, _nothing = done(form, lambda: registers.end_body(
            found, reason=form.cleaned_data["reason"], actor=actor, at=now
        ))  # fmt: skip
        if status == 200:
            messages.success(request, _("Ended, and recorded in the ledger."))
            return redirect("mediation_bodies")
    people = found.mediators.filter(ended_on=None).count()
    return render(request, "mediation/end.html", frame(found, actor, now) | {
        "form": form, "title": found.unit.name, "back": "mediation_body", "back_to": found.id, "save": _("End it"),
        "what": _("The body is no more, and %(number)d people leave its register with it.") % {"number": people},
    }, status=status)  # fmt: skip


@require_http_methods(["POST"])
@only_for(PAGE)
def room_new(request: HttpRequest, body: UUID) -> HttpResponseBase:
    """The body has one more room."""
    actor, now = actor_of_request(request), timezone.now()
    found, form = led(actor, body), RoomForm(request.POST)
    _status, made = done(form, lambda: registers.add_room(
        found, form.cleaned_data["name"], capacity=form.cleaned_data["capacity"], actor=actor, at=now
    ))  # fmt: skip
    _say(request, form, made is not None)
    return redirect("mediation_body", found.id)


@require_http_methods(["POST"])
@only_for(PAGE)
def room_end(request: HttpRequest, body: UUID, room: UUID) -> HttpResponseBase:
    """Nobody is asked into the room any more."""
    actor, now = actor_of_request(request), timezone.now()
    found = led(actor, body)
    held = found.rooms.select_related("body__unit__division").filter(pk=room, ended_on=None).first()
    if held is None:
        raise Http404
    registers.end_room(held, actor=actor, at=now)
    messages.success(request, _("Ended, and recorded in the ledger."))
    return redirect("mediation_body", found.id)


def one_body(actor: Actor, body: UUID) -> Body:
    """The body, where the actor may read its register; 404 otherwise."""
    found = reading.bodies_for(actor).filter(pk=body).first()
    if found is None:
        raise Http404
    return found


def led(actor: Actor, body: UUID) -> Body:
    """The body, where the actor may write to its register; 404 otherwise."""
    found = one_body(actor, body)
    if may_lead_body(actor, found.unit) is None or found.ended_on is not None:
        raise Http404
    return found


def frame(body: Body, actor: Actor, now: datetime) -> dict[str, Any]:
    """What every page of a body shows."""
    leads = may_lead_body(actor, body.unit) is not None and body.ended_on is None
    return {"body": body, "leads": leads, "counts": reading.counts_of([body], at=now)[body.id]}


def founding(actor: Actor) -> QuerySet[Division]:
    """The places for which the actor may enter new bodies."""
    return Division.objects.filter(body_area(actor), ends_on=None).order_by("path")


def _say(request: HttpRequest, form: forms.Form, good: bool) -> None:
    if good:
        messages.success(request, _("Changed, and recorded in the ledger."))
        return
    for faults in form.errors.values():
        for fault in faults:
            messages.error(request, str(fault))
