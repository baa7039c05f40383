"""The papers of a case that somebody may read: those of entries meant for them, and those handed over there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from citong.core.cases.models import Case
from citong.core.flow.reading import told
from citong.core.ledger.read import Recorded
from citong.core.papers.models import Paper, PaperSignature
from citong.core.papers.state import signing
from citong.core.people.access import Actor
from citong.services.mediation.papers import PAPERS
from citong.services.mediation.papers_signed import genuine, whole

ASKED = frozenset({"agreement", "commercial_agreement", "undisputed_facts", "confirmation_application"})
BUNDLES = ("file_to_court", "enforce", "sue")  # acts with which papers go along
DRAWN = PaperSignature.Method.DRAWN


@dataclass(frozen=True)
class Shown:
    """A paper as its readers see it: its newest version, who signed and sealed it, for whom it waits, whether it is as
    it was made."""

    paper: Paper
    signed: Sequence[str]
    sealed: Sequence[str]
    waits: Sequence[str]
    whole: bool


@dataclass(frozen=True)
class Shelf:
    """All papers that an actor may read, and the acts with which papers went along."""

    shown: Sequence[Shown]
    bundles: Sequence[Recorded]


def shelf(case: Case, actor: Actor) -> Shelf:
    """The newest version of each paper, in the order in which they were made; four queries, two more for each that is
    to be signed."""
    recorded = [one for one in told(case, actor) if not one.veiled]
    by_number: dict[str, list[Paper]] = defaultdict(list)
    for paper in _readable(recorded, case, actor):
        by_number[paper.number].append(paper)
    signed: dict[str, list[PaperSignature]] = defaultdict(list)
    for one in (
        PaperSignature.objects.filter(paper__number__in=by_number).select_related("paper").order_by("signed_at", "id")
    ):
        signed[one.paper.number].append(one)
    shown = [_shown(versions, signed[number]) for number, versions in by_number.items()]
    return Shelf(shown, [one for one in recorded if one.entry.act in BUNDLES])


def readable(case: Case, actor: Actor) -> list[Paper]:
    """Every version of every paper that the actor may read; three queries."""
    return _readable([one for one in told(case, actor) if not one.veiled], case, actor)


def bundle(case: Case, actor: Actor, entry: UUID) -> list[Paper]:
    """The papers that went along with an act, its index and letters first; empty for whoever does not read it."""
    found = [one for one in told(case, actor) if one.entry.id == entry and not one.veiled and one.entry.act in BUNDLES]
    papers = _readable(found, case, actor)
    newest = {one.number: one for one in sorted(papers, key=lambda one: one.version)}
    return sorted(newest.values(), key=lambda one: (one.kind != "file_index", one.entry != entry, one.made_at))


def reads_paper(papers: Iterable[Paper], paper: Paper | None) -> bool:
    """Whether some version of the paper is among these."""
    return paper is not None and any(one.number == paper.number for one in papers)


def _readable(recorded: Sequence[Recorded], case: Case, actor: Actor) -> list[Paper]:
    entries = [one.entry.id for one in recorded]
    handed = {key for one in recorded for key in _named(one.entry.facts)}
    found = Paper.objects.filter(Q(entry__in=entries) | Q(pk__in=handed)).order_by("made_at", "id")
    return [one for one in found if _is_meant(one, actor)]


def _named(facts: Mapping[str, object]) -> Iterable[str]:
    papers = facts.get("papers")
    return papers if isinstance(papers, dict) else ()


def _is_meant(paper: Paper, actor: Actor) -> bool:
    """A party sees neither what is hidden from parties nor what another side alone reads."""
    if actor.standing is None:
        return True
    kind = PAPERS.get(paper.kind)
    return not (kind is not None and kind.hidden) and paper.side in ("", actor.standing.side)


def _shown(versions: Sequence[Paper], signed: Sequence[PaperSignature]) -> Shown:
    paper = versions[-1]
    waits: Sequence[str] = ()
    if paper.kind in ASKED and paper.void_at is None:
        waits = [place.name for place in signing(paper).missing if place.name]
    return Shown(
        paper, [one.name for one in signed if one.method == DRAWN], [one.name for one in signed if one.method != DRAWN],
        waits, all(whole(one) for one in versions) and all(genuine(one) for one in signed),
    )  # fmt: skip
