"""What makes one simulated city."""

from dataclasses import dataclass
from datetime import datetime

BATCH = 2_000  # cases written in one transaction; even, as a twin follows its first


@dataclass(frozen=True)
class Plan:
    """What makes one simulated city: the same plan, the same city."""

    city: str
    cases: int
    seed: int
    since: datetime
    until: datetime

    def batches(self) -> list[range]:
        """The numbers of the cases of each transaction."""
        return [range(first, min(first + BATCH, self.cases)) for first in range(0, self.cases, BATCH)]

    def key(self, number: int) -> str:
        """The name under which a case was sent in; with it its receipt can be worked out."""
        return f"simulate:{self.city}:{self.seed}:{number}"
