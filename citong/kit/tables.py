"""Tables as other programs write them, Excel or CSV: read from their bytes, one header line, then rows of text.

`Unreadable` carries a short English code of what is wrong; words are made above.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

TITLE_ROWS = 20  # a header stands no lower
LARGEST_CELL = 50_000_000  # a text that is too long is refused with a sentence, not by the reader
MOST_UNPACKED = 1_500_000_000  # bytes an Excel file may grow to; more is made to fill a memory
EXACT = 1e15  # from here on Excel has rounded a number that it kept as a figure
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
Row = tuple[int, list[str]]


class Unreadable(ValueError):
    """It is no table: "locked", "broken", "large", "letters", "header" or "sheet"."""


@dataclass(frozen=True)
class Table:
    """A table with one header line, whose names are all different."""

    header: list[str]
    header_row: int
    raw: Callable[[], Iterator[list[str]]]

    def rows(self, *, after: int = 0) -> Iterator[Row]:
        """(Row number as a spreadsheet shows it, cells as text) below the header and below row `after`, blank ones
        left out; short rows are filled up, long ones are not cut."""
        width = len(self.header)
        for number, cells in enumerate(self.raw(), start=1):
            if number > self.header_row and number > after and any(cells):
                yield number, cells + [""] * (width - len(cells))


def table_of(content: bytes, *, sheet: str = "") -> Table:
    """The table in a file's bytes; `sheet` is a sheet's name, the first one otherwise. Raises Unreadable."""
    raw = _excel(content, sheet) if content.startswith(EXCEL) else _csv(content)
    number, header = header_among(enumerate(raw(), start=1))
    return Table(told_apart(header), number, raw)


def sheets_in(content: bytes) -> list[str]:
    """Names of the sheets of an Excel file; none in a CSV. Raises Unreadable."""
    return list(_book(content).sheet_names) if content.startswith(EXCEL) else []


def header_among(rows: Iterable[Row]) -> Row:
    """The header line with its number; a title above the table fills one cell alone. Raises Unreadable."""
    first = [(number, cells) for number, cells in islice(rows, TITLE_ROWS) if any(cells)]
    number, header = next((row for row in first if sum(map(bool, row[1])) > 1), (first or [(0, [])])[0])
    header = list(header)
    while header and not header[-1]:
        header.pop()
    if not header:
        raise Unreadable("header")
    return number, header


def told_apart(header: Sequence[str]) -> list[str]:
    """Every column has a name of its own."""
    names: list[str] = []
    for at, name in enumerate(header, start=1):
        name = name or f"column {at}"
        names.append(name if name not in names else f"{name} ({at})")
    return names


def as_text(cell: object) -> str:
    """Excel keeps whole numbers as floats and dates as moments; what it has rounded shows that it was."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else format(cell, ".15g")
    return str(cell).strip()


def _excel(content: bytes, sheet: str) -> Callable[[], Iterator[list[str]]]:
    book = _book(content)
    name = sheet or next(iter(book.sheet_names), "")
    if name not in book.sheet_names:
        raise Unreadable("sheet")
    try:
        found = book.get_sheet_by_name(name)
    except CalamineError as fault:
        raise Unreadable("broken") from fault
    left = (found.start or (0, 0))[1]  # blank columns before the data are left out, blank rows are not

    def rows() -> Iterator[list[str]]:
        for cells in found.iter_rows():
            yield [""] * left + [as_text(cell) for cell in cells]

    return rows


def _book(content: bytes) -> CalamineWorkbook:
    try:
        if content.startswith(EXCEL[0]):
            with ZipFile(io.BytesIO(content)) as parts:
                if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                    raise Unreadable("large")
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as fault:
        raise Unreadable("locked") from fault
    except (CalamineError, ZipError, BadZipFile, OSError) as fault:
        raise Unreadable("broken") from fault


def _csv(content: bytes) -> Callable[[], Iterator[list[str]]]:
    text = _decoded(content)
    csv.field_size_limit(LARGEST_CELL)
    delimiter = max(",;\t", key=text[: text.find("\n") if "\n" in text else None].count)

    def rows() -> Iterator[list[str]]:
        try:
            for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
                yield [cell.strip() for cell in cells]
        except csv.Error as fault:
            raise Unreadable("broken") from fault

    return rows


def _decoded(content: bytes) -> str:
    """UTF-8 (with mark or without), UTF-16 with its mark, else GB 18030."""
    known = next((name for mark, name in MARKS.items() if content.startswith(mark)), None)
    for name in [known] if known else ["utf-8", "gb18030"]:
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    raise Unreadable("letters")
