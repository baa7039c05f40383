"""How an entry of the ledger is hashed, and what a checkpoint signs: pure, so that anybody can compute it again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

FIELDS = ("id", "subject", "kind", "position", "act", "at", "district", "actor", "post", "unit", "facts", "content",
          "previous")  # fmt: skip
ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class Signed:
    """What a checkpoint states; its signature is over the JSON list of these, in this order."""

    number: int
    count: int
    root: str
    previous: str
    at: str
    key: str

    def statement(self) -> bytes:
        return canonical([self.number, self.count, self.root, self.previous, self.at, self.key])

    def digest(self) -> bytes:
        return hashlib.sha256(self.statement()).digest()


def canonical(value: Any) -> bytes:
    """One and only one byte string for a JSON value: sorted keys, no blanks, UTF-8."""
    return ENCODER.encode(value).encode()


def content_hash(content: Mapping[str, Any], salt: bytes) -> bytes:
    """SHA-256 over salt and canonical content: without the salt the words cannot be guessed back."""
    return hashlib.sha256(salt + canonical(content)).digest()


def entry_hash(entry: Mapping[str, Any]) -> bytes:
    """SHA-256 over everything the entry says, the hash of its content and the entry before it, in `FIELDS` order.

    `at` is UTC with microseconds; `content` and `previous` are hashes in hex, empty where there are none.
    """
    return hashlib.sha256(canonical([entry[name] for name in FIELDS])).digest()


def signature_holds(said: Signed, signature: bytes, key: Ed25519PublicKey) -> bool:
    """Whether the city's key signed this statement."""
    try:
        key.verify(signature, said.statement())
    except InvalidSignature:
        return False
    return said.key == key_name(key)


def read_public_key(pem: bytes) -> Ed25519PublicKey:
    """The key of a PEM file; ValueError when it is none."""
    key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("This is no Ed25519 public key: use the city's file ledger.pub.")
    return key


def key_name(key: Ed25519PublicKey) -> str:
    """The first 16 hex signs of the key's SHA-256, by which a checkpoint says which key signed it."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]
