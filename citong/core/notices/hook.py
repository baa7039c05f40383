"""Sending one signed message to a program outside, as the Standard Webhooks specification 1.0.0 says.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import re
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from citong.core.ledger.seal import public_key, sign
from citong.core.notices.outside import Place, connected, left, place_of
from citong.kit.chain import canonical

SECONDS = 10.0
POLITE_SECONDS = 1.0
LONGEST_LINE = 1024
ANSWER = re.compile(rb"HTTP/1\.[01] (\d{3})\b")


def send(address: str, *, id: str, body: bytes, secrets: Sequence[bytes] = ()) -> int:
    """The body was posted, signed, and answered with this HTTP status within ten seconds in all.

    Redirects are not followed, and nothing but the status is read. ValueError for an address that may not be used,
    OSError when nobody answers.
    """
    place, until = place_of(address), time.monotonic() + SECONDS
    headers = signed_headers(id, at=int(time.time()), body=body, secrets=secrets)
    with connected(place, until=until) as line:
        line.settimeout(left(until))
        line.sendall(_request(place, headers, body))
        status = _status(line, until)
        _let_finish(line)
    return status


def signed_headers(id: str, *, at: int, body: bytes, secrets: Sequence[bytes] = ()) -> dict[str, str]:
    """The three headers: `v1` by each shared secret, `v1a` by the city's own key. `id` has no full stop in it."""
    said = f"{id}.{at}.".encode() + body
    marks = [f"v1,{_text(hmac.new(secret, said, hashlib.sha256).digest())}" for secret in secrets]
    marks.append(f"v1a,{_text(sign(said))}")
    return {"webhook-id": id, "webhook-timestamp": str(at), "webhook-signature": " ".join(marks)}


def told_key() -> str:
    """The city's public key as receivers of `v1a` signatures are given it."""
    return f"whpk_{_text(public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))}"


def told_secret(secret: bytes) -> str:
    """A shared secret as its receiver is given it."""
    return f"whsec_{_text(secret)}"


def written(kind: str, *, at: str, data: Mapping[str, Any]) -> bytes:
    """The body of a message: its type, when it happened, and its data."""
    return canonical({"type": kind, "timestamp": at, "data": dict(data)})


def _request(place: Place, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"POST {place.path} HTTP/1.1", f"Host: {place.name()}", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(body)}", "User-Agent: Citong", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _status(line: ssl.SSLSocket, until: float) -> int:
    held = b""
    while b"\n" not in held:
        line.settimeout(left(until))
        piece = line.recv(LONGEST_LINE)
        held += piece
        if not piece or len(held) > LONGEST_LINE * 4:
            raise ConnectionError("no answer in HTTP")
    found = ANSWER.match(held)
    if found is None:
        raise ConnectionError("no answer in HTTP")
    return int(found[1])


def _let_finish(line: ssl.SSLSocket) -> None:
    """The receiver may end its answer, which nobody reads: to hang up in the middle would be a fault in its log."""
    until = time.monotonic() + POLITE_SECONDS
    with suppress(OSError):
        line.settimeout(POLITE_SECONDS)
        while line.recv(4096) and time.monotonic() < until:
            pass


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
