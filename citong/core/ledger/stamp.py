"""Time stamps over checkpoints by an authority outside the house, so that not even the city can write history anew.

Checkpoints are chained: a stamp on one covers all before it. Off until CITONG_TIMESTAMP_URL names an authority.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from cryptography.x509 import Certificate
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db.models import Q

from citong.core.ledger.models import Checkpoint, Stamp
from citong.core.ledger.seal import signed
from citong.kit.stamp import QUERY, BadStamp, check, query, read_certificates

SECONDS = 20
MOST_BYTES = 100_000
LONGEST_NAME = 300
LONGEST_CHAIN = 30  # checkpoints that a receipt carries to reach a stamp: half an hour of a busy city
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Anchoring:
    """How far outside stamps reach: how many there are, the newest, and how many checkpoints came after it."""

    stamps: int
    newest: Stamp | None
    after: int


def stamp() -> Stamp | None:
    """The newest checkpoint carries a stamp. None when it had one, none is wanted, or the authority did not answer.

    An authority that is down holds up nothing: the next call asks again, and one stamp makes up for all that failed.
    """
    last = Checkpoint.objects.order_by("-number").first()
    if not settings.TIMESTAMP_URL or last is None or Stamp.objects.filter(pk=last.number).exists():
        return None
    asked = query(signed(last).statement())
    try:
        token = _answer(asked.body)
        stated = asked.answered(token, trusted())
    except (OSError, HTTPException, ValueError) as fault:
        since = unstamped_since()
        logger.warning("No time stamp from %s: %s. Not anchored since %s.", settings.TIMESTAMP_URL, fault, since)
        return None
    made = Stamp(
        checkpoint=last.number, at=stated.at, authority=stated.authority[:LONGEST_NAME], token=token
    )  # fmt: skip
    Stamp.objects.bulk_create([made], ignore_conflicts=True)
    return made


def trusted() -> list[Certificate]:
    """The certificates of authorities the city trusts. ValueError when there are none, or no file."""
    try:
        return read_certificates(Path(settings.TIMESTAMP_CERTIFICATES).read_bytes())
    except OSError as fault:
        raise ValueError(f"CITONG_TIMESTAMP_CERTIFICATES names no file that can be read: {fault}") from fault


def anchoring() -> Anchoring:
    """Two counts and the newest stamp."""
    newest = Stamp.objects.order_by("-checkpoint").first()
    after = Checkpoint.objects.filter(number__gt=newest.checkpoint if newest else 0)
    return Anchoring(Stamp.objects.count(), newest, after.count())


def unstamped_since() -> datetime | None:
    """When the first checkpoint was made that no stamp covers; None while there is none."""
    newest = Stamp.objects.order_by("-checkpoint").values_list("checkpoint", flat=True).first() or 0
    return Checkpoint.objects.filter(number__gt=newest).order_by("number").values_list("at", flat=True).first()


def stamp_faults(roots: Sequence[Certificate]) -> Iterator[str]:
    """Yield what is wrong with stamps: of no checkpoint, of another one, not by a trusted authority, or retold."""
    for held in Stamp.objects.order_by("checkpoint").iterator(chunk_size=500):
        checkpoint = Checkpoint.objects.filter(pk=held.checkpoint).first()
        if checkpoint is None:
            yield f"checkpoint {held.checkpoint} is missing, but carries a time stamp"
            continue
        try:
            stated = check(bytes(held.token), signed(checkpoint).statement(), roots)
        except BadStamp as fault:
            yield f"the time stamp over checkpoint {held.checkpoint} does not hold: {fault}"
            continue
        if (stated.at, stated.authority[:LONGEST_NAME]) != (held.at, held.authority):
            yield f"the time stamp over checkpoint {held.checkpoint} says another time or name than its row"


def reaching(numbers: Collection[int]) -> tuple[list[Stamp], set[int]]:
    """The first stamps at or soon after these checkpoints, and the numbers of all checkpoints up to them; two queries.

    A stamp further away than LONGEST_CHAIN is left out: a receipt stays a small file.
    """
    near = Q(pk__in=[])
    for number in numbers:
        near |= Q(checkpoint__range=(number, number + LONGEST_CHAIN))
    held = sorted(Stamp.objects.filter(near).values_list("checkpoint", flat=True)) if numbers else []
    chosen, between = set[int](), set[int]()
    for number in numbers:
        first = next((one for one in held if number <= one <= number + LONGEST_CHAIN), None)
        if first is not None:
            chosen.add(first)
            between.update(range(number, first + 1))
    return list(Stamp.objects.filter(pk__in=chosen).order_by("checkpoint")), between


def _answer(body: bytes) -> bytes:
    """What the authority answers. OSError when it does not, ValueError for an address that is none."""
    if not settings.TIMESTAMP_URL.startswith(("https://", "http://")):  # other kinds read files of this machine
        raise ValueError("CITONG_TIMESTAMP_URL is no address of the web")
    asked = Request(settings.TIMESTAMP_URL, data=body, headers={"Content-Type": QUERY})  # noqa: S310
    with urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310
        return bytes(answer.read(MOST_BYTES))


@register
def settings_fit(**_given: Any) -> list[CheckMessage]:
    """An authority is of use only with the certificates by which its stamps are judged."""
    if not settings.TIMESTAMP_URL:
        return []
    try:
        trusted()
    except ValueError as fault:
        hint = "Set CITONG_TIMESTAMP_CERTIFICATES to a PEM file with the roots of the authority, or unset the URL."
        return [Error(f"Time stamps can not be checked: {fault}", hint=hint, id="citong.E001")]
    return []
