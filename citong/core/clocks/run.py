"""Starting, pausing, extending and stopping clocks. Called by citong.core.flow inside its transaction."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from citong.core.clocks.calendar import calendar
from citong.core.clocks.models import Clock
from citong.core.ledger.rows import fresh
from citong.core.places.current import parameter
from citong.kit.durations import fraction, parse

WARN_SHARE = 0.8  # where the city sets no warn_share


def start(subject: UUID, code: str, *, span: str, source: str, at: datetime, district: str = "") -> Clock:
    """A running clock, not yet saved: `span` is e.g. "5 working days". Raises ValueError for a bad span."""
    clock = fresh(Clock, {
        "subject": subject, "code": code, "span": span, "source": source, "started_at": at, "district": district,
        "state": Clock.State.RUNNING,
    })  # fmt: skip
    _aim(clock, parse(span).end(at, calendar()), at)
    return clock


def pause(clock: Clock, *, at: datetime) -> None:
    """A running clock stands still and keeps what is left of it."""
    if clock.state == Clock.State.RUNNING:
        clock.remaining = str(parse(clock.span).remaining(at, clock.due_at, calendar()))
        clock.state, clock.paused_at, clock.wake_at = Clock.State.PAUSED, at, None


def resume(clock: Clock, *, at: datetime) -> None:
    """A paused clock runs on with what was left: pausing neither shortens nor lengthens it.

    It is never due before it was, whatever the city has decided about its days meanwhile; and one that was overdue
    stays so.
    """
    if clock.state == Clock.State.PAUSED:
        overdue = clock.paused_at is not None and clock.due_at <= clock.paused_at
        due = clock.due_at if overdue else max(clock.due_at, parse(clock.remaining).end(at, calendar()))
        clock.state, clock.paused_at, clock.remaining = Clock.State.RUNNING, None, ""
        _aim(clock, due, at)


def extend(clock: Clock, span: str, *, at: datetime, by: str) -> None:
    """The clock is due `span` later than it was; who granted it and when stays written on it."""
    was = clock.due_at
    clock.extensions = [
        *clock.extensions,
        {"span": span, "at": at.astimezone(UTC).isoformat(), "by": by, "was": was.astimezone(UTC).isoformat()},
    ]
    _aim(clock, parse(span).end(was, calendar()), at)


def stop(clock: Clock, *, at: datetime) -> None:
    """The clock has ended, met or missed by the moment it was due."""
    if clock.state == Clock.State.RUNNING:
        clock.state = Clock.State.MET if at <= clock.due_at else Clock.State.MISSED
    elif clock.state == Clock.State.PAUSED:
        clock.state = Clock.State.MET
    clock.wake_at, clock.stopped_at = None, at


def lapse(clock: Clock, *, at: datetime, again: str) -> None:
    """The clock ran out and is looked at again after `again`, for the next step of escalation."""
    clock.lapses += 1
    clock.wake_at = parse(again).end(at, calendar())


def warned(clock: Clock) -> None:
    """The warning was given; the clock next wakes when it is due."""
    clock.wake_at = clock.due_at


def of(subject: UUID) -> list[Clock]:
    """The clocks of a subject that still run or pause; one query."""
    return list(Clock.objects.filter(subject=subject, state__in=(Clock.State.RUNNING, Clock.State.PAUSED)))


def waking(at: datetime, *, limit: int) -> list[UUID]:
    """Subjects with a running clock that somebody must look at now, longest waiting first; one query."""
    rows = Clock.objects.filter(wake_at__lte=at).order_by("wake_at").values_list("subject", flat=True)
    return list(dict.fromkeys(rows[:limit]))


def nearest(clocks: Iterable[Clock]) -> Clock | None:
    """The running clock that is due first."""
    running = [clock for clock in clocks if clock.state == Clock.State.RUNNING]
    return min(running, key=lambda clock: clock.due_at, default=None)


def _aim(clock: Clock, due: datetime, at: datetime) -> None:
    days = calendar()
    clock.due_at = due
    clock.warn_at = fraction(
        min(at, due), due, parameter("warn_share", WARN_SHARE), days, working=parse(clock.span).working
    )
    clock.wake_at = clock.warn_at
    clock.certain = days.certain_between(at, due)
