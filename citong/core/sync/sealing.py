"""Bytes that lie in the database for phones and that nobody should read there: sealed with a key of the home."""

import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


def seal(plain: bytes, *, of: str) -> bytes:
    """The bytes (AES-256-GCM), readable with the home's key and under this name alone."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(settings.REGISTER_KEY).encrypt(nonce, plain, of.encode())


def unseal(sealed: bytes | memoryview, *, of: str) -> bytes:
    """The bytes that were sealed under this name. Raises cryptography's InvalidTag for any other."""
    held = bytes(sealed)
    return _cipher(settings.REGISTER_KEY).decrypt(held[:NONCE_BYTES], held[NONCE_BYTES:], of.encode())


@lru_cache(maxsize=4)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(hmac.new(secret, b"citong phones", hashlib.sha256).digest())
