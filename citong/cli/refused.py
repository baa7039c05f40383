"""The repair file: rows that were refused, with their own columns and a sentence each, to be mended and sent again."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from citong.cli.sheets import Sheet

REASON = "why"
QUOTED = re.compile("“[^”]*”")


class Writes(Protocol):
    """What csv.writer gives."""

    def writerow(self, row: Sequence[str], /) -> object: ...


class Refused:
    """Counts the rows that were refused and, where a file is named, keeps them there with the reason."""

    def __init__(self, sheet: Sheet, file: Writes | None) -> None:
        self.reasons: Counter[str] = Counter()
        self._file = file
        self._kept = [at for at, name in enumerate(sheet.header) if name != REASON]
        if file:
            file.writerow([*(sheet.header[at] for at in self._kept), REASON])

    def add(self, cells: list[str], reason: str) -> None:
        """The row is refused."""
        self.reasons[QUOTED.sub("“…”", reason)] += 1
        if self._file:
            self._file.writerow([*(cells[at] for at in self._kept), reason])


@contextmanager
def refusing(sheet: Sheet, path: Path | None) -> Iterator[Refused]:
    """Rows of the sheet are refused into a CSV at the path, or only counted where there is none."""
    if path is None:
        yield Refused(sheet, None)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark tells Excel it is UTF-8
        yield Refused(sheet, csv.writer(file))
