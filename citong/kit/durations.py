"""Spans named by their unit: `WorkingDays(5)`, `Hours(24)`. A span knows when it ends and what is left of it.

Counting follows the Civil Code, articles 201 and 203 (see `calendar`). What is left of a paused span is kept
in minutes of the same kind, so that pausing and resuming neither shortens nor lengthens it.
"""

import datetime as dt
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import ClassVar

from citong.kit.calendar import ONE_MINUTE, WorkCalendar, aware


@dataclass(frozen=True)
class Duration(ABC):
    """`n` of one `unit`. `working` tells whether only working time counts."""

    n: float
    unit: ClassVar[str]
    working: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not (isfinite(self.n) and self.n >= 0):
            raise ValueError(f"A span cannot be {self.n} {self.unit}: give a number from 0 up.")
        if self.n == int(self.n):
            object.__setattr__(self, "n", int(self.n))

    @abstractmethod
    def end(self, start: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
        """When a clock started at `start` is due, in the city's zone. ValueError when `start` is naive."""

    @abstractmethod
    def remaining(self, from_: dt.datetime, due: dt.datetime, calendar: WorkCalendar) -> "Duration":
        """What is left at `from_` of a clock due at `due`, 0 if overdue; its `end` is the new due moment."""

    @property
    def label(self) -> str:
        """Plain English, such as "1 working day"; `parse` reads it back."""
        return f"{self.n!r} {self.unit.removesuffix('s') if self.n == 1 else self.unit}"

    def __str__(self) -> str:
        return self.label


class _Worked(Duration):
    working: ClassVar[bool] = True

    def remaining(self, from_: dt.datetime, due: dt.datetime, calendar: WorkCalendar) -> Duration:
        return WorkingMinutes(calendar.working_minutes_between(from_, due))


class _Elapsed(Duration):
    minutes: ClassVar[int]

    def end(self, start: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
        return _later(start, self.n * self.minutes).astimezone(calendar.zone)

    def remaining(self, from_: dt.datetime, due: dt.datetime, calendar: WorkCalendar) -> Duration:
        return Minutes(_minutes_between(from_, due))


class _Days(Duration):
    def __post_init__(self) -> None:
        if self.n < 1 or self.n % 1:
            raise ValueError(f"A span cannot be {self.n} {self.unit}: give a whole number from 1 up.")
        super().__post_init__()


@dataclass(frozen=True)
class WorkingDays(_Days, _Worked):
    """Ends at the close of the n-th working day; the day of the event is not counted."""

    unit: ClassVar[str] = "working days"

    def end(self, start: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
        return calendar.add_working_days(start, int(self.n))


@dataclass(frozen=True)
class WorkingHours(_Worked):
    """Counted from the moment of the event, while the city works."""

    unit: ClassVar[str] = "working hours"

    def end(self, start: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
        return calendar.add_working_minutes(start, self.n * 60)


@dataclass(frozen=True)
class WorkingMinutes(_Worked):
    """As working hours; also what is left of a paused span of working time."""

    unit: ClassVar[str] = "working minutes"

    def end(self, start: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
        return calendar.add_working_minutes(start, self.n)


@dataclass(frozen=True)
class CalendarDays(_Days):
    """Ends at the close of the n-th day after the event, or of the first working day after a rest day."""

    unit: ClassVar[str] = "days"

    def end(self, start: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
        last = calendar.date_of(start) + dt.timedelta(days=int(self.n))
        return calendar.closing(calendar.next_working(last))

    def remaining(self, from_: dt.datetime, due: dt.datetime, calendar: WorkCalendar) -> Duration:
        return CalendarMinutes(_minutes_between(from_, due))


@dataclass(frozen=True)
class CalendarMinutes(Duration):
    """What is left of paused calendar days: it still moves off a rest day (Civil Code, article 203)."""

    unit: ClassVar[str] = "calendar minutes"

    def end(self, start: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
        due = _later(start, self.n).astimezone(calendar.zone)
        # A moment of 24:00 belongs to the day that ends with it.
        last = calendar.date_of(due - dt.timedelta.resolution)
        return due if calendar.is_working(last) else calendar.closing(calendar.next_working(last))

    def remaining(self, from_: dt.datetime, due: dt.datetime, calendar: WorkCalendar) -> Duration:
        return CalendarMinutes(_minutes_between(from_, due))


@dataclass(frozen=True)
class Hours(_Elapsed):
    """Counted by the clock, day and night."""

    unit: ClassVar[str] = "hours"
    minutes: ClassVar[int] = 60


@dataclass(frozen=True)
class Minutes(_Elapsed):
    """Counted by the clock, day and night."""

    unit: ClassVar[str] = "minutes"
    minutes: ClassVar[int] = 1


KINDS: tuple[type[Duration], ...] = (
    WorkingDays,
    WorkingHours,
    WorkingMinutes,
    CalendarDays,
    CalendarMinutes,
    Hours,
    Minutes,
)


@lru_cache(maxsize=1024)
def parse(text: str) -> Duration:
    """The span written as "5 working days", "24 hours", "30 days". ValueError names the units it knows."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?(?:e-\d+)?)\s+([a-z][a-z ]*?)s?", text.strip().lower())
    for kind in KINDS:
        if found and f"{found[2]}s" == kind.unit:
            return kind(float(found[1]))
    units = ", ".join(kind.unit for kind in KINDS)
    raise ValueError(f'"{text}" is not a span: write "5 working days", or a number and one of {units}.')


def fraction(
    start: dt.datetime, due: dt.datetime, share: float, calendar: WorkCalendar, *, working: bool = True
) -> dt.datetime:
    """When `share` (0 to 1) of the time from `start` to `due` has passed, so that a clock can warn.

    Only working time counts when `working` (pass `duration.working`) and there is some between the two.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"A share lies between 0 and 1, not at {share}.")
    worked = calendar.working_minutes_between(start, due) if working else 0
    if worked:
        return calendar.add_working_minutes(start, worked * share)
    return _later(start, _minutes_between(start, due) * share).astimezone(calendar.zone)


def _later(at: dt.datetime, minutes: float) -> dt.datetime:
    """Reckoned in UTC, because Python adds to a moment of a zone by the wall clock."""
    return aware(at).astimezone(dt.UTC) + minutes * ONE_MINUTE


def _minutes_between(a: dt.datetime, b: dt.datetime) -> float:
    return max((aware(b).astimezone(dt.UTC) - aware(a).astimezone(dt.UTC)) / ONE_MINUTE, 0)
