"""`citong signals`: controllers of signals measured, and junctions brought into the register."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from citong.cli.table import aligned

if TYPE_CHECKING:
    from citong.adapters.sumo.bench import Row

HEAD = (
    "network", "controller", "m/s", "worst", "to plan", "worst", "delay s", "stops", "wait s", "kept out", "faults",
    "p50 µs", "p99 µs", "on plan",
)  # fmt: skip


@click.group()
def command() -> None:
    """Measure how signals are led, and bring junctions into the register."""


@command.command()
@click.argument("folders", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--seeds", type=click.IntRange(min=1), default=5, show_default=True, help="Runs of each, seeds 1 to N.")
@click.option("--first-seed", type=click.IntRange(min=1), default=1, show_default=True, help="Begin with this seed.")
@click.option("--json", "record", type=click.Path(dir_okay=False, path_type=Path), help="File for every run measured.")
@click.option("--controller", "only", multiple=True, help="Only this one (and the plan); may be given more than once.")
@click.option(
    "--junctions", type=int, default=1000, show_default=True, help="Junctions of the check of speed; 0: none."
)
@click.option("--missed", type=click.FloatRange(0, 1), help="See by loops alone that miss this share of vehicles.")
def bench(
    folders: tuple[Path, ...],
    seeds: int,
    first_seed: int,
    record: Path | None,
    only: tuple[str, ...],
    junctions: int,
    missed: float | None,
) -> None:
    """Run every controller on the SUMO networks in FOLDERS (each holds a .sumocfg) and print them side by side."""
    from citong.adapters.sumo import bench as measuring
    from citong.adapters.sumo.scenario import NoScenario
    from citong.adapters.sumo.simulator import SimulatorMissing

    try:
        runs = []
        chosen = _chosen(measuring.CONTROLLERS, only)
        for run in measuring.bench(folders, seeds=seeds, first=first_seed, controllers=chosen, missed=missed):
            runs.append(run)
            _keep(record, measuring.record(runs))
            click.echo(f"{run.network}, {run.controller}, seed {run.seed}: {run.speed:.2f} m/s", err=True)
    except (NoScenario, SimulatorMissing) as fault:
        raise click.ClickException(str(fault)) from fault
    found: dict[str, object] = measuring.record(runs)
    for line in aligned([HEAD, *(_cells(row) for row in measuring.rows(runs))]):
        click.echo(line)
    if junctions:
        found["thousand"] = _crowd(junctions)
    _keep(record, found)


def _keep(record: Path | None, found: dict[str, object]) -> None:
    """What was measured so far stands in the file, should the next hour end early."""
    if record is not None:
        record.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")


def _chosen(known: Sequence[str], only: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := set(only) - set(known):
        raise click.ClickException(f"No such controller: {', '.join(sorted(unknown))}. There are: {', '.join(known)}.")
    return tuple(name for name in known if not only or name in only or name == known[0])


def _cells(row: "Row") -> tuple[str, ...]:
    return (
        row.network, row.controller, f"{row.speed:.2f}", f"{row.worst_speed:.2f}",
        f"{row.gain:+.0%}", f"{row.worst_gain:+.0%}", f"{row.delay:.1f}", f"{row.stops:.2f}", f"{row.worst_wait:.0f}",
        str(row.never_departed), str(row.violations),
        f"{row.decision_p50 * 1e6:.0f}", f"{row.decision_p99 * 1e6:.0f}", f"{row.on_plan:.0%}",
    )  # fmt: skip


def _crowd(junctions: int) -> dict[str, float]:
    from citong.core.signals.control.crowd import decide_crowd

    took = decide_crowd(junctions=junctions, seconds=60)
    click.echo(
        f"{junctions} junctions decided and guarded once a second on one core: "
        f"{took.mean:.3f} s a second in the mean, {took.worst:.3f} s in the worst."
    )
    return {"junctions": junctions, "mean_seconds": took.mean, "worst_seconds": took.worst}


@command.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "record", type=click.Path(dir_okay=False, path_type=Path), help="File for the plans.")
def plan(folder: Path, record: Path | None) -> None:
    """Make fixed plans for the SUMO network in FOLDER from traffic counted in a run, and print them.

    Each plan's lines are those that a plan change takes. None is in force before it is proposed, tried and signed.
    """
    from citong.adapters.sumo.offline import planned
    from citong.adapters.sumo.scenario import NoScenario
    from citong.adapters.sumo.simulator import SimulatorMissing
    from citong.core.signals.store import plan_to_json

    try:
        made = planned(folder)
    except (NoScenario, SimulatorMissing) as fault:
        raise click.ClickException(str(fault)) from fault
    for way, speed in made.speeds.items():
        click.echo(f"{way}: {speed:.2f} m/s{', taken' if way == made.way else ''}")
    for name, one in made.plans.items():
        lines = "".join(f"\n{span.state} {span.seconds:g}" for span in one.spans)
        click.echo(f"\n{name}: cycle {one.cycle:g} s, offset {one.offset:g} s{lines}")
    _keep(record, {"way": made.way, "speeds": made.speeds,
                   "plans": {name: plan_to_json(one) for name, one in made.plans.items()}})  # fmt: skip


@command.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--code", default="", help="Code of the network in the register; else the folder's name.")
@click.option("--at", "origin", nargs=2, type=float, help="LON LAT of its middle, for a network without a place.")
@click.option("--datum", default="", help="Datum of its degrees and of --at; else the city's.")
def load(folder: Path, code: str, origin: tuple[float, float] | None, datum: str) -> None:
    """Bring the junctions of the SUMO network in FOLDER into the register, with the plans they run."""
    from citong.adapters.sumo.listing import listed
    from citong.adapters.sumo.scenario import NoScenario
    from citong.adapters.sumo.simulator import SimulatorMissing
    from citong.cli.main import django_ready

    try:
        found = listed(folder)
    except (NoScenario, SimulatorMissing) as fault:
        raise click.ClickException(str(fault)) from fault
    django_ready()
    from django.utils import timezone

    from citong.kit.geometry import Datum
    from citong.services.signals.load import load as bring

    if datum and datum not in {one.value for one in Datum}:
        raise click.ClickException(f"No such datum: {datum}. There are: {', '.join(one.value for one in Datum)}.")
    done = bring(
        found, code=code or found.name, at=timezone.now(), datum=Datum(datum) if datum else None, origin=origin
    )  # fmt: skip
    click.echo(
        f"{done.new} junctions are new, {done.known} were known, {done.gone} have left; {done.arterials} arterials."
    )
    if done.unplaced:
        click.echo(f"{done.unplaced} junctions have no place: give the middle of the network with --at LON LAT.")


@command.command()
@click.argument("folder", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--at", "origin", nargs=2, type=float, help="LON LAT of its middle; else that of an operator's district.")
@click.option("--datum", default="", help="Datum of its degrees and of --at; else the city's.")
@click.option(
    "--speed", type=click.FloatRange(0.1, 50), default=1.0, show_default=True, help="Simulated seconds in one."
)
@click.option("--plan", is_flag=True, help="Every light follows its plan; else the adaptive controller leads.")
@click.option("--drive/--no-drive", default=True, show_default=True, help="Escorts under way drive by themselves.")
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help="Folder of the installation.")
@click.option("--into-used", is_flag=True, help="Even where roads of a real city lie.")
def simulate(
    folder: Path | None, origin: tuple[float, float] | None, datum: str, speed: float, plan: bool, drive: bool,
    home: Path | None, into_used: bool,
) -> None:  # fmt: skip
    """Run a city live behind the operator's console, until Ctrl-C: a made town, or the SUMO network in FOLDER.

    Start `script/server` in one terminal and this in another. The console at /desk/signals/ then shows the lights as
    they change, plans signed there come onto the street, and escorts asked for at /escort/ drive through the traffic
    by themselves (write where they start, such as 古榕体育馆, and keep the place of your own computer to yourself).

    The demo of `citong serve` finds the lights by itself; another installation names their door:
    CITONG_SIGNAL_PORT=citong.adapters.sumo.live_port.port
    """
    if home is not None:
        os.environ["CITONG_HOME"] = str(home.absolute())
    from citong.adapters.sumo.scenario import NoScenario
    from citong.adapters.sumo.simulator import SimulatorMissing, libsumo
    from citong.cli.main import django_ready

    try:
        libsumo()
        django_ready()
        from citong.cli.live_run import run

        run(folder, origin, datum=datum, speed=speed, plan=plan, drive=drive, into_used=into_used)
    except (NoScenario, SimulatorMissing) as fault:
        raise click.ClickException(str(fault)) from fault
