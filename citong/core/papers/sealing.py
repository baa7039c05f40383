"""Versions of a paper that only add to its bytes: the drawn signatures in their places, and seals of units (PAdES).

Nothing may be stamped on a page after a seal, or the seal is broken; so drawn signatures come first.
"""

import logging
from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen
from uuid import UUID

from asn1crypto import tsp
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp import StaticStampStyle

from citong.core.files.store import path_of
from citong.core.papers.certificates import signer_of
from citong.core.papers.fonts import writable
from citong.core.papers.models import Paper, PaperSignature
from citong.core.papers.render import overlay
from citong.core.papers.write import Unsignable, add_signature, record, signatures, versions
from citong.core.people.models import Unit
from citong.core.places.current import zone
from citong.kit.ids import uuid7

WIDTH, HEIGHT = 595.28, 841.89  # points of A4
SECONDS = 5
TIMESTAMP_BYTES = 100_000
PAPER_WHITE = 225  # of 255: what is lighter is the ground a signature was drawn on
DRAWN, CERTIFICATE = PaperSignature.Method.DRAWN, PaperSignature.Method.CERTIFICATE
WHOLE = SimpleBoxLayoutRule(x_align=AxisAlignment.ALIGN_MIN, y_align=AxisAlignment.ALIGN_MIN)
logger = logging.getLogger(__name__)


class Adding(IncrementalPdfFileWriter):
    """Adds to a PDF and leaves its metadata as Typst wrote them: rewritten ones would not be PDF/A any more."""

    def _update_meta(self) -> None:
        pass


class Authority(TimeStamper):
    """The city's time-stamp authority, asked over HTTP with a short patience."""

    def __init__(self) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(await to_thread(self._ask, req.dump()))

    def _ask(self, body: bytes) -> bytes:
        request = Request(settings.TIMESTAMP_URL, body, {"Content-Type": "application/timestamp-query"})  # noqa: S310
        try:
            with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  the city's own setting
                read: bytes = answer.read(TIMESTAMP_BYTES)
        except (OSError, HTTPException) as fault:
            raise TimestampRequestError(str(fault)) from fault
        return read


@dataclass(frozen=True)
class Mark:
    """A seal to be set: whose, on which place of the paper (None: nowhere to be seen), in which field, when."""

    unit: Unit
    place: dict[str, Any] | None
    field: str
    at: datetime


def with_signatures(paper: Paper, *, at: datetime) -> Paper:
    """The newest version of the paper, which shows every drawn signature it may show, in its place.

    The same version where nothing is to be added. After a seal nothing can be: those signatures stay beside it.
    """
    held = versions(paper)
    last, signed = held[-1], signatures(paper)
    shown = {place["signature"] for version in held for place in version.places if "signature" in place}
    fresh = [one for one in signed if one.method == DRAWN and str(one.id) not in shown]
    if not fresh or any(one.method == CERTIFICATE for one in signed):
        return last
    places = _taken(last.places, fresh)
    if places == last.places:
        return last
    return _grown(last, _drawn_upon(_bytes(last), places, fresh), places=places, at=at)


def seal(paper: Paper, *, unit: Unit, at: datetime, side: str = "") -> Paper:
    """A version with the drawn signatures and the unit's seal: PAdES B-B, or B-T where a time-stamp authority answers.

    The seal lies on the first free place for a certificate (of that `side`, if said), or nowhere to be seen. The
    signature is on record beside it. Raises NoCertificate, Unsignable.
    """
    if paper.void_at is not None:
        raise Unsignable(_("This paper was made void: it can not be sealed any more."))
    signer = signer_of(unit, at=at)
    assert signer.signing_cert is not None
    last = with_signatures(paper, at=at)
    place = next((one for one in last.places if _awaits_seal(one, side)), None)
    key = uuid7(at)
    data = _sealed(_bytes(last), signer, Mark(unit, place, f"seal{last.version}", at))
    places = [_filled(one, key) if place and one is place else one for one in last.places]
    made = _grown(last, data, places=places, at=at)
    add_signature(
        PaperSignature(
            id=key, paper=made, side=side or (place["side"] if place else ""), name=unit.name, unit=unit.code,
            method=CERTIFICATE, certificate=signer.signing_cert.sha256.hex(), signed_at=at,
        )
    )  # fmt: skip
    return made


def _filled(place: dict[str, Any], signature: UUID) -> dict[str, Any]:
    return place | {"signature": str(signature)}


def _awaits_seal(place: dict[str, Any], side: str) -> bool:
    return place["method"] == CERTIFICATE and "signature" not in place and side in ("", place["side"])


