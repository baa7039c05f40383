"""The demo's neighbourhood: made-up people at home in the grid worker's grids, what they need, and visits to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from citong.cli.demo_cast import Stage
from citong.cli.simulation.words import person, roads_of
from citong.core.flow.act import act
from citong.core.flow.intake import open_case
from citong.core.people.access import Actor, actor_of
from citong.core.people.models import Account, Beat
from citong.core.places.current import day_of
from citong.core.places.models import Grid
from citong.core.register.models import Record, Source
from citong.core.register.write import change, record, tie
from citong.services.visits.plan import monday_of, plan_week
from citong.services.visits.refresh import refresh
from citong.services.visits.write import Given, visit

GRIDS, BUILDINGS, ROOMS = 3, 4, 6
LOGIN = "grid_worker"
NAMES = UUID("f1b7c5d2-4a53-5a0e-8f3c-0d6d1a8f2b11")  # ids of made-up records follow from it: a second run adds nothing
FAMILIES = (("f", 34), ("m", 36), ("f", 8)), (("f", 78),), (("m", 71), ("f", 69)), (("m", 24),), (("f", 45), ("m", 17))
NEEDS = {
    "alone": "一个人住，膝盖不好，下楼买菜不方便", "illness": "长期服药，每月到社区卫生站取药需要人陪",
    "child": "父母在外地打工，由奶奶照看", "hardship": "家里一时困难，帮助申请补助",
}  # fmt: skip
ERRANDS = (
    ("medicine", "到社区卫生站取高血压药，一个月的量", "药已取到，下午送去"), ("paying", "帮忙交这个月的水费", ""),
)  # fmt: skip
SHOPS = ("便民超市", "拌面店", "理发店", "药房")
VISITED_DAYS_AGO = (100, 45, 20, 9)


@dataclass(frozen=True)
class Neighbourhood:
    """What the demo wrote: how many dwellings and persons, visits, and households in the week's plans."""

    dwellings: int
    persons: int
    visits: int


def settle(on: Stage, *, now: datetime) -> Neighbourhood:
    """People live in the grids of the demo's grid worker, some were visited, and this week is planned."""
    worker = Account.objects.get(username=LOGIN)
    actor, today = actor_of(worker), day_of(now)
    beats = Beat.objects.filter(appointment__account=worker).order_by("grid").values_list("grid", flat=True)[:GRIDS]
    homes = persons = visits = 0
    for grid in Grid.objects.filter(code__in=beats, layer__base=True, ends_at=None).order_by("code"):
        writer = _Writer(actor, grid, now, today, Random(f"neighbours of {grid.code}"))  # noqa: S311 (made up)
        for home in writer.homes(on.community.code):
            homes += 1
            persons += writer.family(home)
            visits += writer.visited(home)
        writer.shops()
        writer.unseen()
    refresh(at=now)
    plan_week(monday_of(today))
    _errands(actor, now)
    return Neighbourhood(homes, persons, visits)


def _errands(actor: Actor, now: datetime) -> None:
    """Neighbours asked for something: one is under way, one waits to be taken."""
    homes = Record.objects.filter(kind="dwelling", grid__in=[grid for seat in actor.seats for grid in seat.grids])
    for home, (kind, text, done) in zip(homes.order_by("id"), ERRANDS, strict=False):
        wish = {"kind": kind, "text": text, "address": home.name, "lon": home.lon, "lat": home.lat}
        asked = open_case(
            "errands", wish, actor=actor, channel="app", key=f"demo errand {home.id}", at=now - timedelta(hours=20),
            for_another=True,
        )  # fmt: skip
        if done and not asked.again:
            act(asked.case.id, "take", actor=actor, at=now - timedelta(hours=19))
            act(asked.case.id, "step", {"result": done}, actor=actor, at=now - timedelta(hours=3))


