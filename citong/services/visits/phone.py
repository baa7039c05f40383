"""What a grid worker's phone knows and says of visits: households of its grids, its own plans, and visits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citong.core.ledger.rows import Rows, rows_where
from citong.core.people.access import Actor
from citong.core.people.refusal import Refusal
from citong.core.sync.declare import Holding, Kind, Outcome, Result, Sent, Told
from citong.core.sync.given import uuid_of
from citong.services.visits.forms import VisitForm
from citong.services.visits.models import Household, Plan
from citong.services.visits.plan import week_of
from citong.services.visits.write import Given, Visited, visits

WEEKS = 4  # of plans that a phone holds, the running one among them
GRID, ACCOUNT = "grid:", "account:"


class VisitKind(Kind):
    """`visit`: {dwelling, outcome, answers, place: {lon, lat, accuracy} or null, files}."""

    code = "visit"
    label = _("Visit")
    form = VisitForm

    def apply(
        self, sent: Sequence[Sent], *, actor: Actor, device: UUID, at: datetime, rows: Rows
    ) -> list[Outcome]:  # fmt: skip
        """All visits are written down; a visit never conflicts with anything."""
        return [_outcome(one) for one in visits([_given(one) for one in sent], actor=actor, at=at, rows=rows)]


class Households(Holding):
    """`household`: {id: dwelling, version, grid, last, tried, outcome, due, why, needs}, for the phones of its grid."""

    what = "household"

    def rows(self, subjects: Sequence[UUID], *, actor: Actor, scopes: Sequence[str]) -> dict[UUID, Told]:
        """Of these dwellings those in one of the grids."""
        given = [list(subjects), _named(scopes, GRID)]
        found = rows_where(Household, "dwelling = ANY (%s) AND grid = ANY (%s)", given)
        return {one.dwelling: _household(one) for one in found}

    def whole(self, scope: str) -> Iterable[Told]:
        """Every household of the grid."""
        grids = _named([scope], GRID)
        return [_household(one) for one in Household.objects.filter(grid__in=grids)] if grids else []

    def versions(self, scope: str) -> Iterable[tuple[UUID, int]]:
        """(dwelling, version) of every household of the grid."""
        grids = _named([scope], GRID)
        return list(Household.objects.filter(grid__in=grids).values_list("dwelling", "version")) if grids else []


class Plans(Holding):
    """`plan`: {id, version, week, days, quota, households: [{dwelling, due, why}], done, absent, refused, more}."""

    what = "plan"

    def rows(self, subjects: Sequence[UUID], *, actor: Actor, scopes: Sequence[str]) -> dict[UUID, Told]:
        """Of these plans the account's own of the last weeks."""
        given = [list(subjects), list(map(UUID, _named(scopes, ACCOUNT))), _first_week()]
        found = rows_where(Plan, "id = ANY (%s) AND worker = ANY (%s) AND week >= %s", given)
        return {one.id: _plan(one) for one in found}

    def whole(self, scope: str) -> Iterable[Told]:
        """The account's plans of the last weeks."""
        workers = _named([scope], ACCOUNT)
        return [_plan(one) for one in Plan.objects.filter(_recent(), worker__in=workers)] if workers else []


KINDS: list[Kind] = [VisitKind()]
HOLDINGS: list[Holding] = [Households(), Plans()]


def _recent() -> Q:
    return Q(week__gte=_first_week())


def _first_week() -> date:
    return week_of(timezone.now()) - timedelta(weeks=WEEKS - 1)


def _named(scopes: Iterable[str], kind: str) -> list[str]:
    """What the scopes of one kind name."""
    return [scope.removeprefix(kind) for scope in scopes if scope.startswith(kind)]


def _given(sent: Sent) -> Given:
    data = sent.data
    answers = dict(data.get("answers") or {}) | {"outcome": data.get("outcome", "")}
    home = uuid_of(data.get("dwelling")) or sent.subject
    return Given(id=sent.id, dwelling=home, at=sent.at, data=answers, place=_place(data.get("place")))


def _place(place: Any) -> tuple[float, float] | None:
    """The point, if the phone told one that can be."""
    if not isinstance(place, Mapping):
        return None
    try:
        lon, lat = float(place["lon"]), float(place["lat"])
    except (KeyError, TypeError, ValueError):
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _outcome(found: Visited | Refusal) -> Outcome:
    if isinstance(found, Refusal):
        return Outcome(Result.REFUSED, errors=found.errors, sentence=str(found))
    return Outcome(Result.DONE, version=found.household.version, about=found.household.dwelling)


def _household(one: Household) -> Told:
    return {
        "what": "household", "id": str(one.dwelling), "version": one.version, "grid": one.grid,
        "last": _iso(one.last_at), "tried": _iso(one.tried_at), "outcome": one.outcome,
        "due": one.due_on.isoformat(), "why": one.why, "needs": one.needs,
    }  # fmt: skip


def _plan(one: Plan) -> Told:
    homes = zip(one.households, one.due_on, one.why, strict=True)
    return {
        "what": "plan", "id": str(one.id), "version": one.version, "week": one.week.isoformat(), "days": one.days,
        "quota": one.quota,
        "households": [{"dwelling": str(home), "due": due.isoformat(), "why": why} for home, due, why in homes],
        "done": one.done, "absent": one.absent, "refused": one.refused, "more": one.more,
    }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
