"""A week of sessions: by day, and by room, by time alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet

from citong.core.clocks.calendar import calendar
from citong.core.people.access import Actor
from citong.core.people.models import Account
from citong.core.places.current import day_of, zone
from citong.services.mediation.models import Body, Mediator, Room, Session
from citong.services.mediation.sessions.reading import calendar_scope

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WORKED = 5  # Monday to Friday are always shown; the other days when something is on them, or they are worked


@dataclass(frozen=True)
class Entry:
    """A session in the calendar. Nothing of it is a word of the dispute."""

    session: Session
    begins: datetime
    ends: datetime
    mediator: str
    tone: str


@dataclass(frozen=True)
class DayOf:
    """A day with its sessions in the order of time. `name` is that of a holiday."""

    date: date
    working: bool
    name: str
    today: bool
    entries: Sequence[Entry] = ()


@dataclass(frozen=True)
class RoomOf:
    """A room and when it is taken on each of the days shown."""

    room: Room
    taken: Sequence[tuple[date, Sequence[tuple[datetime, datetime]]]]


@dataclass(frozen=True)
class Week:
    """What the calendar shows of one week to one person."""

    monday: date
    days: Sequence[DayOf]
    rooms: Sequence[RoomOf] = ()
    bodies: Sequence[Body] = ()
    mediators: Sequence[tuple[UUID, str]] = field(default_factory=list)

    @property
    def last(self) -> date:
        return self.monday + WEEK - DAY

    @property
    def count(self) -> int:
        return sum(len(day.entries) for day in self.days)


def week_of(
    actor: Actor, monday: date, *, now: datetime, room: UUID | None = None, mediator: UUID | None = None
) -> Week:  # fmt: skip
    """The sessions of the week that this person may see, of one room or one mediator where it is asked; six queries for
    any number of them."""
    reach, bodies = calendar_scope(actor)
    rows = _between(reach, monday)
    rows = rows.filter(room=room) if room else rows
    rows = rows.filter(mediator=mediator) if mediator else rows
    shown = rows.select_related("case", "room", "mediator").order_by("begins_at", "id")
    entries = [_entry(one, now) for one in shown]
    days = [_day(monday + n * DAY, entries, now) for n in range(7)]
    days = [one for n, one in enumerate(days) if n < WORKED or one.entries or one.working]
    rooms = list(_rooms(actor, bodies, monday, [one.date for one in days]))
    return Week(monday, days, rooms, bodies, _mediators(bodies))


def _between(reach: QuerySet[Session], monday: date) -> QuerySet[Session]:
    begins, ends = (datetime.combine(day, time(), zone()) for day in (monday, monday + WEEK))
    return reach.filter(begins_at__gte=begins, begins_at__lt=ends)


def _entry(one: Session, now: datetime) -> Entry:
    begins, ends = (at.astimezone(zone()) for at in (one.begins_at, one.ends_at))
    tone = "late" if one.cancelled_at else "good" if one.held_at else "near" if one.ends_at <= now else "calm"
    return Entry(one, begins, ends, one.mediator.get_full_name(), tone)


def _day(day: date, entries: Iterable[Entry], now: datetime) -> DayOf:
    known = calendar().day(day)
    on_it = [one for one in entries if one.begins.date() == day]
    name = known.name if known.name != "Weekend" else ""
    return DayOf(day, known.working, name, day == day_of(now), on_it)


def _rooms(actor: Actor, bodies: Sequence[Body], monday: date, days: Sequence[date]) -> Iterable[RoomOf]:
    """The rooms of the bodies one leads, or of one's own, with the times that are taken, by whomsoever."""
    own = Mediator.objects.filter(account=actor.account).values_list("body", flat=True) if actor.account else ()
    whose = Room.objects.filter(body__in={*(one.pk for one in bodies), *own}, ended_on=None)
    rooms = list(whose.select_related("body__unit").order_by("body", "name"))
    sessions = _between(Session.objects.filter(room__in=rooms, cancelled_at=None), monday).order_by("begins_at")
    taken: dict[tuple[UUID, date], list[tuple[datetime, datetime]]] = {}
    for begins, ends, room in sessions.values_list("begins_at", "ends_at", "room_id"):
        begins, ends = begins.astimezone(zone()), ends.astimezone(zone())
        taken.setdefault((room, begins.date()), []).append((begins, ends))
    return [RoomOf(one, [(day, taken.get((one.pk, day), [])) for day in days]) for one in rooms]


def _mediators(bodies: Sequence[Body]) -> list[tuple[UUID, str]]:
    """The mediators of these bodies by name; a query only where there are bodies."""
    if not bodies:
        return []
    held = Account.objects.filter(mediator__body__in=[one.pk for one in bodies], mediator__sort=Mediator.Sort.MEDIATOR)
    return sorted(((one.pk, one.get_full_name()) for one in held), key=lambda one: one[1])
