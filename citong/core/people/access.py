"""The one place of permission: what an actor may see, and which acts they may take.

Views, API and sync never filter by themselves. What is out of reach answers like what does not exist.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Lookup, Q, UUIDField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from citong.core.ledger import prepared
from citong.core.ledger.write import Signature
from citong.core.people.models import Account, Unit
from citong.core.people.posts import Post
from citong.core.places.current import day_of

AREA_POSTS = frozenset({Post.CLERK, Post.DISPATCHER, Post.VERIFIER, Post.SUPERVISOR})
KNOWS_CONFIDENTIAL = frozenset({Post.CLERK, Post.SUPERVISOR})
HOLD_THEIR_OWN = frozenset({Post.MEDIATOR, Post.OFFICER})  # see what is in their own hands, not what is their unit's


class Purpose(StrEnum):
    """What a look is for. Every look states one."""

    OWN = "own"
    HANDLING = "handling"
    VISITING = "visiting"
    ERRAND = "errand"
    CORRECTION = "correction"
    EXPORTING = "exporting"
    SUPERVISION = "supervision"
    STATISTICS = "statistics"
    PUBLIC = "public"


@UUIDField.register_lookup
class AnyOf(Lookup[UUID]):
    """Whether a key is among those of an array."""

    lookup_name = "any_of"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        key, first = self.process_lhs(compiler, connection)
        array, rest = self.process_rhs(compiler, connection)
        return f"{key} = ANY({array})", (*first, *rest)


@dataclass(frozen=True)
class Seat:
    """One post of an actor in one unit; `level` and `division` say over which part of the city.

    `grids` are the codes of the base grids that a grid worker in this seat looks after.
    """

    post: str
    unit: int
    unit_code: str
    unit_name: str
    level: str
    division: str
    function: str
    grids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """An actor is a party of this case, on this side."""

    case: UUID
    party: UUID
    side: str


@dataclass(frozen=True)
class Told:
    """Of something that was said: who said it, and the facts that name its side and party."""

    author: UUID | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a staff member with seats, a resident, the holder of a receipt, a party, or the platform itself."""

    account: UUID | None = None
    name: str = ""
    seats: tuple[Seat, ...] = ()
    receipt: UUID | None = None
    standing: Standing | None = None
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
    holder_id: UUID | None
    joint: list[int]
    doers: dict[str, list[str]]
    reporter_id: UUID | None
    reporting: str


class Recorded(Protocol):
    """What permission asks of a record of the register."""

    district: str
    street: str
    community: str
    grid: str


class Asked(Protocol):
    """What permission asks of a declared act. `by` and `not_by` are those of citong.core.cases.declare.Act."""

    by: Sequence[Any]
    not_by: Sequence[Any]


