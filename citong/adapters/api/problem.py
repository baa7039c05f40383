"""Errors as problem+json (RFC 9457): what went wrong, at which field, and what to do."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from citong.core.flow.refusal import Invalid, NotAllowed, Refusal


class Turned(Refusal):
    """The doors themselves refuse, before or beside any act. `mend` says what the client can do."""

    def __init__(self, status: int, message: str | Promise, *, mend: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.mend = status, mend
        self.headers: Mapping[str, str] = {name.replace("_", "-"): value for name, value in headers.items()}


class OutOfScope(NotAllowed):
    """The key stands for somebody who may, but was not made for this."""


def problem(status: int, title: str, **more: Any) -> HttpResponse:
    """An answer of type application/problem+json."""
    body = {"type": "about:blank", "title": title, "status": status, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def answering(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view's refusals, and what Django finds wrong with a request, become problems; nothing else is caught.

    Tokens against forgery are checked in `asking`, where it is known whether a session asks at all.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **named)
        except Refusal as refusal:
            return _refused(refusal)
        except RequestDataTooBig:
            return problem(413, _("This is too large."), mend=_("Send less, or files as multipart/form-data."))
        except (BadRequest, SuspiciousOperation, MultiPartParserError) as fault:
            return problem(400, _("The request can not be read."), detail=str(fault))
        return _not_allowed(response) if isinstance(response, HttpResponseNotAllowed) else response

    return csrf_exempt(answered)


def _refused(refusal: Refusal) -> HttpResponse:
    more: dict[str, Any] = {}
    if isinstance(refusal, Invalid):
        more["errors"] = refusal.errors
    if isinstance(refusal, Turned):
        more["mend"] = refusal.mend
    answer = problem(refusal.status, str(refusal), **more)
    for name, value in getattr(refusal, "headers", {}).items():
        answer[name] = value
    return answer


def _not_allowed(response: HttpResponseNotAllowed) -> HttpResponse:
    answer = problem(405, _("This address knows no such method."), mend=_("Use: %s") % response["Allow"])
    answer["Allow"] = response["Allow"]
    return answer
