"""The bench of escorts: the same traffic with and without, each run a process of its own, one after another."""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from math import isnan
from pathlib import Path

from citong.adapters.sumo.escort_field import CURVE, slower
from citong.adapters.sumo.escort_job import Came, Imperfect, Job
from citong.adapters.sumo.escort_trips import Trip, trips
from citong.adapters.sumo.escort_ways import WAYS
from citong.adapters.sumo.scenario import Scenario, scenario
from citong.core.escort.way import Stretch

FIRST, LAST = 0.15, 0.5
"""Shares of the scenario's span between which escorts depart."""
USUAL_SPAN = 3_600.0
COSTLY = 5.0
"""Per cent of others' loss in one run that is too much."""
Told = Callable[[str], None]
Ideals = dict[tuple[Stretch, ...], float]


@dataclass(frozen=True)
class Wanted:
    """What is to be measured."""

    trips: int = 4
    seeds: int = 5
    ways: tuple[str, ...] = tuple(WAYS)
    base: str = "plan"
    notice: float = 0.0
    imperfect: Imperfect = field(default_factory=Imperfect)
    closed: bool = False
    """A road in the middle of each way is closed when the escort has driven a quarter of it."""
    curve: bool = False
    """The planner alone, from a perfect field to one worse than any: seconds, each run to its arrival."""


@dataclass(frozen=True)
class Row:
    """One way in one network, all runs together."""

    network: str
    base: str
    way: str
    runs: int
    gates: float
    metres: float
    ideal: float
    seconds: float
    times: float
    """Mean of seconds by those alone, of those that arrived."""
    worst_times: float
    stops: float
    arrived: int
    cost: float
    """Others' loss in per cent of the same run without the escort."""
    cost_error: float
    cost_worst: float
    costly: int
    by_lights: float
    """The same against the run in which the same car drives and no light is turned; nan where that is not measured."""
    violations: int
    checked: int
    plan_p50: float
    plan_p99: float
    held: float
    field: str = ""
    """How far the field is from perfect; empty: as wanted."""
    slower: float = 0.0
    """Per cent of seconds more than in a perfect field, both of the runs that arrived."""


