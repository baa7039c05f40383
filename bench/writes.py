"""What one opening writes: statements, transactions, rows of each table with their content, trigger-made ones too."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.cast import Words, gathered, spots

SAMPLES = 16
WARM = 5  # what each process does once is not an opening's own work
WRITTEN = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
COUNTS = """
SELECT coalesce(root.relname, stat.relname), sum(n_tup_ins)::int, sum(n_tup_upd)::int, sum(n_tup_hot_upd)::int,
       sum(n_tup_del)::int
FROM pg_stat_user_tables stat
LEFT JOIN pg_inherits ON inhrelid = stat.relid LEFT JOIN pg_class root ON root.oid = inhparent
GROUP BY 1
"""
COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""

Counts = tuple[int, int, int, int]
NOTHING: Counts = (0, 0, 0, 0)


@dataclass
class Table:
    """What one opening did to one table; `rows` are the inserted ones, each value as PostgreSQL writes it."""

    inserted: int
    updated: int
    updated_in_place: int
    deleted: int
    columns: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)


@dataclass
class Sample:
    """One opening: its statements, and for each transaction that wrote, the tables it wrote in order."""

    statements: int
    transactions: list[list[str]]
    tables: dict[str, Table]


def load(path: Path) -> list[Sample]:
    """The samples that `python -m bench.writes` has written."""
    return [
        Sample(one["statements"], one["transactions"], {name: Table(**table) for name, table in one["tables"].items()})
        for one in json.loads(path.read_text())
    ]


def rows_written(samples: list[Sample]) -> dict[str, float]:
    """Rows inserted, updated or deleted by an opening on average, by table."""
    total: Counter[str] = Counter()
    for sample in samples:
        for name, table in sample.tables.items():
            total[name] += table.inserted + table.updated + table.deleted
    return {name: count / len(samples) for name, count in total.most_common()}


def write(path: Path) -> None:
    """The samples are in that file. Wants a database where nobody else works, and few rows."""
    places, words = spots(SAMPLES + WARM), Words(seed=11)
    cast = gathered(places, openers=1)
    samples = [_sampled(words.opening(spot), key=cast.openers[0], number=n) for n, spot in enumerate(places)]
    path.write_text(json.dumps([asdict(sample) for sample in samples[WARM:]], ensure_ascii=False))


def _sampled(body: dict[str, Any], *, key: str, number: int) -> Sample:
    before, first = _counts(), _next_transaction()
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"sample {number}", "Host": "127.0.0.1"}
    with CaptureQueriesContext(connection) as captured:
        answer = Client(headers=headers).post("/api/v1/requests/cases", body, content_type="application/json")
    if answer.status_code != 201:
        raise RuntimeError(f"An opening answers {answer.status_code}: {answer.content.decode()[:300]}")
    last, after = _next_transaction(), _counts()
    changed = {name: now for name, now in after.items() if now != before.get(name)}
    tables = {name: _table(name, before.get(name, NOTHING), now, xids=(first, last)) for name, now in changed.items()}
    said = [query["sql"] for query in captured.captured_queries]
    return Sample(len(said), list(_transactions(said)), tables)


def _counts() -> dict[str, Counts]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(COUNTS)
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _next_transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def _table(name: str, before: Counts, after: Counts, *, xids: tuple[int, int]) -> Table:
    inserted, updated, in_place, deleted = (now - was for now, was in zip(after, before, strict=True))
    table = Table(inserted, updated, in_place, deleted)
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [f'"{name}"'])
        table.columns = [(str(column), str(kind)) for column, kind in cursor.fetchall()]
        listed = ", ".join(f'"{column}"::text' for column, _kind in table.columns)
        fresh = "xmin::text::bigint >= %s AND xmin::text::bigint < %s"
        cursor.execute(f'SELECT {listed} FROM "{name}" WHERE {fresh}', xids)
        table.rows = [list(row) for row in cursor.fetchall()]
    return table


def _transactions(said: list[str]) -> Iterator[list[str]]:
    """The tables written by each transaction that wrote; a statement outside of any is one by itself."""
    inside: list[str] | None = None
    for statement in said:
        if statement.startswith("BEGIN"):
            inside = []
        elif statement.startswith(("COMMIT", "ROLLBACK")) and "SAVEPOINT" not in statement:
            if inside:
                yield inside
            inside = None
        elif written := [table for _verb, table in WRITTEN.findall(statement) if table.lower() != "set"]:
            if inside is None:
                yield written
            else:
                inside += written
