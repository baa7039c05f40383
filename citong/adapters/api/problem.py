"""Errors as problem+json (RFC 9457): what went wrong, at which field, and what to do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from citong.core.flow.refusal import Invalid, Refusal


def problem(status: int, title: str, **more: Any) -> HttpResponse:
    """An answer of type application/problem+json."""
    body = {"type": "about:blank", "title": title, "status": status, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view's refusals become problems; nothing else is caught."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *args, **named)
        except Invalid as refusal:
            return problem(refusal.status, str(refusal), errors=refusal.errors)
        except Refusal as refusal:
            return problem(refusal.status, str(refusal))

    return answered
