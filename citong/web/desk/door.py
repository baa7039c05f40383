"""The door of the desk: who comes in, and the sentence for those who do not."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from citong.core.people.access import may_open
from citong.web.asking import actor_of_request

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff(page: str = "") -> Callable[[View[P]], View[P]]:
    """Let in who signed in, holds a post and, where a page of `access.STAFF_PAGES` is named, has that page.

    Others read why they stay outside; whoever has not signed in is asked to.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor = actor_of_request(request)
            if not actor.seats or (page and not may_open(actor, page)):
                return _outside(request)
            return view(request, *args, **kwargs)

        entered: Any = login_required(guarded)
        return entered  # type: ignore[no-any-return]

    return guard


def _outside(request: HttpRequest) -> HttpResponse:
    actor = actor_of_request(request)
    base = "web/base_staff.html" if actor.seats else "web/base_public.html"
    return render(request, "web/desk/outside.html", {"actor": actor, "base": base}, status=403)


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page only; going back in the browser wants the whole."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
