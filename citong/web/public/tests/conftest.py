"""What every test of the public site starts from."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from citong.core.flow.intake import Opened

MANHOLE = {
    "text": "东一社区门口井盖缺失，晚上很危险", "category": "urban.manhole", "lon": "118.605", "lat": "24.905",
    "reporting": "anonymous", "public": "on", "key": "k" * 40,
}  # fmt: skip


@pytest.fixture
def site(town: Any, client: Client) -> Client:
    """A browser without an account, in English, in the tiny town."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def send(site: Client) -> Callable[..., Any]:
    """`send(text=…)` sends the report form; unsaid things are an anonymous report of a missing manhole cover."""

    def sends(**changed: Any) -> Any:
        given = {name: value for name, value in (MANHOLE | changed).items() if value is not None}
        return site.post("/report/", given)

    return sends


@pytest.fixture
def holds(site: Client) -> Callable[[Opened], str]:
    """`holds(opened)`: the browser holds this receipt; returns the address of the tracked page."""

    def holding(opened: Opened) -> str:
        return str(site.get(f"/r/{opened.case.number}/{opened.secret}/").headers["Location"])

    return holding
