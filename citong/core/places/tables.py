"""CSV text as numbered lines of cells; what a spreadsheet program leaves behind is cleaned off."""

import csv
import io
from collections.abc import Mapping

Cells = Mapping[str, str]


def read_cells(text: str) -> tuple[list[str], list[tuple[int, Cells]]]:
    """The columns of the first line, and every line that is not empty with its number in the file."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    columns = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = columns
    lines = [(reader.line_num, {k: v.strip() for k, v in row.items() if isinstance(v, str)}) for row in reader]
    return columns, [(line, cells) for line, cells in lines if any(cells.values())]


def write_cells(columns: list[str], rows: list[list[object]]) -> str:
    """CSV text with these columns, LF line ends."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([columns, *rows])
    return out.getvalue()
