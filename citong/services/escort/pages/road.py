"""The officer's pages, for one hand and 360 pixels: ask, drive, offer to stand at a junction."""

import json
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citong.core.flow.intake import open_case
from citong.core.people.access import Actor
from citong.core.people.models import Account
from citong.core.people.refusal import Invalid, Refusal
from citong.kit.geometry import check
from citong.kit.ids import uuid7
from citong.services.escort.city import keep_days, lost_seconds
from citong.services.escort.forms import AskForm
from citong.services.escort.goals import goals
from citong.services.escort.kinds import Kind, Priority, Run
from citong.services.escort.models import Escort, OfficerPoint, StandBy
from citong.services.escort.pages.showing import SERVICE, escort_for, shown
from citong.services.escort.places import tell_place
from citong.web.asking import actor_of_request
from citong.web.office.door import only_for

PAGE = "escort_road"
STANDS_FOR = timedelta(minutes=30)
LARGEST_PLACE = 1_000  # bytes
LAST_SHOWN = 5


@require_http_methods(["GET", "POST"])
@only_for(PAGE)
def ask(request: HttpRequest) -> HttpResponseBase:
    """What is escorted, where to, go. Nothing typed is lost."""
    actor = actor_of_request(request)
    if request.method == "GET":
        form = AskForm(actor=actor, initial={"kind": Kind.AMBULANCE, "priority": Priority.URGENT})
        return _ask(request, actor, form)
    try:
        key = f"{actor.account}:{request.POST.get('key', '')[:40]}"
        opened = open_case(SERVICE, request.POST, actor=actor, channel="phone", key=key)
    except Refusal as refusal:
        form = AskForm(request.POST, actor=actor)
        form.is_valid()
        _say(form, refusal)
        return _ask(request, actor, form, status=refusal.status)
    return redirect("escort_drive", number=opened.case.number)


@require_GET
@only_for(PAGE)
def drive(request: HttpRequest, number: str) -> HttpResponse:
    """The drive: asked, approved, under way, over."""
    actor = actor_of_request(request)
    return render(request, "escort/drive.html", _driven(escort_for(actor, number), actor))


@require_GET
@only_for(PAGE)
def drive_part(request: HttpRequest, number: str) -> HttpResponse:
    """What changes each second, for a page that waits for its approval."""
    actor = actor_of_request(request)
    return render(request, "escort/_drive.html", _driven(escort_for(actor, number), actor))


@require_POST
@only_for(PAGE)
def place(request: HttpRequest, number: str) -> HttpResponseBase:
    """The phone says where it is, and is told what comes next."""
    actor = actor_of_request(request)
    escort = escort_for(actor, number)
    try:
        tell_place(escort.case, _given(request), actor=actor, at=timezone.now())
    except Refusal as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=refusal.status)
    return render(request, "escort/_drive.html", _driven(escort, actor))


@require_POST
@only_for(PAGE)
def stand_by(request: HttpRequest) -> HttpResponseBase:
    """The officer offers to stand at a junction near here for half an hour, or takes that back."""
    account = request.user
    assert isinstance(account, Account)
    if request.POST.get("off"):
        StandBy.objects.filter(account=account).delete()
        messages.success(request, _("You are not proposed any more; your place is gone."))
        return redirect("escort_ask")
    try:
        lon, lat = float(request.POST.get("lon", "")), float(request.POST.get("lat", ""))
        check(lon, lat)
    except ValueError:
        messages.error(request, _("Your phone did not say where you are: allow it to, and try again."))
        return redirect("escort_ask")
    until = timezone.now() + STANDS_FOR
    StandBy.objects.update_or_create(account=account, defaults={"lon": lon, "lat": lat, "until": until})
    messages.success(request, _("For half an hour you are proposed for junctions near here."))
    return redirect("escort_ask")


def _ask(request: HttpRequest, actor: Actor, form: AskForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    own = Escort.objects.filter(driver_id=actor.account).select_related("case").order_by("-case")
    posts = OfficerPoint.objects.filter(goes_id=actor.account).exclude(escort__run=Run.OVER).select_related("escort")
    context = {
        "form": form, "goals": goals(), "key": request.POST.get("key") or uuid7().hex,
        "open": own.filter(case__open=True)[:LAST_SHOWN], "done": own.filter(case__open=False)[:LAST_SHOWN],
        "posts": posts.order_by("-sent_at")[:LAST_SHOWN], "keep_days": keep_days(),
        "standing": StandBy.objects.filter(account__pk__in=[actor.account], until__gt=now).first(),
    }  # fmt: skip
    return render(request, "escort/ask.html", context, status=status)


def _driven(escort: Escort, actor: Actor) -> dict[str, Any]:
    now = timezone.now()
    return {
        "one": shown(escort, actor, at=now), "now": now, "lost": round(lost_seconds()), "keep_days": keep_days(),
        "drives": escort.driver_id == actor.account, "key": uuid7().hex,
    }  # fmt: skip


def _given(request: HttpRequest) -> dict[str, Any]:
    """The place as JSON or as a form; nothing for what is neither."""
    if len(request.body) > LARGEST_PLACE:
        return {}
    if request.content_type != "application/json":
        return dict(request.POST.items())
    try:
        found = json.loads(request.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _say(form: AskForm, refusal: Refusal) -> None:
    if not isinstance(refusal, Invalid):
        form.add_error(None, str(refusal))
        return
    for name, sentences in refusal.errors.items():
        for sentence in (one for one in sentences if one not in form.errors.get(name, [])):
            form.add_error(name if name in form.fields else None, sentence)
