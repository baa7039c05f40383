"""The plan of a week: for each worker the households to visit, chosen by need and by how long ago."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction

from citong.core.clocks.calendar import calendar
from citong.core.places.current import day_of, zone
from citong.services.visits import planning
from citong.services.visits.intervals import a_week
from citong.services.visits.models import Plan
from citong.services.visits.parameters import FULL_WEEK, REST
from citong.services.visits.rules import WeeklyQuota

DAYS = 7
ROUNDS = 4  # in which what a small grid lacks is found in a worker's other grids
MEMORY = "256MB"  # to sort three million households without a file
LOCK = 7_301_559  # one planner at a time


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def week_of(at: datetime) -> date:
    """The Monday of the week of this moment, by the city's clock."""
    return monday_of(day_of(at))


def working_days(week: date) -> list[date]:
    """The days of the week on which the city works."""
    days = (week + timedelta(days=n) for n in range(DAYS))
    return [day for day in days if calendar().is_working(day)]


def quota_of(week: date, worked: int) -> int:
    """How many households whoever works on so many days of the week visits."""
    return WeeklyQuota.formula(a_week=a_week(week), worked=worked, full=FULL_WEEK.at(week))


@transaction.atomic
def plan_week(week: date) -> int:
    """Every worker has a plan for the week that begins on this Monday; returns how many were made now.

    Done again it makes those that are missing, from households that are in no plan of the week. The number of
    statements does not depend on the size of the city.
    """
    given = _given(week)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(f"SET LOCAL work_mem = '{MEMORY}'")
        for statement in _statements(planning.WORKERS, planning.CANDIDATES):
            cursor.execute(statement, given if "%(" in statement else None)
        _give(cursor)
        cursor.execute(planning.PLANS, given)
        made = int(cursor.rowcount)
        if made:
            cursor.execute(planning.TOLD)
        return made


def missing_plans(week: date) -> bool:
    """Whether nobody has a plan for this week yet."""
    return not Plan.objects.filter(week=week).exists()


def _given(week: date) -> dict[str, Any]:
    days, here = working_days(week), zone()
    rested = datetime.combine(week - timedelta(days=REST.at(week)), time(), here)
    return {
        "week": week, "last": week + timedelta(days=DAYS - 1), "rested": rested,
        "noons": [datetime.combine(day, time(12), here) for day in days],
        "quotas": [quota_of(week, worked) for worked in range(DAYS + 1)],
    }  # fmt: skip


def _give(cursor: Any) -> None:
    found = 0
    for _round in range(ROUNDS):
        for statement in _statements(planning.SHARES, planning.GIVE, planning.AGAIN):
            cursor.execute(statement)
        cursor.execute("SELECT count(*) FROM planning_given")
        before, found = found, cursor.fetchone()[0]
        if found == before:
            return


def _statements(*texts: str) -> list[str]:
    """One by one: what has parameters can not be sent together."""
    return [one for text in texts for one in text.split(";") if one.strip()]
