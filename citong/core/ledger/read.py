"""Reading the ledger: the history of a subject, and whether it is whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from citong.core.ledger.models import Content, Entry
from citong.core.ledger.write import told
from citong.kit.chain import content_hash, entry_hash
from citong.kit.ids import uuid7_floor


@dataclass(frozen=True)
class Recorded:
    """An entry together with its words; `words` is None once they were erased. Of a veiled one the reader learns that
    it happened."""

    entry: Entry
    words: dict[str, Any] | None
    veiled: bool = False


@dataclass(frozen=True)
class Fault:
    """What is wrong with a history, and at which position."""

    subject: UUID
    position: int
    what: str


def history(subject: UUID, *, since: datetime | None = None) -> list[Recorded]:
    """All entries of one subject, oldest first; two queries. `since` (its opening) spares the older months."""
    entries = Entry.objects.filter(subject=subject).order_by("position")
    if since is not None:
        entries = entries.filter(id__gte=uuid7_floor(since - timedelta(minutes=1)))
    rows = list(entries)
    held = [row.id for row in rows if row.content_hash]
    words = dict(Content.objects.filter(id__in=held).values_list("id", "body"))
    return [Recorded(row, words.get(row.id)) for row in rows]


def faults(entries: Sequence[Entry], contents: Mapping[UUID, Content] | None = None) -> Iterator[Fault]:
    """Yield what is wrong with one subject's entries in order: a gap, a broken chain, a changed row or word.

    `contents` are their words by id where they were read already; else one query reads them.
    """
    if contents is None:
        contents = Content.objects.in_bulk([row.id for row in entries if row.content_hash])
    previous = b""
    for expected, entry in enumerate(entries, start=1):
        if entry.position != expected:
            yield Fault(entry.subject, expected, "an entry is missing, doubled or out of order")
            return
        if bytes(entry.previous) != previous:
            yield Fault(entry.subject, expected, "it does not follow the entry before it")
        if entry_hash(told(entry)) != bytes(entry.hash):
            yield Fault(entry.subject, expected, "the entry was changed after it was written")
        if entry.content_hash and not _words_hold(entry, contents.get(entry.id)):
            yield Fault(entry.subject, expected, "its words were changed or removed outside the retention rules")
        previous = bytes(entry.hash)


def _words_hold(entry: Entry, content: Content | None) -> bool:
    if content is None:
        return False
    if content.erased_at is not None:
        return True
    if content.salt is None or content.body is None:
        return False
    return content_hash(content.body, bytes(content.salt)) == bytes(entry.content_hash)


def erase(subject: UUID) -> int:
    """The subject's words are gone for good; entries and hashes stay. Returns how many were erased."""
    held = Entry.objects.filter(subject=subject).exclude(content_hash=b"").values("id")
    return Content.objects.filter(id__in=held, erased_at=None).update(body=None, salt=None, erased_at=timezone.now())
