"""What the city's key signs of each row: nobody without the key can make one up or change one later."""

from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature

from citong.core.ledger.seal import public_key, sign
from citong.core.ledger.write import utc
from citong.core.papers.models import Paper, PaperSignature
from citong.kit.chain import canonical, key_name


def statement(row: Paper | PaperSignature) -> bytes:
    """What the row says, as the one byte string that is signed."""
    return _paper(row) if isinstance(row, Paper) else _signature(row)


def sealed(row: Paper | PaperSignature) -> Paper | PaperSignature:
    """The fresh row carries the city's signature over all it says."""
    row.key = key_name(public_key())
    row.seal = sign(statement(row))
    return row


def holds(row: Paper | PaperSignature) -> bool:
    """Whether the row still says what the city signed."""
    return _signed(bytes(row.seal), statement(row)) and row.key == key_name(public_key())


def void_statement(paper: Paper, at: datetime) -> bytes:
    """What is signed when a paper is made void."""
    return b"citong.paper.void:" + canonical([str(paper.id), paper.sha256, utc(at)])


def void_holds(paper: Paper) -> bool:
    """Whether the paper is not void, or was made void by the city."""
    if paper.void_at is None:
        return paper.void_seal is None
    return _signed(bytes(paper.void_seal or b""), void_statement(paper, paper.void_at))


def facts_of(*rows: Paper | PaperSignature) -> dict[str, Any]:
    """What an entry of the ledger should say of these rows, so that none can be taken away unseen.

    `{"papers": {id: sha256}, "signatures": {id: sha256 of its seal}}`; put it among the facts of the act.
    """
    papers = {str(row.id): row.sha256 for row in rows if isinstance(row, Paper)}
    signatures = {str(row.id): bytes(row.seal).hex()[:64] for row in rows if isinstance(row, PaperSignature)}
    return {name: held for name, held in (("papers", papers), ("signatures", signatures)) if held}


def _paper(row: Paper) -> bytes:
    return b"citong.paper:" + canonical([
        str(row.id), str(row.subject), row.kind, row.title, row.number, row.version, row.sha256, row.side, row.places,
        utc(row.made_at), _id(row.made_by), _id(row.entry), _id(row.original_id), _id(row.replaces_id),
    ])  # fmt: skip


def _signature(row: PaperSignature) -> bytes:
    return b"citong.paper.signature:" + canonical([
        str(row.id), str(row.paper_id), row.paper.sha256, row.side, row.name, row.role, _id(row.party),
        _id(row.account), row.unit, row.method, row.picture, row.certificate, utc(row.signed_at),
    ])  # fmt: skip


def _id(value: UUID | None) -> str | None:
    return str(value) if value else None


def _signed(seal: bytes, message: bytes) -> bool:
    try:
        public_key().verify(seal, message)
    except InvalidSignature:
        return False
    return True
