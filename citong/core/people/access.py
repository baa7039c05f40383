"""The one place of permission: what an actor may see, and which acts they may take.

Views, API and sync never filter by themselves. What is out of reach answers like what does not exist.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from citong.core.ledger import prepared
from citong.core.ledger.write import Signature
from citong.core.people.models import Account
from citong.core.people.posts import Post

AREA_POSTS = frozenset({Post.CLERK, Post.DISPATCHER, Post.VERIFIER, Post.SUPERVISOR})
KNOWS_CONFIDENTIAL = frozenset({Post.CLERK, Post.SUPERVISOR})


class Purpose(StrEnum):
    """What a look is for. Every look states one."""

    OWN = "own"
    HANDLING = "handling"
    SUPERVISION = "supervision"
    STATISTICS = "statistics"
    PUBLIC = "public"


@dataclass(frozen=True)
class Seat:
    """One post of an actor in one unit; `level` and `division` say over which part of the city."""

    post: str
    unit: int
    unit_code: str
    unit_name: str
    level: str
    division: str
    function: str


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a staff member with seats, a resident, the holder of a receipt, or the platform itself."""

    account: UUID | None = None
    name: str = ""
    seats: tuple[Seat, ...] = ()
    receipt: UUID | None = None
    system: bool = False
    elevated: bool = False
    language: str = "zh-hans"

    def posts(self) -> frozenset[str]:
        return frozenset(seat.post for seat in self.seats)

    def signature(self, seat: Seat) -> Signature:
        return Signature(self.account, seat.post, seat.unit_code)


ANYBODY = Actor()
SYSTEM = Actor(system=True, name="Citong")
RESIDENT_SEAT = Seat(Post.RESIDENT, 0, "", "", "", "", "")
SYSTEM_SEAT = Seat("system", 0, "", "", "", "", "")


class Placed(Protocol):
    """What permission asks of a case."""

    id: UUID
    district: str
    street: str
    community: str
    unit_id: int
    joint: list[int]
    doers: dict[str, list[str]]
    reporter_id: UUID | None
    reporting: str


class Asked(Protocol):
    """What permission asks of a declared act. `by` and `not_by` are those of citong.core.cases.declare.Act."""

    by: Sequence[Any]
    not_by: Sequence[Any]


# Asked with every request, so it is written out: its own seats and those it stands in for, and the taken hour.
SEATS = """
SELECT held.post, unit.id, unit.code, unit.name, unit.level, place.code, unit.function,
       EXISTS (SELECT FROM people_elevation AS hour
               WHERE hour.account_id = %(account)s AND hour.begins_at <= %(at)s AND hour.ends_at > %(at)s)
FROM people_appointment AS held
JOIN people_unit AS unit ON unit.id = held.unit_id
JOIN places_division AS place ON place.id = unit.division_id
WHERE held.account_id = ANY (ARRAY(
         SELECT %(account)s::uuid UNION ALL
         SELECT away.account_id FROM people_absence AS away
         WHERE away.stand_in_id = %(account)s AND away.begins_at <= %(at)s AND away.ends_at > %(at)s))
  AND held.begins_on <= %(day)s AND (held.ends_on IS NULL OR held.ends_on > %(day)s)
ORDER BY held.id
"""


def actor_of(account: Account, *, at: datetime | None = None) -> Actor:
    """The account with every seat it holds now, its own and those it stands in for; one query."""
    at = at or timezone.now()
    rows = prepared.run(SEATS, {"account": account.id, "at": at, "day": at.date()})
    seats = tuple(dict.fromkeys(Seat(*row[:-1]) for row in rows))
    elevated = any(row[-1] for row in rows)
    return Actor(account.id, account.get_full_name(), seats, elevated=elevated, language=account.language)


def scope(actor: Actor, purpose: Purpose) -> Q:
    """The condition on cases that an actor may see for a purpose; no query. Nothing fits an actor without reach."""
    if actor.system:
        return Q()
    if purpose == Purpose.PUBLIC:
        return Q(public=True)
    reach = Q(pk__in=[])
    if actor.account is not None:
        reach |= Q(reporter_id=actor.account)
    if actor.receipt is not None:
        reach |= Q(pk=actor.receipt)
    if purpose == Purpose.OWN:
        return reach
    for seat in actor.seats:
        if seat.post in AREA_POSTS and seat.level == "city":
            return Q()
        reach |= _seat_scope(seat)
    return reach


def _seat_scope(seat: Seat) -> Q:
    if seat.post == Post.ADMINISTRATOR:
        return Q(pk__in=[])
    mine = Q(unit_id=seat.unit) | Q(joint__contains=[seat.unit])
    return mine | Q(**{seat.level: seat.division}) if seat.post in AREA_POSTS else mine


def may(actor: Actor, act: Asked, case: Placed) -> Seat | None:
    """The seat from which the actor may take the act on the case, or None; no query."""
    if any(str(actor.account) in case.doers.get(other.name, ()) for other in act.not_by):
        return None
    for who in act.by:
        if who.post == "system" and actor.system:
            return SYSTEM_SEAT
        if who.reach == "own" and owns(actor, case):
            return RESIDENT_SEAT
        for seat in actor.seats:
            if seat.post == who.post and _reaches(seat, who.reach, case):
                return seat
    return None


def owns(actor: Actor, case: Placed) -> bool:
    """Whether the actor reported the case or holds its receipt."""
    return actor.receipt == case.id or (actor.account is not None and actor.account == case.reporter_id)


def _reaches(seat: Seat, reach: str, case: Placed) -> bool:
    if reach == "unit":
        return seat.unit == case.unit_id
    if reach == "part":
        return seat.unit in case.joint
    return reach == "area" and (seat.level == "city" or getattr(case, seat.level) == seat.division)


def sees_reporter(actor: Actor, case: Placed) -> bool:
    """Whether the actor may know who reported: nobody for anonymous, the desk alone for confidential reports."""
    if case.reporting == "anonymous":
        return False
    if owns(actor, case) or case.reporting == "open":
        return True
    return desk_seat(actor, case) is not None


def desk_seat(actor: Actor, case: Placed) -> Seat | None:
    """The seat from which the actor works at the desk of the case's area, or None."""
    return next((s for s in actor.seats if s.post in KNOWS_CONFIDENTIAL and _reaches(s, "area", case)), None)


def may_administer(actor: Actor) -> bool:
    """Whether the actor may change the city's settings now: the city's own post, and the hour taken for it."""
    return actor.elevated and any(s.post == Post.ADMINISTRATOR and s.level == "city" for s in actor.seats)


STAFF_PAGES: Mapping[str, frozenset[str]] = {
    "inbox": frozenset(Post.values) - {Post.RESIDENT, Post.ADMINISTRATOR},
    "map": frozenset(Post.values) - {Post.RESIDENT, Post.ADMINISTRATOR},
    "supervision": frozenset({Post.SUPERVISOR}),
    "administration": frozenset({Post.ADMINISTRATOR}),
}


def may_open(actor: Actor, page: str) -> bool:
    """Whether any of the actor's posts has this staff page."""
    return bool(actor.posts() & STAFF_PAGES[page])
