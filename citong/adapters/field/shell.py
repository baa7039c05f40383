"""The app's own files: its page, its worker, its card for the home screen. They are the same for everybody."""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from citong.core.people.models import Account

BUILT = Path(__file__).parent / "static" / "field"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The app; or, where it has not been built, a page that says how."""
    built = _built("index.html")
    answer = HttpResponse(built) if built is not None else render(request, "field/not_built.html")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The worker that keeps the app at hand without a network."""
    return _file("sw.js", "text/javascript", instead=b"// not built")


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """How the app stands on a home screen."""
    return _file("manifest.webmanifest", "application/manifest+json", instead=b"{}")


@never_cache
@require_GET
def csrf(request: HttpRequest) -> HttpResponse:
    """The token with which a signed-in person enrols this device, and who that is."""
    user = request.user
    account = told(user) if isinstance(user, Account) else None
    return JsonResponse({"token": get_token(request), "account": account})


def told(account: Account) -> dict[str, str]:
    """The account as the app knows it."""
    return {"id": str(account.pk), "name": account.get_full_name(), "language": account.language}


@cache
def app_version() -> str:
    """The version of the app that is served; empty where none was built. Read once for each process."""
    return (_built("version.txt") or b"").decode().strip()


def _file(name: str, kind: str, *, instead: bytes) -> HttpResponse:
    answer = HttpResponse(_built(name) or instead, content_type=kind)
    answer["Cache-Control"] = "no-cache"
    return answer


def _built(name: str) -> bytes | None:
    path = BUILT / name
    return path.read_bytes() if path.exists() else None
