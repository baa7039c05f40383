"""Pairs of records in an area that may be one and the same, found by the keys that they share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from citong.core.people.access import Actor
from citong.core.register.kinds import KINDS
from citong.core.register.models import Record
from citong.core.register.read import reach

# A key that very many share (a number somebody made up, a hostel's name) tells nothing of any two of them.
MOST_ALIKE = 20


@dataclass(frozen=True)
class Pair:
    """Two records and why they may be one; the first is the older one."""

    first: Record
    second: Record
    reason: str


def pairs(
    kind: str, *, actor: Actor, within: Mapping[str, str], after: str = "", most: int = 30
) -> tuple[list[Pair], str]:  # fmt: skip
    """Pairs of this kind in the area, the strongest reason first, and the key after which the next ones follow.

    Reads every record of the area: call it for a part of the city, not for the whole. Two queries.
    """
    reasons = {f"{kind[0]}-{twins.code}": str(twins.reason) for twins in KINDS[kind].twins}
    groups = _groups(kind, list(reasons), actor, within, after, most + 1)
    held = Record.objects.in_bulk([id for _key, ids in groups[:most] for id in ids])
    found: dict[tuple[UUID, UUID], Pair] = {}
    for key, ids in groups[:most]:
        for other in ids[1:]:
            pair = Pair(held[ids[0]], held[other], reasons[key.partition(":")[0]])
            found.setdefault((ids[0], other), pair)
    return list(found.values()), groups[most - 1][0] if len(groups) > most else ""


def _groups(
    kind: str, sorts: list[str], actor: Actor, within: Mapping[str, str], after: str, most: int
) -> list[tuple[str, list[UUID]]]:  # fmt: skip
    """(Key, ids of the records that have it, oldest first) of each shared key, in order of sort and key."""
    mine = reach(actor).filter(kind=kind, ended_on=None, **within).order_by()
    inner, given = mine.values("id", "keys").query.sql_with_params()
    sql = (
        "SELECT key, array_agg(id ORDER BY id) FROM (SELECT id, unnest(keys) AS key FROM "  # noqa: S608
        f"({inner}) AS mine) AS keyed WHERE split_part(key, ':', 1) = ANY (%s) GROUP BY key "
        "HAVING count(*) BETWEEN 2 AND %s "
        "AND (array_position(%s::text[], split_part(key, ':', 1)), key) > "
        "(coalesce(array_position(%s::text[], %s::text), 0), %s) "
        "ORDER BY array_position(%s::text[], split_part(key, ':', 1)), key LIMIT %s"
    )
    last: list[Any] = [sorts, after.partition(":")[0], after]
    with connection.cursor() as cursor:
        values: list[Any] = [*given, sorts, MOST_ALIKE, sorts, *last, sorts, most]
        cursor.execute(sql, values)
        return [(key, list(ids)) for key, ids in cursor.fetchall()]
