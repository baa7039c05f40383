"""Records that may be one and the same, with the reasons."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from citong.core.people.access import Actor, Purpose, register_scope
from citong.core.register.models import Record, Tie
from citong.core.register.sealed import twin_keys

MOST = 20


@dataclass(frozen=True)
class Twin:
    """A record that may be the same, and why, the strongest reason first."""

    record: Record
    reasons: list[str]


def twins_of(
    values: Mapping[str, Any], kind: str, *, actor: Actor, besides: UUID | None = None, dwelling: UUID | None = None
) -> list[Twin]:  # fmt: skip
    """Records in the actor's reach that may be the one with these plain values, the likeliest first; at most 20.

    `dwelling` is where it is known to live: whoever lives there by the same name is one too.
    """
    reasons = dict(twin_keys(kind, values))
    found: dict[UUID, Twin] = {}
    reach = Record.objects.filter(register_scope(actor, Purpose.HANDLING), kind=kind, merged_into=None)
    reach = reach.exclude(pk=besides) if besides else reach
    for record in reach.filter(keys__overlap=list(reasons))[: MOST * 5] if reasons else ():
        found[record.id] = Twin(record, [reason for key, reason in reasons.items() if key in record.keys])
    for record in _neighbours(values, dwelling, reach):
        found.setdefault(record.id, Twin(record, [])).reasons.append(_("The same name in the same dwelling"))
    order = list(reasons.values())
    ranked = sorted(found.values(), key=lambda twin: (_rank(twin, order), -len(twin.reasons), twin.record.id))
    return ranked[:MOST]


def twins_of_all(keys: Collection[str]) -> dict[str, list[tuple[UUID, str]]]:
    """Of each blind key (see `sealed.twin_keys`) the records that have it, with their kinds; one query."""
    sql = (
        "SELECT wanted, id, kind FROM unnest(%s::text[]) AS wanted "
        "JOIN register_record ON keys @> ARRAY[wanted::varchar] AND merged_into_id IS NULL"
    )
    found: dict[str, list[tuple[UUID, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(keys)])
        for key, id, kind in cursor.fetchall():
            found.setdefault(key, []).append((id, kind))
    return found


def _neighbours(values: Mapping[str, Any], dwelling: UUID | None, reach: QuerySet[Record]) -> Iterable[Record]:
    if dwelling is None or not values.get("name"):
        return ()
    there = Tie.objects.filter(object=dwelling, kind="lives_in", until=None).values("subject")
    return reach.filter(pk__in=there, name=values["name"])[:MOST]


def _rank(twin: Twin, order: list[str]) -> int:
    return min((order.index(reason) for reason in twin.reasons if reason in order), default=len(order))
