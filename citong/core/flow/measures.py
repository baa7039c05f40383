"""How well the work goes: every measure declared once, for table, link, export and page of definitions alike.

A measure is a condition on cases. A number on a screen is a count under that condition, and the list behind the
number has the same condition, so the two can not differ. Everything here only reads.

The queries run over the period's cases alone, found by the indexes on opened_at and closed_at and by those on open
cases: fit for a city's quarter. Counts, shares and ratings add up, so a city with many millions of cases goes over
to a summary table of (day, unit, street, category, channel) with one column for each condition below, filled for
the days that changed; medians then need a histogram per row. Only `lines` and `days` would change.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Avg, BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import REPORTER, CaseType, Does, Stage, Words
from citong.core.cases.models import Case
from citong.core.cases.registry import case_types
from citong.core.clocks.models import Clock


@dataclass(frozen=True)
class Period:
    """From `start` up to, not including, `end`; `at` is the moment of looking, by which an open case is late."""

    start: datetime
    end: datetime
    at: datetime

    def holds(self, field: str) -> Q:
        """The condition that this moment of the case lies in the period."""
        return Q(**{f"{field}__gte": self.start, f"{field}__lt": self.end})


class Kind(StrEnum):
    """How a measure's number comes from its cases."""

    COUNT = "count"
    SHARE = "share"
    MEAN = "mean"
    MEDIAN = "median"


Condition = Callable[[Period], Q]


@dataclass(frozen=True)
class Measure:
    """One measure. `counted` are the cases behind the number; a share is `counted` of `among`.

    `better` says which way is good: "high", "low", or "" where neither is. A median is that of the time which a
    `stage` took, by the clock that each service runs in it.
    """

    code: str
    label: Words
    definition: Words
    kind: Kind
    counted: Condition
    among: Condition | None = None
    better: str = ""
    stage: Stage | None = None


@dataclass(frozen=True)
class Figure:
    """The number of one measure: `value` (cases, share 0 to 1, stars, seconds; None where there is nothing to
    measure), from `count` cases `of` so many."""

    measure: Measure
    value: float | None
    count: int
    of: int


@dataclass(frozen=True)
class Line:
    """The figures of one unit, place, kind or channel; `key` is its code, empty where it is not known."""

    key: str
    figures: Mapping[str, Figure]


@cache
def _set_aside() -> Q:
    """Cases that no office decided: withdrawn by the reporter or merged into another."""
    ended = Q(pk__in=[])
    for kind in case_types().values():
        states = [name for name, state in kind.states.items() if state.ends and _nobody_decided(kind, name)]
        ended |= Q(service=kind.code, outcome__in=states)
    return ended


def _nobody_decided(kind: type[CaseType], state: str) -> bool:
    into = [act for act in kind.acts.values() if any(to.name == state for to in act.targets)]
    return all(act.does == Does.MERGE or list(act.by) == [REPORTER] for act in into)


def _received(period: Period) -> Q:
    return period.holds("opened_at")


def _closed(period: Period) -> Q:
    return period.holds("closed_at") & ~_set_aside()


def _open(period: Period) -> Q:
    return Q(open=True)


def _late_open(period: Period) -> Q:
    return Q(open=True, due_at__lt=min(period.at, period.end))


def _due(period: Period) -> Q:
    return _closed(period) | _late_open(period)


def _on_time(period: Period) -> Q:
    return _closed(period) & Q(late=False)


def _reworked(period: Period) -> Q:
    return _closed(period) & Q(reworks__gt=0)


def _closed_or_again(period: Period) -> Q:
    return _closed(period) | Q(open=True, reopenings__gt=0)


def _reopened(period: Period) -> Q:
    return _closed_or_again(period) & Q(reopenings__gt=0)


def _rated(period: Period) -> Q:
    return _closed(period) & Q(rating__isnull=False)


@cache
def _timed_by() -> list[tuple[str, str, str]]:
    """(service, stage, clock) of every service: a stage is timed by the first clock that ends in it. What runs in the
    stage of handling times that, wherever else it runs."""
    found: dict[tuple[str, str], str] = {}
    for kind in case_types().values():
        ends_in: dict[str, Stage] = {}
        for state in kind.states.values():
            for spec in state.clocks:
                if ends_in.get(spec.code) != Stage.HANDLING:
                    ends_in[spec.code] = state.stage
        for clock, stage in ends_in.items():
            found.setdefault((kind.code, stage), clock)
    return [(service, stage, clock) for (service, stage), clock in found.items()]


