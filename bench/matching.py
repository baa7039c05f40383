"""A year of disputes and the mediators of a whole city: how even their load is, beside first-come and by chance.

All three ways get the same disputes in the same order, and none gives anybody what bars them: the only difference is
who of those that fit is chosen. Kinds follow Zipf, places a city's uneven population, spans a long tail.
"""

import heapq
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from bench.figures import Figure, Target
from bench.run import Run
from citong.core.cases.models import Case
from citong.core.people.models import Account, Appointment, Unit
from citong.core.people.posts import Post
from citong.core.places.models import Division
from citong.services.mediation.candidates import propose_for
from citong.services.mediation.kinds import BodyKind, Kind, Language
from citong.services.mediation.matching import Candidate, Need, bar, near, propose
from citong.services.mediation.models import Body, Mediator

MEDIATORS, DISPUTES, DAYS = 5_000, 100_000, 365
DISTRICTS, STREETS_EACH, COMMUNITIES_EACH = 12, 14, 16
MEDIAN_DAYS, SPREAD_DAYS = 14, 0.8  # of a lognormal span: mean 19 days, one in a hundred over 90
WARM_UP = 60  # days after which the load has settled
KINDS = (
    Kind.NEIGHBOUR, Kind.FAMILY, Kind.LOAN, Kind.LABOUR, Kind.TRAFFIC, Kind.CONSUMER, Kind.HOUSING, Kind.LAND,
    Kind.INJURY, Kind.FINANCE, Kind.COMMERCIAL, Kind.MEDICAL, Kind.MARITIME, Kind.OTHER,
)  # fmt: skip
ZIPF = 0.8
# Of a hundred mediators: how many sit in such bodies. The others sit in committees of villages.
BODIES = {
    BodyKind.TOWN: 15, BodyKind.STUDIO: 4, BodyKind.INDUSTRY: 4, BodyKind.LABOUR: 4, BodyKind.FINANCIAL: 4,
    BodyKind.MEDICAL: 3, BodyKind.CHAMBER: 3, BodyKind.COMMERCIAL: 2, BodyKind.MARITIME: 1, BodyKind.LAWYERS: 3,
    BodyKind.PRE_LITIGATION: 2,
}  # fmt: skip
OF_THE_CITY = {BodyKind.MEDICAL, BodyKind.FINANCIAL, BodyKind.MARITIME}
OF_A_DISTRICT = {BodyKind.INDUSTRY, BodyKind.LABOUR, BodyKind.CHAMBER, BodyKind.COMMERCIAL, BodyKind.LAWYERS,
                 BodyKind.PRE_LITIGATION}  # fmt: skip
Way = Callable[[Need, Sequence[Candidate]], Candidate | None]
EVEN = Target(most=0.6, of_ratio=True)
SOON = Target(most=50, unit="ms")
ASKED = 60
BEGAN = date(2026, 1, 1)


@dataclass(frozen=True)
class Arriving:
    """A dispute, the day it comes, and how many days it takes."""

    need: Need
    day: float
    days: float


