"""The reference of an opening: pgbench writing the same rows in as many commits, and nothing else.

It works on a twin of the measured database (the same rows, indexes and partitions, copied file by file) from which
foreign keys and triggers are taken away. A script of it replays one real opening that was sampled: each row is one
prepared INSERT or UPDATE with that opening's own values, only what must be unique is made anew; the rows stand in as
many transactions as the opening used. It does not think, locate, check or hash, and nobody reads an answer.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

from bench.house import postgres_program
from bench.writes import Sample, Table

SPARE = 32  # rows made ready for updates of rows that an opening finds, so that clients do not wait for one another
UNIQUE = """
SELECT DISTINCT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
WHERE i.indrelid = %s::regclass AND ({condition})
"""
# A number that is unique only together with another column stays as it was.
MUST_BE_NEW = "i.indisunique AND (i.indnkeyatts = 1 OR a.atttypid <> ALL ('{int2,int4,int8}'::regtype[]))"
LOOSEN = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT conrelid::regclass AS held, conname FROM pg_constraint
             WHERE contype = 'f' AND conparentid = 0 LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.held, one.conname);
  END LOOP;
  FOR one IN SELECT tgrelid::regclass AS held, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0 LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.held);
  END LOOP;
END $$
"""


@dataclass(frozen=True)
class Floor:
    """pgbench scripts for a twin database, ready to run."""

    url: str
    scripts: list[Path]
    rows: float

    def rate(self, *, clients: int, seconds: float) -> float:
        """Transactions of one whole opening each, per second."""
        parts = urlsplit(self.url)
        command = [
            str(postgres_program("pgbench")), "--no-vacuum", "--protocol=prepared", f"--client={clients}",
            f"--jobs={min(clients, os.cpu_count() or 1)}", f"--time={max(round(seconds), 1)}",
            *(f"--file={script}" for script in self.scripts),
            f"--host={parts.hostname}", f"--port={parts.port}", f"--username={parts.username}", parts.path[1:],
        ]  # fmt: skip
        environment = os.environ | {"PGPASSWORD": unquote(parts.password or "")}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
        failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
        if done.returncode or not found or (failed and int(failed[1])):
            raise RuntimeError(f"pgbench failed: {done.stderr[-500:]}")
        return float(found[1])


