"""How tests knock at the JSON doors."""

from typing import Any

from django.test import Client

from citong.adapters.api import keys
from citong.adapters.api.models import ApiKey
from tests.cast import Cast

ALL = tuple(ApiKey.Scope.values)


def program(cast: Cast, name: str, *, scopes: tuple[str, ...] = ALL, per_minute: int = 10_000) -> dict[str, str]:
    """The header of a program with a key of that person of the cast."""
    called = f"{name} {ApiKey.objects.count()}"
    _key, text = keys.make(called, account=cast.people[name], scopes=scopes, per_minute=per_minute)
    return {"Authorization": f"Bearer {text}"}


def get(url: str, **headers: str) -> Any:
    return Client().get(url, headers=_named(headers))


def post(url: str, data: Any, *, kind: str = "application/json", **headers: str) -> Any:
    return Client(enforce_csrf_checks=True).post(url, data, content_type=kind, headers=_named(headers))


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {"Accept-Language": "en"} | {name.replace("_", "-"): value for name, value in headers.items()}
