"""Values nobody should read by chance: sealed where they are kept, and found by keyed hashes without being read."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from citong.core.register.declare import Twins
from citong.core.register.kinds import KINDS

VERSION = "v1:"
NONCE_BYTES = 12
KEY_BYTES = 12  # of a blind key: 96 bits, so that no two values of a city meet by chance


class Broken(ValueError):
    """A sealed text does not belong to this field of this record, was changed, or was sealed with another key."""


def seal(value: str, record: UUID, field: str) -> str:
    """The value, readable with the home's key for this field of this record alone. An empty value stays empty."""
    if not value:
        return ""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = _cipher(settings.REGISTER_KEY).encrypt(nonce, value.encode(), _bound_to(record, field))
    return VERSION + base64.b64encode(nonce + sealed).decode()


def unseal(text: str, record: UUID, field: str) -> str:
    """The value that was sealed. Raises Broken."""
    if not text:
        return ""
    if not text.startswith(VERSION):
        raise Broken(f"Field {field} of record {record} holds no sealed text of a known form.")
    body = base64.b64decode(text[len(VERSION) :])
    nonce, sealed = body[:NONCE_BYTES], body[NONCE_BYTES:]
    try:
        return _cipher(settings.REGISTER_KEY).decrypt(nonce, sealed, _bound_to(record, field)).decode()
    except InvalidTag:
        raise Broken(
            f"Field {field} of record {record} does not open: restore the secrets it was sealed with."
        ) from None


def blind(sort: str, normal: str) -> str:
    """The key by which equal values of a sort are found; says nothing without the home's pepper."""
    told = f"{sort}:{normal}".encode()
    return f"{sort}:{hmac.digest(settings.REGISTER_PEPPER, told, 'sha256')[:KEY_BYTES].hex()}"


def keys_of(kind: str, values: Mapping[str, Any]) -> list[str]:
    """The blind keys of a record with these plain values: of its exact numbers, and of what twins have in common."""
    return [*exact_keys(kind, values), *(key for key, _twins in _twin_keys(kind, values))]


def exact_keys(kind: str, values: Mapping[str, Any]) -> list[str]:
    """The blind keys by which these plain values are found exactly."""
    keyed = ((name, known) for name, known in KINDS[kind].known.items() if known.key)
    return [blind(known.key, known.normal(str(values[name]))) for name, known in keyed if values.get(name)]


def twin_keys(kind: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(blind key, what it means in words) of each way in which another record may be the same, strongest first."""
    return [(key, str(twins.reason)) for key, twins in _twin_keys(kind, values)]


def _twin_keys(kind: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Twins]]:
    known = KINDS[kind].known
    for twins in KINDS[kind].twins:
        if all(values.get(name) for name in twins.asks()):
            parts = (known[name].normal(str(values.get(name, ""))) for name in twins.fields)
            yield blind(f"{kind[0]}-{twins.code}", "\x1f".join(parts)), twins


@lru_cache(maxsize=4)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(hmac.new(secret, b"citong register, fields", hashlib.sha256).digest())


def _bound_to(record: UUID, field: str) -> bytes:
    return f"{record}/{field}".encode()
