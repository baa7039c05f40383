"""Yuan as people write them, fen as they are counted: whole numbers, so that no sum is ever off by a hair."""

import re
import unicodedata

YUAN = re.compile(r"(\d{1,9})(?:\.(\d{1,2}))?", re.ASCII)


def fen_of(text: str) -> int:
    """The fen of an amount such as `12`, `12.5`, `1,200.00` or `￥12.50`; ValueError for anything else."""
    plain = re.sub(r"[\s,¥元]", "", unicodedata.normalize("NFKC", text))
    found = YUAN.fullmatch(plain)
    if not found:
        raise ValueError("An amount is written like 12.50: yuan, a point, and two digits at most.")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def yuan_of(fen: int) -> str:
    """The amount with two decimals, such as `12.50`."""
    sign, fen = "-" * (fen < 0), abs(fen)
    return f"{sign}{fen // 100}.{fen % 100:02}"
