"""Taking in photos and papers: checked by content, cleaned, stored once under their hash."""

import hashlib
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

import pi_heif
from django.conf import settings
from django.core.files.base import File as Upload
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from citong.core.files.models import Attachment, File

pi_heif.register_heif_opener()

LARGEST = 20_000_000
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2048
IMAGES = {"JPEG", "PNG", "WEBP", "HEIF", "GIF"}
PDF = b"%PDF-"


class Refused(ValueError):
    """The file can not be taken; the sentence says why and what to send instead."""


@dataclass(frozen=True)
class Cleaned:
    """Content ready to store: `data` holds no place, camera or other hidden facts."""

    data: bytes
    media_type: str
    name: str
    width: int | None = None
    height: int | None = None


def clean(upload: "Upload[bytes]") -> Cleaned:
    """The upload as it may be kept. Photos are drawn anew, so nothing hidden survives. Raises Refused."""
    name = Path(upload.name or "file").name[:200]
    if (upload.size or 0) > LARGEST:
        raise Refused(_("%(name)s is larger than 20 MB: send a smaller photo.") % {"name": name})
    data = upload.read()
    if data.startswith(PDF):
        return Cleaned(data, "application/pdf", name)
    return _redrawn(data, name)


def _redrawn(data: bytes, name: str) -> Cleaned:
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.format not in IMAGES:
                raise Refused(_("%(name)s is no photo or PDF: send JPEG, PNG, WebP or HEIC.") % {"name": name})
            if image.width * image.height > MOST_PIXELS:
                raise Refused(_("%(name)s has too many pixels: send a smaller photo.") % {"name": name})
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            drawn = io.BytesIO()
            upright.convert("RGB").save(drawn, "JPEG", quality=85)
    except Refused:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise Refused(_("%(name)s can not be read as a photo: take it again.") % {"name": name}) from fault
    return Cleaned(drawn.getvalue(), "image/jpeg", f"{Path(name).stem}.jpg", upright.width, upright.height)


def keep(cleaned: Cleaned) -> File:
    """The content lies in the store, once however often it is sent."""
    sha256 = hashlib.sha256(cleaned.data).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        _write(path, cleaned.data)
    kept, _created = File.objects.get_or_create(
        sha256=sha256,
        defaults={
            "media_type": cleaned.media_type, "size": len(cleaned.data),
            "width": cleaned.width, "height": cleaned.height,
        },
    )  # fmt: skip
    return kept


def attached(subject: UUID, entry: UUID, photos: Iterable[Cleaned], *, public: bool) -> list[Attachment]:
    """The files lie in the store; rows that hang them on the subject, tied to the entry that brought them."""
    return [
        Attachment(subject=subject, entry=entry, file=keep(photo), name=photo.name, public=public) for photo in photos
    ]


def _write(path: Path, data: bytes) -> None:
    """The file is whole and on the disk before any row names it; twins sent at once write each their own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as partial:
        partial.write(data)
        partial.flush()
        os.fsync(partial.fileno())
    Path(partial.name).replace(path)


def path_of(sha256: str) -> Path:
    """Where the content of that hash lies."""
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256
