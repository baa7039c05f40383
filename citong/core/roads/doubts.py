"""What was doubtful in a road file: each a kind, the thing it is about, and a sentence."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class DoubtKind(StrEnum):
    """Kinds of doubt, in the words of the report."""

    NO_SPEED = "edges without speed"
    APART = "disconnected parts"
    ONE_WAY = "one-way contradictions"
    TWICE = "duplicate ids"
    RESTRICTION = "unknown restrictions"
    ZERO = "zero lengths"
    MISSING = "missing things"
    STRAIGHT_LENGTH = "lengths that do not fit the shape"
    PROJECTION = "projections"


@dataclass(frozen=True)
class Doubt:
    """One doubtful thing and what was done about it."""

    kind: DoubtKind
    ref: str
    sentence: str


@dataclass
class Doubts:
    """The report of one import."""

    found: list[Doubt] = field(default_factory=list)

    def add(self, kind: DoubtKind, ref: str, sentence: str) -> None:
        """One more doubt."""
        self.found.append(Doubt(kind, ref, sentence))

    def counts(self) -> dict[DoubtKind, int]:
        """How many of each kind, the most first."""
        return dict(Counter(one.kind for one in self.found).most_common())

    def of(self, kind: DoubtKind) -> list[Doubt]:
        """Those of one kind, in the order they were met."""
        return [one for one in self.found if one.kind is kind]

    def lines(self, *, each: int = 5) -> Iterator[str]:
        """The report as text: each kind with its count, then the first few of it."""
        for kind, count in self.counts().items():
            yield f"{kind}: {count}"
            yield from (f"  {one.ref}: {one.sentence}" for one in self.of(kind)[:each])
