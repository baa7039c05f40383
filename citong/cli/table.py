"""A table on the screen, in which Chinese signs take two places."""

import unicodedata
from collections.abc import Sequence

WIDEST = 28
GAP = "  "


def aligned(rows: Sequence[Sequence[str]], *, widest: int = WIDEST) -> list[str]:
    """One line for each row, columns one below the other, cells shortened to `widest` places."""
    short = [[shortened(cell, widest) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*short, strict=True)]
    return [GAP.join(cell + " " * (most - width(cell)) for cell, most in zip(row, widths, strict=True)).rstrip()
            for row in short]  # fmt: skip


def width(text: str) -> int:
    """Places the text takes on the screen."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def shortened(text: str, widest: int) -> str:
    """The text, cut with an ellipsis where it takes more places than that."""
    line = " ".join(text.split())
    if width(line) <= widest:
        return line
    while width(line) >= widest:
        line = line[:-1]
    return f"{line}…"
