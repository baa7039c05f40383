"""Where the file of an import lies until it has ended: sealed, in a folder of the home that its owner alone reads.

AES-256-GCM under a key of its own, drawn from the register's by HKDF; the associated data says whose bytes they are.
"""

import json
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12
Rows = Sequence[tuple[int, list[str], str]]


class Gone(ValueError):
    """The sealed bytes are not there any more, or can not be opened."""


def keep(table: UUID, content: bytes) -> None:
    """The file of this import lies in the home, sealed, whole or not at all."""
    path = _path(table)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".fresh")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(sealed(content, about=f"file {table}"))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def kept(table: UUID) -> bytes:
    """The file's bytes. Raises Gone."""
    try:
        return opened(_path(table).read_bytes(), about=f"file {table}")
    except OSError as fault:
        raise Gone("the file is gone") from fault


def forget(table: UUID) -> None:
    """The file is gone."""
    _path(table).unlink(missing_ok=True)


def sealed_rows(rows: Rows, *, about: str) -> bytes:
    """(Row number, cells, reason) of some rows, sealed."""
    return sealed(json.dumps(rows, ensure_ascii=False).encode(), about=about)


def opened_rows(content: bytes, *, about: str) -> list[tuple[int, list[str], str]]:
    """The rows as they were sealed. Raises Gone."""
    return [(number, cells, reason) for number, cells, reason in json.loads(opened(content, about=about))]


def sealed(content: bytes, *, about: str) -> bytes:
    """The bytes, so that only this installation can read them, and only as what they are about."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(settings.REGISTER_KEY).encrypt(nonce, content, about.encode())


def opened(content: bytes, *, about: str) -> bytes:
    """The bytes that were sealed. Raises Gone."""
    try:
        return _cipher(settings.REGISTER_KEY).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError) as fault:
        raise Gone("the bytes can not be opened") from fault


@lru_cache(maxsize=2)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"citong register tables").derive(key))


def _path(table: UUID) -> Path:
    return Path(settings.HOME) / "tables" / f"{table}.sealed"
