"""Following one's own report: by number and code, or signed in; every step, every deadline, every next act."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citong.core.cases.models import Case, Link, Party
from citong.core.cases.registry import case_type
from citong.core.flow.act import act
from citong.core.flow.refusal import Invalid, Refusal
from citong.core.notices.models import Notice
from citong.core.notices.words import words
from citong.core.people.access import Actor
from citong.core.people.models import Look
from citong.web.asking import hold_receipt, receipt_for, reporter_for
from citong.web.panels import now_for, party_panels
from citong.web.public.names import matter_name, where_words
from citong.web.public.nexts import nexts
from citong.web.public.promises import promises, sources
from citong.web.public.receipt import way_in
from citong.web.public.story import told_to_reporter
from citong.web.throttle import TooMany, spend

MOST_NOTICES = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Number and code in, the case out. A wrong number and a wrong code get the same sentence."""
    number, secret = request.POST.get("number", "").strip(), request.POST.get("secret", "").strip()
    asked = {"number": number or request.GET.get("number", ""), "paused": "paused" in request.GET}
    if request.method != "POST":
        return render(request, "web/public/track.html", asked | {"wrong": "again" in request.GET})
    try:
        way = way_in(request, number, secret)
    except TooMany as refusal:
        return refusal.on(render(request, "web/public/track.html", asked | {"paused": True}))
    return HttpResponseRedirect(way) if way else render(request, "web/public/track.html", asked | {"wrong": True})


@never_cache
@require_safe
def tracked(request: HttpRequest, number: str) -> HttpResponse:
    """The reporter's own view of the case; whoever does not hold it is asked for the receipt."""
    found = _held(request, number)
    if found is None:
        return HttpResponseRedirect(f"{reverse('track')}?number={number}")
    return _page(request, *found)


@never_cache
@require_POST
def tracked_act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """The act is done once, or the page says what stands in its way with every word still in the form."""
    found = _held(request, number)
    if found is None:
        raise Http404
    case, actor = found
    key = request.POST.get("key", "")[:40]
    try:
        spend(request, "own act")
        done = act(
            case.id, name, request.POST, actor=actor, files=request.FILES,
            key=f"{case.number}:{key}" if key else "", form_prefix=name,
        )  # fmt: skip
    except Invalid as refusal:
        return _page(request, case, actor, answered=(name, refusal), status=refusal.status)
    except TooMany as refusal:
        told = Invalid(str(refusal), {"__all__": [str(refusal)]})
        return refusal.on(_page(request, case, actor, answered=(name, told)))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("tracked", number)
    messages.success(request, str(case_type(done.case.service).acts[name].done))
    return redirect("tracked", number)


def _held(request: HttpRequest, number: str) -> tuple[Case, Actor] | None:
    case = Case.objects.select_related("category", "unit", "desk").filter(number=number).first()
    actor = reporter_for(request, case) if case else None
    return (case, actor) if case and actor else None


def _page(
    request: HttpRequest, case: Case, actor: Actor, *, answered: tuple[str, Invalid] | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    story, made, now = told_to_reporter(case, actor), promises(case), now_for(case, actor)
    state = case_type(case.service).states[case.state]
    context: dict[str, Any] = {
        "case": case, "state": state, "kind": matter_name(case), "where": where_words(case), "now": now,
        "stages": story.stages, "steps": story.steps[::-1], "promises": made, "sources": sources(made),
        "nexts": nexts(request, case, actor, now, answered=answered), "notices": _notices(case, actor),
        "others": _others(request, case), "looks": Look.objects.filter(subject=case.id).count(),
        "by_receipt": actor.receipt is not None, "panels": party_panels(case, actor), "standing": actor.standing,
    }  # fmt: skip
    return render(request, "web/public/tracked.html", context, status=status)


def _notices(case: Case, actor: Actor) -> list[dict[str, Any]]:
    """What the reporter was told, or this party, and how; what others were told is not theirs to see."""
    whose = Q(pk=actor.standing.party) if actor.standing else Q(role=Party.Role.REPORTER)
    parties = list(case.parties.filter(whose))
    addresses = {address for p in parties for address in (p.email, p.phone, p.webhook) if address}
    accounts = {p.account_id for p in parties if p.account_id} | ({case.reporter_id} if not actor.standing else set())
    own = Q(address__in=addresses) | Q(account__in=accounts - {None})
    rows = Notice.objects.filter(own, subject=case.id, unit=None).order_by("-id")[:MOST_NOTICES]
    told: dict[tuple[datetime, str], list[Notice]] = {}
    for row in rows:
        told.setdefault((row.made_at, row.code), []).append(row)
    return [_told(same) for same in told.values()]


def _told(same: list[Notice]) -> dict[str, Any]:
    """One message with every channel it took."""
    notice = same[0]
    notice.language = get_language() or notice.language
    ways = [row.get_channel_display() if row.sent_at else _("%(way)s, on its way") % {"way": row.get_channel_display()}
            for row in same]  # fmt: skip
    return {"at": notice.made_at, "words": words(notice).body, "ways": ways}


def _others(request: HttpRequest, case: Case) -> list[dict[str, Any]]:
    """Cases this one was split into, merged with or turned into; the receipt opens what bears it, too."""
    links = Link.objects.filter(Q(first=case) | Q(second=case)).select_related("first", "second").order_by("id")
    found = []
    for link in links:
        other = link.second if link.first_id == case.id else link.first
        if link.kind != Link.Kind.MERGED and bytes(other.receipt) == bytes(case.receipt):
            _open_too(request, other.id)
        found.append(
            {"number": other.number, "title": other.title, "words": _tie(link, case), "url": _way(request, other)}
        )
    return [one | {"title": one["title"] if one["url"] else ""} for one in found]


def _open_too(request: HttpRequest, case_id: UUID) -> None:
    if receipt_for(request, case_id) is None:
        hold_receipt(request, case_id)


def _tie(link: Link, case: Case) -> str:
    if link.kind == Link.Kind.MERGED:
        return _("Merged into") if link.first_id == case.id else _("Another report that was merged into this one")
    if link.kind == Link.Kind.BECAME:
        return _("It goes on as") if link.first_id == case.id else _("It began as")
    return _("A part of it goes on as") if link.first_id == case.id else _("Split off from")


def _way(request: HttpRequest, other: Case) -> str:
    if reporter_for(request, other):
        return reverse("tracked", args=[other.number])
    return reverse("public_case", args=[other.number]) if other.public else ""