def _timed(stage: Stage, among: Condition) -> Condition:
    def condition(period: Period) -> Q:
        stopped, timed = Clock.objects.filter(stopped_at__isnull=False), Q(pk__in=[])
        for service, of, clock in _timed_by():
            if of == stage:
                timed |= Q(service=service, pk__in=stopped.filter(code=clock).values("subject"))
        return among(period) & ~_set_aside() & timed

    return condition


MEASURES: tuple[Measure, ...] = (
    Measure(
        "received", _("Received"), _("Cases opened in the period, from any channel."), Kind.COUNT, _received,
    ),
    Measure(
        "closed", _("Closed"),
        _("Cases that ended in the period by an office's decision. Withdrawn and merged ones do not count."),
        Kind.COUNT, _closed,
    ),
    Measure("open", _("Open now"), _("Cases not ended at this moment, whenever they came in."), Kind.COUNT, _open),
    Measure(
        "on_time", _("On time"),
        _("Of the cases closed in the period and of those still open past a time limit: the share that was closed "
          "without missing any limit. A late open case counts as not on time."),
        Kind.SHARE, _on_time, _due, "high",
    ),
    Measure(
        "late_open", _("Late and open"), _("Open cases whose present time limit ran out before the period's end."),
        Kind.COUNT, _late_open, better="low",
    ),
    Measure(
        "rework", _("Reworked"),
        _("Of the cases closed in the period: the share that a check sent back at least once."),
        Kind.SHARE, _reworked, _closed, "low",
    ),
    Measure(
        "reopened", _("Reopened"),
        _("Of the cases closed in the period and of those open again now: the share reopened at least once."),
        Kind.SHARE, _reopened, _closed_or_again, "low",
    ),
    Measure(
        "rating", _("Mean rating"), _("Mean of the reporters' ratings, 1 to 5, of the cases closed in the period."),
        Kind.MEAN, _rated, better="high",
    ),
    Measure(
        "rated", _("Rated"), _("Of the cases closed in the period: the share whose reporter gave a rating."),
        Kind.SHARE, _rated, _closed, "high",
    ),
    Measure(
        "to_accept", _("Time to accept"),
        _("Median time from arrival to the decision to accept, of cases received in the period; nights, days off and "
          "waiting for the reporter are included."),
        Kind.MEDIAN, _timed(Stage.FILING, _received), better="low", stage=Stage.FILING,
    ),
    Measure(
        "to_dispatch", _("Time to dispatch"),
        _("Median time from acceptance to dispatch, of cases received in the period; nights and days off included."),
        Kind.MEDIAN, _timed(Stage.DISPATCH, _received), better="low", stage=Stage.DISPATCH,
    ),
    Measure(
        "to_handle", _("Time to handle"),
        _("Median time in a handler's hands, of cases closed in the period; nights and days off included."),
        Kind.MEDIAN, _timed(Stage.HANDLING, _closed), better="low", stage=Stage.HANDLING,
    ),
)  # fmt: skip
BY_CODE: Mapping[str, Measure] = {measure.code: measure for measure in MEASURES}


class Part(StrEnum):
    """Which of a measure's cases a list shows: those counted, the rest of those measured, or all measured."""

    COUNTED = "counted"
    REST = "rest"
    ALL = "all"


def behind(measure: Measure, period: Period, part: Part = Part.COUNTED) -> Q:
    """The condition on the cases behind a measure's number; no query."""
    counted = measure.counted(period)
    if measure.among is None or part == Part.COUNTED:
        return counted
    measured = measure.among(period)
    return measured & ~counted if part == Part.REST else measured


def part_counts(cases: QuerySet[Case], measure: Measure, period: Period) -> dict[Part, int]:
    """How many cases each part of the measure has; one query."""
    counted = {part.value: Count("pk", filter=behind(measure, period, part)) for part in Part}
    found = cases.aggregate(**counted)
    return {part: found[part.value] for part in Part}


def total(cases: QuerySet[Case], period: Period) -> Line:
    """The figures of all these cases together; two queries."""
    found = lines(cases, period, key=Value(""))
    return found[0] if found else _line("", {}, {})


MOST_FIRST = (F("n_received").desc(), F("n_open").desc(), F("key"))


