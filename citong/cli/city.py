"""`citong city`: check a city's folder, load it, cut trial grids, run its routing examples."""

import sys
import time
from collections import Counter
from pathlib import Path

import click

from citong.cli.main import django_ready

FOLDER = click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))


@click.group()
def command() -> None:
    """Tend the folder a city is made of."""


@command.command()
@FOLDER
def check(folder: Path) -> None:
    """Say what is wrong with FOLDER, each finding with its place; exit code 1 when there are errors."""
    _settings_ready()
    from citong.core.cases.city import check as findings_of
    from citong.core.cases.city import errors

    began = time.monotonic()
    findings = findings_of(folder)
    for one in findings:
        click.echo(f"{one.severity.value:8}{one.where}: {one.what} {one.mend}")
    numbers = Counter(one.severity.value for one in findings)
    counted = ", ".join(f"{number} {name}s" for name, number in numbers.items()) or "nothing found"
    click.echo(f"{folder}: {counted} ({time.monotonic() - began:.1f} s)")
    sys.exit(1 if errors(findings) else 0)


@command.command()
@FOLDER
def load(folder: Path) -> None:
    """Make the database hold what FOLDER says, and the law that comes with the program; what is the same stays."""
    django_ready()
    from citong.core.cases.city import load as load_folder
    from citong.core.knowledge.load import load_shipped
    from citong.core.places.load import KINDS, CannotLoad

    began = time.monotonic()
    click.echo(f"Reading, checking and loading {folder} …", err=True)
    try:
        report = load_folder(folder)
    except CannotLoad as fault:
        raise click.ClickException(str(fault)) from fault
    for table, numbers in report.tables.items():
        click.echo(f"{table:18}" + "".join(f"{numbers[kind]:>8} {kind}" for kind in KINDS))
    law = load_shipped()
    said = "changed" if report.tables or law.articles else "nothing has changed"
    click.echo(f"{folder}: version {report.version}, {said} ({time.monotonic() - began:.1f} s)")


@command.command()
@FOLDER
@click.option("--grids", type=int, help="How many base grids; city.toml's cut_grids otherwise.")
@click.option("--seed", type=int, help="Start of all chance; city.toml's cut_seed otherwise.")
def cut(folder: Path, grids: int | None, seed: int | None) -> None:
    """Write made-up base grids inside the outlines of FOLDER's districts, over the file that is there."""
    _settings_ready()
    from citong.core.places.city import Places
    from citong.core.places.cut import write
    from citong.core.places.folder import Folder

    places = Places(Folder(folder))
    said = places.settings.parameters or {}
    click.echo(f"Cutting the districts of {folder} …", err=True)
    try:
        count = write(places, grids=grids or int(said.get("cut_grids", 0)), seed=seed or int(said.get("cut_seed", 1)))
    except ValueError as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(f"{folder}: {count} grids, marked as generated")


@command.command()
@FOLDER
def examples(folder: Path) -> None:
    """Run FOLDER's routing examples; exit code 1 when one does not hold."""
    _settings_ready()
    from citong.core.cases.city import CityFolder

    results = CityFolder(folder).run_examples()
    for result in results:
        mark = "holds " if result.holds else "FAILS "
        click.echo(f"{mark}{result.example.text}: {result.unit} ({result.reason or 'gap'})")
    failed = sum(not result.holds for result in results)
    click.echo(f"{folder}: {len(results)} examples, {failed} failed")
    sys.exit(1 if failed else 0)


def _settings_ready() -> None:
    """Django's settings without its database: checking a folder needs none."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citong.project.settings")
    django.setup()
