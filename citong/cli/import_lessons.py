"""Model cases of a public collection come in as lessons, each with its source."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from django.utils import timezone

from citong.cli.sheets import open_sheet
from citong.cli.trouble import Trouble
from citong.services.mediation.lessons import take_in

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "类型", "纠纷类型"),
    "about": ("about", "案情", "基本案情"),
    "helped": ("helped", "做法", "调解过程"),
    "source": ("source", "来源"),
}
SHOWN = 10


def bring_lessons(file: Path, *, sheet: str) -> None:
    """The lessons of the file are there; what was refused, and why, is on the screen."""
    table = open_sheet(file, name=sheet)
    found = {ours: next((one for one in table.header if one.strip() in names), "") for ours, names in COLUMNS.items()}
    if missing := [ours for ours, theirs in found.items() if not theirs and ours != "kind"]:
        raise Trouble(f"There is no column {', '.join(missing)}.", mend=f"name the columns {', '.join(COLUMNS)}.")

    def rows() -> Iterator[tuple[int, dict[str, str]]]:
        for number, cells in table.rows():
            said = dict(zip(table.header, cells, strict=False))
            yield number, {ours: said.get(theirs, "") for ours, theirs in found.items()}

    taken = take_in(rows(), at=timezone.now())
    click.echo(f"{file}: {taken.fresh} new, {taken.known} known already, {len(taken.refused)} refused")
    for number, why in taken.refused[:SHOWN]:
        click.echo(f"  row {number}: {why}")