def lines(cases: QuerySet[Case], period: Period, *, key: Combinable, most: int | None = None) -> list[Line]:
    """The figures of these cases by `key`, most received first; two queries, however many lines there are.

    `cases` are those in the actor's reach. With `most` only so many lines are read.
    """
    concerned = cases.filter(_received(period) | period.holds("closed_at") | _open(period)).annotate(key=key)
    rows = concerned.order_by().values("key").annotate(**_aggregates(period)).order_by(*MOST_FIRST)
    medians = _medians(concerned, period)
    return [_line(row["key"] or "", row, medians.get(row["key"], {})) for row in (rows[:most] if most else rows)]


def days(cases: QuerySet[Case], period: Period, *, zone: ZoneInfo) -> dict[date, tuple[int, int]]:
    """Day of the city to (received, closed) in the period; two queries. Days without either are left out."""
    received = _by_day(cases.filter(_received(period)), "opened_at", zone)
    closed = _by_day(cases.filter(_closed(period)), "closed_at", zone)
    return {day: (received.get(day, 0), closed.get(day, 0)) for day in sorted(received.keys() | closed.keys())}


def _by_day(cases: QuerySet[Case], field: str, zone: ZoneInfo) -> dict[date, int]:
    rows = cases.annotate(day=TruncDate(field, tzinfo=zone)).order_by().values("day")
    return {row["day"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def _aggregates(period: Period) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for measure in MEASURES:
        if measure.kind != Kind.MEDIAN:
            wanted[f"n_{measure.code}"] = Count("pk", filter=measure.counted(period))
        if measure.among is not None:
            wanted[f"of_{measure.code}"] = Count("pk", filter=measure.among(period))
        if measure.kind == Kind.MEAN:
            wanted[f"mean_{measure.code}"] = Avg("rating", filter=measure.counted(period))
    return wanted


MEDIAN_SQL = """
SELECT c.key, t.stage, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM k.stopped_at - k.started_at)),
       count(DISTINCT c.id)
FROM ({cases}) c
JOIN unnest(%s::text[], %s::text[], %s::text[]) AS t (service, stage, code) ON t.service = c.service
JOIN {clocks} k ON k.subject = c.id AND k.code = t.code
WHERE k.stopped_at IS NOT NULL
      AND ((c.received AND t.stage IN ('filing', 'dispatch')) OR (c.closed AND t.stage = 'handling'))
GROUP BY c.key, t.stage
"""


def _medians(cases: QuerySet[Case], period: Period) -> dict[Any, dict[str, tuple[float, int]]]:
    """Key to stage to (median seconds, cases), one query: a join that the ORM has no relation for."""
    marked = cases.filter(~_set_aside()).annotate(
        received=_flag(_received(period)), closed=_flag(_closed(period))
    ).order_by().values("id", "key", "service", "received", "closed")  # fmt: skip
    try:
        inner, params = marked.query.sql_with_params()
    except EmptyResultSet:
        return {}
    found: dict[Any, dict[str, tuple[float, int]]] = {}
    with connection.cursor() as cursor:
        timed = [list(column) for column in zip(*_timed_by(), strict=True)]
        cursor.execute(MEDIAN_SQL.format(cases=inner, clocks=Clock._meta.db_table), [*params, *timed])
        for key, stage, seconds, count in cursor.fetchall():
            found.setdefault(key, {})[stage] = (float(seconds), count)
    return found


def _flag(condition: Q) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _line(key: str, row: Mapping[str, Any], medians: Mapping[str, tuple[float, int]]) -> Line:
    return Line(str(key), {measure.code: _figure(measure, row, medians) for measure in MEASURES})


def _figure(measure: Measure, row: Mapping[str, Any], medians: Mapping[str, tuple[float, int]]) -> Figure:
    if measure.kind == Kind.MEDIAN:
        seconds, count = medians.get(measure.stage or "", (None, 0))
        return Figure(measure, seconds, count, count)
    count = row.get(f"n_{measure.code}", 0)
    of = row.get(f"of_{measure.code}", count)
    if measure.kind == Kind.MEAN:
        mean = row.get(f"mean_{measure.code}")
        return Figure(measure, None if mean is None else float(mean), count, of)
    if measure.kind == Kind.SHARE:
        return Figure(measure, count / of if of else None, count, of)
    return Figure(measure, float(count), count, of)