@dataclass
class Year:
    """What one way did in a year: how many each was given, what they had open on sampled days, who waited."""

    given: Counter[UUID] = field(default_factory=Counter)
    samples: list[NDArray[np.int64]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    nearness: Counter[str] = field(default_factory=Counter)
    spoken: int = 0
    full: list[float] = field(default_factory=list)
    seconds: float = 0.0
    asked: int = 0


def measure(run: Run) -> Iterator[Figure]:
    """Once in a run: it does not depend on the number of cases."""
    if run.size != run.smallest:
        return
    register, arriving = people(MEDIATORS), disputes(DISPUTES)
    in_reach, seconds = asked_of_the_database(register)
    yield Figure(
        "five proposed with reasons, and why not the others, from the registers", run.size, 1000 * seconds, "ms",
        target=SOON, details={"mediators": MEDIATORS, "in reach": in_reach, "queries": 1},
    )  # fmt: skip
    ours = lived(register, arriving, best)
    first, chance = lived(register, arriving, first_come), lived(register, arriving, by_chance())
    for at, (name, of) in enumerate(SPREADS.items()):
        for other, year in (("first-come", first), ("by chance", chance)):
            target, details = EVEN if other == "first-come" else None, {} if at else told(ours, year, other)
            yield Figure(name, run.size, of(ours), "", of(year), other, target, details=details)
    each = 1000 * ours.seconds / ours.asked
    yield Figure("one mediator chosen among those in reach", run.size, each, "ms", target=SOON)


def people(count: int, *, seed: int = 1) -> list[Candidate]:
    """The register, in the order in which bodies were entered; places by the same population as disputes."""
    chance = random.Random(seed)
    sorts = [*BODIES, BodyKind.VILLAGE]
    weights = [*BODIES.values(), 100 - sum(BODIES.values())]
    places = _places(seed)
    return sorted((_person(chance, sorts, weights, places) for _one in range(count)), key=lambda one: one.body)


def disputes(count: int, *, seed: int = 2) -> list[Arriving]:
    """A year of disputes, in the order in which they come."""
    chance = random.Random(seed)
    places, shares = _places(1)
    kinds = [1 / (rank + 1) ** ZIPF for rank in range(len(KINDS))]
    days = sorted(chance.uniform(0, DAYS) for _one in range(count))
    where = chance.choices(places, shares, k=count)
    what = chance.choices(KINDS, kinds, k=count)
    return [
        Arriving(_need(chance, place, kind), day, chance.lognormvariate(np.log(MEDIAN_DAYS), SPREAD_DAYS))
        for day, place, kind in zip(days, where, what, strict=True)
    ]


def best(need: Need, candidates: Sequence[Candidate]) -> Candidate | None:
    """Ours: the first proposal."""
    return next((one.candidate for one in propose(need, candidates, most=1)), None)


def first_come(need: Need, candidates: Sequence[Candidate]) -> Candidate | None:
    """The first who fits and is free, in the order of the register."""
    return next((one for one in candidates if bar(need, one) is None), None)


def by_chance(seed: int = 3) -> Way:
    """Anybody who fits and is free."""
    chance = random.Random(seed)

    def way(need: Need, candidates: Sequence[Candidate]) -> Candidate | None:
        fitting = [one for one in candidates if bar(need, one) is None]
        return chance.choice(fitting) if fitting else None

    return way


def lived(register: Sequence[Candidate], arriving: Sequence[Arriving], way: Way) -> Year:
    """The year, each dispute given to whom the way chooses; who finds nobody free waits, and is first the next day."""
    now = {one.id: replace(one, idle=DAYS) for one in register}
    reach, year, ends = _reach(register), Year(), list[tuple[float, UUID]]()
    waiting, coming = list[Arriving](), iter(arriving)
    upcoming = next(coming, None)
    for day in range(DAYS):
        _release(now, ends, day)
        today, waiting = waiting, []
        while upcoming is not None and upcoming.day < day + 1:
            today.append(upcoming)
            upcoming = next(coming, None)
        for one in today:
            at = max(one.day, float(day))
            candidates = [now[id] for id in reach[one.need.district, one.need.kind]]
            began = time.perf_counter()
            chosen = way(one.need, candidates)
            year.seconds += time.perf_counter() - began
            year.asked += 1
            if chosen is None:
                waiting.append(one)
                continue
            _give(year, now, chosen, one, at)
            heapq.heappush(ends, (at + one.days, chosen.id))
        if day >= WARM_UP and day % 7 == 0:
            year.samples.append(np.array([one.open for one in now.values()]))
            year.full.append(float(np.mean([one.open >= one.most for one in now.values()])))
    year.waits += [DAYS - one.day for one in waiting]
    for id in now:
        year.given.setdefault(id, 0)
    return year


def asked_of_the_database(register: Sequence[Candidate]) -> tuple[float, float]:
    """As a page asks: the registers of the whole city stand in the database, cases of all districts seek a mediator.

    Mean number in reach, and the median of the seconds.
    """
    _stand_in_the_database(register)
    desk = Unit.objects.filter(function="centre", level="city").first()
    places = list(Division.objects.filter(level="community", ends_on=None).order_by("code")[:: 2700 // ASKED or 1])[
        :ASKED
    ]
    cases = [Case(title=str(Kind.NEIGHBOUR), desk=desk, doers={}, **_placed(place)) for place in places]
    found, took = [], []
    for case in cases:
        began = time.perf_counter()
        choice = propose_for(case, kind=Kind.NEIGHBOUR, languages=[Language.MINNAN])
        said = [one.reasons for one in choice.proposals], [one.reason for one in choice.excluded]
        took.append(time.perf_counter() - began)
        assert said[0]
        found.append(len(choice.excluded) + len(choice.proposals))
    return float(np.mean(found)), float(np.median(took))


def gini(values: NDArray[np.int64]) -> float:
    """0 where all have the same, 1 where one has all."""
    ordered = np.sort(values)
    ranks = np.arange(1, len(ordered) + 1)
    total = ordered.sum()
    return float((2 * (ranks * ordered).sum() / total - (len(ordered) + 1)) / len(ordered)) if total else 0.0


def given(year: Year) -> NDArray[np.int64]:
    return np.array(list(year.given.values()))


SPREADS: dict[str, Callable[[Year], float]] = {
    "disputes given in a year: standard deviation": lambda year: float(given(year).std()),
    "disputes given in a year: most ÷ mean": lambda year: float(given(year).max() / given(year).mean()),
    "disputes given in a year: Gini": lambda year: gini(given(year)),
    "disputes open at one time: standard deviation": lambda year: float(np.concatenate(year.samples).std()),
    "disputes open at one time: Gini": lambda year: float(np.mean([gini(one) for one in year.samples])),
    "mediators at their limit, %": lambda year: 100 * float(np.mean(year.full)),
    "disputes that waited for a free mediator, %": lambda year: 100 * sum(w >= 1 for w in year.waits) / len(year.waits),
}


def told(ours: Year, other: Year, name: str) -> dict[str, str]:
    """How near people's mediators were, and whether they spoke their language."""
    return {"ours": _near(ours), name: _near(other)}


def _near(year: Year) -> str:
    whole = year.nearness.total() or 1
    shares = ", ".join(f"{place} {100 * year.nearness[place] / whole:.0f} %" for place in ("community", "street"))
    return f"{shares}, language {100 * year.spoken / whole:.0f} %, waited {np.mean(year.waits):.2f} days"


def _stand_in_the_database(register: Sequence[Candidate]) -> None:
    """The register over the loaded city's own divisions, each district of the model one of the city's."""
    districts = list(Division.objects.filter(level="district", ends_on=None).order_by("code"))
    below = {one.code: list(_inside(one)) for one in districts}
    chance, bodies = random.Random(4), dict[str, Body]()
    people, entries, posts = list[Account](), list[Mediator](), list[Appointment]()
    for number, one in enumerate(register):
        district = districts[int(one.district) % len(districts)] if one.district else None
        if one.body not in bodies:
            place = _place(one, district, below, chance)
            bodies[one.body] = _body(f"register-{len(bodies)}", place, one.body_kind)
        account = Account(id=one.account, username=f"register.{number}", name=f"调解员{number}")
        body = bodies[one.body]
        people.append(account)
        entries.append(Mediator(
            id=one.id, account=account, body=body, fields=sorted(one.fields), languages=sorted(one.languages),
            most=one.most, term_begins=BEGAN, published=True,
        ))  # fmt: skip
        posts.append(Appointment(account=account, unit=body.unit, post=Post.MEDIATOR, begins_on=BEGAN))
    Account.objects.bulk_create(people, batch_size=1_000)
    Mediator.objects.bulk_create(entries, batch_size=1_000)
    Appointment.objects.bulk_create(posts, batch_size=1_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mediation_mediator, mediation_body, people_account, people_appointment, people_unit")


def _inside(district: Division) -> Iterable[Division]:
    return Division.objects.filter(path__startswith=district.path, level__in=("street", "community"), ends_on=None)


def _place(
    one: Candidate, district: Division | None, below: dict[str, list[Division]], chance: random.Random
) -> Division:  # fmt: skip
    if district is None:
        return Division.objects.get(level="city")
    level = "community" if one.community else "street" if one.street else ""
    return chance.choice([place for place in below[district.code] if place.level == level] or [district])


def _body(code: str, place: Division, kind: str) -> Body:
    unit = Unit.objects.create(code=code, name=code, level=place.level, function="mediation", division=place)
    return Body.objects.create(unit=unit, kind=kind, published=True)


def _placed(place: Division) -> dict[str, str]:
    _city, district, street, community = place.path.strip("/").split("/")
    return {"district": district, "street": street, "community": community}


def _give(year: Year, now: dict[UUID, Candidate], chosen: Candidate, one: Arriving, at: float) -> None:
    now[chosen.id] = replace(chosen, open=chosen.open + 1, idle=DAYS - int(at))  # who has waited longer has more
    year.given[chosen.id] += 1
    year.waits.append(at - one.day)
    year.nearness[str(near(one.need, chosen))] += 1
    year.spoken += one.need.languages <= chosen.languages


def _release(now: dict[UUID, Candidate], ends: list[tuple[float, UUID]], day: int) -> None:
    while ends and ends[0][0] < day:
        _at, id = heapq.heappop(ends)
        now[id] = replace(now[id], open=now[id].open - 1)


def _reach(register: Sequence[Candidate]) -> dict[tuple[str, str], list[UUID]]:
    """Those a query would read: by district and kind of dispute, in the order of the register."""
    found: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    for district in range(DISTRICTS):
        for kind in Kind:
            need = Need(UUID(int=0), kind, district=str(district))
            found[str(district), kind] = [one.id for one in register if bar(need, one) is None]
    return found


def _places(seed: int) -> tuple[list[tuple[str, str, str]], list[float]]:
    """Communities with their shares of the population: districts by Zipf, communities with a long tail."""
    chance = random.Random(seed)
    places = [
        (f"{d}", f"{d}.{s}", f"{d}.{s}.{c}")
        for d in range(DISTRICTS) for s in range(STREETS_EACH) for c in range(COMMUNITIES_EACH)
    ]  # fmt: skip
    return places, [chance.lognormvariate(0, 0.7) / (int(place[0]) + 2) for place in places]


def _person(
    chance: random.Random, sorts: Sequence[BodyKind], weights: Sequence[int],
    places: tuple[list[tuple[str, str, str]], list[float]],
) -> Candidate:  # fmt: skip
    sort = chance.choices(sorts, weights)[0]
    district, street, community = chance.choice(places[0])  # a village has its committee, however small
    if sort in OF_THE_CITY:
        district = street = community = ""
    elif sort in OF_A_DISTRICT:
        street = community = ""
    elif sort == BodyKind.TOWN:
        community = ""
    own = chance.sample(KINDS[:8], k=chance.choice((3, 4, 5))) if sort in (BodyKind.VILLAGE, BodyKind.TOWN) else ()
    fields = frozenset(map(str, own)) if chance.random() < 0.4 else frozenset[str]()
    languages = {Language.PUTONGHUA} if chance.random() < 0.8 else set[Language]()
    languages |= {Language.MINNAN} if chance.random() < 0.75 or not languages else set()
    return Candidate(
        _id(chance), _id(chance), "", f"{district}.{street}.{community}.{sort}", sort, district, street, community,
        fields=fields, languages=frozenset(languages), most=chance.choice((4, 6, 8, 10, 12)),
    )  # fmt: skip


def _need(chance: random.Random, place: tuple[str, str, str], kind: Kind) -> Need:
    spoken = {Language.MINNAN} if chance.random() < 0.4 else {Language.PUTONGHUA} if chance.random() < 0.7 else set()
    return Need(_id(chance), kind, *place, languages=frozenset(spoken))


def _id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128))
