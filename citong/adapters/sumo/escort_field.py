"""The curve of a worse and worse field: each fault by itself, then all of them, and how much slower each makes it."""

from collections.abc import Sequence

from citong.adapters.sumo.escort_job import Came, Imperfect

CURVE: dict[str, Imperfect] = {
    "perfect": Imperfect(),
    "asks 1 s late": Imperfect(delay=1),
    "asks 2 s late": Imperfect(delay=2),
    "asks 3 s late": Imperfect(delay=3),
    "5 % of asks lost": Imperfect(lost=0.05),
    "10 % of asks lost": Imperfect(lost=0.1),
    "20 % of asks lost": Imperfect(lost=0.2),
    "loops": Imperfect(loops=True),
    "loops, 10 % missed": Imperfect(loops=True, missed=0.1),
    "loops, 20 % missed": Imperfect(loops=True, missed=0.2),
    "loops, 30 % missed": Imperfect(loops=True, missed=0.3),
    "places 3 s late": Imperfect(late=3),
    "places 5 m off": Imperfect(error_m=5),
    "places 10 m off": Imperfect(error_m=10),
    "to be borne": Imperfect.field(),
    "twice that": Imperfect.field(2),
    "three times that": Imperfect.field(3),
}
"""By name, the first of them perfect. `to be borne`: asks 1 s late, 5 % lost, loops that miss 10 %, places 3 s late and
5 m off, all at once."""


def slower(came: Sequence[Came], perfect: Sequence[Came]) -> float:
    """Per cent of time these runs took more than the same in a perfect field, over those that arrived in both; nan
    where none did."""
    both = [pair for pair in zip(came, perfect, strict=True) if all(one.arrived for one in pair)]
    if not both:
        return float("nan")
    return 100 * (sum(one.seconds for one, _ in both) / sum(other.seconds for _, other in both) - 1)
