"""What people say, in the words of the law: 借条 is 借据, 工钱 is 劳动报酬."""

import csv
from functools import cache
from pathlib import Path

from citong.kit.text import query_words, to_simplified

TABLE = Path(__file__).parent / "seed" / "everyday.csv"


def asked(text: str) -> dict[str, str]:
    """Each token to look for, with the word of the text that stands for it: its own, and what the law calls it."""
    tokens = query_words(text)
    plain = to_simplified(text)
    for said, law in _table():
        if word := next((one for one in said if one in plain), None):
            tokens |= {token: word for token in law if token not in tokens}
    return tokens


@cache
def _table() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """(what people say, the tokens of the law for it), row by row."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = [(tuple(row["said"].split(";")), tuple(query_words(row["law"]))) for row in csv.DictReader(lines)]
    return tuple(rows)
