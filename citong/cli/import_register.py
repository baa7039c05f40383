"""The import of a register: what its rows would become, and then bringing them in, in somebody's name."""

import time
from collections.abc import Mapping
from datetime import date
from math import inf
from pathlib import Path

import click
from django.utils import timezone

from citong.cli.table import aligned
from citong.cli.trouble import Trouble
from citong.core.people.access import Actor, actor_of, may_open
from citong.core.people.models import Account
from citong.core.places.current import today
from citong.core.register import sheets
from citong.core.register.kinds import KINDS
from citong.core.register.models import TableImport
from citong.core.register.sheet_columns import Unfit, of_file
from citong.core.register.sheet_repair import repair_file

SHOWN = 10


def taken(
    file: Path, *, kind: str, by: str, on: date | None, sheet: str, mapping: Path | None
) -> tuple[TableImport, Actor]:  # fmt: skip
    """The table, mapped as the file says or its header suggests, and who brings it in. Raises Trouble."""
    if kind not in KINDS:
        raise Trouble(f"There is no kind {kind}.", mend=f"choose one of {', '.join(KINDS)}.")
    account = Account.objects.filter(username=by).first()
    actor = actor_of(account) if account else None
    if actor is None or not may_open(actor, "register_import"):
        raise Trouble(f"{by} may not move tables in.", mend="name an account with the post of intake clerk.")
    table: TableImport | None = None
    try:
        table = sheets.take(
            file.read_bytes(), kind=kind, name=file.name, actor=actor, on=on or today(),
            at=timezone.now(), sheet=sheet,
        )  # fmt: skip
        columns = of_file(kind, table.header, mapping.read_text("utf-8")) if mapping else table.mapping
        return sheets.map_columns(table, columns), actor
    except (Unfit, UnicodeDecodeError) as fault:
        header = ", ".join(table.header) if table else ""
        drop(table)
        raise Trouble(str(fault), mend=f"the columns are {header}." if header else "send another file.") from fault


def foresee(table: TableImport, actor: Actor) -> None:
    """What the columns mean and what the first rows would become is on the screen."""
    click.echo(f"{table.name}, {table.rows} rows of {KINDS[table.kind].plural}:")
    for column, target in table.mapping.items():
        click.echo(f"  {target:24} ← {column}")
    if unread := [column for column in table.header if column not in table.mapping]:
        click.echo(f"  Not read: {', '.join(unread)}.")
    settled = sheets.preview(table, actor=actor)
    rows = {row.draft.number: [str(row.draft.number), str(row.words), "; ".join(row.why)] for row in settled.outlook()}
    for line in aligned([["row", "becomes", "why"], *(rows[at] for at in sorted(rows)[:SHOWN])], widest=60):
        click.echo(line)


def bring(table: TableImport, *, refused: Path | None) -> TableImport:
    """Every row that can be recorded is; how many, and how fast, is on the screen."""
    sheets.begin(table)
    began = time.monotonic()
    with click.progressbar(length=table.rows, label="Moving in") as bar:
        sheets.carry(table.id, seconds=inf, told=lambda now: bar.update(now.read - bar.pos))
    table.refresh_from_db()
    if table.state != TableImport.State.DONE:
        raise Trouble(table.fault or "The import was stopped.", mend="what came in stays; run it again to go on.")
    _say(table, time.monotonic() - began)
    if refused and table.refused:
        refused.write_bytes(repair_file(table))
        click.echo(f"Refused rows are in {refused}.")
    sheets.forget(table)
    return table


def drop(table: TableImport | None) -> None:
    """Nothing of a table that was only looked at is left."""
    if table is not None:
        sheets.forget(table)
        table.delete()


def _say(table: TableImport, seconds: float) -> None:
    counts: Mapping[str, int] = {
        "new": table.fresh, "changed": table.changed, "the same": table.same, "perhaps known already": table.twins,
        "refused": table.refused,
    }  # fmt: skip
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    click.echo(f"\n{told}; {table.read / max(seconds, 0.001):.0f} rows a second.")
