"""What a client asks for: parameters, times, windows, pages. An empty parameter equals an absent one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from citong.adapters.open311.answer import Fault
from citong.core.places.current import zone

WINDOW = timedelta(days=90)  # GeoReport v2, GET service requests: the longest span, and the one if none is asked
MOST_ROWS = 1_000  # GeoReport v2, the same place
YEARS = range(1971, 9999)
# The W3C note on date and time: a whole date, or a time with its offset.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?P<time>T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?", re.ASCII)
SPACE_FOR_PLUS = re.compile(r" (?=\d\d:\d\d$)", re.ASCII)
SECOND = timedelta(seconds=1)
Row = TypeVar("Row", bound=Model)
Given = Mapping[str, str]


@dataclass(frozen=True)
class Window:
    """From `start` up to but not including `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Page:
    """Rows `first` to `last` of an order that new rows only lengthen."""

    first: int
    last: int

    def of(self, rows: "QuerySet[Row]") -> "QuerySet[Row]":
        """The rows of this page; the standard's pages are numbers, so an offset it is, within one window."""
        return rows[self.first : self.last]


def text(given: Given, name: str) -> str:
    """The trimmed value, or nothing."""
    return given.get(name, "").strip()


def listed(given: Given, name: str) -> list[str]:
    """The parts of a comma list, without the empty ones."""
    return [part.strip() for part in text(given, name).split(",") if part.strip()]


def moment(given: Given, name: str) -> datetime | None:
    """The time, aware; a date alone begins in the city's zone. Fault 400 for what is no such time."""
    # A plus sign that the client did not escape arrives as a space.
    value = SPACE_FOR_PLUS.sub("+", text(given, name))
    if not value:
        return None
    try:
        shape = MOMENT.fullmatch(value)
        read = datetime.fromisoformat(value) if shape else None
    except ValueError:
        read = None
    if read is None or shape is None or read.year not in YEARS:
        raise Fault(400, f"{name} is no time such as 2026-01-31T08:00:00Z or 2026-01-31T16:00:00+08:00.")
    return read if shape["time"] else read.replace(tzinfo=zone())


def window(given: Given) -> Window:
    """The asked window of at most 90 days; a side that is not given lies 90 days from the other, or now.

    Both ends belong to it: times are told in whole seconds, so the end's whole second counts.
    """
    start, end = moment(given, "start_date"), moment(given, "end_date")
    if start is None:
        end = end or timezone.now()
        start = end - WINDOW
    end = end or start + WINDOW
    if end < start:
        raise Fault(400, "end_date lies before start_date.")
    if end - start > WINDOW:
        raise Fault(400, "start_date and end_date may be at most 90 days apart: ask several times.")
    return Window(start, end.replace(microsecond=0) + SECOND)


def page(given: Given) -> Page:
    """Page 1 is the first; at most 1,000 rows each, which is also what is given unasked."""
    size = min(_count(given, "page_size") or MOST_ROWS, MOST_ROWS)
    first = ((_count(given, "page") or 1) - 1) * size
    return Page(first, first + size)


def yes(given: Given, name: str) -> bool:
    """Whether a flag is set."""
    return text(given, name).lower() in ("true", "1")


def told(at: datetime) -> str:
    """The moment in the city's zone with its offset, to the second."""
    return at.astimezone(zone()).isoformat(timespec="seconds")


def _count(given: Given, name: str) -> int | None:
    value = text(given, name)
    if value and not re.fullmatch(r"0*[1-9]\d{0,8}", value, re.ASCII):
        raise Fault(400, f"{name} must be a whole number from 1.")
    return int(value) if value else None