@dataclass
class Bench:
    """One network. `told` hears each run as it ends."""

    folder: Path
    wanted: Wanted
    told: Told
    rows: list[Row] = field(default_factory=list)
    runs: list[dict[str, object]] = field(default_factory=list)

    def measure(self) -> list[Row]:
        """All ways of leading, each trip with each seed, against the same traffic without an escort."""
        place = scenario(self.folder)
        with tempfile.TemporaryDirectory(prefix="citong-escort-") as work:
            seeds = range(1, 2 if self.wanted.curve else self.wanted.seeds + 1)
            bases = {seed: self._base(place, seed, Path(work)) for seed in seeds}
            pairs = {_pair(key): count for key, count in bases[1].pairs.items()}
            chosen = trips(place.net, pairs, count=self.wanted.trips)
            jobs = list(_jobs(place, chosen, self.wanted))
            ideals = {job.stretches: self._ideal(place, job, Path(work)) for job in jobs if job.seed == 1}
            if self.wanted.curve:
                self._curve(place, jobs, ideals, Path(work))
            for way in self.wanted.ways if not self.wanted.curve else ():
                came = [self._one(replace(job, way=way), bases.get(job.seed), ideals, Path(work)) for job in jobs]
                self.rows.append(self._row(place, way, came, jobs, bases, ideals))
        self.rows = _by_lights(self.rows)
        return self.rows

    def _curve(self, place: Scenario, jobs: Sequence[Job], ideals: Ideals, work: Path) -> None:
        """The same runs in worse and worse fields."""
        perfect: list[Came] = []
        for name, bad in CURVE.items():
            self.told(f"{place.name}, {name}:")
            worse = (replace(job, way="planner", imperfect=bad, to_arrival=True) for job in jobs)
            came = [self._one(job, None, ideals, work) for job in worse]
            perfect = perfect or came
            row = self._row(place, "planner", came, jobs, {}, ideals)
            self.rows.append(replace(row, field=name, slower=slower(came, perfect)))

    def _base(self, place: Scenario, seed: int, work: Path) -> Came:
        came = run(Job(str(place.config), seed, str(work / "run.xml"), base=self.wanted.base, collect=seed == 1))
        self.told(f"{place.name} seed {seed}: no escort, {came.others} trips, loss {came.others_loss:.0f} s")
        return came

    def _ideal(self, place: Scenario, job: Job, work: Path) -> float:
        alone = replace(job, way="alone", depart=place.begin, output=str(work / "run.xml"), imperfect=Imperfect())
        came = run(alone)
        return came.seconds if came.arrived else float("nan")

    def _one(self, job: Job, base: Came | None, ideals: Ideals, work: Path) -> Came:
        came = run(replace(job, output=str(work / "run.xml")))
        cost = _cost(came, base)
        fate = "arrived" if came.arrived else "teleported" if came.teleported else "not arrived"
        round_ = " by another way" if came.turned else ""
        ideal = ideals[job.stretches]
        self.told(
            f"  {job.way}, seed {job.seed}, {came.gates} signals: {fate}{round_}, {came.seconds:.0f} s "
            f"(ideal {ideal:.0f}, x{came.seconds / ideal:.2f}), {came.stops} stops, "
            f"{f'others {cost:+.2f} %, ' if base else ''}violations {came.violations}"
        )
        self.runs.append(
            {
                "network": self.folder.name, "way": job.way, "seed": job.seed, "depart": job.depart, "fate": fate,
                "base": job.base, "gates": came.gates, "metres": came.metres, "seconds": came.seconds,
                "ideal": ideal, "stops": came.stops, "cost": cost, "violations": came.violations,
                "teleports": came.teleports, "waited": came.waited, "held": came.held, "turned": came.turned,
                "field": asdict(job.imperfect), "closure": job.closure and asdict(job.closure),
            }
        )  # fmt: skip
        return came

    def _row(
        self, place: Scenario, way: str, came: Sequence[Came], jobs: Sequence[Job], bases: dict[int, Came],
        ideals: Ideals,
    ) -> Row:  # fmt: skip
        arrived = [(one, ideals[job.stretches]) for one, job in zip(came, jobs, strict=True) if one.arrived]
        times = [one.seconds / ideal for one, ideal in arrived]
        costs = [_cost(one, bases.get(job.seed)) for one, job in zip(came, jobs, strict=True)]
        planned = sorted(ms for one in came for ms in one.plan_ms)
        return Row(
            network=place.name, base=self.wanted.base, way=way, runs=len(came), gates=_mean([c.gates for c in came]),
            metres=_mean([c.metres for c in came]), ideal=_mean([ideal for _, ideal in arrived]),
            seconds=_mean([one.seconds for one, _ in arrived]), times=_mean(times),
            worst_times=max(times, default=float("nan")), stops=_mean([one.stops for one in came]),
            arrived=len(arrived), cost=_mean(costs), cost_error=_error(costs), cost_worst=max(costs),
            costly=sum(cost > COSTLY for cost in costs), by_lights=float("nan"),
            violations=sum(sum(c.violations.values()) for c in came),
            checked=sum(c.checked for c in came), plan_p50=_share(planned, 0.5), plan_p99=_share(planned, 0.99),
            held=_mean([c.held for c in came]),
        )  # fmt: skip


def _by_lights(rows: Sequence[Row]) -> list[Row]:
    """What turning lights costs, apart from what one more car does to streets that are full."""
    alone = next((row.cost for row in rows if row.way == "nothing"), float("nan"))
    return [replace(row, by_lights=row.cost - alone) for row in rows]


def run(job: Job) -> Came:
    """The job run to its end in a process of its own (libsumo holds one simulation in a process)."""
    command = [sys.executable, "-m", "citong.adapters.sumo.escort_run"]
    done = subprocess.run(command, input=json.dumps(job.plain()), text=True, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"A run failed: {done.stderr[-2000:]}")
    return Came(**json.loads(Path(job.output).with_suffix(".json").read_text()))


def _jobs(place: Scenario, chosen: Sequence[Trip], wanted: Wanted) -> Iterator[Job]:
    span = (place.end - place.begin) if place.end is not None else USUAL_SPAN
    for number, trip in enumerate(chosen):
        share = FIRST + (LAST - FIRST) * number / max(len(chosen) - 1, 1)
        for seed in range(1, wanted.seeds + 1):
            yield Job(
                str(place.config), seed, "", way="planner", stretches=trip.stretches,
                depart=round(place.begin + share * span), notice=wanted.notice, base=wanted.base,
                imperfect=wanted.imperfect, closure=trip.closure if wanted.closed else None,
            )  # fmt: skip


def _pair(key: str) -> tuple[str, str]:
    origin, _, goal = key.partition("\t")
    return origin, goal


def _cost(came: Came, base: Came | None) -> float:
    if base is None:
        return float("nan")
    return 100 * (came.others_loss - base.others_loss) / max(base.others_loss, 1.0)


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else float("nan")


def _error(values: Sequence[float]) -> float:
    known = len(values) > 1 and not any(isnan(one) for one in values)
    return statistics.stdev(values) / len(values) ** 0.5 if known else float("nan")


def _share(values: Sequence[float], share: float) -> float:
    return values[min(int(share * len(values)), len(values) - 1)] if values else 0.0
