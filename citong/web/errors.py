"""Answers to requests that can not be taken: a page with a sentence, never a bare number."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.defaults import server_error as broken

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
SIGN_IN_SECONDS = 60  # what the limits of django-allauth let through again
AWAY_SECONDS = 3


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 with what to send instead when the body was too large, else 400."""
    if isinstance(exception, TOO_LARGE):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def too_many(request: HttpRequest, wait: int = SIGN_IN_SECONDS) -> HttpResponse:
    """429: the page says when to try again, and so does its header."""
    answer = render(request, "429.html", {"wait": wait}, status=429)
    answer.headers["Retry-After"] = str(wait)
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, to programs as a problem; else 500. Nothing here asks the database."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return broken(request)
    answer = _away(request)
    answer.headers["Retry-After"], answer.headers["Cache-Control"] = str(AWAY_SECONDS), "no-store"
    return answer


def _away(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": _("One moment, please"), "status": 503}
        return JsonResponse(body, status=503, content_type="application/problem+json")
    return HttpResponse(render_to_string("503.html", {"language": get_language()}), status=503)
