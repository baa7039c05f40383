"""The import of messages: what will happen, row by row, and then doing it."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from citong.cli.city_words import categories
from citong.cli.columns import Columns, Unreadable, left_out
from citong.cli.refused import Refused, refusing
from citong.cli.sheets import Sheet
from citong.cli.table import aligned
from citong.cli.trouble import Trouble
from citong.core.cases.models import Category
from citong.core.flow.bulk import Foreseen, Message, bring, completed, foresee, why
from citong.core.flow.refusal import Invalid
from citong.core.people.models import Unit
from citong.core.places.current import zone
from citong.core.places.models import Division

SERVICE = "requests"
SHOWN = 10
GIVEN, UNKNOWN = "given by the file", "none found"
BANDS = ((0.8, "suggested, share 0.8 to 1"), (0.5, "suggested, share 0.5 to 0.8"), (0.0, "suggested, share under 0.5"))
HEADER = ["row", "sent", "title", "kind", "place", "goes to"]


@dataclass
class Import:
    """A file, how to read it, and what to do where it says too little."""

    sheet: Sheet
    columns: Columns
    around: str = ""
    channel: str = "import"
    limit: int | None = None
    chance: str = ""
    refused: Path | None = None
    now: datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        self.around = _district(self.around) if self.around else ""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows to read, blank ones left out."""
        return islice(self.sheet.rows(), self.limit)

    def message(self, number: int, cells: list[str]) -> Message:
        """The completed message of a row. Raises Unreadable."""
        if any(cells[len(self.sheet.header) :]):
            raise Unreadable(_("The row has more cells than the header: a comma in it is not quoted."))
        said = dict(zip(self.sheet.header, cells, strict=False))
        data = self.columns.read(said)
        at = self.columns.moment(data.pop("sent_at", ""), zone=zone(), now=self.now)
        name, given = data.pop("id", ""), data.pop("category", "")
        if code := self.categories.get(self.columns.categories.get(given, given)):
            data["category"] = code
        return completed(Message(self._key(number, name), data, at), around=self.around, chance=self.chance)

    @cached_property
    def categories(self) -> Mapping[str, str]:
        """Code, or name where only one category has it, to code."""
        return {word: category.code for word, category in categories().items()}

    def _key(self, number: int, name: str) -> str:
        return f"import:{self.columns.source}:{name}"[:80] if name else f"import:{self.sheet.digest}:{number}"


def _district(said: str) -> str:
    districts = Division.objects.filter(level="district", ends_on=None).order_by("code")
    found = districts.filter(code=said).first() or districts.filter(name__startswith=said).first()
    if found is None:
        names = ", ".join(districts.values_list("name", flat=True))
        raise Trouble(f"There is no district {said} in this city.", mend=f"choose one of {names}.")
    return found.name


@dataclass
class Tally:
    """What would happen to the rows of a file, counted; the first ten in full."""

    read: int = 0
    again: int = 0
    fresh: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    placed: Counter[str] = field(default_factory=Counter)
    functions: Counter[str] = field(default_factory=Counter)
    shown: list[list[str]] = field(default_factory=list)

    def count(self, foreseen: Foreseen, *, function: str) -> None:
        """One row that can be opened, or was before."""
        self.again += foreseen.again
        self.fresh += not foreseen.again
        self.kinds[_kind(foreseen)] += 1
        self.placed[str(foreseen.placed)] += 1
        self.functions["nobody answers: city desk" if foreseen.gap else function] += 1


def foresee_all(wanted: Import) -> Tally:
    """The preview is on the screen; nothing was written but the file of refused rows."""
    _say_reading(wanted)
    names = _Names()
    tally = Tally()
    with refusing(wanted.sheet, wanted.refused) as refused:
        for number, cells in wanted.rows():
            tally.read += 1
            try:
                message = wanted.message(number, cells)
                foreseen = foresee(SERVICE, message)
            except (Unreadable, Invalid) as fault:
                refused.add(cells, _reason(fault))
                continue
            tally.count(foreseen, function=names.functions[foreseen.unit])
            if len(tally.shown) < SHOWN:
                tally.shown.append(names.row(number, message, foreseen))
    _say_tally(wanted, tally, refused)
    return tally


