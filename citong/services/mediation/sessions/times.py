"""Whose time a session takes, when that is free, and that nobody is asked to be in two places at once.

A stretch of somebody's time is a range on one line of numbers: whoever it is has a part of the line of their own, told
by a hash, and a second is one unit of it. Two stretches meet only where both the person (or room) and the time are the
same, and the table refuses that by an exclusion constraint over plain ranges, which any PostgreSQL has.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import Q

from citong.core.cases.models import Party
from citong.core.clocks.calendar import calendar
from citong.kit.calendar import OFFICE_HOURS
from citong.services.mediation.models import Booking, Room, Session
from citong.services.mediation.parameters.sessions import PROPOSED_TIMES, SOUGHT, STEP
from citong.services.mediation.ties import keys_of

PART = 10**11  # seconds since 1970 that each part of the line holds: until the year 5138
KEY_BYTES = 12
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


class Sort(StrEnum):
    """Whose time it is."""

    ROOM = "room"
    MEDIATOR = "mediator"
    PARTY = "party"


@dataclass(frozen=True)
class Taker:
    """A room or a person whose time a session takes; `part` is their place on the line."""

    sort: Sort
    part: int

    def stretch(self, begins_at: datetime, ends_at: datetime) -> NumericRange:
        """This time of theirs, its end not included."""
        lower, upper = (Decimal(self.part * PART + (at - EPOCH) // SECOND) for at in (begins_at, ends_at))
        return NumericRange(lower, upper)


@dataclass(frozen=True)
class Busy:
    """Somebody's time that is taken."""

    taker: Taker
    begins_at: datetime
    ends_at: datetime


class Taken(Exception):
    """Somebody took the time between the look and the booking."""


def takers(mediator: UUID, room: Room | None, parties: Iterable[Party]) -> list[Taker]:
    """The room, the mediator and the parties, each once. A party is known by account or telephone: a mere name may be
    somebody else's."""
    found = [Taker(Sort.ROOM, _part(f"room:{room.pk}"))] if room else []
    found += [Taker(Sort.MEDIATOR, _part(key)) for key in sorted(keys_of(account=mediator))]
    keys = {key for one in parties for key in keys_of(phone=one.phone, account=one.account_id)}
    found += [Taker(Sort.PARTY, _part(key)) for key in sorted(keys)]
    return list({one.part: one for one in reversed(found)}.values())[::-1]


def lock(taken: Iterable[Taker]) -> None:
    """Nobody else looks at their time or books it before this transaction ends; always in the same order."""
    keys = sorted({one.part & (1 << 63) - 1 for one in taken})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])


def busy(
    taken: Sequence[Taker], begins_at: datetime, ends_at: datetime, *, besides: UUID | None = None
) -> list[Busy]:  # fmt: skip
    """What is taken of their time between these moments, other than by one session; one query."""
    asked = Q(pk__in=[])
    for one in taken:
        asked |= Q(stretch__overlap=one.stretch(begins_at, ends_at))
    rows = Booking.objects.filter(asked).exclude(session=besides) if besides else Booking.objects.filter(asked)
    whose = {one.part: one for one in taken}
    return [_busy(whose, stretch) for stretch in rows.values_list("stretch", flat=True)]


def book(session: Session, taken: Iterable[Taker]) -> None:
    """The session has this time of theirs and no other. Raises Taken, and leaves all as it was."""
    rows = [Booking(session=session, stretch=one.stretch(session.begins_at, session.ends_at)) for one in taken]
    rows.sort(key=attrgetter("stretch.lower"))
    try:
        with transaction.atomic():
            Booking.objects.filter(session=session).delete()
            Booking.objects.bulk_create(rows)
    except IntegrityError as fault:
        raise Taken from fault


def give_back(sessions: Iterable[Session]) -> None:
    """What these sessions had taken is free."""
    Booking.objects.filter(session__in=list(sessions)).delete()


def free_times(
    taken: Sequence[Taker], span: timedelta, *, after: datetime, besides: UUID | None = None, most: int = 0,
    step: timedelta | None = None,
) -> list[datetime]:  # fmt: skip
    """The next beginnings in working hours at which all of them are free for so long; one query.

    None where the span is longer than what is worked at a stretch.
    """
    today = calendar().date_of(after)
    most, step = most or PROPOSED_TIMES.at(today), step or timedelta(minutes=STEP.at(today))
    held = busy(taken, after, after + SOUGHT.at(today) * DAY, besides=besides)
    found: list[datetime] = []
    for begins in _beginnings(after, span, step=step, days=SOUGHT.at(today)):
        if not any(one.begins_at < begins + span and begins < one.ends_at for one in held):
            found.append(begins)
            if len(found) == most:
                break
    return found


def in_working_hours(begins_at: datetime, ends_at: datetime) -> bool:
    """Whether all of the time is worked, by the city's calendar."""
    worked = calendar().working_minutes_between(begins_at, ends_at) if calendar().hours else 0
    return worked * 60 == (ends_at - begins_at) / SECOND or (
        not calendar().hours and calendar().is_working(calendar().date_of(begins_at))
    )


def _beginnings(after: datetime, span: timedelta, *, step: timedelta, days: int) -> Iterator[datetime]:
    first = calendar().date_of(after)
    for day in (first + n * DAY for n in range(days)):
        if calendar().is_working(day):
            yield from (begins for begins in _in_a_day(day, span, step) if begins >= after)


def _in_a_day(day: date, span: timedelta, step: timedelta) -> Iterator[datetime]:
    for opens, closes in calendar().hours or OFFICE_HOURS:
        begins, end = (datetime.combine(day, time, calendar().zone) for time in (opens, closes))
        while begins + span <= end:
            yield begins
            begins += step


def _busy(whose: dict[int, Taker], stretch: NumericRange) -> Busy:
    part, begins = divmod(int(stretch.lower), PART)
    return Busy(whose[part], EPOCH + begins * SECOND, EPOCH + (int(stretch.upper) - part * PART) * SECOND)


def _part(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:KEY_BYTES])
