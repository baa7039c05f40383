"""What is answered when a request breaks: that the database is away for a moment, or that the fault is ours."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import defaults

AWAY = (OperationalError, InterfaceError)
RETRY_AFTER_SECONDS = 3
PROGRAMS = ("/api/", "/open311/")


def server_error(request: HttpRequest) -> HttpResponse:
    """503 with Retry-After when the database went away, else 500. Asks the database nothing."""
    if isinstance(sys.exc_info()[1], AWAY):
        return _away(request)
    return defaults.server_error(request)


def _away(request: HttpRequest) -> HttpResponse:
    """Programs are told in application/problem+json, people by a page that needs nothing but itself."""
    if request.path.startswith(PROGRAMS):
        body = {
            "type": "about:blank", "status": 503, "title": _("The database is not there just now."),
            "mend": _("Send the same again after the seconds in Retry-After, with the same Idempotency-Key."),
        }  # fmt: skip
        answer: HttpResponse = JsonResponse(body, status=503, content_type="application/problem+json")
    else:
        answer = HttpResponse(render_to_string("503.html", {"language": get_language()}), status=503)
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer
