"""Headers that keep foreign code and curious caches out of every page."""

from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


def _providers() -> str:
    """Origins to which a sign-in form may lead on: those of the configured identity providers."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    urls = (urlsplit(app.get("settings", {}).get("server_url", "")) for app in apps)
    return " ".join(["'self'", *(f"{url.scheme}://{url.netloc}" for url in urls if url.netloc)])


POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
    f"frame-ancestors 'none'; form-action {_providers()}; base-uri 'self'; object-src 'none'"
)


class Bounds:
    """An address or a head of a request that is longer than any browser of ours sends is not read any further."""

    longest_address = 8_000  # characters of path and query
    largest_head = 32_000  # characters of all headers

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if len(request.get_full_path()) > self.longest_address:
            return HttpResponse("This address is too long.", status=414, content_type="text/plain")
        if sum(len(name) + len(value) for name, value in request.headers.items()) > self.largest_head:
            return HttpResponse("The headers are too large.", status=431, content_type="text/plain")
        return self.get_response(request)


class NoNul:
    """A page's address with a NUL in it, which no database can look for, answers 400 before its view reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., object], *_rest: object) -> None:
        """Doors for programs judge for themselves and answer in their own format."""
        if view.__module__.startswith("citong.web.") and "\0" in unquote(request.get_full_path()):
            raise BadRequest("NUL in the address")


class ContentSecurityPolicy:
    """Every answer forbids scripts that are not ours; pages of a signed-in person are kept in no cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        if isinstance(response, HttpResponse) and getattr(request, "user", None) and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
