"""The ledger: entries checked and entries sealed a second, beside hashing alone."""

import hashlib
import secrets
import time
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from bench.figures import Figure
from bench.run import Run
from citong.cli.ledger_walk import Walk
from citong.core.ledger.seal import seal
from citong.core.ledger.write import Head, Signature, append
from citong.kit.ids import uuid7

SEALED = 20_000
MOST_SECONDS = 20
SMALL = b"x" * 600
_SIGNATURE = Signature()


class _Enough(Exception):
    """The walk has gone on long enough to know its pace."""


def measure(run: Run) -> Iterator[Figure]:
    """Sealing what was just written, then a walk through the ledger from its first subject, at most 20 s long."""
    seal(at=timezone.now())
    appended = _append(SEALED)
    began = time.perf_counter()
    sealed = seal(at=timezone.now())
    rate = sealed / (time.perf_counter() - began)
    details = {"appending_per_s": appended, "entries": sealed}
    yield Figure(
        "sealing the ledger", run.size, rate, "entries/s", _hashing(), "/s SHA-256 of 600 bytes", details=details
    )
    walked, seconds, whole = _walk()
    named = "verifying the ledger" + ("" if whole else f", its first {MOST_SECONDS} s")
    yield Figure(named, run.size, walked / seconds, "entries/s", _hashing(), "/s SHA-256 of 600 bytes")


def _append(count: int) -> float:
    """Entries of subjects of their own stand in the ledger; entries a second."""
    began, now = time.perf_counter(), timezone.now()
    with transaction.atomic():
        for _number in range(count):
            append(uuid7(now), "bench", kind="bench", at=now, head=Head(), by=_SIGNATURE, facts={"to": "filed"})
    return count / (time.perf_counter() - began)


def _walk() -> tuple[int, float, bool]:
    """(entries, seconds, whether that was all of them)."""
    began = time.perf_counter()

    def tell(_entries: int) -> None:
        if time.perf_counter() - began > MOST_SECONDS:
            raise _Enough

    walk = Walk(tell=tell)
    try:
        fault = walk.first_fault()
    except _Enough:
        return walk.entries, time.perf_counter() - began, False
    if fault:
        raise RuntimeError(fault)
    return walk.entries, time.perf_counter() - began, True


def _hashing() -> float:
    """What one core could hash if nothing had to be read."""
    began, count = time.perf_counter(), 100_000
    salt = secrets.token_bytes(16)
    for _number in range(count):
        hashlib.sha256(salt + SMALL).digest()
    return count / (time.perf_counter() - began)
