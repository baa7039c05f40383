"""Sessions outside of the desk: a party's appointment and way in, and the secret address of a mediator's calendar."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from citong.core.cases.models import Case
from citong.services.mediation.desk.calendar import attached, onward
from citong.services.mediation.models import Session
from citong.services.mediation.sessions import address, ics
from citong.services.mediation.sessions.reading import sees
from citong.web.asking import reporter_for
from citong.web.throttle import spend


@never_cache
@require_safe
def tracked_session_ics(request: HttpRequest, number: str, session: UUID) -> HttpResponse:
    """The appointment for the party's own calendar."""
    case, found = _session(request, number, session)
    return attached(
        ics.one(found, case.number, url=f"{settings.ORIGIN}{reverse('tracked', args=[case.number])}"), case.number
    )


@never_cache
@require_safe
def tracked_session_join(request: HttpRequest, number: str, session: UUID) -> HttpResponseBase:
    """On to the video service, while the way is open."""
    case, found = _session(request, number, session)
    return onward(request, found, back=reverse("tracked", args=[case.number]))


@never_cache
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """A mediator's sessions for their calendar program. Wrong addresses can be tried a few times only."""
    body = address.read(secret, at=timezone.now())
    if body is None:
        spend(request, "receipt")
        raise Http404
    return HttpResponse(body, content_type=ics.TYPE, headers={"Cache-Control": "private, no-store"})


def _session(request: HttpRequest, number: str, session: UUID) -> tuple[Case, Session]:
    case = Case.objects.filter(number=number, service="mediation").first()
    actor = reporter_for(request, case) if case else None
    found = Session.objects.filter(pk=session, case=case).select_related("room__body__unit").first() if actor else None
    if case is None or actor is None or found is None or not sees(found, case, actor):
        raise Http404
    return case, found
