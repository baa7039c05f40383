"""The calendar at the desk: a mediator's own week, a head's rooms and sessions; one session for a calendar program."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from citong.core.cases.models import Case
from citong.core.people.models import Account
from citong.core.people.posts import Post
from citong.core.places.current import day_of
from citong.services.mediation.models import CalendarAddress, Session
from citong.services.mediation.sessions import address, ics
from citong.services.mediation.sessions.reading import link_of, sees
from citong.services.mediation.sessions.week import WEEK, Week, week_of
from citong.services.mediation.sessions.words import moment
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.desk.found import case_for
from citong.web.office.door import only_for

PAGE = "mediation_calendar"
FIRST, LAST = 2000, 2100  # years between which a week is shown


@require_GET
@only_for(PAGE)
def calendar_page(request: HttpRequest) -> HttpResponseBase:
    """A week of sessions by day, and when rooms are taken."""
    return _page(request)


@require_GET
@only_for(PAGE)
def calendar_sheet(request: HttpRequest) -> HttpResponseBase:
    """The same week on a sheet of paper."""
    return render(request, "mediation/calendar_sheet.html", {"week": _week(request, timezone.now())})


@require_POST
@only_for(PAGE)
def address_new(request: HttpRequest) -> HttpResponseBase:
    """The mediator's secret address is made, or made anew; it is shown this once."""
    return _page(request, fresh=address.make(_mediator(request), at=timezone.now()))


@require_POST
@only_for(PAGE)
def address_end(request: HttpRequest) -> HttpResponseBase:
    """The address leads nowhere any more."""
    address.take_back(_mediator(request))
    messages.success(request, _("The address leads nowhere any more."))
    return redirect("mediation_calendar")


@require_GET
@staff()
def session_ics(request: HttpRequest, number: str, session: UUID) -> HttpResponseBase:
    """The session for one's own calendar."""
    case, found = _session(request, number, session)
    body = ics.one(found, case.number, url=f"{settings.ORIGIN}{reverse('case', args=[case.number])}")
    return attached(body, case.number)


@require_GET
@staff()
def session_join(request: HttpRequest, number: str, session: UUID) -> HttpResponseBase:
    """On to the video service, while the way is open."""
    case, found = _session(request, number, session)
    return onward(request, found, back=reverse("case", args=[case.number]))


def attached(body: bytes, name: str) -> HttpResponse:
    """A calendar as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"', "Cache-Control": "no-store"}
    return HttpResponse(body, content_type=ics.TYPE, headers=headers)


def onward(request: HttpRequest, session: Session, *, back: str) -> HttpResponseBase:
    """On to the session's link; at any other time back, with a word when it opens."""
    if link := link_of(session, at=timezone.now()):
        return redirect(link)
    sentence = _("The way into the session opens shortly before it begins: %(when)s.")
    messages.info(request, sentence % {"when": moment(session.begins_at)})
    return redirect(back)


def _session(request: HttpRequest, number: str, session: UUID) -> tuple[Case, Session]:
    actor = actor_of_request(request)
    case = case_for(actor, number)
    found = Session.objects.filter(pk=session, case=case).select_related("room__body__unit").first()
    if found is None or not sees(found, case, actor):
        raise Http404
    return case, found


def _page(request: HttpRequest, *, fresh: str = "") -> HttpResponse:
    actor, now = actor_of_request(request), timezone.now()
    week = _week(request, now)
    mediates = Post.MEDIATOR in actor.posts()
    held = CalendarAddress.objects.filter(account=actor.account).first() if mediates else None
    shown: dict[str, Any] = {
        "week": week, "before": week.monday - WEEK, "after": week.monday + WEEK, "mediates": mediates,
        "address": held, "fresh": fresh, "leads": bool(week.bodies), "asked": _asked(request),
    }  # fmt: skip
    return render(request, "mediation/calendar.html", shown)


def _week(request: HttpRequest, now: datetime) -> Week:
    monday = _monday(request.GET.get("week", "")) or _monday(day_of(now).isoformat())
    assert monday is not None
    room, mediator = _id(request, "room"), _id(request, "mediator")
    return week_of(actor_of_request(request), monday, now=now, room=room, mediator=mediator)


def _monday(text: str) -> date | None:
    """The Monday of the week of this day; None for what is no day of our times."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day - timedelta(days=day.weekday()) if FIRST < day.year < LAST else None


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: str(_id(request, name) or "") for name in ("room", "mediator")}


def _id(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def _mediator(request: HttpRequest) -> Account:
    """Whoever asks, if they mediate."""
    if Post.MEDIATOR not in actor_of_request(request).posts():
        raise Http404
    assert isinstance(request.user, Account)
    return request.user
