"""Tables as other systems export them, CSV or Excel, read row by row in constant memory."""

import codecs
import csv
import hashlib
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from citong.cli.trouble import Trouble
from citong.kit.tables import LARGEST_CELL, MARKS, Row, Unreadable, as_text, header_among, told_apart

CHUNK = 1 << 20
EXCEL = {".xlsx", ".xlsm", ".xltx", ".xltm"}


@dataclass(frozen=True)
class Sheet:
    """A table with one header line. `digest` names its content: the same file and sheet give the same."""

    path: Path
    name: str
    encoding: str
    header: list[str]
    header_row: int
    digest: str

    def rows(self) -> Iterator[Row]:
        """(Row number as a spreadsheet shows it, cells as text) of every row below the header that is not blank."""
        for number, cells in _raw_rows(self.path, self.name, self.encoding):
            if number > self.header_row and any(cells):
                yield number, cells + [""] * (len(self.header) - len(cells))


def open_sheet(path: Path, *, name: str = "") -> Sheet:
    """The table of a file, its header read; `name` is a sheet's name or its number from 1. Raises Trouble."""
    encoding = "" if path.suffix.lower() in EXCEL else _encoding(path)
    try:
        with closing(_raw_rows(path, name, encoding)) as rows:
            number, header = header_among(rows)
    except Unreadable:
        raise Trouble(f"{path.name} has no header line.", mend="give each column a name in the first row.") from None
    return Sheet(path, name, encoding or "Excel", told_apart(header), number, _digest(path, name))


def _raw_rows(path: Path, name: str, encoding: str) -> Generator[Row, None, None]:
    return _csv_rows(path, encoding) if path.suffix.lower() not in EXCEL else _excel_rows(path, name)


def _csv_rows(path: Path, encoding: str) -> Generator[Row, None, None]:
    csv.field_size_limit(LARGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = max(",;\t", key=file.readline().count)
        file.seek(0)
        try:
            for number, cells in enumerate(csv.reader(file, delimiter=delimiter), start=1):
                yield number, [cell.strip() for cell in cells]
        except csv.Error as fault:
            raise Trouble(f"{path.name} is no readable CSV: {fault}.", mend="save it anew as CSV or Excel.") from None


def _encoding(path: Path) -> str:
    """utf-8 (with mark or without), utf-16 with its mark, else gb18030; raises Trouble when it is none of them."""
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"PK" or start == b"\xd0\xcf\x11\xe0":
        raise Trouble(f"{path.name} is an Excel file by its content.", mend="save it as .xlsx and name it so.")
    known = next((name for mark, name in MARKS.items() if start.startswith(mark)), None)
    for name in [known] if known else ["utf-8", "gb18030"]:
        if _decodes(path, name):
            return name
    raise Trouble(f"{path.name} is neither UTF-8 nor GB 18030.", mend="save it as CSV in UTF-8, or as .xlsx.")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _excel_rows(path: Path, name: str) -> Generator[Row, None, None]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, OSError, ValueError) as fault:
        raise Trouble(f"{path.name} is no readable Excel file: {fault}.", mend="save it anew as .xlsx.") from None
    with closing(book):
        sheet = _chosen(book, path, name)
        sheet.reset_dimensions()  # what other systems write there is often wrong
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [as_text(cell) for cell in cells]


def _chosen(book: Any, path: Path, name: str) -> Any:
    names = [sheet.title for sheet in book.worksheets]
    if name in names:
        return book[name]
    at = int(name or 1) if (name or "1").isdecimal() else 0
    if not 1 <= at <= len(names):
        raise Trouble(f"{path.name} has no sheet {name}.", mend=f"choose one of {', '.join(names)}, or its number.")
    return book.worksheets[at - 1]


def _digest(path: Path, name: str) -> str:
    found = hashlib.sha256(name.encode() + b"\0")
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()[:40]