# Asked with every request, so it is written out: its own seats and those it stands in for, and the taken hour.
SEATS = """
SELECT held.post, unit.id, unit.code, unit.name, unit.level, place.code, unit.function,
       ARRAY(SELECT beat.grid FROM people_beat AS beat WHERE beat.appointment_id = held.id ORDER BY beat.grid),
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
    rows = prepared.run(SEATS, {"account": account.id, "at": at, "day": day_of(at)})
    seats = tuple(dict.fromkeys(Seat(*(*row[:7], tuple(row[7]))) for row in rows))
    elevated = any(row[-1] for row in rows)
    return Actor(account.id, account.get_full_name(), seats, elevated=elevated, language=account.language)


def scope(actor: Actor, purpose: Purpose) -> Q:
    """The condition on cases that an actor may see for a purpose; no query. Nothing fits an actor without reach.

    What is one's own is what one reported or is a party to; a party works on a case as such, with their standing.
    """
    if actor.system:
        return Q()
    if purpose == Purpose.PUBLIC:
        return Q(public=True)
    reach = _own(actor)
    if purpose == Purpose.OWN:
        return reach if actor.account is None else reach | Q(pk__any_of=_as_party(actor.account))
    for seat in actor.seats:
        if seat.post in AREA_POSTS and seat.level == "city":
            return Q()
        reach |= Q(holder_id=actor.account) if seat.post in HOLD_THEIR_OWN else _seat_scope(seat)
    return reach


def _own(actor: Actor) -> Q:
    reach = Q(pk__in=[])
    if actor.account is not None:
        reach |= Q(reporter_id=actor.account)
    if actor.receipt is not None:
        reach |= Q(pk=actor.receipt)
    if actor.standing is not None:
        reach |= Q(pk=actor.standing.case)
    return reach


def _as_party(account: UUID) -> RawSQL:
    """The cases that the account is a party to, as an array: it is read once, by an index of its own, and each case is
    found by its key; a nested query would be asked of every case there is."""
    cases = "ARRAY(SELECT case_id FROM cases_party WHERE account_id = %s AND NOT side = '')"
    return RawSQL(cases, [account], output_field=UUIDField())  # noqa: S611 (constant but for its parameter)


def _seat_scope(seat: Seat) -> Q:
    if seat.post == Post.ADMINISTRATOR:
        return Q(pk__in=[])
    mine = Q(unit_id=seat.unit) | Q(joint__contains=[seat.unit])
    if seat.post == Post.OPERATOR:
        area = {} if seat.level == "city" else {seat.level: seat.division}
        return mine | Q(service="signals", **area)
    return mine | Q(**{seat.level: seat.division}) if seat.post in AREA_POSTS else mine


def may(actor: Actor, act: Asked, case: Placed) -> Seat | None:
    """The seat from which the actor may take the act on the case, or None; no query."""
    if any(str(actor.account) in case.doers.get(other.name, ()) for other in act.not_by):
        return None
    for who in act.by:
        if who.post == "system" and actor.system:
            return SYSTEM_SEAT
        if (who.reach == "own" and owns(actor, case)) or (who.reach == "party" and stands_in(actor, case, who.side)):
            return RESIDENT_SEAT
        for seat in actor.seats:
            if seat.post == who.post and _reaches(actor, seat, who.reach, case):
                return seat
    return None


def may_read(actor: Actor, readers: Sequence[Any], case: Placed, told: Told) -> bool:
    """Whether the actor reads what was said in a private case: their own words, and those meant for them; no query.

    `readers` are those of citong.core.cases.declare.Who.
    """
    if actor.system or (actor.account is not None and told.author == actor.account):
        return True
    side = actor.standing.side if actor.standing is not None and stands_in(actor, case) else None
    if side is not None and told.facts.get("party") == str(actor.standing and actor.standing.party):
        return True
    for who in readers:
        if (who.reach == "party" and side is not None) or (
            who.reach == "side" and side and told.facts.get("side") == side
        ):
            return True
        if who.reach == "own" and owns(actor, case):
            return True
        if any(seat.post == who.post and _reaches(actor, seat, who.reach, case) for seat in actor.seats):
            return True
    return False


def stands_in(actor: Actor, case: Placed, side: str = "") -> bool:
    """Whether the actor is a party of the case, of this side if one is named."""
    standing = actor.standing
    return standing is not None and standing.case == case.id and side in ("", standing.side)


def owns(actor: Actor, case: Placed) -> bool:
    """Whether the actor reported the case or holds its receipt."""
    return actor.receipt == case.id or (actor.account is not None and actor.account == case.reporter_id)


def _reaches(actor: Actor, seat: Seat, reach: str, case: Placed) -> bool:
    if reach == "held":
        return actor.account is not None and actor.account == case.holder_id
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
    return next((s for s in actor.seats if s.post in KNOWS_CONFIDENTIAL and _reaches(actor, s, "area", case)), None)


READS_RECORDS = AREA_POSTS | {Post.GRID_WORKER}
READERS_FOR: Mapping[Purpose, frozenset[Post]] = {
    Purpose.HANDLING: READS_RECORDS,
    Purpose.VISITING: READS_RECORDS,
    Purpose.ERRAND: READS_RECORDS,
    Purpose.CORRECTION: READS_RECORDS,
    Purpose.SUPERVISION: AREA_POSTS,
    Purpose.EXPORTING: KNOWS_CONFIDENTIAL,
}


def register_scope(actor: Actor, purpose: Purpose) -> Q:
    """The condition on records of the register that an actor may see for a purpose; no query.

    A grid worker reaches the grids of their beats, the posts of an area that area; nobody else reaches any.
    """
    if actor.system:
        return Q()
    reach = Q(pk__in=[])
    for seat in _readers(actor, purpose):
        if seat.post == Post.GRID_WORKER:
            reach |= Q(grid__in=seat.grids)
        elif seat.level == "city":
            return Q()
        else:
            reach |= Q(**{seat.level: seat.division})
    return reach


def reaches_record(actor: Actor, record: Recorded, purpose: Purpose) -> bool:
    """Whether `register_scope` holds for a record that was read already; no query."""
    return actor.system or any(_holds_record(seat, record) for seat in _readers(actor, purpose))


def may_write_record(actor: Actor, record: Recorded) -> Seat | None:
    """The seat from which the actor may write to the record, or None; no query. An office goes before a beat."""
    return _record_seat(actor, record, (Post.CLERK, Post.GRID_WORKER))


def may_decide(actor: Actor, record: Recorded, *, author: UUID | None) -> Seat | None:
    """The seat from which the actor may decide what `author` proposed for the record, or None; no query."""
    if author is not None and author == actor.account:
        return None
    return _record_seat(actor, record, (Post.CLERK, Post.SUPERVISOR))


def _readers(actor: Actor, purpose: Purpose) -> list[Seat]:
    posts = READERS_FOR.get(purpose, frozenset())
    return [seat for seat in actor.seats if seat.post in posts]


def _record_seat(actor: Actor, record: Recorded, posts: Sequence[Post]) -> Seat | None:
    if actor.system:
        return SYSTEM_SEAT
    seats = (seat for post in posts for seat in actor.seats if seat.post == post)
    return next((seat for seat in seats if _holds_record(seat, record)), None)


def _holds_record(seat: Seat, record: Recorded) -> bool:
    if seat.post == Post.GRID_WORKER:
        return record.grid in seat.grids
    return seat.level == "city" or getattr(record, seat.level) == seat.division


def may_enrol(actor: Actor) -> Seat | None:
    """The seat from which the actor works with a phone of their own, or None; no query."""
    return next((seat for seat in actor.seats if seat.post == Post.GRID_WORKER), None)


def leads(actor: Actor) -> Q:
    """The condition on accounts whose current post lies in an area the actor supervises, or in the city that the actor
    administers; no query."""
    reach = Q(pk__in=[])
    for seat in actor.seats:
        if seat.post in (Post.SUPERVISOR, Post.ADMINISTRATOR) and seat.level == "city":
            return Q()
        if seat.post == Post.SUPERVISOR:
            reach |= Q(appointments__unit__division__path__contains=f"/{seat.division}/", appointments__ends_on=None)
    return reach


def led_units(actor: Actor) -> Q:
    """The condition on units whose work the actor's posts of supervisor lead: those of their part of the city; no
    query."""
    reach = Q(pk__in=[])
    for seat in actor.seats:
        if seat.post == Post.SUPERVISOR and seat.level == "city":
            return Q()
        if seat.post == Post.SUPERVISOR:
            reach |= Q(division__path__contains=f"/{seat.division}/")
    return reach


MEDIATION_POSTS = frozenset({Post.CLERK, Post.DISPATCHER, Post.SUPERVISOR})


def body_scope(actor: Actor) -> Q:
    """The condition on units whose register of mediators the actor may read: that of the body they head, and those of
    the area they work for; no query."""
    reach = Q(pk__in=[])
    for seat in actor.seats:
        if seat.level == "city" and seat.post in MEDIATION_POSTS | {Post.ADMINISTRATOR}:
            return Q()
        if seat.post == Post.HEAD:
            reach |= Q(pk=seat.unit)
        elif seat.post in MEDIATION_POSTS:
            reach |= Q(division__path__contains=f"/{seat.division}/")
    return reach


def body_area(actor: Actor) -> Q:
    """The condition on divisions for which the actor may enter new bodies; no query."""
    reach = Q(pk__in=[])
    for seat in actor.seats:
        if may_administer(actor) or (seat.post in (Post.CLERK, Post.SUPERVISOR) and seat.level == "city"):
            return Q()
        if seat.post in (Post.CLERK, Post.SUPERVISOR):
            reach |= Q(path__contains=f"/{seat.division}/")
    return reach


def may_lead_body(actor: Actor, unit: Unit) -> Seat | None:
    """The seat from which the actor may write to the register of mediators of this unit, or None: its head, the clerks
    and supervisors of its area, and an administrator in their hour. Reads the unit's division."""
    if actor.system:
        return SYSTEM_SEAT
    fitting = (seat for seat in actor.seats if _leads_body(actor, seat, unit))
    return next(fitting, None)


