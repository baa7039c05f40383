"""The first load of a scope: all of its rows, with the cursor from which changes follow. Those of grids lie ready."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from citong.core.people.access import Actor
from citong.core.sync import feed, grants
from citong.core.sync.declare import Told
from citong.core.sync.models import Prepared
from citong.core.sync.registry import holdings
from citong.core.sync.scopes import GRID, scopes_of, sort_of
from citong.core.sync.sealing import seal, unseal

MOST_BEHIND = 300  # a load so many changes old is made anew: fetching them after it would cost more
WORTH_RENEWING = 30
LEVEL = 6  # of gzip: 9 would save two hundredths and take twice as long
SEALED_AS = "first load {scope}"


@dataclass(frozen=True)
class Load:
    """Gzipped JSON {scope, cursor, rows}; `digest` names this content."""

    body: bytes
    digest: str


def first(device: UUID, scope: str, *, actor: Actor, at: datetime) -> Load | None:
    """The load of a scope the actor may hold; None for any other. The device holds the scope from now on."""
    if scope not in scopes_of(actor):
        return None
    grants.give(device, scope, at=at)
    return ready(scope, at=at) if sort_of(scope)[0] == GRID else _for(actor, scope)


def ready(scope: str, *, at: datetime) -> Load:
    """The prepared load of the scope, made or made anew where it is missing or too old."""
    held = Prepared.objects.filter(pk=scope).first()
    if held is not None and _good(held, most=MOST_BEHIND):
        return Load(unseal(held.body, of=SEALED_AS.format(scope=scope)), held.digest)
    return prepare(scope, at=at)


def prepare(scope: str, *, at: datetime) -> Load:
    """The scope's load, made now and kept for the next who asks."""
    load, cursor, count = loaded(scope)
    body = seal(load.body, of=SEALED_AS.format(scope=scope))
    kept = {"cursor": cursor, "digest": load.digest, "count": count, "body": body, "made_at": at}
    Prepared.objects.update_or_create(scope=scope, defaults=kept)
    return load


def loaded(scope: str) -> tuple[Load, str, int]:
    """(load, cursor, number of rows) of the scope as it is now."""
    cursor = str(feed.here())
    rows = [row for holding in holdings().values() for row in holding.whole(scope)]
    return _packed(scope, cursor, rows), cursor, len(rows)


def _for(actor: Actor, scope: str) -> Load:
    """The load of a scope that is small and told to each in their own way."""
    cursor, rows = str(feed.here()), list[Told]()
    for holding in holdings().values():
        ids = [id for id, _version in holding.versions(scope)]
        rows += holding.rows(ids, actor=actor, scopes=[scope]).values() if ids else ()
    return _packed(scope, cursor, rows)


def _packed(scope: str, cursor: str, rows: list[Told]) -> Load:
    text = json.dumps({"scope": scope, "cursor": cursor, "rows": rows}, ensure_ascii=False, separators=(",", ":"))
    body = gzip.compress(text.encode(), LEVEL, mtime=0)
    return Load(body, hashlib.sha256(body).hexdigest()[:32])


def renew(*, at: datetime, limit: timedelta) -> int:
    """Prepared loads that fell behind are made anew, the oldest first, until the limit has passed; how many were."""
    renewed, began = 0, datetime.now(at.tzinfo)
    for held in Prepared.objects.defer("body").order_by("made_at"):
        if datetime.now(at.tzinfo) - began > limit:
            break
        if not _good(held, most=WORTH_RENEWING):
            prepare(held.scope, at=at)
            renewed += 1
    return renewed


def _good(held: Prepared, *, most: int) -> bool:
    cursor = feed.cursor_of(held.cursor)
    return cursor is not None and feed.holds(cursor) and feed.behind(held.scope, cursor, most=most) < most