@dataclass
class _Writer:
    actor: Actor
    grid: Grid
    now: datetime
    today: date
    chance: Random
    last: Record | None = None
    count: int = 0

    def homes(self, community: str) -> Iterator[Record]:
        road = roads_of(community)[self.chance.randrange(6)]
        for building in range(1, BUILDINGS + 1):
            address = f"{road}{self.chance.randint(2, 30) * 2}号"
            for room in range(1, ROOMS + 1):
                values = {"address": address, "use": "home"}
                values |= {"building": f"{building}栋", "unit": "1", "room": f"{(room + 1) // 2}0{room % 2 + 1}"}
                yield self._record("dwelling", values, spread=True)

    def family(self, home: Record) -> int:
        family = self.chance.choice(FAMILIES)
        surname = person(self.chance)[0]
        for gender, age in family:
            born = date(self.today.year - age, self.chance.randint(1, 12), self.chance.randint(1, 28))
            name = (surname if gender == "m" or age < 20 else person(self.chance)[0]) + person(self.chance)[1:]
            values = {"name": name, "gender": gender, "born_on": born, "stay": "lives", "phone": self._phone(age)}
            self.last = self._record("person", values)
            self._tie("lives_in", self.last, home)
        if need := self._need(family):
            self._needs(need)
        return len(family)

    def visited(self, home: Record) -> int:
        """Two of three households were visited before."""
        if self.chance.randrange(3) == 0:
            return 0
        at = self.now - timedelta(days=self.chance.choice(VISITED_DAYS_AGO), hours=self.chance.randint(0, 5))
        outcome = self.chance.choice(("done", "done", "done", "absent"))
        said = {"outcome": outcome, "all_well": "yes" if outcome == "done" else "", "fire_safe": "yes"}
        visit(Given(self._name("visit"), home.id, at, said), actor=self.actor, at=self.now)
        return 1

    def shops(self) -> None:
        for sort in self.chance.sample(SHOPS, 2):
            shop = self._record("organisation", {"name": person(self.chance)[1:] + sort, "sort": "shop"}, spread=True)
            if self.last is not None:
                self._tie("runs", self.last, shop)

    def unseen(self) -> None:
        """Somebody corrected a name, and somebody else who had not seen it did so, too: a person decides."""
        if self.last is None or self.last.version > 1:
            return
        for branch, ending in (("office", "兰"), ("phone", "岚")):
            change(
                self.last.id, {"name": self.last.name[:-1] + ending}, base=1, branch=branch, actor=self.actor,
                source=Source.PERSON, on=self.today, at=self.now,
            )  # fmt: skip

    def _need(self, family: tuple[tuple[str, int], ...]) -> str:
        if len(family) == 1 and family[0][1] > 60:
            return "alone"
        if min(age for _gender, age in family) < 14 and self.chance.randrange(3) == 0:
            return "child"
        return self.chance.choice(("illness", "hardship", "", "", "", "", ""))

    def _needs(self, sort: str) -> None:
        values = {"sort": sort, "details": NEEDS[sort], "since": self.today - timedelta(days=40)}
        need = self._record("situation", values | {"until": self.today + timedelta(days=325)})
        if self.last is not None:
            self._tie("concerns", need, self.last)

    def _phone(self, age: int) -> str:
        """A number nobody has: no local number begins with a zero."""
        return f"05950{self.chance.randrange(10**6):06}" + "0" if age > 12 else ""

    def _name(self, what: str) -> UUID:
        self.count += 1
        return uuid5(NAMES, f"{self.grid.code}/{what}/{self.count}")

    def _record(self, kind: str, values: Mapping[str, object], *, spread: bool = False) -> Record:
        def near(degree: float) -> float | None:
            return degree + self.chance.uniform(-2e-4, 2e-4) if spread else None

        return record(
            kind, values, id=self._name(kind), grid=self.grid.code, lon=near(self.grid.centre_lon),
            lat=near(self.grid.centre_lat), actor=self.actor, source=Source.VISIT, on=self.today, at=self.now,
        )  # fmt: skip

    def _tie(self, kind: str, one: Record, other: Record) -> None:
        tie(kind, one.id, other.id, id=self._name(kind), source=Source.VISIT, actor=self.actor, at=self.now)
