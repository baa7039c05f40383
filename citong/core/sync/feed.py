"""The feed: what changed in a scope since a cursor, in an order in which nothing is ever skipped.

A sequence alone would skip: a number is given when a row is written and seen when its transaction commits, perhaps
long after a later number. So the feed is ordered by the writing transaction first, and read only below the oldest
transaction that still runs: no row can come in there any more.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from citong.core.ledger import prepared

KEPT = timedelta(days=60)
MOST = 500

READ = """
SELECT feed.epoch, feed.pruned::text, pg_snapshot_xmin(pg_current_snapshot())::text,
       found.scope, found.what, found.subject, found.xid::text, found.seq
FROM sync_feed AS feed LEFT JOIN LATERAL (
  SELECT one.* FROM unnest(%(scopes)s::text[], %(xids)s::text[]::xid8[], %(seqs)s::bigint[]) AS held(scope, xid, seq)
  CROSS JOIN LATERAL (
    SELECT * FROM sync_change AS change
    WHERE change.scope = held.scope AND (change.xid, change.seq) > (held.xid, held.seq)
      AND change.xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY change.xid, change.seq LIMIT %(most)s
  ) AS one
) AS found ON true
"""
# How it must not be done. The test that shows what it would lose reads this way; nothing else does.
READ_BARE = READ.replace("(change.xid, change.seq) > (held.xid, held.seq)", "change.seq > held.seq").replace(
    "AND change.xid < pg_snapshot_xmin(pg_current_snapshot())\n    ORDER BY change.xid, change.seq",
    "ORDER BY change.seq",
)
BEGIN = "INSERT INTO sync_feed (id, epoch, pruned) VALUES (1, %s, '0') ON CONFLICT DO NOTHING"
PRUNE = """
WITH old AS (DELETE FROM sync_change WHERE at < %(before)s RETURNING xid)
UPDATE sync_feed SET pruned = GREATEST(pruned, (SELECT max(xid) FROM old))
WHERE EXISTS (SELECT FROM old) RETURNING (SELECT count(*) FROM old)
"""
BEHIND = """
SELECT count(*) FROM (SELECT FROM sync_change WHERE scope = %(scope)s AND (xid, seq) > (%(xid)s::xid8, %(seq)s::bigint)
                      LIMIT %(most)s) AS newer
"""


class Cursor(NamedTuple):
    """Up to where a reader has read: everything at or before this place of the feed's epoch."""

    epoch: str
    xid: int
    seq: int = 0

    def __str__(self) -> str:
        return f"{self.epoch}.{self.xid}.{self.seq}"


class Changed(NamedTuple):
    """One subject of a sort of rows that changed, to be looked up anew."""

    what: str
    subject: UUID


@dataclass(frozen=True)
class News:
    """What was read. `cursors` has each scope that could be read; the others must be filled from the start."""

    cursors: Mapping[str, Cursor]
    changes: Mapping[str, Sequence[Changed]]
    more: bool


def cursor_of(text: str) -> Cursor | None:
    """The cursor a phone sent back; None for one that was never ours."""
    epoch, _dot, rest = text.partition(".")
    xid, _dot, seq = rest.partition(".")
    if not (xid.isascii() and xid.isdigit() and seq.isascii() and seq.isdigit()) or max(len(xid), len(seq)) > 18:
        return None
    return Cursor(epoch, int(xid), int(seq))


def here() -> Cursor:
    """The end of the feed: what commits from now on comes after it. Take it before reading rows. One query."""
    epoch, _pruned, end = _read({}, most=1)[0][:3]
    return Cursor(epoch, int(end))


def news(held: Mapping[str, str], *, most: int = MOST, bare: bool = False) -> News:
    """What changed in each scope after its cursor, at most `most` changes of one; one query.

    `bare` reads by the sequence alone and is wrong: it is there so that a test can show it.
    """
    known = {scope: cursor for scope, text in held.items() if (cursor := cursor_of(text))}
    rows = _read(known, most=most, bare=bare)
    epoch, pruned, end = rows[0][0], int(rows[0][1]), int(rows[0][2])
    sound = {s for s, cursor in known.items() if cursor.epoch == epoch and (bare or cursor.xid > pruned)}
    found: dict[str, list[tuple[Changed, Cursor]]] = {}
    for _epoch, _pruned, _end, scope, what, subject, xid, seq in rows:
        if scope in sound:
            found.setdefault(scope, []).append((Changed(what, subject), Cursor(epoch, int(xid), seq)))
    full = {scope for scope, changes in found.items() if len(changes) == most}
    last = {scope: changes[-1][1] for scope, changes in found.items() if bare or scope in full}
    cursors = {scope: last.get(scope, known[scope] if bare else Cursor(epoch, end)) for scope in sound}
    changes = {scope: list(dict.fromkeys(change for change, _at in one)) for scope, one in found.items()}
    return News(cursors, changes, bool(full))


def behind(scope: str, cursor: Cursor, *, most: int) -> int:
    """How many changes of the scope come after the cursor, counted up to `most`; one query."""
    given = {"scope": scope, "xid": str(cursor.xid), "seq": cursor.seq, "most": most}
    return int(prepared.run(BEHIND, given)[0][0])


def holds(cursor: Cursor) -> bool:
    """Whether changes after this cursor are still all there; one query."""
    epoch, pruned = _read({}, most=1)[0][:2]
    return bool(cursor.epoch == epoch and cursor.xid > int(pruned))


def prune(*, at: datetime) -> int:
    """Changes older than `KEPT` are gone; whoever has not read them must fill anew. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(PRUNE, {"before": at - KEPT})
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _read(
    known: Mapping[str, Cursor], *, most: int, bare: bool = False
) -> list[tuple[str, str, str, str, str, UUID, str, int]]:
    given = {
        "scopes": list(known), "most": most,
        "xids": [str(cursor.xid) for cursor in known.values()], "seqs": [cursor.seq for cursor in known.values()],
    }  # fmt: skip
    rows = prepared.run(READ_BARE if bare else READ, given)
    if not rows:
        with connection.cursor() as cursor:
            cursor.execute(BEGIN, [secrets.token_hex(4)])
        rows = prepared.run(READ_BARE if bare else READ, given)
    return rows
