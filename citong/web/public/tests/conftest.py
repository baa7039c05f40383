"""What every test of the public site starts from."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from citong.core.flow.intake import Opened

MANHOLE = {
    "text": "东一社区门口井盖缺失，晚上很危险", "category": "urban.manhole", "lon": "118.605", "lat": "24.905",
    "reporting": "anonymous", "public": "on", "key": "k" * 40,
}  # fmt: skip


def photo(name: str = "a.jpg") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "#b94a3a").save(drawn, "JPEG")
    return SimpleUploadedFile(name, drawn.getvalue(), "image/jpeg")


@pytest.fixture
def published(report: Callable[..., Opened]) -> Callable[..., Opened]:
    """As `report`, and the reporter allowed it to be shown."""
    return lambda **data: report(**({"public": "on"} | data))


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
