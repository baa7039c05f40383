"""Finding places in free text by the names of divisions, and saying so when several fit."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

READ_AT_MOST = 5_000  # characters; an address stands near the beginning of any report
ENDINGS = ("街道", "社区", "镇", "乡", "村", "区", "县", "市")
SHORTEST = 2


@dataclass(frozen=True)
class Candidate:
    """A division that the text may mean. `precision` is its level: community, street or district."""

    code: str
    path: str
    name: str
    lon: float
    lat: float
    precision: str


@dataclass(frozen=True)
class Named:
    """A division with what an address may call it."""

    code: str
    path: str
    name: str
    level: str
    lon: float
    lat: float


class Gazetteer:
    """All division names of a city.

    A full name counts anywhere; a stem (池店 for 池店镇) and a name of two characters only beside their parent, or
    when the text names nothing surer.
    """

    def __init__(self, divisions: Sequence[Named]) -> None:
        self._all = {one.code: one for one in divisions if one.level != "city"}
        self._sure: dict[str, list[Named]] = defaultdict(list)
        self._stems: dict[str, list[Named]] = defaultdict(list)
        for one in self._all.values():
            (self._stems if len(one.name) == SHORTEST else self._sure)[one.name].append(one)
            for stem in _stems(one.name):
                self._stems[stem].append(one)
        self._longest = max((len(one.name) for one in self._all.values()), default=0)

    def find(self, text: str) -> list[Candidate]:
        """The deepest divisions that fit best, in order of their codes; several when the text leaves it open."""
        spots = list(self._spots(text[:READ_AT_MOST]))
        named = {one.code for spot in spots for one in self._sure.get(spot, ())}
        stems = [one for spot in spots if spot not in self._sure for one in self._highest(spot)]
        named |= {one.code for one in stems if one.level == "district"}
        for _level in ("street", "community"):
            named |= {one.code for one in stems if self._beside(one, named)}
        named = named or {one.code for one in stems if one.level == "street"}
        ranked = {code: self._rank(self._all[code], named) for code in named}
        best = max(ranked.values(), default=(0, 0))
        return [self._candidate(self._all[code]) for code in sorted(named) if ranked[code] == best]

    def elsewhere(self, text: str, codes: Sequence[str]) -> str:
        """A division that the text names by its whole name though it does not hold the place with these codes (of its
        divisions, as deep as they are known, the deepest last), nor lies in what is known; empty if there is none.

        Beside one of its level that does hold it, another name is that of a house or a road: 丰泽区德化县商会大厦.
        """
        named = [(spot, self._sure[spot]) for spot in self._spots(text[:READ_AT_MOST]) if spot in self._sure]
        holding = {one.level for _spot, meant in named for one in meant if _holds(one, codes)}
        wrong = (spot for spot, meant in named if holding.isdisjoint(one.level for one in meant))
        return next(wrong, "") if codes else ""

    def _spots(self, text: str) -> Iterator[str]:
        """Names that stand in the text, the longest at each place; a name inside a longer one does not count."""
        start = 0
        while start < len(text):
            for length in range(min(self._longest, len(text) - start), SHORTEST - 1, -1):
                spot = text[start : start + length]
                if spot in self._sure or spot in self._stems:
                    yield spot
                    start += length - 1
                    break
            start += 1

    def _highest(self, stem: str) -> list[Named]:
        """Of the divisions a stem may mean, those of the highest level: 池店 is the town, not its village."""
        fitting = self._stems[stem]
        highest = min(len(one.path) for one in fitting)
        return [one for one in fitting if len(one.path) == highest]

    def _beside(self, one: Named, named: set[str]) -> bool:
        return any(above in named for above in one.path.strip("/").split("/")[1:-1])

    def _rank(self, one: Named, named: set[str]) -> tuple[int, int]:
        """How many divisions of the path the text names; then how deep it is."""
        above = one.path.strip("/").split("/")[1:]
        return sum(code in named for code in above), len(above)

    def _candidate(self, one: Named) -> Candidate:
        names = [self._all[code].name for code in one.path.strip("/").split("/")[1:] if code in self._all]
        return Candidate(one.code, one.path, "".join(names), one.lon, one.lat, one.level)


def _holds(one: Named, codes: Sequence[str]) -> bool:
    """Whether the place with these codes lies in the division, or may: where no more is known than what is above it."""
    return one.code in codes or (bool(codes) and codes[-1] in one.path.split("/"))


def _stems(name: str) -> Iterator[str]:
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= SHORTEST:
            yield name.removesuffix(ending)
