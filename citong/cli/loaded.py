"""What has been loaded into a database, noted there, so that a later start skips what has not changed."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from citong.cli.trouble import Trouble

TABLE = """CREATE TABLE IF NOT EXISTS citong_loaded
    (what text PRIMARY KEY, digest text NOT NULL, at timestamptz NOT NULL DEFAULT now())"""
NOTE = """INSERT INTO citong_loaded (what, digest) VALUES (%s, %s)
    ON CONFLICT (what) DO UPDATE SET digest = excluded.digest, at = now()"""


def assert_answers(url: str) -> None:
    """The database of that URL answers; raises Trouble otherwise."""
    try:
        with psycopg.connect(url, connect_timeout=10):
            return
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise Trouble(
            f"The database named in DATABASE_URL does not answer: {reason}.",
            mend="start that server, or unset DATABASE_URL to use the embedded one.",
        ) from None


@contextmanager
def once(url: str, *, what: str, sources: Iterable[Path]) -> Iterator[bool]:
    """Yields whether `what` is due, as its source files changed since last time; noted if the block ends well."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)
        found = connection.execute("SELECT digest FROM citong_loaded WHERE what = %s", [what]).fetchone()
    digest = _digest(sources)
    due = found is None or found[0] != digest
    yield due
    if due:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(NOTE, [what, digest])


def _digest(sources: Iterable[Path]) -> str:
    """One fingerprint of all names and contents, wherever the tree lies."""
    sum_of_all = hashlib.sha256()
    for path in sorted(path for path in sources if path.is_file()):
        sum_of_all.update("/".join(path.parts[-3:]).encode() + b"\0")
        sum_of_all.update(hashlib.sha256(path.read_bytes()).digest())
    return sum_of_all.hexdigest()
