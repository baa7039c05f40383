"""A list that leaves the register: what for, with no more columns than that needs, and a mark that stays.

The ledger keeps who took which list, how many records and what for; each person whose record is in it can read so.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from citong.core.ledger.bulk import copy_in
from citong.core.ledger.models import Entry
from citong.core.ledger.write import Head, append
from citong.core.people.access import Actor, Purpose, may_open
from citong.core.people.models import Look
from citong.core.people.refusal import NotAllowed
from citong.core.places.current import zone
from citong.core.register.checking import opened
from citong.core.register.declare import Known
from citong.core.register.kinds import KINDS
from citong.core.register.models import Record
from citong.kit.export import MARK, cell
from citong.kit.ids import uuid7

MOST_ROWS = 20_000
NAMES_NOBODY = Purpose.STATISTICS
PURPOSES = (Purpose.VISITING, Purpose.HANDLING, Purpose.ERRAND, Purpose.CORRECTION, Purpose.SUPERVISION, NAMES_NOBODY)
WIDTH = 20


@dataclass(frozen=True)
class Column:
    """One column of a list: its title, and the record's value in it (of the clear values)."""

    name: str
    title: str
    value: Callable[[Record, Mapping[str, Any]], str]


@dataclass(frozen=True)
class Export:
    """What is taken: records of one kind, for a purpose, with these sealed fields besides, and why those."""

    kind: str
    purpose: Purpose
    sealed: Sequence[str] = ()
    reason: str = ""
    asked: str = ""  # the filter, as the address of the list has it


def sealed_for(kind: str, purpose: Purpose) -> list[str]:
    """The sealed fields that may be asked for besides; none where the list must name nobody."""
    if purpose == NAMES_NOBODY:
        return []
    return [name for name, known in KINDS[kind].known.items() if known.sealed]


def columns(export: Export) -> list[Column]:
    """The columns this purpose needs: of statistics choices, years and areas alone; else all that is open."""
    known = KINDS[export.kind].known
    if export.purpose == NAMES_NOBODY:
        told = [_column(name, one, years=True) for name, one in known.items() if _names_nobody(one)]
        return [*told, _place("community", _("Community"))]
    told = [_column(name, one) for name, one in known.items() if not one.sealed or name in export.sealed]
    return [*told, _place("community", _("Community")), _place("grid", _("Base grid"))]


def take_out(records: Sequence[Record], export: Export, *, actor: Actor, at: datetime) -> Entry:
    """The ledger has the mark of this list, and every record in it a look. Raises NotAllowed."""
    if not may_open(actor, "register_export") or export.purpose not in PURPOSES:
        raise NotAllowed(_("Lists are taken out by an office, for a purpose."))
    if export.sealed and not (export.reason and set(export.sealed) <= set(sealed_for(export.kind, export.purpose))):
        raise NotAllowed(_("Say why the list needs values that are kept under seal."))
    seat = next(one for one in actor.seats if may_open(Actor(seats=(one,)), "register_export"))
    facts = {
        "kind": export.kind, "purpose": export.purpose.value, "rows": len(records),
        "columns": [column.name for column in columns(export)], "sealed": sorted(export.sealed),
    }  # fmt: skip
    words = {"filter": export.asked, "reason": export.reason}
    with transaction.atomic():
        by = actor.signature(seat)
        mark = append(uuid7(at), "export", kind="export", by=by, at=at, head=Head(), facts=facts, content=words)
        if export.purpose != NAMES_NOBODY:
            copy_in(Look, (_look(one, actor, seat.unit_code, seat.post, at) for one in records))
    return mark


def as_excel(records: Iterable[Record], export: Export, mark: Entry, *, by: str) -> bytes:
    """The list as an Excel file; its first line says whose it is and what for."""
    book = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = book.create_sheet(str(KINDS[export.kind].plural)[:31])
    shown = columns(export)
    for at in range(len(shown)):
        sheet.column_dimensions[chr(ord("A") + at)].width = WIDTH
    sheet.freeze_panes = "A3"
    sheet.append([_text(sheet, sentence(mark, by=by))])
    sheet.append([_text(sheet, column.title, bold=True) for column in shown])
    for row in rows(records, shown):
        sheet.append([_text(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def as_csv(records: Iterable[Record], export: Export, mark: Entry, *, by: str) -> bytes:
    """The same as CSV (UTF-8 with its mark); what a spreadsheet would run as a formula has an apostrophe before it."""
    out, shown = io.StringIO(newline=""), columns(export)
    written = csv.writer(out, lineterminator="\r\n")
    written.writerow([sentence(mark, by=by)])
    written.writerow([column.title for column in shown])
    written.writerows([cell(value) for value in row] for row in rows(records, shown))
    return (MARK + out.getvalue()).encode()


def rows(records: Iterable[Record], shown: Sequence[Column]) -> Iterator[list[str]]:
    """Yield the lines of the list."""
    for record in records:
        clear = opened(record, [column.name for column in shown if column.name in record.values])
        yield [column.value(record, clear) for column in shown]


def sentence(mark: Entry, *, by: str) -> str:
    """The line that goes with the list."""
    said = _(
        "%(by)s, %(unit)s, %(at)s, %(rows)s records, for: %(purpose)s. Mark %(mark)s. Delete it when that is done."
    )
    return said % {
        "by": by, "unit": mark.unit, "at": mark.at.astimezone(zone()).strftime("%Y-%m-%d %H:%M"),
        "rows": mark.facts["rows"], "purpose": mark.facts["purpose"], "mark": mark.id,
    }  # fmt: skip


def _names_nobody(known: Known) -> bool:
    return not known.sealed and isinstance(known.field, forms.ChoiceField | forms.DateField)


def _column(name: str, known: Known, *, years: bool = False) -> Column:
    choices = dict(known.field.choices) if isinstance(known.field, forms.ChoiceField) else {}  # type: ignore[arg-type]

    def value(_record: Record, clear: Mapping[str, Any]) -> str:
        said = str(clear.get(name, ""))
        if years and isinstance(known.field, forms.DateField):
            return said[:4]
        return str(choices.get(said, said)) if said else ""

    return Column(name, str(known.field.label), value)


def _place(level: str, title: str) -> Column:
    return Column(level, title, lambda record, _clear: str(getattr(record, level)))


def _look(record: Record, actor: Actor, unit: str, post: str, at: datetime) -> Look:
    assert actor.account is not None
    return Look(
        id=uuid7(at), subject=record.id, account=actor.account, unit=unit, post=post, purpose=Purpose.EXPORTING, at=at
    )  # fmt: skip


def _text(sheet: WriteOnlyWorksheet, value: str, *, bold: bool = False) -> WriteOnlyCell:
    """A cell that holds the text itself: what begins with “=” is text and never a formula."""
    made = WriteOnlyCell(sheet, value=value)
    made.data_type = "s"
    if bold:
        made.font = Font(bold=True)
    return made
