"""Sealing: what was written is gathered under signed roots, outside the write path."""

import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.db import connection, transaction

from citong.core.ledger.models import Checkpoint, Entry, Seal
from citong.core.ledger.write import utc
from citong.kit.chain import Signed, key_name
from citong.kit.merkle import root

MOST_ENTRIES = 4096
PLACE = """
UPDATE ledger_seal AS seal SET checkpoint = %s, index = placed.index - 1
FROM unnest(%s::uuid[]) WITH ORDINALITY AS placed (entry, index) WHERE seal.entry = placed.entry
"""
LOCK = 5_920_417_071  # any number that nobody else locks


def seal(*, at: datetime) -> int:
    """Every entry that had no checkpoint is under one. Returns how many were sealed; one sealer works at a time."""
    sealed = 0
    while done := _seal_some(at):
        sealed += done
    return sealed


@transaction.atomic
def _seal_some(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    waiting = list(
        Seal.objects.filter(checkpoint=None).order_by("entry").values_list("entry", flat=True)[:MOST_ENTRIES]
    )
    if not waiting:
        return 0
    hashes = dict(Entry.objects.filter(id__in=waiting).values_list("id", "hash"))
    last = Checkpoint.objects.order_by("-number").first()
    number = last.number + 1 if last else 1
    key = private_key()
    said = Signed(
        number, len(waiting), root([bytes(hashes[entry]) for entry in waiting]).hex(),
        signed(last).digest().hex() if last else "", utc(at), key_name(key.public_key()),
    )  # fmt: skip
    Checkpoint.objects.create(
        number=number, count=said.count, root=bytes.fromhex(said.root), previous=bytes.fromhex(said.previous), at=at,
        key=said.key, signature=key.sign(said.statement()),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(PLACE, [number, waiting])
    return len(waiting)


def signed(checkpoint: Checkpoint) -> Signed:
    """What this checkpoint's signature is about."""
    return Signed(
        checkpoint.number, checkpoint.count, bytes(checkpoint.root).hex(), bytes(checkpoint.previous).hex(),
        utc(checkpoint.at), checkpoint.key,
    )  # fmt: skip


def sign(message: bytes) -> bytes:
    """The city's signature over a message, 64 bytes. No message may begin like a checkpoint's statement, with `[`."""
    assert not message.startswith(b"[")
    return private_key().sign(message)


def public_key() -> Ed25519PublicKey:
    """The city's public key."""
    return private_key().public_key()


def public_pem() -> bytes:
    """The public key as a PEM file, to be published by the city."""
    return public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def private_key() -> Ed25519PrivateKey:
    """The home's signing key, made on first use and readable by its owner alone."""
    path = Path(settings.HOME) / "keys" / "ledger.pem"
    if not path.exists():
        _make_key(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    fresh = path.with_suffix(f".{secrets.token_hex(8)}")
    fresh.touch(mode=0o600)
    made = Ed25519PrivateKey.generate()
    fresh.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with suppress(FileExistsError):  # whole or not at all, and the first of two processes wins
        path.hardlink_to(fresh)
    fresh.unlink()
    key = load_pem_private_key(path.read_bytes(), password=None)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    path.with_suffix(".pub").write_bytes(public)
