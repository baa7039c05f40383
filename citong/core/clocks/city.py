"""The days on which a city's folder departs from the national calendar."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from citong.core.clocks.models import CalendarDay
from citong.core.places.folder import Finding, Folder, Severity
from citong.core.places.load import LoadReport, settle


@dataclass(frozen=True)
class DayRow:
    """A line of calendar.csv: one date, worked or not, under which name, who decided it."""

    where: str
    date: dt.date
    working: bool
    name: str
    source: str


def read_days(folder: Folder) -> list[DayRow]:
    """The city's own days; the file may hold its first line alone."""
    return folder.rows("calendar.csv", DayRow)


def check_days(days: Sequence[DayRow]) -> Iterator[Finding]:
    """Yield dates that appear twice and days nobody decided."""
    numbers = Counter(day.date for day in days)
    for day in days:
        if numbers[day.date] > 1:
            what = _("%s appears more than once.") % day.date
            yield Finding(Severity.ERROR, day.where, what, _("Keep one of the lines."))
        if not day.source:
            mend = _("Name the decision of the city that sets this day.")
            yield Finding(Severity.ERROR, day.where, _("The day has no source."), mend)


def load_days(days: Sequence[DayRow], *, now: dt.datetime, report: LoadReport) -> None:
    """The city's calendar table holds these days; must run in a transaction."""
    wanted = {day.date: {"working": day.working, "name": day.name, "source": day.source} for day in days}
    settle(CalendarDay, wanted, key="date", now=now, report=report)