def bring_all(wanted: Import, *, rows: int) -> int:
    """Each row that can be a case is one, opened once however often this runs; returns how many were opened now."""
    began, opened, again = time.monotonic(), 0, 0
    with (
        refusing(wanted.sheet, wanted.refused) as refused,
        click.progressbar(wanted.rows(), length=rows, label="Opening cases") as bar,
    ):
        for number, cells in bar:
            try:
                done = bring(SERVICE, wanted.message(number, cells), channel=wanted.channel)
            except (Unreadable, Invalid) as fault:
                refused.add(cells, _reason(fault))
                continue
            again += done.again
            opened += not done.again
    seconds = time.monotonic() - began
    click.echo(
        f"{opened} cases opened, {again} had been opened before, {refused.reasons.total()} rows refused; "
        f"{rows / max(seconds, 0.001):.0f} rows a second."
    )
    return opened


class _Names:
    """Names of units, divisions and categories, read once."""

    def __init__(self) -> None:
        units = list(Unit.objects.values_list("id", "function", "name"))
        self.functions = {unit: function for unit, function, _name in units}
        self.units = {unit: name for unit, _function, name in units}
        self.divisions = dict(Division.objects.filter(ends_on=None).values_list("path", "name"))
        self.categories = dict(Category.objects.values_list("code", "name"))

    def row(self, number: int, message: Message, foreseen: Foreseen) -> list[str]:
        """A row of the preview, as HEADER says."""
        share = "" if foreseen.certainty is None else f" {foreseen.certainty:.2f}"
        place = f"{self.divisions.get(foreseen.division, '—')} ({foreseen.placed})"
        sent = message.at.astimezone(zone()).strftime("%Y-%m-%d %H:%M")
        kind = self.categories.get(foreseen.category, "—") + share
        return [str(number), sent, foreseen.title, kind, place, self.units[foreseen.unit]]


def _kind(foreseen: Foreseen) -> str:
    if not foreseen.category:
        return UNKNOWN
    share = foreseen.certainty
    return GIVEN if share is None else next(name for least, name in BANDS if share >= least)


def _reason(fault: Unreadable | Invalid) -> str:
    return why(SERVICE, fault) if isinstance(fault, Invalid) else str(fault)


def _say_reading(wanted: Import) -> None:
    sheet, columns = wanted.sheet, wanted.columns
    click.echo(f"{sheet.path.name} ({sheet.encoding}): columns {'as guessed' if columns.guessed else 'as mapped'}")
    for line in columns.described():
        click.echo(f"  {line}")
    if "sent_at" not in columns.of:
        click.echo("  No column says when a message was sent: it counts as sent now.")
    if unread := left_out(sheet.header):
        click.echo(f"  Not imported: {', '.join(unread)}. Replies given elsewhere are no acts of this ledger.")


def _say_tally(wanted: Import, tally: Tally, refused: Refused) -> None:
    for line in aligned([HEADER, *tally.shown]):
        click.echo(line)
    number = refused.reasons.total()
    click.echo(f"\n{tally.read} rows: {tally.fresh} to be opened, {tally.again} opened before, {number} refused.")
    for what, counted in (("kind", tally.kinds), ("place", tally.placed), ("goes to", tally.functions)):
        click.echo(f"  {what}: " + ", ".join(f"{count} {name}" for name, count in counted.most_common()))
    for reason, count in refused.reasons.most_common():
        click.echo(f"  refused {count}: {reason}")
    if number:
        click.echo(f"  Refused rows are in {wanted.refused}." if wanted.refused else "  Name a file with --refused.")
    if tally.kinds.total() > tally.kinds[GIVEN] + tally.kinds[UNKNOWN]:
        click.echo("A suggested kind only lets the rules route the case; the clerk confirms or changes it.")
