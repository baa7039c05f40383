"""Files that come in pieces: each goes on where the last one ended, however often the way breaks."""

import fcntl
import hashlib
import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from citong.core.files.store import LARGEST
from citong.core.people.refusal import Invalid, Refusal
from citong.core.sync.models import Awaited, Piece

HASH = re.compile("[0-9a-f]{64}")
LARGEST_PIECE = 256 * 1024
MOST_FILES = 60  # of one device at a time
MOST_BYTES = 300_000_000
KEPT = timedelta(days=30)


class TooMuch(Refusal):
    """The device has too much lying here that belongs to nothing yet."""

    status = 413


def have(device: UUID, sha256: str) -> int:
    """How many bytes of the file are here, or all of them where it was put to use already. Two queries at most."""
    piece = Piece.objects.filter(device=device, sha256=sha256).first()
    if piece is not None:
        return _length(path_of(device, sha256))
    used = Awaited.objects.filter(device=device, sha256=sha256).order_by("attached_at")
    sizes = list(used.values_list("size", "attached_at"))
    return sizes[0][0] if sizes and all(at for _size, at in sizes) else 0


def put(device: UUID, sha256: str, data: bytes, *, start: int, size: int, at: datetime) -> tuple[int, bool]:
    """(bytes that are here now, whether that is the whole file, checked). A piece that does not go on where the last
    ended changes nothing. Raises TooMuch, or Invalid for a whole that is not what its name says: send it anew."""
    _assert_sound(sha256, data, start, size)
    piece = Piece.objects.filter(device=device, sha256=sha256).first() or _begun(device, sha256, size, at)
    path = path_of(device, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if file.tell() == start and not piece.whole_at and start + len(data) <= piece.size:
            file.write(data)
            file.flush()
        length = file.tell()
        if length == piece.size and not piece.whole_at:
            _assert_right(piece, path)
    whole = length == piece.size
    Piece.objects.filter(pk=piece.pk).update(changed_at=at, whole_at=(piece.whole_at or at) if whole else None)
    return length, whole


def whole(device: UUID, hashes: Collection[str]) -> dict[str, bytes]:
    """The content of those files that are here whole, by hash; one query."""
    ready = Piece.objects.filter(device=device, sha256__in=list(hashes), whole_at__isnull=False)
    paths = {sha256: path_of(device, sha256) for sha256 in ready.values_list("sha256", flat=True)}
    return {sha256: path.read_bytes() for sha256, path in paths.items() if path.exists()}


def drop(device: UUID, hashes: Iterable[str]) -> None:
    """What lies here of these files is gone: they were put to use, or can not be."""
    gone = list(hashes)
    Piece.objects.filter(device=device, sha256__in=gone).delete()
    for sha256 in gone:
        path_of(device, sha256).unlink(missing_ok=True)


def sweep(*, at: datetime) -> int:
    """Files nobody went on with for `KEPT` are gone; returns how many."""
    old = list(Piece.objects.filter(changed_at__lt=at - KEPT).values_list("device", "sha256"))
    for device, sha256 in old:
        drop(device, [sha256])
    return len(old)


def path_of(device: UUID, sha256: str) -> Path:
    """Where the pieces of a device's file lie."""
    return Path(settings.FILES_ROOT) / "pieces" / str(device) / sha256


def _begun(device: UUID, sha256: str, size: int, at: datetime) -> Piece:
    lying = Piece.objects.filter(device=device).aggregate(files=Count("pk"), bytes=Sum("size"))
    if lying["files"] >= MOST_FILES or (lying["bytes"] or 0) + size > MOST_BYTES:
        raise TooMuch(_("Too many files of this phone lie here unfinished: send the reports they belong to first."))
    path_of(device, sha256).unlink(missing_ok=True)
    piece, _made = Piece.objects.get_or_create(
        device_id=device, sha256=sha256, defaults={"size": size, "changed_at": at}
    )
    return piece


def _assert_sound(sha256: str, data: bytes, start: int, size: int) -> None:
    if not HASH.fullmatch(sha256) or not 0 < size <= LARGEST or start < 0 or len(data) > LARGEST_PIECE:
        sentence = _("A file has at most 20 MB, and a piece of it 256 kB.")
        raise Invalid(sentence, {"size": [sentence]})


def _assert_right(piece: Piece, path: Path) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != piece.sha256:
        drop(piece.device_id, [piece.sha256])
        sentence = _("The file did not come through whole: it is sent again.")
        raise Invalid(sentence, {"sha256": [sentence]})


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
