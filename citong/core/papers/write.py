"""Making papers and having them signed. Each function runs in the transaction of the act it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from citong.core.files.models import File
from citong.core.files.store import Cleaned, keep, path_of
from citong.core.ledger.seal import sign as sign_for_city
from citong.core.papers.models import Paper, PaperSignature
from citong.core.papers.proof import sealed, void_statement
from citong.core.papers.render import rendered
from citong.core.people.access import Actor
from citong.core.places.current import zone
from citong.kit.ids import case_number, uuid7

PDF = "application/pdf"


@dataclass(frozen=True)
class Signer:
    """Who signs: a party by its id, a person by their account; `side` and `name` as in the paper's blocks."""

    side: str
    name: str
    role: str = ""
    party: UUID | None = None
    account: UUID | None = None


class Unsignable(ValueError):
    """The paper can not be signed so; the sentence says why."""


def make(
    kind: str, subject: UUID, template: Path, data: Any, *, title: str, actor: Actor, at: datetime,
    entry: UUID | None = None, side: str = "", replaces: Paper | None = None,
) -> Paper:  # fmt: skip
    """The paper is rendered, stored and on record under a number of its own.

    `data` is a dataclass or a mapping; the template sees it as `data`, with `data.paper` (number, title) added.
    `side` names the only side that may read it. Raises NoFont, Unprintable.
    """
    number = _next_number(at)
    given = _mapping(data) | {"paper": {"number": number, "title": title}}
    made = rendered(template, given, made_at=at, zone=zone())
    return record(
        Paper(
            id=uuid7(at), subject=subject, kind=kind, title=title, number=number, side=side, places=made.places,
            made_at=at, made_by=actor.account, entry=entry, replaces=replaces,
        ),
        made.data,
    )  # fmt: skip


def record(paper: Paper, data: bytes) -> Paper:
    """The bytes lie in the store, and the row that names them is signed and saved."""
    paper.file = _stored(data, paper.number)
    sealed(paper)
    paper.save(force_insert=True)
    return paper


def erase(subject: UUID) -> None:
    """The bytes of the subject's papers are gone once this transaction has committed: their time has passed. That they
    were made, by whom, and who signed them stays on record."""
    for sha256 in Paper.objects.filter(subject=subject).values_list("file_id", flat=True).distinct():
        transaction.on_commit(partial(path_of(sha256).unlink, missing_ok=True))


def sign(paper: Paper, *, signer: Signer, picture: Cleaned | None, at: datetime) -> PaperSignature:
    """Somebody has signed these bytes, with the picture they drew, if any. Raises Unsignable.

    The picture shows on the paper from its next version on (`sealing.with_signatures`, `sealing.seal`).
    """
    if paper.void_at is not None:
        raise Unsignable(_("This paper was made void: it can not be signed any more."))
    if any(_same(signer, one) for one in signatures(paper)):
        raise Unsignable(_("%(name)s has signed this paper already.") % {"name": signer.name})
    return add_signature(
        PaperSignature(
            id=uuid7(at), paper=paper, side=signer.side, name=signer.name, role=signer.role, party=signer.party,
            account=signer.account, method=PaperSignature.Method.DRAWN,
            picture=keep(picture).sha256 if picture else "", signed_at=at,
        )
    )  # fmt: skip


def add_signature(signature: PaperSignature) -> PaperSignature:
    """The row is signed by the city and saved."""
    sealed(signature)
    signature.save(force_insert=True)
    return signature


def void(paper: Paper, *, at: datetime) -> None:
    """The paper and its versions count no longer; they stay readable."""
    for version in versions(paper):
        if version.void_at is None:
            version.void_at, version.void_seal = at, sign_for_city(void_statement(version, at))
            version.save(update_fields=["void_at", "void_seal"])


def versions(paper: Paper) -> list[Paper]:
    """Every version of the paper, the first one first; one query."""
    return list(Paper.objects.filter(number=paper.number).order_by("version"))


def newest(paper: Paper) -> Paper:
    """The paper's newest version; one query."""
    return versions(paper)[-1]


def signatures(paper: Paper) -> list[PaperSignature]:
    """All signatures on any version of the paper, in their order; one query."""
    found = PaperSignature.objects.filter(paper__number=paper.number).select_related("paper")
    return list(found.order_by("signed_at", "id"))


def _same(signer: Signer, held: PaperSignature) -> bool:
    if signer.party or held.party:
        return signer.party == held.party
    return (signer.side, signer.name) == (held.side, held.name)


def _mapping(data: Any) -> dict[str, Any]:
    if isinstance(data, Mapping):
        return dict(data)
    assert is_dataclass(data)
    return {one.name: getattr(data, one.name) for one in fields(data)}


def _stored(data: bytes, number: str) -> File:
    return keep(Cleaned(data, PDF, f"{number}.pdf"))


def _next_number(at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('papers_number')")
        (sequence,) = cursor.fetchone()
    return "W" + case_number(at.astimezone(zone()).year, sequence)