def _taken(places: Sequence[dict[str, Any]], fresh: Sequence[PaperSignature]) -> list[dict[str, Any]]:
    """The places, with the signatures that now stand in them: by side and name, else by side alone."""
    taken = [dict(one) for one in places]
    for by_name in (True, False):
        for one in fresh:
            if any(place.get("signature") == str(one.id) for place in taken):
                continue
            free = [
                place for place in taken
                if place["method"] == DRAWN and "signature" not in place and place["side"] == one.side
                and (not by_name or place["name"] == writable(one.name))
            ]  # fmt: skip
            if free:
                free[0]["signature"] = str(one.id)
    return taken


def _grown(last: Paper, data: bytes, *, places: list[dict[str, Any]], at: datetime) -> Paper:
    return record(
        Paper(
            id=uuid7(at), subject=last.subject, kind=last.kind, title=last.title, number=last.number,
            version=last.version + 1, side=last.side, places=places, made_at=at, made_by=last.made_by,
            entry=last.entry, original_id=last.original_id or last.id, replaces_id=last.replaces_id,
        ),
        data,
    )  # fmt: skip


def _drawn_upon(data: bytes, places: list[dict[str, Any]], fresh: Sequence[PaperSignature]) -> bytes:
    """The bytes, and after them what lays pictures and dates on the pages."""
    writer = Adding(BytesIO(data))
    pages = int(PdfFileReader(BytesIO(data)).root["/Pages"]["/Count"])
    named = {str(one.id): one for one in fresh}
    signed = [_shown(place, named[place["signature"]]) for place in places if place.get("signature") in named]
    files = {f"{one.picture}.png": _ink(path_of(one.picture).read_bytes()) for one in fresh if one.picture}
    with TemporaryDirectory() as folder:
        sheet = overlay("signatures", {"pages": pages, "signed": signed}, files=files, into=Path(folder))
        for page in sorted({place["page"] for place in signed}):
            style = StaticStampStyle.from_pdf_file(
                str(sheet), page_ix=page - 1, border_width=0, background_layout=WHOLE
            )  # fmt: skip
            style.create_stamp(writer, BoxConstraints(width=WIDTH, height=HEIGHT), {}).apply(page - 1, 0, 0)
        out = BytesIO()
        writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def _shown(place: dict[str, Any], signature: PaperSignature) -> dict[str, Any]:
    on = signature.signed_at.astimezone(zone())
    picture = f"/{signature.picture}.png" if signature.picture else None
    return place | {"picture": picture, "year": on.year, "month": on.month, "day": on.day}


def _ink(picture: bytes) -> bytes:
    """What was drawn, black on nothing, as PNG."""
    with Image.open(BytesIO(picture)) as image:
        grey = ImageOps.grayscale(image)
    ink = grey.point(lambda light: 0 if light >= PAPER_WHITE else 255 - light)
    box = ink.getbbox() or (0, 0, *ink.size)
    drawn = Image.merge("LA", (Image.new("L", ink.size, 0), ink)).crop(box)
    out = BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


def _sealed(data: bytes, signer: Signer, mark: Mark) -> bytes:
    """The bytes with the unit's signature after them, time-stamped if the authority answers in time."""
    if settings.TIMESTAMP_URL:
        try:
            return _signed(data, signer, mark, authority=Authority())
        except TimestampRequestError as fault:
            logger.warning("No time stamp from %s: %s. The seal goes without.", settings.TIMESTAMP_URL, fault)
    return _signed(data, signer, mark, authority=None)


def _signed(data: bytes, signer: Signer, mark: Mark, *, authority: Authority | None) -> bytes:
    on = mark.at.astimezone(zone())
    said = {"name": mark.unit.name, "year": on.year, "month": on.month, "day": on.day}
    metadata = PdfSignatureMetadata(field_name=mark.field, subfilter=SigSeedSubFilter.PADES, name=mark.unit.name)
    with TemporaryDirectory() as folder:
        drawn = overlay("seal", said, files={}, into=Path(folder))
        style = StaticStampStyle.from_pdf_file(str(drawn), border_width=0, background_layout=WHOLE)
        pdf_signer = PdfSigner(
            metadata, signer=signer, timestamper=authority, stamp_style=style,
            new_field_spec=_field(mark.field, mark.place),
        )  # fmt: skip
        out = pdf_signer.sign_pdf(Adding(BytesIO(data)))
    sealed: bytes = out.getvalue()
    return sealed


def _field(name: str, place: dict[str, Any] | None) -> SigFieldSpec:
    if place is None:
        return SigFieldSpec(name)
    left, top = place["left"], HEIGHT - place["top"]
    box = (left, top - place["height"], left + place["width"], top)
    return SigFieldSpec(name, on_page=place["page"] - 1, box=box)


def _bytes(paper: Paper) -> bytes:
    return path_of(paper.sha256).read_bytes()
