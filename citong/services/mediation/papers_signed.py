"""Which paper somebody signs now, what they have seen of it, and who has signed it already."""

import hashlib
from collections.abc import Iterable

from citong.core.cases.models import Case, Link, Party
from citong.core.files.store import path_of
from citong.core.papers.models import Paper, PaperSignature
from citong.core.papers.proof import holds
from citong.core.papers.write import signatures, versions
from citong.services.mediation.agreements import current, principals_of

FACTS = "undisputed_facts"


def to_sign(case: Case) -> Paper | None:
    """The paper that waits for signatures while the case is in its state, in its first version; one query."""
    if case.state == "signing":
        agreement = current(case.id)
        return agreement.paper if agreement else None
    waiting = Paper.objects.filter(subject=case.id, kind=FACTS, version=1, void_at=None)
    return waiting.order_by("-made_at", "-id").first()


def missing(paper: Paper, parties: Iterable[Party]) -> list[Party]:
    """Those of these parties who have not signed it; one query."""
    return without(signatures(paper), parties)


def without(signed: Iterable[PaperSignature], parties: Iterable[Party]) -> list[Party]:
    """Those of these parties for whom there is no signature among these; no query."""
    done = {one.party for one in signed}
    return [one for one in parties if one.pk not in done]


def untouched(paper: Paper) -> bool:
    """Whether row and bytes of every version of the paper are as they were made; one query and a look at the files."""
    return all(whole(one) for one in versions(paper))


def whole(version: Paper) -> bool:
    """Whether this version is what the city signed. No query."""
    return holds(version) and _lies(version.sha256)


def genuine(signature: PaperSignature) -> bool:
    """Whether this signature is what the city signed, with the picture that was drawn. No query."""
    return holds(signature) and (not signature.picture or _lies(signature.picture))


def _lies(sha256: str) -> bool:
    path = path_of(sha256)
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


HANDED = ("application", "consent", FACTS, "appraisal", "failure")


def for_court(case: Case) -> list[Paper]:
    """What a court may have of a dispute that was not settled: facts only where all parties signed them, and of a case
    that goes on from one settled in part also what was written before. Each in its first version."""
    before = Link.objects.filter(second=case, kind=Link.Kind.SPLIT).values_list("first", flat=True)
    subjects = [case.id, *before]
    found = Paper.objects.filter(subject__in=subjects, kind__in=HANDED, version=1, void_at=None).order_by(
        "made_at", "id"
    )
    return [one for one in found if one.kind != FACTS or _agreed_by_all(one)]


def consents(case: Case) -> list[Paper]:
    """By which each party agreed to be mediated."""
    return list(
        Paper.objects.filter(subject=case.id, kind="consent", version=1, void_at=None).order_by("made_at", "id")
    )


def _agreed_by_all(paper: Paper) -> bool:
    return not missing(paper, principals_of(paper.subject))
