"""`citong escort bench`: escorts measured on simulated streets, against simple ways and against none."""

import json
from dataclasses import asdict
from math import isnan
from pathlib import Path

import click

from citong.cli.table import aligned

IMPERFECT = "1: asks 1 s late and 5 % lost, loops that miss 10 %, positions 3 s and 5 m off; or multiples."


@click.group(name="escort", help="Escorts: measured on simulated streets.")
def command() -> None:
    """The group."""


@command.command(name="bench")
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--trips", "count", default=4, show_default=True, help="Routes (those with most signals), one departure each."
)
@click.option("--seeds", default=5, show_default=True, help="Each trip is run with this many seeds.")
@click.option("--way", "ways", multiple=True, help="Only this way of leading; may be repeated. All if left out.")
@click.option("--base", default="plan", show_default=True, type=click.Choice(["plan", "adaptive"]))
@click.option("--notice", default=0.0, show_default=True, help="Seconds before departure at which the escort is known.")
@click.option("--imperfect", default=0.0, show_default=True, help=IMPERFECT)
@click.option("--closed", is_flag=True, help="A road in the middle is closed while it is under way: another way.")
@click.option("--curve", is_flag=True, help="The planner alone, in a worse and worse field.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Where rows and runs are written.")
@click.option("--quiet", is_flag=True, help="Without a line for each run.")
def bench(
    folders: tuple[Path, ...], count: int, seeds: int, ways: tuple[str, ...], base: str, notice: float,
    imperfect: float, closed: bool, curve: bool, file: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Escorts through the traffic of each FOLDER (one .sumocfg each): a table."""
    from citong.adapters.sumo.escort import Bench, Row, Wanted
    from citong.adapters.sumo.escort_job import Imperfect
    from citong.adapters.sumo.escort_ways import WAYS

    if unknown := set(ways) - set(WAYS):
        raise click.BadParameter(f"{', '.join(sorted(unknown))}: choose among {', '.join(WAYS)}.")
    bad = Imperfect.field(imperfect) if imperfect else Imperfect()
    if curve and (ways or imperfect or closed):
        raise click.UsageError("The curve is of the planner alone: --way, --imperfect and --closed do not go with it.")
    wanted = Wanted(count, seeds, ways or tuple(WAYS), base, notice, bad, closed, curve)
    rows: list[Row] = []
    runs: list[dict[str, object]] = []
    for folder in folders:
        one = Bench(folder, wanted, told=(lambda _: None) if quiet else click.echo)
        rows += one.measure()
        runs += one.runs
        if file is not None:
            plain = {"wanted": asdict(wanted), "rows": [asdict(row) for row in rows], "runs": runs}
            file.write_text(json.dumps(_known(plain), indent=1, allow_nan=False))
    for line in aligned([CURVE_HEAD, *map(_point, rows)] if curve else [HEAD, *map(_cells, rows)]):
        click.echo(line)


HEAD = ["network", "way", "runs", "signals", "ideal s", "time s", "x ideal", "worst", "stops", "arrived",
        "others %", "± ", "worst", "> 5 %", "by lights %", "violations", "of states", "plan ms p50", "p99"]  # fmt: skip


def _known(value: object) -> object:
    """What is not a number, since it was not measured or nobody arrived, is null in JSON."""
    if isinstance(value, dict):
        return {key: _known(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_known(one) for one in value]
    return None if isinstance(value, float) and isnan(value) else value


CURVE_HEAD = ["network", "field", "runs", "arrived", "time s", "slower %", "x ideal", "worst", "stops", "violations"]


def _point(row: object) -> list[str]:
    one = asdict(row)  # type: ignore[call-overload]
    return [
        one["network"], one["field"], str(one["runs"]), f"{one['arrived']}/{one['runs']}", f"{one['seconds']:.1f}",
        f"{one['slower']:+.1f}", f"{one['times']:.3f}", f"{one['worst_times']:.2f}", f"{one['stops']:.2f}",
        str(one["violations"]),
    ]  # fmt: skip


def _cells(row: object) -> list[str]:
    one = asdict(row)  # type: ignore[call-overload]
    return [
        one["network"], one["way"], str(one["runs"]), f"{one['gates']:.1f}", f"{one['ideal']:.0f}",
        f"{one['seconds']:.0f}", f"{one['times']:.3f}", f"{one['worst_times']:.2f}", f"{one['stops']:.2f}",
        f"{one['arrived']}/{one['runs']}", f"{one['cost']:+.2f}", f"{one['cost_error']:.2f}",
        f"{one['cost_worst']:+.2f}", str(one["costly"]), "" if isnan(one["by_lights"]) else f"{one['by_lights']:+.2f}",
        str(one["violations"]), str(one["checked"]), f"{one['plan_p50']:.2f}", f"{one['plan_p99']:.2f}",
    ]  # fmt: skip
