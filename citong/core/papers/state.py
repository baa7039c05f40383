"""How far the signing of a paper is: who must, who has, whether all have."""

from dataclasses import dataclass
from typing import Any

from citong.core.papers.fonts import writable
from citong.core.papers.models import Paper, PaperSignature
from citong.core.papers.write import signatures, versions


@dataclass(frozen=True)
class Place:
    """One who must sign, as the paper's own block says, and their signature once they have."""

    side: str
    name: str
    role: str
    method: str
    signature: PaperSignature | None


@dataclass(frozen=True)
class Signing:
    """The state of a paper's signing; `beside` signed without a block of their own."""

    places: tuple[Place, ...]
    beside: tuple[PaperSignature, ...]

    @property
    def missing(self) -> tuple[Place, ...]:
        """Who has not signed yet."""
        return tuple(place for place in self.places if place.signature is None)

    @property
    def complete(self) -> bool:
        """All who must have signed, seals included."""
        return not self.missing

    @property
    def all_drawn(self) -> bool:
        """All persons have signed; only seals may be missing."""
        return all(place.method == PaperSignature.Method.CERTIFICATE for place in self.missing)


def signing(paper: Paper) -> Signing:
    """Who must sign the paper and who has, on any of its versions. Two queries."""
    waiting = signatures(paper)
    found: list[Place] = []
    marks = versions(paper)[0].places
    held: dict[int, PaperSignature] = {}
    for by_name in (True, False):
        for index, mark in enumerate(marks):
            if index not in held and (one := next((s for s in waiting if _fits(s, mark, by_name=by_name)), None)):
                held[index] = one
                waiting.remove(one)
    for index, mark in enumerate(marks):
        found.append(Place(mark["side"], mark["name"], mark["role"], mark["method"], held.get(index)))
    return Signing(tuple(found), tuple(waiting))


def _fits(signature: PaperSignature, mark: dict[str, Any], *, by_name: bool) -> bool:
    if signature.method != mark["method"] or signature.side != mark["side"]:
        return False
    return writable(signature.name) == mark["name"] if by_name else True
