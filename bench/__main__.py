"""script/bench: one table, each figure beside its reference, measured in the same run."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from bench import machine
from bench.figures import Figure, constant, table
from bench.house import CITY, Home
from bench.run import BESIDE, TWIN, WORK, Run

SIZES = (10_000, 100_000, 1_000_000)
# Those that only read come first, and those that leave the database most to tidy up last.
MEASUREMENTS = (
    "screens", "searching", "locating", "opening", "lifecycle", "memory", "helpdesk", "importing", "ledger", "phones",
    "matching", "papers", "mediation",
)  # fmt: skip
SEED = 1


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--size", "sizes", type=click.IntRange(0), multiple=True, default=SIZES, help="Cases; several times.")
@click.option("--only", "only", type=click.Choice(MEASUREMENTS), multiple=True, help="Just that; several times.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Also write all figures there.")
@click.option(
    "--rounds", type=click.IntRange(1), default=3, show_default=True, help="Turns of each rate; the median counts."
)
@click.option("--seconds", type=float, default=5, show_default=True, help="Length of a turn.")
@click.option("--home", type=click.Path(path_type=Path), help="Where the database lives meanwhile.")
@click.option("--keep", is_flag=True, help="Leave the home: the next run need not fill the sizes again.")
def main(
    sizes: Sequence[int], only: Sequence[str], json_file: Path | None, rounds: int, seconds: float, home: Path | None,
    keep: bool,
) -> None:  # fmt: skip
    """Measure this Citong on this machine."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    told, began = machine.describe(), time.monotonic()
    click.echo(machine.told(told))
    path = home.absolute() if home else Path(tempfile.gettempdir()) / "citong-bench"
    names = [name for name in MEASUREMENTS if name in (only or MEASUREMENTS)]
    figures: list[Figure] = []
    with Home(path).opened(keep=keep) as house:
        samples = _samples(house)
        for size in sorted(set(sizes)):
            try:
                run = _made_ready(house, size, min(sizes), samples=samples, names=names, rounds=rounds, seconds=seconds)
            except RuntimeError as fault:
                figures += [Figure(name, size, note=str(fault)) for name in names]
                continue
            figures += _measured(house, run, names)
    figures += constant(figures)
    click.echo("")
    for line in table(figures):
        click.echo(line)
    click.echo(f"\n{time.monotonic() - began:.0f} s in all.")
    if json_file:
        whole = {"machine": told, "rounds": rounds, "seconds": seconds, "figures": [one.plain() for one in figures]}
        json_file.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")


def _samples(house: Home) -> Path:
    """The city is loaded and what an opening writes is known."""
    click.echo("the city …")
    house.load_city()
    house.copy(CITY, "scratch")
    samples = house.path / "samples.json"
    house.run([sys.executable, "-m", "bench.inside", "writes", str(samples)], on="scratch")
    house.drop("scratch")
    return samples


def _made_ready(
    house: Home, size: int, smallest: int, *, samples: Path, names: Sequence[str], rounds: int, seconds: float
) -> Run:
    """Databases of that size lie ready: one to work on, its twin for pgbench, and one of the smallest size."""
    began = time.monotonic()
    click.echo(f"{size:,} cases …")
    source, least = f"cases_{size}", f"cases_{smallest}"
    house.fill(source, cases=size, seed=SEED)
    house.copy(source, WORK)
    if "opening" in names:
        house.copy(source, TWIN)
    if "lifecycle" in names and size != smallest:
        house.copy(least, BESIDE)
    click.echo(f"  ready after {time.monotonic() - began:.0f} s")
    return Run(size, smallest, rounds, seconds, house.path, samples, house.cast(source), house.cast(least))


def _measured(house: Home, run: Run, names: Sequence[str]) -> list[Figure]:
    out = house.path / "figures.jsonl"
    out.unlink(missing_ok=True)
    command = [sys.executable, "-m", "bench.inside", "figures", run.written(), str(out), *names]
    done = subprocess.run(command, cwd=machine.ROOT, env=house.environment(WORK), check=False)
    figures = [Figure.restored(json.loads(line)) for line in out.read_text().splitlines()] if out.exists() else []
    if done.returncode:
        figures.append(Figure("the rest", run.size, note=f"the process ended with {done.returncode}"))
    return figures


if __name__ == "__main__":
    main()
