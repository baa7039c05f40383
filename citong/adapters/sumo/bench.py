"""Controllers measured side by side on simulated networks: each run a process of its own, nothing left out."""

import multiprocessing
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

from citong.adapters.sumo.offline import planned
from citong.adapters.sumo.programs import write_programs
from citong.adapters.sumo.scenario import Scenario, scenario
from citong.adapters.sumo.trial import write_plans
from citong.adapters.sumo.trips import measured
from citong.adapters.sumo.world import World
from citong.core.signals.control import simple
from citong.core.signals.control.actuated import actuated
from citong.core.signals.control.seen import Lead, each
from citong.core.signals.control.supervised import supervised
from citong.core.signals.model import Plan

OWN = "citong"
PLAN = "plan as shipped"
OFFLINE = "our plan off line"
LED: dict[str, Lead] = {
    "max pressure 5 s": each(simple.simple_pressure),
    "max pressure queues": each(simple.queue_pressure),
    "wave": each(simple.wave),
    "max pressure discharge": each(simple.discharge_pressure),
    "our actuated": each(actuated),
    OWN: supervised,
}
PROGRAMS = {"sumo actuated": "actuated", "sumo delay based": "delay_based"}
CONTROLLERS = (PLAN, *PROGRAMS, OFFLINE, *LED)
Plans = dict[str, Plan]


@dataclass(frozen=True, slots=True)
class Run:
    """One network, controller and seed. Speed in metres a second, delay, wait and decision times in seconds."""

    network: str
    controller: str
    seed: int
    trips: int
    arrived: int
    never_departed: int
    speed: float
    delay: float
    stops: float
    worst_wait: float
    violations: int
    broken: dict[str, int]
    decision_p50: float
    decision_p99: float
    on_plan: float
    """Share of junction seconds in which the plan was followed."""


@dataclass(frozen=True, slots=True)
class Row:
    """All seeds of one network and controller; `gain` and `worst_gain` are shares of the plan's speed, seed by seed."""

    network: str
    controller: str
    speed: float
    worst_speed: float
    gain: float
    worst_gain: float
    delay: float
    stops: float
    worst_wait: float
    never_departed: int
    violations: int
    decision_p50: float
    decision_p99: float
    on_plan: float


def run_one(
    folder: Path, controller: str, seed: int, *, missed: float | None = None, plans: Plans | None = None
) -> Run:
    """One run, in this process; libsumo must not be in use here. `missed`: by loops that miss this share.

    `plans` are those made off line, reckoned anew where they are needed and not given.
    """
    place = scenario(folder)
    with tempfile.TemporaryDirectory() as kept:
        output = Path(kept) / "trips.xml"
        additional = _programs(place, controller, Path(kept))
        if controller == OFFLINE:
            plans = planned(folder).plans if plans is None else plans
            additional = (write_plans(plans, Path(kept) / "plans.add.xml"),)
        with World(place, seed=seed, output=output, additional=additional, missed=missed) as world:
            if controller in LED:
                world.lead(LED[controller])
            world.run()
        return _run(place, controller, seed, world, output)


def _programs(place: Scenario, controller: str, folder: Path) -> tuple[Path, ...]:
    if controller not in PROGRAMS:
        return ()
    with World(place, seed=1, output=folder / "unused.xml") as world:
        return (write_programs(world.junctions.values(), kind=PROGRAMS[controller], path=folder / "programs.add.xml"),)


def _run(place: Scenario, controller: str, seed: int, world: World, output: Path) -> Run:
    what, times = measured(output), sorted(world.times) or [0.0]
    return Run(
        network=place.name, controller=controller, seed=seed,
        trips=what.trips, arrived=what.arrived, never_departed=what.never_departed,
        speed=what.speed, delay=what.delay, stops=what.stops, worst_wait=world.worst_wait,
        violations=sum(world.broken.values()), broken=dict(world.broken),
        decision_p50=times[len(times) // 2], decision_p99=times[int(len(times) * 0.99)],
        on_plan=world.plan_seconds / max(len(world.times), 1) if world.times else 1.0,
    )  # fmt: skip


def bench(
    folders: Sequence[Path],
    *,
    seeds: int,
    first: int = 1,
    controllers: Sequence[str] = CONTROLLERS,
    missed: float | None = None,
) -> Iterator[Run]:
    """Every run, as it ends, with so many seeds from the first on."""
    fresh = multiprocessing.get_context("spawn")
    with fresh.Pool(1, maxtasksperchild=1) as pool:
        for folder in folders:
            plans = pool.apply(_plans, (folder,)) if OFFLINE in controllers else None
            jobs = [(folder, c, seed, missed, plans) for c in controllers for seed in range(first, first + seeds)]
            yield from pool.imap(_job, jobs, chunksize=1)


def _plans(folder: Path) -> Plans:
    return planned(folder).plans


def _job(job: tuple[Path, str, int, float | None, Plans | None]) -> Run:
    folder, controller, seed, missed, plans = job
    return run_one(folder, controller, seed, missed=missed, plans=plans)


def rows(runs: Sequence[Run]) -> list[Row]:
    """One row for each network and controller, in the order they were run."""
    groups: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.network, run.controller), []).append(run)
    plans = {(run.network, run.seed): run.speed for run in runs if run.controller == PLAN}
    return [_row(network, controller, found, plans) for (network, controller), found in groups.items()]


def _row(network: str, controller: str, runs: list[Run], plans: dict[tuple[str, int], float]) -> Row:
    gains = [run.speed / plans[network, run.seed] - 1 for run in runs if (network, run.seed) in plans] or [0.0]
    speed = mean(run.speed for run in runs)
    planned = [plans[network, run.seed] for run in runs if (network, run.seed) in plans]
    return Row(
        network=network, controller=controller, speed=speed, worst_speed=min(run.speed for run in runs),
        gain=speed / mean(planned) - 1 if planned else 0.0, worst_gain=min(gains),
        delay=mean(run.delay for run in runs), stops=mean(run.stops for run in runs),
        worst_wait=max(run.worst_wait for run in runs), never_departed=sum(run.never_departed for run in runs),
        violations=sum(run.violations for run in runs),
        decision_p50=mean(run.decision_p50 for run in runs), decision_p99=max(run.decision_p99 for run in runs),
        on_plan=mean(run.on_plan for run in runs),
    )  # fmt: skip


def record(runs: Sequence[Run]) -> dict[str, object]:
    """Everything measured, for a file."""
    return {"runs": [asdict(run) for run in runs], "rows": [asdict(row) for row in rows(runs)]}
