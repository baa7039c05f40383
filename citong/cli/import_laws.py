"""The load of statutes as an operator sees it: a bar, what became of the files, what was not understood."""

import time
from collections.abc import Sequence
from pathlib import Path

import click

from citong.core.knowledge.load import SHIPPED, Report, load, load_shipped
from citong.core.places.tables import write_cells

SHOWN = 10
SAID = {"new": "new", "changed": "changed", "same": "the same", "left_out": "left out", "refused": "refused"}


def bring_laws(folder: Path | None, *, source: str, areas: Sequence[str], strange: Path | None) -> None:
    """The statutes are there; what became of them is on the screen."""
    began = time.monotonic()
    if folder is None:
        report = load_shipped()
    else:
        with click.progressbar(length=sum(1 for _path in folder.rglob("*.md")), label="Reading") as bar:
            report = load(folder, source=source or folder.resolve().name, areas=areas, told=bar.update)
    _say(report, folder or SHIPPED, time.monotonic() - began)
    if strange and report.strange:
        strange.write_text("\ufeff" + write_cells(["file", "what"], [list(row) for row in report.strange]), "utf-8")
        click.echo(f"What was not understood is in {strange}.")


def _say(report: Report, folder: Path, seconds: float) -> None:
    told = ", ".join(f"{report.files[name]} {words}" for name, words in SAID.items() if report.files[name])
    click.echo(f"{folder}: {told or 'no file'}; {report.articles} articles written ({seconds:.1f} s)")
    for where, what in report.strange[:SHOWN]:
        click.echo(f"  {where}: {what}")
    if len(report.strange) > SHOWN:
        click.echo(f"  … and {len(report.strange) - SHOWN} more; --strange FILE.csv keeps all.")
