"""The door of the pages of those who lead: who has not the post finds no page there."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from citong.core.people.access import may_open
from citong.web.asking import actor_of_request

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def only_for(page: str) -> Callable[[View[P]], View[P]]:
    """Let in who has this page of `access.STAFF_PAGES`; for others it does not exist."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not may_open(actor_of_request(request), page):
                raise Http404
            return view(request, *args, **kwargs)

        entered: Any = login_required(guarded)
        return entered  # type: ignore[no-any-return]

    return guard