def _leads_body(actor: Actor, seat: Seat, unit: Unit) -> bool:
    if seat.post == Post.HEAD:
        return seat.unit == unit.pk
    if seat.post == Post.ADMINISTRATOR:
        return may_administer(actor)
    inside = seat.level == "city" or f"/{seat.division}/" in f"/{unit.division.path}"
    return seat.post in (Post.CLERK, Post.SUPERVISOR) and inside


def checked_units(actor: Actor) -> Q:
    """The condition on units whose work the actor looks at second: their own as its head, those they lead; no query."""
    return led_units(actor) | Q(pk__in=[seat.unit for seat in actor.seats if seat.post == Post.HEAD])


SIGNAL_POSTS = frozenset({Post.OPERATOR, Post.SUPERVISOR})


def signal_scope(actor: Actor) -> Q:
    """The condition on junctions with signals that the actor may see: those of the area they lead; no query."""
    reach = Q(pk__in=[])
    for seat in actor.seats:
        if seat.post in SIGNAL_POSTS and seat.level == "city":
            return Q()
        if seat.post in SIGNAL_POSTS and seat.level == "district":
            reach |= Q(district=seat.division)
    return reach


def may_propose_plan(actor: Actor, district: str) -> Seat | None:
    """The seat from which the actor may propose a plan for a junction of this district, or None; no query."""
    seats = (seat for seat in actor.seats if seat.post == Post.OPERATOR)
    return next((seat for seat in seats if seat.level == "city" or seat.division == district), None)


