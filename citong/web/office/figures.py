"""Figures as a page shows them: words, the way to the cases behind each, and the series of a chart."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from citong.core.cases.declare import Words
from citong.core.cases.models import Case
from citong.core.flow import measures
from citong.core.flow.measures import MEASURES, Figure, Kind, Line, Measure, Part, Period
from citong.core.people.access import Actor, Purpose, scope
from citong.core.people.posts import Post
from citong.core.places.current import day_of, zone
from citong.web.office.asked import ONE_DAY, Asked
from citong.web.office.dimensions import Dimension

FIRST_LINES, MOST_LINES = 20, 200
NOTHING = "–"
MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass(frozen=True)
class Cell:
    """One number: its words, the address of its cases (empty where there are none), the base of a share."""

    measure: Measure
    text: str
    href: str
    base: str = ""
    bad: bool = False


@dataclass(frozen=True)
class Row:
    """One line of the table; `href` leads deeper where there is something below."""

    label: Words
    href: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Day:
    """One day: received and closed, each with the way to its cases."""

    day: date
    received: Cell
    closed: Cell


def reach(actor: Actor, asked: Asked) -> QuerySet[Case]:
    """The cases in the reach of the actor's posts of supervisor, narrowed to what was asked for."""
    seats = tuple(seat for seat in actor.seats if seat.post == Post.SUPERVISOR)
    supervisor = replace(actor, seats=seats, account=None, receipt=None)
    return Case.objects.filter(scope(supervisor, Purpose.SUPERVISION)).filter(asked.condition())


def overview(cases: QuerySet[Case], asked: Asked, period: Period) -> list[Cell]:
    """Every measure over all the cases asked for; two queries."""
    return _cells(measures.total(cases, period), asked)


def table(
    cases: QuerySet[Case], asked: Asked, period: Period, *, by: Dimension, most: int = FIRST_LINES
) -> tuple[list[Row], bool]:
    """The measures line by line, and whether there are more lines than `most`; three queries."""
    found = measures.lines(cases, period, key=by.key(asked), most=most + 1)
    names = names_of(found, by)
    return [_row(line, asked, by, names) for line in found[:most]], len(found) > most


def names_of(found: Sequence[Line], by: Dimension) -> Mapping[str, Words]:
    """The names of the lines' keys; one query at most."""
    return by.names([line.key for line in found if line.key])


def daily(cases: QuerySet[Case], asked: Asked, period: Period) -> list[Day]:
    """Every day of the period with what came and what was closed; two queries."""
    found = measures.days(cases, period, zone=zone())
    first, last = asked.days(day_of(period.at))
    wanted = [first + timedelta(days=n) for n in range((last - first) // ONE_DAY + 1)]
    return [_day(day, found.get(day, (0, 0)), asked) for day in wanted]


def chart(days: Sequence[Day]) -> str:
    """The days as options of ECharts in JSON; the table beside it says the same."""
    received, closed = measures.BY_CODE["received"], measures.BY_CODE["closed"]
    options: dict[str, Any] = {
        "xAxis": {"type": "category", "data": [date_format(one.day, "m-d") for one in days]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"name": str(received.label), "type": "bar", "data": [int(one.received.text) for one in days]},
            {"name": str(closed.label), "type": "line", "data": [int(one.closed.text) for one in days]},
        ],
    }
    return json.dumps(options, ensure_ascii=False)


def words(figure: Figure) -> str:
    """The number as a person reads it."""
    if figure.value is None:
        return NOTHING
    if figure.measure.kind == Kind.SHARE:
        return f"{number_format(figure.value * 100, 1)} %"
    if figure.measure.kind == Kind.MEAN:
        return str(number_format(figure.value, 1))
    if figure.measure.kind == Kind.MEDIAN:
        return span(figure.value)
    return str(int(figure.value))


def span(seconds: float) -> str:
    """A span in the unit that fits it: minutes up to two hours, hours up to two days, then days."""
    if seconds < 2 * HOUR:
        return _("%(n)s min") % {"n": number_format(seconds / MINUTE, 0)}
    if seconds < 2 * DAY:
        return _("%(n)s h") % {"n": number_format(seconds / HOUR, 1)}
    return _("%(n)s d") % {"n": number_format(seconds / DAY, 1)}


def address(measure: Measure, asked: Asked, part: Part = Part.COUNTED) -> str:
    """The address of the cases behind a number."""
    shown = "" if part == Part.COUNTED else f"&part={part}"
    return f"{reverse('figure_cases')}?measure={measure.code}{shown}&{asked.query(by='')}"


def _row(line: Line, asked: Asked, by: Dimension, names: Mapping[str, Words]) -> Row:
    narrowed = replace(asked, **{by.code: by.narrowed(asked, line.key)})
    deeper = bool(by.opens and line.key and narrowed != asked and not getattr(narrowed, by.code).endswith("/-"))
    label = names.get(line.key, line.key) or _("Not known")
    return Row(label, f"?{narrowed.query()}" if deeper else "", _cells(line, narrowed))


def _cells(line: Line, asked: Asked) -> list[Cell]:
    return [_cell(line.figures[measure.code], asked) for measure in MEASURES]


def _cell(figure: Figure, asked: Asked) -> Cell:
    measure = figure.measure
    shares = measure.kind == Kind.SHARE
    part = Part.COUNTED if figure.count or not shares else Part.ALL
    base = _("%(count)d of %(of)d") % {"count": figure.count, "of": figure.of} if shares and figure.of else ""
    bad = measure.code == "late_open" and figure.count > 0
    return Cell(measure, words(figure), address(measure, asked, part) if figure.of else "", base, bad)


def _day(day: date, counts: tuple[int, int], asked: Asked) -> Day:
    alone = replace(asked, period="custom", since=day.isoformat(), until=day.isoformat())
    received, closed = (
        _cell(Figure(measures.BY_CODE[code], float(count), count, count), alone)
        for code, count in zip(("received", "closed"), counts, strict=True)
    )
    return Day(day, received, closed)
