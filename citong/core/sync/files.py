"""Files of operations: they come in pieces, before or after the operation that names them, and are hung on its subject.

A record is valid without them. Files that were there in time go through the operation's own form.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef

from citong.core.files.models import Attachment
from citong.core.files.store import LARGEST, Refused, clean, keep
from citong.core.ledger.models import Entry
from citong.core.ledger.rows import Rows
from citong.core.sync import pieces
from citong.core.sync.given import Given
from citong.core.sync.models import Awaited, Piece
from citong.core.sync.registry import kinds
from citong.kit.ids import uuid7

MOST = 10  # of one operation
AT_REST = timedelta(minutes=15)
LONGEST_NAME = 200


def handed_over(device: UUID, ready: Sequence[Given]) -> list[Given]:
    """The operations; those whose kind takes files into its form have them, if all of them are here. One query, or
    none where no operation names a file."""
    known = kinds()
    asking = [one for one in ready if one.files and one.sent.kind in known and known[one.sent.kind].takes_files]
    whole = pieces.whole(device, {str(file["sha256"]) for one in asking for file in one.files}) if asking else {}
    return [_handed(device, one, whole) if one in asking else one for one in ready]


def expect(device: UUID, one: Given, subject: UUID | None, *, at: datetime, rows: Rows) -> None:
    """The operation's files are awaited, for its subject once it was done."""
    for file in one.files[:MOST]:
        if pieces.HASH.fullmatch(str(file["sha256"])):
            rows.add(
                Awaited(
                    id=uuid7(at), operation=one.sent.id, device_id=device, sha256=file["sha256"], subject=subject,
                    at=at, name=str(file.get("name") or "")[:LONGEST_NAME].replace("\0", ""), size=_size(file),
                )
            )  # fmt: skip


def now_about(operation: UUID, subject: UUID, *, at: datetime) -> None:
    """The operation was done after all, and this is what its files hang on."""
    Awaited.objects.filter(operation=operation, attached_at=None).update(subject=subject, at=at)


def attach(device: UUID, hashes: Iterable[str], *, at: datetime) -> None:
    """Files of these hashes that are whole and awaited by something that was done hang on it, cleaned.

    Raises Refused, with nothing changed, for one that can not be taken.
    """
    waiting = Awaited.objects.filter(device=device, sha256__in=list(hashes), attached_at=None, subject__isnull=False)
    found = pieces.whole(device, {one.sha256 for one in waiting})
    for one in waiting:
        if one.sha256 in found and one.subject:
            _attach(one, one.subject, found[one.sha256], at)
    pieces.drop(device, _no_longer_awaited(device, found))


def attach_what_fits(device: UUID, hashes: Collection[str], *, at: datetime) -> None:
    """As `attach`, one by one; what can not be taken, or is no longer awaited, is gone."""
    for sha256 in hashes:
        try:
            attach(device, [sha256], at=at)
        except Refused:
            pieces.drop(device, [sha256])
    pieces.drop(device, _no_longer_awaited(device, hashes))


def attach_leftovers(*, at: datetime) -> None:
    """Whatever is whole and awaited is hung on, also where the process died that should have done it."""
    waiting = Awaited.objects.filter(attached_at=None, subject__isnull=False, at__lt=at - AT_REST)
    there = Piece.objects.filter(device=OuterRef("device"), sha256=OuterRef("sha256"), whole_at__isnull=False)
    for device, sha256 in waiting.filter(Exists(there)).values_list("device", "sha256"):
        attach_what_fits(device, [sha256], at=at)


def _attach(one: Awaited, subject: UUID, data: bytes, at: datetime) -> None:
    kept = keep(clean(SimpleUploadedFile(one.name or "photo", data)))
    history = Entry.objects.filter(subject=subject)
    entry = history.filter(at=one.at).first() or history.order_by("-position").first()
    with transaction.atomic():
        if Awaited.objects.filter(pk=one.pk, attached_at=None).update(attached_at=at):
            Attachment.objects.create(
                subject=subject, entry=entry.id if entry else one.operation, file=kept, name=one.name
            )


def _no_longer_awaited(device: UUID, hashes: Iterable[str]) -> list[str]:
    still = set(Awaited.objects.filter(device=device, attached_at=None).values_list("sha256", flat=True))
    return [sha256 for sha256 in hashes if sha256 not in still]


def _handed(device: UUID, one: Given, whole: Mapping[str, bytes]) -> Given:
    if any(file["sha256"] not in whole for file in one.files):
        return one
    uploads: dict[str, list[Any]] = {}
    for file in one.files[:MOST]:
        name = str(file.get("name") or "photo")[:LONGEST_NAME]
        uploads.setdefault(str(file.get("field") or "photos"), []).append(
            SimpleUploadedFile(name, whole[file["sha256"]])
        )
    return replace(one, sent=replace(one.sent, files=uploads))


def _size(file: Mapping[str, Any]) -> int:
    size = file.get("size")
    return size if isinstance(size, int) and 0 <= size <= LARGEST else 0
