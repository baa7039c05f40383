"""Figures as a workbook: what was asked, what each measure means, and the measures in all and line by line."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from citong.core.cases.declare import Words
from citong.core.cases.models import Case
from citong.core.flow import measures
from citong.core.flow.measures import MEASURES, Figure, Kind, Line, Period
from citong.core.places.current import zone
from citong.web.office.asked import Asked
from citong.web.office.dimensions import DIMENSIONS
from citong.web.office.figures import names_of

HOURS = 3_600
FORMATS = {Kind.COUNT: "0", Kind.SHARE: "0.0%", Kind.MEAN: "0.00", Kind.MEDIAN: "0.0"}
MOST_LINES = 20_000


def workbook(cases: QuerySet[Case], asked: Asked, period: Period, *, told: Sequence[tuple[Words, Words]]) -> bytes:
    """The workbook's bytes: definitions, total, each dimension, days. Three queries for each sheet of lines."""
    book = Workbook(write_only=True)
    _definitions(book, period, told)
    _sheet(book, _("In all"), _("All cases"), [("", measures.total(cases, period))])
    for dimension in DIMENSIONS:
        found = measures.lines(cases, period, key=dimension.key(asked), most=MOST_LINES)
        names = names_of(found, dimension)
        labelled = [(str(names.get(line.key, line.key) or _("Not known")), line) for line in found]
        _sheet(book, str(dimension.label), dimension.label, labelled)
    _days(book, measures.days(cases, period, zone=zone()))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _definitions(book: Workbook, period: Period, told: Sequence[tuple[Words, Words]]) -> None:
    sheet = book.create_sheet(_("Definitions"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 110
    stamp = f"{localtime(period.at, zone()):%Y-%m-%d %H:%M}"
    for label, value in [*told, (_("Made at"), stamp)]:
        sheet.append([_head(sheet, label), _text(sheet, value)])
    sheet.append([])
    for measure in MEASURES:
        sheet.append([_head(sheet, measure.label), _text(sheet, measure.definition)])


def _sheet(book: Workbook, title: str, first: Words, lines: Iterable[tuple[str, Line]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 32
    sheet.append([_head(sheet, first), *(_head(sheet, head) for head in _heads())])
    for label, line in lines:
        sheet.append([_text(sheet, label), *_numbers(sheet, line.figures)])


def _heads() -> list[str]:
    """A column for each measure; a share has its cases and its base beside it, a median is in hours."""
    heads = []
    for measure in MEASURES:
        label = str(measure.label)
        heads.append(_("%(measure)s (hours)") % {"measure": label} if measure.kind == Kind.MEDIAN else label)
        if measure.kind != Kind.COUNT:
            heads.append(_("%(measure)s: cases") % {"measure": label})
        if measure.kind == Kind.SHARE:
            heads.append(_("%(measure)s: of") % {"measure": label})
    return heads


def _numbers(sheet: Any, figures: Mapping[str, Figure]) -> Iterable[Any]:
    for measure in MEASURES:
        figure = figures[measure.code]
        value = figure.value
        in_hours = value / HOURS if measure.kind == Kind.MEDIAN and value is not None else value
        cell = WriteOnlyCell(sheet, value=in_hours)
        cell.number_format = FORMATS[measure.kind]
        yield cell
        if measure.kind != Kind.COUNT:
            yield figure.count
        if measure.kind == Kind.SHARE:
            yield figure.of


def _days(book: Workbook, days: Mapping[date, tuple[int, int]]) -> None:
    sheet = book.create_sheet(_("By day"))
    heads = (_("Day"), measures.BY_CODE["received"].label, measures.BY_CODE["closed"].label)
    sheet.append([_head(sheet, head) for head in heads])
    for day, counts in days.items():
        sheet.append([day, *counts])


def _head(sheet: Any, value: Words) -> Any:
    cell = _text(sheet, value)
    cell.font = Font(bold=True)
    return cell


def _text(sheet: Any, value: Words) -> Any:
    """A cell that stays text: a name that begins with “=” is no formula."""
    cell = WriteOnlyCell(sheet, value=str(value))
    cell.data_type = "s"
    return cell
