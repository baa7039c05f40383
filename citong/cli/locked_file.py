"""Files locked with a passphrase: AES-256-GCM over pieces, the key drawn from the passphrase by scrypt.

Layout: MAGIC, 16 bytes of salt, a tag that tells a wrong passphrase from a damaged file, then the pieces, each with its
own tag. The nonce of a piece holds its number and whether it is the last, so none can be left out, moved or cut off
(the STREAM construction; Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015).
"""

import os
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"citong locked file 1\n"
SALT_BYTES, TAG_BYTES = 16, 16
PIECE_BYTES = 1024 * 1024
WORK = 2**16  # scrypt's cost: 64 MB and a fifth of a second for each try


class WrongPassphrase(ValueError):
    """The passphrase is not the one the file was locked with."""


class Damaged(ValueError):
    """The file is not as it was written, or not whole."""


class Locking:
    """Writes to `file` what is written to it, locked. Whole only after `close`."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        salt = os.urandom(SALT_BYTES)
        self._file, self._cipher, self._held, self._number = file, _cipher(passphrase, salt), b"", 0
        file.write(MAGIC + salt + self._cipher.encrypt(_nonce(2**88 - 1, last=True), b"", MAGIC))

    def write(self, data: bytes) -> int:
        """All of `data` is taken."""
        self._held += data
        while len(self._held) > PIECE_BYTES:
            self._put(self._held[:PIECE_BYTES], last=False)
            self._held = self._held[PIECE_BYTES:]
        return len(data)

    def close(self) -> None:
        """The last piece is written; `file` stays open."""
        self._put(self._held, last=True)

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, MAGIC))
        self._number += 1


class Unlocking:
    """Reads what was locked into `file`. Raises WrongPassphrase when made, Damaged while reading."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        head = file.read(len(MAGIC) + SALT_BYTES + TAG_BYTES)
        if len(head) < len(MAGIC) + SALT_BYTES + TAG_BYTES or not head.startswith(MAGIC):
            raise Damaged("it has no whole beginning")
        self._file, self._cipher = file, _cipher(passphrase, head[len(MAGIC) : len(MAGIC) + SALT_BYTES])
        try:
            self._cipher.decrypt(_nonce(2**88 - 1, last=True), head[-TAG_BYTES:], MAGIC)
        except InvalidTag:
            raise WrongPassphrase("the passphrase does not fit") from None
        self._held, self._number, self._done = b"", 0, False
        self._ahead = file.read(PIECE_BYTES + TAG_BYTES)

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, fewer only at the end."""
        parts, missing = [], size if size >= 0 else 2**63
        while missing and (self._held or self._next()):
            parts.append(self._held[:missing])
            self._held = self._held[missing:]
            missing -= len(parts[-1])
        return b"".join(parts)

    def _next(self) -> bool:
        """The next piece is at hand; false after the last."""
        if self._done:
            return False
        piece, self._ahead = self._ahead, self._file.read(PIECE_BYTES + TAG_BYTES)
        self._done = not self._ahead
        try:
            self._held = self._cipher.decrypt(_nonce(self._number, last=self._done), piece, MAGIC)
        except InvalidTag:
            raise Damaged("it is damaged or cut off") from None
        self._number += 1
        return bool(self._held)


def is_locked(path: Path) -> bool:
    """Whether the file was locked with a passphrase."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=WORK, r=8, p=1).derive(passphrase.encode()))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])
