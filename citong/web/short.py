"""The short way: doors whose senders sign every request go past all that is there for browsers.

A signed request has no session, no token against forgery, no language of a cookie and no page to protect. Each of these
costs time and bytes that a phone asking every few minutes, and thirty thousand of them, need not spend.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def short(view: View) -> View:
    """The view is reached by the short way: it must know by itself who asks, and take nothing from middleware."""
    view.short = True  # type: ignore[attr-defined]
    return view


class Short:
    """Calls views marked by `short` at once; everything else goes the whole way. Stands first but for the bounds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = _short(request.path_info)
        if found is None:
            return self.get_response(request)
        request.resolver_match = found
        return found.func(request, *found.args, **found.kwargs)  # type: ignore[no-any-return]


def _short(path: str) -> ResolverMatch | None:
    """The marked view of this address, if that is what lies there."""
    if not path.startswith(settings.SHORT_WAYS):
        return None
    with suppress(Resolver404):
        found = resolve(path)
        return found if getattr(found.func, "short", False) else None
    return None
