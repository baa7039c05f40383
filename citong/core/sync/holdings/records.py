"""Records and their ties on the phone: those of a grid that stand today."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from citong.core.ledger.rows import rows_where
from citong.core.people.access import SYSTEM, Actor
from citong.core.register.models import Record, Tie
from citong.core.register.read import on_phone
from citong.core.sync.declare import Holding, Told
from citong.core.sync.scopes import GRID, sort_of


class Records(Holding):
    """What stands in the grid. One that is over, or became part of another, is gone and says so."""

    what = "record"

    def rows(self, subjects: Sequence[UUID], *, actor: Actor, scopes: Sequence[str]) -> dict[UUID, Told]:
        within = rows_where(Record, "id = ANY (%s) AND grid = ANY (%s)", [list(subjects), _grids(scopes)])
        found = on_phone(within, actor)
        return {UUID(row["id"]): _gone(row) if "merged" in row or "ended" in row else row for row in found}

    def whole(self, scope: str) -> Iterable[Told]:
        return on_phone(self._standing(scope).order_by("kind", "id"), SYSTEM)

    def versions(self, scope: str) -> Iterable[tuple[UUID, int]]:
        return self._standing(scope).values_list("id", "version")

    def _standing(self, scope: str) -> QuerySet[Record]:
        return Record.objects.filter(grid__in=_grids([scope]), merged_into=None, ended_on=None)


class Ties(Holding):
    """Ties with an end in the grid, that held when they were last told of; between the records that stand today."""

    what = "tie"

    def rows(self, subjects: Sequence[UUID], *, actor: Actor, scopes: Sequence[str]) -> dict[UUID, Told]:
        grids = _grids(scopes)
        within = Tie.objects.filter(Q(subject__grid__in=grids) | Q(object__grid__in=grids), pk__in=subjects)
        return {tie.id: _tie(tie) for tie in _holding(within)}

    def whole(self, scope: str) -> Iterable[Told]:
        return [_tie(tie) for tie in self._within(scope)]

    def versions(self, scope: str) -> Iterable[tuple[UUID, int]]:
        return self._within(scope).values_list("id", "version")

    def _within(self, scope: str) -> QuerySet[Tie]:
        """By the ends' ids, so that each end's index is used."""
        there = Record.objects.filter(grid__in=_grids([scope])).values("id")
        ids = (
            Tie.objects.filter(subject__in=there).values("id").union(Tie.objects.filter(object__in=there).values("id"))
        )
        return _holding(Tie.objects.filter(pk__in=ids)).order_by("id")


def _holding(ties: QuerySet[Tie]) -> QuerySet[Tie]:
    told_on = TruncDate("changed_at")
    standing = {f"{end}_now": Coalesce(F(f"{end}__merged_into"), F(end)) for end in ("subject", "object")}
    return ties.filter(Q(until=None) | Q(until__gt=told_on)).annotate(**standing)


def _tie(tie: Any) -> Told:
    """Of a tie as `_holding` reads it."""
    return {
        "what": "tie", "id": str(tie.id), "version": tie.version, "kind": tie.kind, "subject": str(tie.subject_now),
        "object": str(tie.object_now), "since": tie.since and tie.since.isoformat(),
        "until": tie.until and tie.until.isoformat(),
    }  # fmt: skip


def _gone(row: Told) -> Told:
    marks = {name: row[name] for name in ("merged", "ended") if name in row}
    return {"what": "record", "id": row["id"], "gone": True} | marks


def _grids(scopes: Sequence[str]) -> list[str]:
    return [key for sort, key in map(sort_of, scopes) if sort == GRID]
