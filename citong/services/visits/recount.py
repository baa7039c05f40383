"""The plans' counts, told anew from the visits themselves: what came late or out of order is counted right."""

from datetime import date, datetime, time, timedelta

from django.db import connection

from citong.core.places.current import zone

# By the household's last visit of the week; the plan's worker's visits to others are `more`.
RECOUNT = """
WITH made AS (
  SELECT dwelling, worker, outcome, at FROM visits_visit WHERE at >= %(start)s AND at < %(end)s
), last AS (
  SELECT DISTINCT ON (dwelling) dwelling, outcome FROM made ORDER BY dwelling, at DESC
), planned AS (
  SELECT id, worker, unnest(households) AS dwelling FROM visits_plan WHERE week = %(week)s
), counts AS (
  SELECT planned.id, count(*) FILTER (WHERE outcome = 'done') AS done,
         count(*) FILTER (WHERE outcome = 'absent') AS absent, count(*) FILTER (WHERE outcome = 'refused') AS refused
  FROM planned JOIN last USING (dwelling) GROUP BY planned.id
), others AS (
  SELECT worker, count(*) AS more FROM made
  WHERE NOT EXISTS (SELECT FROM planned WHERE planned.dwelling = made.dwelling) GROUP BY worker
), wanted AS (
  SELECT plan.id, coalesce(counts.done, 0) AS done, coalesce(counts.absent, 0) AS absent,
         coalesce(counts.refused, 0) AS refused, coalesce(others.more, 0) AS more
  FROM visits_plan AS plan LEFT JOIN counts USING (id) LEFT JOIN others USING (worker) WHERE plan.week = %(week)s
)
UPDATE visits_plan AS plan SET version = plan.version + 1, done = wanted.done, absent = wanted.absent,
  refused = wanted.refused, more = wanted.more
FROM wanted WHERE plan.id = wanted.id
  AND (plan.done, plan.absent, plan.refused, plan.more) <> (wanted.done, wanted.absent, wanted.refused, wanted.more)
"""


def recount(week: date) -> int:
    """The counts of the week's plans are those of its visits; returns how many plans were off."""
    start = datetime.combine(week, time(), zone())
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"week": week, "start": start, "end": start + timedelta(days=7)})
        return int(cursor.rowcount)
