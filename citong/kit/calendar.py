"""The working calendar of a city: which days are worked, during which hours, and how spans are counted.

Legal ground of the counting (Civil Code of the People's Republic of China, in force from 2021-01-01):

- article 201: a period of days does not count the day on which it begins; one of hours begins at its moment;
- article 203: a period whose last day is a statutory rest day ends on the day after that rest; its last day
  ends at 24:00, or at the close of business where there are business hours.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from zoneinfo import ZoneInfo

from citong.kit.holidays import Day, announced, official, seed

__all__ = ["Day", "Sessions", "WorkCalendar", "announced", "aware", "official", "seed"]

Sessions = Sequence[tuple[dt.time, dt.time]]
Spans = tuple[tuple[dt.datetime, dt.datetime], ...]
OFFICE_HOURS: Sessions = ((dt.time(8), dt.time(12)), (dt.time(14, 30), dt.time(17, 30)))
ONE_DAY = dt.timedelta(days=1)
ONE_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """The days and hours one city works.

    `days` is the city's own table and wins; a day it does not hold is taken from `holidays.official`.
    `hours` are the working hours of every working day, in order; none means round the clock until 24:00.
    All moments given must be aware; all moments returned are in `zone`. Queries nothing.
    """

    days: Mapping[dt.date, Day] = field(default_factory=dict)
    hours: Sessions = OFFICE_HOURS
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    _held: dict[dt.date, Spans] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        moments = [moment for session in self.hours for moment in session]
        if any(later <= earlier for earlier, later in pairwise(moments)):
            raise ValueError("Working hours must follow one another: give each opening before its closing.")

    def day(self, date: dt.date) -> Day:
        """What this date is: the city's own entry, else the State Council's, else the week and the law."""
        return self.days.get(date) or official(date)

    def is_working(self, date: dt.date) -> bool:
        return self.day(date).working

    def certain(self, date: dt.date) -> bool:
        """False while the arrangement of that year is known to nobody and the day is only derived."""
        return self.day(date).certain

    def certain_between(self, a: dt.datetime, b: dt.datetime) -> bool:
        """False when a span crosses a day that is not certain: say so beside its deadline."""
        return all(self.certain(date) for date in _dates(self.date_of(a), self.date_of(b)))

    def date_of(self, at: dt.datetime) -> dt.date:
        """The city's date at this moment."""
        return aware(at).astimezone(self.zone).date()

    def next_working(self, date: dt.date) -> dt.date:
        """This date if it is worked, else the first worked day after it (Civil Code, article 203)."""
        return next(day for day in _dates(date) if self.is_working(day))

    def closing(self, date: dt.date) -> dt.datetime:
        """The end of a period with this last day: close of business, or 24:00 (Civil Code, article 203)."""
        if not self.hours:
            return dt.datetime.combine(date + ONE_DAY, dt.time(), self.zone)
        return dt.datetime.combine(date, self.hours[-1][1], self.zone)

    def add_working_days(self, at: dt.datetime, n: int) -> dt.datetime:
        """The close of the n-th working day (n >= 1); the day of `at` is not counted (article 201)."""
        if n < 1:
            raise ValueError("A span of working days has at least one day.")
        date = self.date_of(at)
        for _ in range(n):
            date = self.next_working(date + ONE_DAY)
        return self.closing(date)

    def add_working_minutes(self, at: dt.datetime, minutes: float) -> dt.datetime:
        """The first moment by which `minutes` (>= 0) were worked since `at`, exact to the microsecond."""
        if minutes < 0:
            raise ValueError("Working minutes cannot be negative: swap the two moments.")
        left, start = minutes * ONE_MINUTE, aware(at).astimezone(dt.UTC)
        if not left:
            return start.astimezone(self.zone)
        for opens, closes in self._sessions(_dates(self.date_of(at))):
            opens = max(opens, start)
            if opens + left <= closes:
                return (opens + left).astimezone(self.zone)
            left -= max(closes - opens, dt.timedelta())
        raise AssertionError("the days of a calendar do not end")  # pragma: no cover

    def working_minutes_between(self, a: dt.datetime, b: dt.datetime) -> float:
        """Minutes worked from `a` to `b`, with their fraction; 0 when `b` is not after `a`."""
        start, end = aware(a).astimezone(dt.UTC), aware(b).astimezone(dt.UTC)
        sessions = self._sessions(_dates(self.date_of(a), self.date_of(b)))
        worked = (min(closes, end) - max(opens, start) for opens, closes in sessions)
        return sum((span for span in worked if span > dt.timedelta()), dt.timedelta()) / ONE_MINUTE

    def _sessions(self, dates: Iterable[dt.date]) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """In UTC, because Python subtracts moments of one zone by the wall clock."""
        for date in dates:
            held = self._held.get(date)
            yield from held if held is not None else self._held.setdefault(date, self._spans(date))

    def _spans(self, date: dt.date) -> Spans:
        """Reckoned once for each date: zones are slow, and every clock of a city asks for the same days."""
        if not self.is_working(date):
            return ()
        if not self.hours:
            return ((self._utc(date, dt.time()), self._utc(date + ONE_DAY, dt.time())),)
        return tuple((self._utc(date, opens), self._utc(date, closes)) for opens, closes in self.hours)

    def _utc(self, date: dt.date, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(date, time, self.zone).astimezone(dt.UTC)


def aware(at: dt.datetime) -> dt.datetime:
    """The same moment; ValueError when it has no time zone."""
    if at.utcoffset() is None:
        raise ValueError(f"The time {at} has no zone: pass an aware datetime, such as datetime.now(UTC).")
    return at


def _dates(first: dt.date, last: dt.date = dt.date.max) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += ONE_DAY
