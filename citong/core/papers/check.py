"""Whether a paper is still what was made and signed: its bytes, its rows, its signatures, its place in the ledger."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from citong.core.files.store import path_of
from citong.core.ledger.models import Entry
from citong.core.papers.models import Paper, PaperSignature
from citong.core.papers.proof import holds, void_holds
from citong.core.papers.render import MARK
from citong.core.papers.write import signatures, versions
from citong.core.places.current import zone

NUMBER = re.compile(rf"{MARK} (W\d\d-\d{{7,}}-\d)".encode())


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `what` is a sentence for a person, `holds` whether it is as it should be."""

    code: str
    holds: bool
    what: str


def check(paper: Paper | bytes) -> list[Finding]:
    """All that can be said of the paper, or of a file somebody holds: nothing was changed if every finding holds."""
    if isinstance(paper, bytes):
        return list(_of_file(paper))
    return list(_of_paper(paper))


def paper_of(data: bytes) -> Paper | None:
    """The version of a paper with exactly these bytes; one query."""
    return Paper.objects.filter(file=hashlib.sha256(data).hexdigest()).order_by("version").first()


def find(number: str) -> Paper | None:
    """The newest version of the paper with that number, as people type it; one query."""
    plain = re.sub(r"\s", "", number).upper()
    return Paper.objects.filter(number=plain).order_by("-version").first()


def _of_file(data: bytes) -> Iterator[Finding]:
    if paper := paper_of(data):
        yield Finding("file", True, _("This file is %(paper)s, version %(version)d, as it was made on %(day)s.") % {
            "paper": paper, "version": paper.version, "day": _day(paper.made_at)})  # fmt: skip
        yield from _of_paper(paper)
        return
    claimed = NUMBER.search(data)
    held = list(Paper.objects.filter(number=claimed[1].decode()).order_by("version")) if claimed else []
    if held:
        yield Finding("file", False, _unlike(data, held))
    else:
        yield Finding("file", False, _("This file is no paper of this city: none of its papers has these contents."))
    yield from _seals(data, known={})


def _unlike(data: bytes, held: Sequence[Paper]) -> str:
    for version in reversed(held):
        whole = _stored(version)
        if whole and data.startswith(whole):
            return _("This file begins with %(paper)s, but something was added to it afterwards.") % {"paper": version}
    return _("This file says it is %(paper)s, but its contents were changed.") % {"paper": held[0]}


def _of_paper(paper: Paper) -> Iterator[Finding]:
    rows, signed = versions(paper), signatures(paper)
    yield from _rows(rows, signed)
    yield from _files(rows)
    for one in signed:
        yield _signature(one)
    known = {one.certificate: one for one in signed if one.certificate}
    if data := _stored(rows[-1]):
        yield from _seals(data, known=known)
    yield from _told(rows, signed)
    yield from _standing(rows)


def _rows(rows: Sequence[Paper], signed: Sequence[PaperSignature]) -> Iterator[Finding]:
    for row in rows:
        if not holds(row):
            yield Finding("row", False, _("What is on record of version %(version)d was changed.") % {
                "version": row.version})  # fmt: skip
    if all(holds(row) for row in rows):
        yield Finding("row", True, _("What is on record of %(paper)s is as the city signed it.") % {"paper": rows[0]})
    numbers = [row.version for row in rows]
    if numbers != list(range(1, len(rows) + 1)):
        yield Finding("version", False, _("A version of this paper was taken away."))


def _files(rows: Sequence[Paper]) -> Iterator[Finding]:
    before = b""
    for row in rows:
        data = _stored(row)
        if data is None:
            yield Finding("bytes", False, _("The file of version %(version)d is gone.") % {"version": row.version})
        elif hashlib.sha256(data).hexdigest() != row.sha256:
            yield Finding("bytes", False, _("The file of version %(version)d was changed.") % {"version": row.version})
        elif not data.startswith(before):
            yield Finding("bytes", False, _("Version %(version)d does not begin with the one that was signed.") % {
                "version": row.version})  # fmt: skip
        else:
            yield Finding("bytes", True, _("The file of version %(version)d is unchanged.") % {"version": row.version})
        before = data or before


