"""`citong import`: messages, histories, registers and the law come in from files."""

from datetime import datetime
from pathlib import Path

import click

from citong.cli.main import django_ready

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Bring in what other systems hold."""


@command.command()
@click.argument("file", type=FILE)
@click.option("--map", "mapping", type=FILE, help="TOML that says which column is which; else it is guessed.")
@click.option("--sheet", default="", help="Name or number of the Excel sheet; the first otherwise.")
@click.option("--preview", is_flag=True, help="Only say what would happen.")
@click.option("--refused", type=click.Path(dir_okay=False, path_type=Path), help="CSV for refused rows, with reasons.")
@click.option("--city-hint", default="", help="Name or code of the district the messages come from.")
@click.option("--channel", default="import", show_default=True, help="How the messages came in.")
@click.option("--limit", type=click.IntRange(min=1), help="Read only so many rows.")
@click.option("--place", type=click.Choice(["seed"]), help="For trying out: put messages without a place anywhere.")
@click.option("--seed", default=1, show_default=True, help="Start of that chance: the same seed, the same places.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def messages(
    file: Path, mapping: Path | None, sheet: str, preview: bool, refused: Path | None, city_hint: str, channel: str,
    limit: int | None, place: str | None, seed: int, yes: bool,
) -> None:  # fmt: skip
    """Open a case for each message in FILE (CSV or Excel), at the time it was sent.

    A row that was opened before is not opened again, so an interrupted import can simply be run once more.
    """
    django_ready()
    from citong.cli.columns import guessed, mapped
    from citong.cli.import_messages import Import, bring_all, foresee_all
    from citong.cli.sheets import open_sheet

    table = open_sheet(file, name=sheet)
    columns = mapped(mapping, table.header) if mapping else guessed(table.header)
    chance = str(seed) if place else ""
    wanted = Import(table, columns, around=city_hint, channel=channel, limit=limit, chance=chance, refused=refused)
    foreseen = foresee_all(wanted)
    if not preview and foreseen.fresh and (yes or click.confirm(f"Open {foreseen.fresh} cases now?")):
        bring_all(wanted, rows=foreseen.read)


@command.command()
@click.argument("file", type=FILE)
@click.option("--map", "mapping", type=FILE, required=True, help="TOML that says how the file is to be read.")
@click.option("--sheet", default="", help="Name or number of the Excel sheet; the first otherwise.")
@click.option("--check", "only_check", is_flag=True, help="Only say what would come in.")
@click.option("--refused", type=click.Path(dir_okay=False, path_type=Path), help="CSV for refused rows, with reasons.")
@click.option("--limit", type=click.IntRange(min=1), help="Read only so many rows.")
@click.option("--yes", is_flag=True, help="Do not look first and do not ask.")
def history(
    file: Path, mapping: Path, sheet: str, only_check: bool, refused: Path | None, limit: int | None, yes: bool
) -> None:  # fmt: skip
    """Move in the cases of another system from FILE (CSV or Excel), with their own dates, closed or still open.

    A case that came in before does not come in again, so an interrupted import can simply be run once more.
    """
    django_ready()
    from citong.cli.history_map import history_map
    from citong.cli.import_history import History, bring_all, check
    from citong.cli.sheets import open_sheet
    from citong.core.places.current import zone

    table = open_sheet(file, name=sheet)
    wanted = History(table, history_map(mapping, table.header, zone=zone()), limit=limit, refused=refused)
    fresh = None if yes else check(wanted)
    if not only_check and (fresh is None or (fresh and click.confirm(f"Move in {fresh} cases now?"))):
        bring_all(wanted)


@command.command()
@click.argument("file", type=FILE)
@click.option("--kind", default="person", show_default=True, help="What each row is: person, dwelling, organisation…")
@click.option("--by", required=True, help="Sign-in name of the intake clerk in whose name it is done.")
@click.option("--map", "mapping", type=FILE, help="TOML that says which column is which; else it is guessed.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day of which the table speaks; today if unsaid.")
@click.option("--sheet", default="", help="Name of the Excel sheet; the first otherwise.")
@click.option("--preview", is_flag=True, help="Only say what would happen.")
@click.option("--refused", type=click.Path(dir_okay=False, path_type=Path), help="Excel file for refused rows.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def register(
    file: Path, kind: str, by: str, mapping: Path | None, on: datetime | None, sheet: str, preview: bool,
    refused: Path | None, yes: bool,
) -> None:  # fmt: skip
    """Record each row of FILE (Excel or CSV) in the register, or change the record it fits.

    A row that fits a known record by identity number, credit code or address changes it; the others are new.
    """
    django_ready()
    from citong.cli.import_register import bring, drop, foresee, taken

    table, actor = taken(file, kind=kind, by=by, on=on.date() if on else None, sheet=sheet, mapping=mapping)
    foresee(table, actor)
    if preview or not (yes or click.confirm(f"Move {table.rows} rows in now?")):
        drop(table)
        return
    bring(table, refused=refused)


@command.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--source", default="", help="Where the texts come from, as readers shall see it; the folder's name if unsaid."
)
@click.option("--area", "areas", multiple=True, help="Take local rules of this place too, e.g. 福建; may be repeated.")
@click.option("--strange", type=click.Path(dir_okay=False, path_type=Path), help="CSV for what was not understood.")
def laws(folder: Path | None, source: str, areas: tuple[str, ...], strange: Path | None) -> None:
    """Load the statutes of FOLDER (Markdown, one file each); those that come with the program without FOLDER.

    A file that came in before is written again only if it changed, so an interrupted load can simply be run once more.
    """
    django_ready()
    from citong.cli.import_laws import bring_laws

    bring_laws(folder, source=source, areas=areas, strange=strange)


@command.command()
@click.argument("file", type=FILE)
@click.option("--sheet", default="", help="Name of the Excel sheet; the first otherwise.")
def lessons(file: Path, sheet: str) -> None:
    """Take in model cases of a public collection from FILE (CSV or Excel) as lessons for mediators.

    Columns: kind, about, helped, source. A row that is there already is not taken in again.
    """
    django_ready()
    from citong.cli.import_lessons import bring_lessons

    bring_lessons(file, sheet=sheet)
