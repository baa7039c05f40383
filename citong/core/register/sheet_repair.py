"""The repair file of an import: the refused rows in their own columns, with one that says why."""

import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from citong.core.register import sheets
from citong.core.register.models import TableImport

WIDTHS = (18, 60)


def repair_file(table: TableImport) -> bytes:
    """An Excel file that can be mended and sent again as it is: its column with the reasons is read by nothing.

    Raises sheet_store.Gone when the rows can not be opened any more.
    """
    return to_mend(table.header, sheets.refused_rows(table))


def to_mend(columns: Sequence[str], rows: Iterable[tuple[int, Sequence[str], str]]) -> bytes:
    """The same of any refused rows (row number, cells, reason) below these columns."""
    book = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = book.create_sheet(_("To mend"))
    reason = _("Why it was refused")
    header = [name for name in columns if name != reason]
    for at in range(len(header) + 1):
        sheet.column_dimensions[_letters(at)].width = WIDTHS[at == len(header)]
    sheet.freeze_panes = "A2"
    sheet.append([_text(sheet, name, bold=True) for name in [*header, reason]])
    for _number, cells, why in rows:
        kept = [cell for name, cell in zip(columns, cells, strict=False) if name != reason]
        sheet.append([_text(sheet, value) for value in [*kept, why]])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _text(sheet: WriteOnlyWorksheet, value: str, *, bold: bool = False) -> WriteOnlyCell:
    """Text as it is, also what looks like a number or a formula."""
    made = WriteOnlyCell(sheet, value=value)
    made.data_type = "s"
    made.number_format = "@"
    if bold:
        made.font = Font(bold=True)
    return made


def _letters(at: int) -> str:
    """The name of a column by its place from 0."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
