"""Cases on the phone: open ones in the hands of the station or the worker, and what the worker reported."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from citong.core.cases.models import Case
from citong.core.people.access import ANYBODY, Actor
from citong.core.sync.declare import Holding, Told
from citong.core.sync.scopes import ACCOUNT, UNIT, sort_of

CLOSED_KEPT = timedelta(days=30)
AS_THEY_ARE = ("number", "service", "state", "title", "text", "address")
COLUMNS = ("id", "position", *AS_THEY_ARE, "lon", "lat", "due_at", "holder_id", "reporter_id")


class Cases(Holding):
    """A case names no reporter and no party here."""

    what = "case"

    def rows(self, subjects: Sequence[UUID], *, actor: Actor, scopes: Sequence[str]) -> dict[UUID, Told]:
        within = Q()
        for scope in scopes:
            within |= _within(scope)
        return {case["id"]: _row(case, actor) for case in Case.objects.filter(within, pk__in=subjects).values(*COLUMNS)}

    def whole(self, scope: str) -> Iterable[Told]:
        return [_row(case, ANYBODY) for case in self._all(scope).values(*COLUMNS)]

    def versions(self, scope: str) -> Iterable[tuple[UUID, int]]:
        return self._all(scope).values_list("id", "position")

    def _all(self, scope: str) -> QuerySet[Case]:
        return Case.objects.filter(_within(scope)).order_by("id")


def _within(scope: str) -> Q:
    sort, key = sort_of(scope)
    if sort == UNIT:
        return (Q(unit_id=int(key)) | Q(joint__contains=[int(key)])) & Q(open=True)
    if sort == ACCOUNT:
        lately = Q(open=True) | Q(closed_at__gt=timezone.now() - CLOSED_KEPT)
        return Q(holder_id=UUID(key), open=True) | Q(reporter_id=UUID(key)) & lately
    return Q(pk__in=[])


def _row(case: Mapping[str, Any], actor: Actor) -> Told:
    mine = actor.account is not None and actor.account in (case["holder_id"], case["reporter_id"])
    return {
        "what": "case", "id": str(case["id"]), "version": case["position"],
        **{name: case[name] for name in AS_THEY_ARE},
        "at": None if case["lon"] is None else [case["lon"], case["lat"]],
        "due": case["due_at"] and case["due_at"].isoformat(), "mine": mine,
    }  # fmt: skip