def may_administer(actor: Actor) -> bool:
    """Whether the actor may change the city's settings now: the city's own post, and the hour taken for it."""
    return actor.elevated and any(s.post == Post.ADMINISTRATOR and s.level == "city" for s in actor.seats)


STAFF_PAGES: Mapping[str, frozenset[str]] = {
    "inbox": frozenset(Post.values) - {Post.RESIDENT, Post.ADMINISTRATOR},
    "map": frozenset(Post.values) - {Post.RESIDENT, Post.ADMINISTRATOR},
    "supervision": frozenset({Post.SUPERVISOR}),
    "phones": frozenset({Post.GRID_WORKER, Post.SUPERVISOR, Post.ADMINISTRATOR}),
    "administration": frozenset({Post.ADMINISTRATOR}),
    "law": frozenset(Post.values) - {Post.RESIDENT},
    "register": READS_RECORDS,
    "visits": frozenset({Post.SUPERVISOR}),
    "my_visits": frozenset({Post.GRID_WORKER}),
    "proposals": KNOWS_CONFIDENTIAL,
    "register_import": frozenset({Post.CLERK}),
    "register_export": KNOWS_CONFIDENTIAL,
    "mediation_bodies": MEDIATION_POSTS | {Post.HEAD, Post.ADMINISTRATOR},
    "my_register": frozenset({Post.MEDIATOR}),
    "mediation_calendar": frozenset({Post.MEDIATOR, Post.HEAD}),
    "mediation_batches": MEDIATION_POSTS | {Post.HEAD, Post.MEDIATOR, Post.JUDGE},
    "mediation_lessons": frozenset({Post.HEAD, Post.SUPERVISOR}),
    "mediation_measures": frozenset({Post.HEAD, Post.SUPERVISOR}),
    "signals": SIGNAL_POSTS,
    "escorts": frozenset({Post.OPERATOR}),
    "escort_road": frozenset({Post.OFFICER}),
}


def may_open(actor: Actor, page: str) -> bool:
    """Whether any of the actor's posts has this staff page."""
    return bool(actor.posts() & STAFF_PAGES[page])
