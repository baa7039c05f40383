"""The import of a history: ten years of requests of another system, as they were there, some thousand at a time."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from pathlib import Path

import click
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from citong.cli.columns import Unreadable
from citong.cli.history_map import HistoryMap
from citong.cli.history_rows import Draft, Reader
from citong.cli.refused import Refused, refusing
from citong.cli.sheets import Sheet
from citong.cli.table import aligned
from citong.cli.trouble import Trouble
from citong.core.flow.moving_in import known, move_in, numbers
from citong.core.flow.past import Past, life_of
from citong.core.ledger.seal import public_key
from citong.core.people.duties import grid_workers
from citong.core.places.current import zone
from citong.core.search.index import gathering
from citong.kit.tables import Row

AT_ONCE = 2_000
SHOWN = 10
LOCK = 5_920_417_072  # any number that nobody else locks
HEADER = ["row", "number there", "opened", "closed", "title", "kind", "state", "place"]


@dataclass
class History:
    """A file, how to read it, and where refused rows go."""

    sheet: Sheet
    mapping: HistoryMap
    limit: int | None = None
    refused: Path | None = None
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.sheet, self.mapping, now=self.now)

    def batches(self, refused: Refused) -> Iterator[tuple[int, list[Past]]]:
        """(Rows read, cases that can come in and did not yet) of each part of the file; what can not is refused."""
        rows, seen = islice(self.sheet.rows(), self.limit), set[str]()
        while part := list(islice(rows, AT_ONCE)):
            pasts = list(self._pasts(part, refused))
            there = known(past.key for past in pasts) | seen
            seen |= {past.key for past in pasts}
            yield len(part), [past for past in {past.key: past for past in pasts}.values() if past.key not in there]

    def _pasts(self, part: Sequence[Row], refused: Refused) -> Iterator[Past]:
        drafts: list[tuple[list[str], Draft]] = []
        for _number, cells in part:
            try:
                drafts.append((cells, self.reader.draft(cells)))
            except Unreadable as fault:
                refused.add(cells, str(fault))
        for (cells, draft), found in zip(drafts, self.reader.places([one for _cells, one in drafts]), strict=True):
            if found.located is not None and not found.located.inside:
                refused.add(cells, _("This place lies outside the city: choose a place inside it."))
            else:
                yield draft.at(found)


def check(history: History) -> int:
    """What would come in is on the screen; nothing was written but the repair file. Returns how many would."""
    read, fresh, shown = 0, 0, list[list[str]]()
    counted: dict[str, Counter[str]] = {
        "state": Counter(),
        "kind": Counter(),
        "opened in": Counter(),
        "place": Counter(),
    }
    with refusing(history.sheet, history.refused) as refused:
        for count, pasts in history.batches(refused):
            read, fresh = read + count, fresh + len(pasts)
            shown += [
                _shown(number, past) for number, past in enumerate(pasts[: SHOWN - len(shown)], start=len(shown) + 1)
            ]
            for past in pasts:
                _count(past, counted)
    _say_mapping(history)
    for line in aligned([HEADER, *shown]):
        click.echo(line)
    again = read - fresh - refused.reasons.total()
    click.echo(f"\n{read} rows: {fresh} to come in, {again} here already, {refused.reasons.total()} refused.")
    _say_counts(history, counted, refused)
    return fresh


def bring_all(history: History) -> int:
    """Every row that can be a case is one, once however often this runs; returns how many came in now."""
    began, fresh, read = time.monotonic(), 0, 0
    workers = grid_workers(history.now)
    public_key()
    rows = sum(1 for _row in islice(history.sheet.rows(), history.limit))
    bar = click.progressbar(length=rows, label="Moving in", item_show_func=lambda rate: rate)
    with _alone(), gathering(), refusing(history.sheet, history.refused) as refused, bar:
        for count, pasts in history.batches(refused):
            numbered = zip(pasts, numbers([past.opened_at for past in pasts]), strict=True)
            lives = [life_of(past, number=number, at=history.now, workers=workers) for past, number in numbered]
            move_in(lives, at=history.now)
            fresh, read = fresh + len(pasts), read + count
            bar.update(count, f"{read / (time.monotonic() - began):.0f} a second")
    took, faults = time.monotonic() - began, refused.reasons.total()
    click.echo(
        f"{fresh} cases came in, {read - fresh - faults} had come before, {faults} rows refused; "
        f"{read / max(took, 0.001):.0f} rows a second."
    )
    if faults:
        click.echo(f"Refused rows are in {history.refused}." if history.refused else "Name a file with --refused.")
    return fresh


class _alone:
    """One import of a history at a time; raises Trouble beside another."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if cursor.fetchone() != (True,):
                raise Trouble("Another import of a history is running.", mend="wait until it has ended.")

    def __exit__(self, *_fault: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _shown(number: int, past: Past) -> list[str]:
    here = zone()
    days = [at.astimezone(here).strftime("%Y-%m-%d %H:%M") if at else "" for at in (past.opened_at, past.closed_at)]
    kind = past.category.name if past.category else "—"
    return [str(number), past.number, *days, past.title, kind, past.state, _place(past)]


def _place(past: Past) -> str:
    located = past.found.located
    if located is None:
        return "not found"
    return "point" if located.base else "address or district"


def _count(past: Past, counted: dict[str, Counter[str]]) -> None:
    counted["state"][past.state] += 1
    counted["kind"][past.category.name if past.category else "none"] += 1
    counted["opened in"][str(past.opened_at.astimezone(zone()).year)] += 1
    counted["place"][_place(past)] += 1


def _say_mapping(history: History) -> None:
    sheet = history.sheet
    click.echo(f"{sheet.path.name} ({sheet.encoding}), from “{history.mapping.source}”:")
    for line in history.mapping.described():
        click.echo(f"  {line}")
    used = {one for columns in history.mapping.columns.values() for one in columns}
    if unread := [column for column in sheet.header if column not in used]:
        click.echo(f"  Not read: {', '.join(unread)}.")


def _say_counts(history: History, counted: dict[str, Counter[str]], refused: Refused) -> None:
    for what, counts in counted.items():
        click.echo(f"  {what}: " + _listed(counts.most_common(20)))
    for name, counts in history.reader.unknown.items():
        click.echo(f"  not mapped, {name}: " + _listed(counts.most_common(20)))
    for reason, count in refused.reasons.most_common():
        click.echo(f"  refused {count}: {reason}")
    if refused.reasons:
        click.echo(f"  Refused rows are in {history.refused}." if history.refused else "  Name a file with --refused.")


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts)