def prepare(url: str, samples: list[Sample], *, folder: Path) -> Floor:
    """The twin at `url` has lost its keys and triggers, and a script for each sample lies in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(LOOSEN)
        connection.execute("CREATE SEQUENCE IF NOT EXISTS bench_number START 1000000000")
        writer = _Writer(connection)
        scripts = []
        for number, sample in enumerate(samples):
            script = folder / f"opening_{number}.sql"
            script.write_text("\n".join(writer.script(sample)) + "\n")
            scripts.append(script)
    rows = sum(t.inserted + t.updated + t.deleted for sample in samples for t in sample.tables.values())
    return Floor(url, scripts, rows / len(samples))


class _Writer:
    """Writes scripts, knowing which columns of the twin's tables are unique or indexed."""

    def __init__(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        self._connection = connection
        self._spare: dict[str, list[str]] = {}

    def script(self, sample: Sample) -> Iterator[str]:
        if any(table.deleted for table in sample.tables.values()):
            raise RuntimeError("an opening deletes rows, which the reference does not imitate")
        fresh = {value for table in sample.tables.values() for value in self._fresh_values(table, sample)}
        for tables in _spread(sample):
            lines = [line for name in tables for line in self._table(name, sample.tables[name], fresh)]
            yield from ("BEGIN;", *lines, "COMMIT;") if len(lines) > 1 else lines

    def _fresh_values(self, table: Table, sample: Sample) -> Iterator[str]:
        name = next(name for name, one in sample.tables.items() if one is table)
        unique = self._columns(name, MUST_BE_NEW)
        for row in table.rows if table.inserted else []:
            for (column, kind), value in zip(table.columns, row, strict=True):
                if column in unique and kind == "uuid" and value:
                    yield value

    def _table(self, name: str, table: Table, fresh: set[str]) -> Iterator[str]:
        key = self._key(name)
        updates = table.updated
        for number in range(table.inserted):
            insert = self._insert(name, table, table.rows[number % len(table.rows)], fresh)
            if updates and number == 0:
                yield f'{insert} RETURNING "{key}" AS {name}_key \\gset'
            else:
                yield f"{insert};"
        for _number in range(updates):
            which = f":{name}_key" if table.inserted else self._spare_key(name, table, fresh)
            yield f'UPDATE "{name}" SET {self._change(name, table)} WHERE "{key}" = {which};'

    def _insert(self, name: str, table: Table, row: list[str | None], fresh: set[str]) -> str:
        unique = self._columns(name, MUST_BE_NEW)
        values = [
            _anew(kind, value) if value is not None and (column in unique or value in fresh) else _quoted(value)
            for (column, kind), value in zip(table.columns, row, strict=True)
        ]
        listed = ", ".join(f'"{column}"' for column, _kind in table.columns)
        return f'INSERT INTO "{name}" ({listed}) VALUES ({", ".join(values)})'

    def _change(self, name: str, table: Table) -> str:
        """An assignment that lets the update be done in place, or not, as the opening's was."""
        indexed, key = self._columns(name, "true"), self._key(name)
        if not table.updated_in_place:
            moving = [c for c, kind in table.columns if c in indexed and c != key and kind.startswith("timestamp")]
            if moving:
                return f'"{moving[0]}" = clock_timestamp()'
        place = next(number for number, (column, _kind) in enumerate(table.columns) if column not in indexed)
        return f'"{table.columns[place][0]}" = {_quoted(table.rows[0][place])}'

    def _spare_key(self, name: str, table: Table, fresh: set[str]) -> str:
        """One of some rows made ready in the twin, another for each client."""
        key = self._key(name)
        if name not in self._spare:
            insert = self._insert(name, table, table.rows[0], fresh) + f' RETURNING "{key}"::text'
            rows = [self._connection.execute(insert).fetchone() for _ in range(SPARE)]
            self._spare[name] = [str(row[0]) for row in rows if row]
        kind = dict(table.columns)[key]
        listed = ", ".join(map(_quoted, self._spare[name]))
        return f"(ARRAY[{listed}]::{kind}[])[:client_id + 1]"

    def _key(self, name: str) -> str:
        (key,) = self._columns(name, "i.indisprimary")
        return key

    def _columns(self, name: str, condition: str) -> set[str]:
        asked = UNIQUE.format(condition=condition)
        return {str(row[0]) for row in self._connection.execute(asked, [f'"{name}"'])}


def _spread(sample: Sample) -> list[list[str]]:
    """The written tables by transaction; what triggers wrote goes with the largest transaction."""
    left = dict.fromkeys(sample.tables)
    spread = []
    for transaction in sample.transactions:
        mine = [name for name in dict.fromkeys(transaction) if name in left]
        for name in mine:
            del left[name]
        spread.append(mine)
    max(spread, key=len).extend(left)
    return [tables for tables in spread if tables]


def _anew(kind: str, value: str) -> str:
    """An expression of the same type and width that gives another value each time."""
    if kind == "uuid":
        return "uuidv7()"
    if kind == "bytea":
        return "sha256(uuidv7()::text::bytea)"
    if kind in ("integer", "bigint", "smallint"):
        return "nextval('bench_number')"
    if kind.startswith(("character varying", "text")):
        # A long text is a digest, scattered over its index; a short one is counted up.
        scattered = f"left(md5(uuidv7()::text) || md5(random()::text), {min(len(value), 64)})"
        return scattered if len(value) >= 32 else "nextval('bench_number')::text"
    return _quoted(value)


def _quoted(value: str | None) -> str:
    """A literal in which pgbench finds no variable: it looks for colons even inside quotes."""
    if value is None:
        return "NULL"
    plain = value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n").replace("\r", "\\r")
    return "E'" + plain.replace(":", "\\x3a") + "'"
