"""A phone at the doors: it signs each request with its own key and has no session."""

import base64
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.test import Client

from citong.core.people.models import Account
from citong.core.sync.tests.phones import Phone
from tests.cast import Cast


class Knocking(Phone):
    """A phone that goes through the doors."""

    def __init__(self, account: Account) -> None:
        super().__init__(account, patient=False)
        self.client = Client()

    def send(
        self, method: str, path: str, body: Any = None, *, seconds: int | None = None, tampered: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # fmt: skip
        """The answer to a signed request; `tampered` is what arrives instead of what was signed."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        at = str(int(time.time()) if seconds is None else seconds)
        signed = "\n".join((method, path, at, hashlib.sha256(raw).hexdigest())).encode()
        halves = decode_dss_signature(self.key.sign(signed, ec.ECDSA(hashes.SHA256())))
        signature = base64.urlsafe_b64encode(b"".join(half.to_bytes(32) for half in halves)).decode().rstrip("=")
        said = {"Authorization": f"Citong {self.device.id} {at} {signature}", **(headers or {})}
        return self.client.generic(
            method, path, raw if tampered is None else tampered, content_type="application/json", headers=said
        )


@pytest.fixture
def knocking(cast: Cast) -> Knocking:
    """The grid worker's phone."""
    return Knocking(cast.grid_worker)


@pytest.fixture
def at(cast: Cast) -> Callable[[str], Client]:
    """`at("supervisor")`: a browser in which that person is signed in."""

    def signed_in(name: str) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(cast.people[name])
        return client

    return signed_in