def _signature(one: PaperSignature) -> Finding:
    said = {"name": one.name, "role": one.role or one.side, "time": _moment(one)}
    if not holds(one):
        return Finding("signature", False, _("The signature of %(name)s was changed or made up.") % said)
    if one.picture:
        path = path_of(one.picture)
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != one.picture:
            return Finding("picture", False, _("The picture of the signature of %(name)s was changed.") % said)
    if one.method == PaperSignature.Method.CERTIFICATE:
        return Finding("signature", True, _("%(name)s sealed it on %(time)s.") % said)
    return Finding("signature", True, _("%(name)s (%(role)s) signed it on %(time)s.") % said)


def _seals(data: bytes, *, known: dict[str, PaperSignature]) -> Iterator[Finding]:
    """What the certificates' own signatures inside the file say; those on record are known by their certificate."""
    try:
        embedded = PdfFileReader(BytesIO(data)).embedded_regular_signatures
    except (PdfError, ValueError, OSError, KeyError):
        yield Finding("pdf", False, _("This is no PDF that can be read."))
        return
    found = set()
    for one in embedded:
        certificate = one.signer_cert
        found.add(certificate.sha256.hex())
        yield _seal(one, certificate, on_record=not known or certificate.sha256.hex() in known)
    for missing in known.keys() - found:
        yield Finding("seal", False, _("The seal of %(name)s is not in the file.") % {"name": known[missing].name})


def _seal(one: EmbeddedPdfSignature, certificate: Any, *, on_record: bool) -> Finding:
    said = {"name": str(certificate.subject.native.get("common_name", "?"))}
    trusted = ValidationContext(trust_roots=[certificate], allow_fetching=False, moment=None)
    try:
        status = validate_pdf_signature(one, trusted)
    except (SignatureValidationError, PdfError, ValueError):
        return Finding("seal", False, _("The seal of %(name)s is broken.") % said)
    if not (status.intact and status.valid):
        return Finding("seal", False, _("The seal of %(name)s is broken: the file was changed under it.") % said)
    if status.docmdp_ok is False:
        return Finding("seal", False, _("Something was added after the seal of %(name)s that is no seal.") % said)
    if not on_record:
        return Finding("seal", False, _("The file has a seal of %(name)s that the city has no record of.") % said)
    if certificate.self_signed in ("yes", "maybe"):
        return Finding("seal", True, _("The seal of %(name)s is whole; the unit itself made its certificate.") % said)
    return Finding("seal", True, _("The seal of %(name)s is whole; its certificate was issued by %(issuer)s.") % {
        **said, "issuer": str(certificate.issuer.native.get("common_name", "?"))})  # fmt: skip


def _told(rows: Sequence[Paper], signed: Sequence[PaperSignature]) -> Iterator[Finding]:
    """What the ledger says was made and signed, and is gone or otherwise now."""
    here = {str(row.id): row.sha256 for row in rows} | {str(one.id): bytes(one.seal).hex()[:64] for one in signed}
    told: dict[str, str] = {}
    for facts in Entry.objects.filter(subject=rows[0].subject).values_list("facts", flat=True):
        told |= facts.get("papers", {}) | facts.get("signatures", {})
    others = set(map(str, Paper.objects.filter(subject=rows[0].subject).values_list("id", flat=True)))
    others |= set(map(str, PaperSignature.objects.filter(paper__subject=rows[0].subject).values_list("id", flat=True)))
    if told.keys() - others:
        yield Finding("ledger", False, _("The ledger knows a paper or signature of this case that was taken away."))
    changed = [key for key, value in told.items() if key in here and here[key] != value]
    if changed:
        yield Finding("ledger", False, _("The ledger knows other contents of this paper or of a signature."))
    if told.keys() & here.keys() and not changed and not told.keys() - others:
        yield Finding("ledger", True, _("The ledger bears it out."))


def _standing(rows: Sequence[Paper]) -> Iterator[Finding]:
    last = rows[-1]
    if not void_holds(last):
        yield Finding("void", False, _("Whether this paper is void was changed."))
    elif last.void_at is not None:
        yield Finding("void", True, _("It was made void on %(day)s and counts no longer.") % {
            "day": _day(last.void_at)})  # fmt: skip
    for later in Paper.objects.filter(replaces__in=rows).order_by("made_at")[:1]:
        yield Finding("replaced", True, _("It was replaced by %(paper)s.") % {"paper": later})


def _day(at: datetime) -> str:
    return date_format(at.astimezone(zone()), "Y-m-d")


def _moment(one: PaperSignature) -> str:
    return date_format(one.signed_at.astimezone(zone()), "Y-m-d H:i")


def _stored(paper: Paper) -> bytes | None:
    path = path_of(paper.sha256)
    return path.read_bytes() if path.exists() else None
