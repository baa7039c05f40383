"""Households follow the register: every home has one, with the needs that hold there today.

Done each night and before each plan, for whole sets at a time. A dwelling that was recorded today has its household
with the first visit, or tomorrow; a need that is tied today shortens the interval tomorrow.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from citong.core.places.current import day_of
from citong.core.register.kinds import NEEDS
from citong.services.visits import intervals
from citong.services.visits.rules import NextVisit

HOME_USES = ["", "home", "let"]
MEMORY = "128MB"

# A need holds where its situation concerns the dwelling itself or somebody who lives there. Merged records speak for
# the one they were merged into.
HOMES = """
DROP TABLE IF EXISTS refresh_home;
CREATE TEMP TABLE refresh_home ON COMMIT DROP AS
WITH ties AS (
  SELECT tie.kind, coalesce(subject.merged_into_id, subject.id) AS subject,
         coalesce(object.merged_into_id, object.id) AS object
  FROM register_tie AS tie JOIN register_record AS subject ON subject.id = tie.subject_id
  JOIN register_record AS object ON object.id = tie.object_id
  WHERE tie.kind IN ('lives_in', 'concerns') AND (tie.until IS NULL OR tie.until >= %(today)s)
), concerned AS (
  SELECT ties.object AS subject, situation.values->>'sort' AS need
  FROM register_record AS situation JOIN ties ON ties.subject = situation.id AND ties.kind = 'concerns'
  WHERE situation.kind = 'situation' AND situation.ended_on IS NULL AND situation.merged_into_id IS NULL
    AND situation.values->>'sort' = ANY (%(needs)s)
    AND situation.values->>'since' <= %(day)s AND situation.values->>'until' >= %(day)s
), needed AS (
  SELECT subject AS dwelling, need FROM concerned
  UNION
  SELECT ties.object, need FROM concerned JOIN ties ON ties.subject = concerned.subject AND ties.kind = 'lives_in'
), needs AS (
  SELECT dwelling, array_agg(need ORDER BY need)::varchar[] AS needs FROM needed GROUP BY dwelling
)
SELECT home.id AS dwelling, home.grid, coalesce(needs.needs, '{}') AS needs
FROM register_record AS home LEFT JOIN needs ON needs.dwelling = home.id
WHERE home.kind = 'dwelling' AND home.grid <> '' AND home.ended_on IS NULL AND home.merged_into_id IS NULL
  AND coalesce(home.values->>'use', '') = ANY (%(uses)s);
CREATE INDEX ON refresh_home (dwelling);
ANALYZE refresh_home;
"""
GONE = """
DELETE FROM visits_household AS held
WHERE NOT EXISTS (SELECT FROM refresh_home AS home WHERE home.dwelling = held.dwelling)
"""
FRESH = """
INSERT INTO visits_household (dwelling, grid, needs, outcome, due_on, why, version)
SELECT dwelling, grid, needs, '', %(today)s, 'never', 1 FROM refresh_home AS home
WHERE NOT EXISTS (SELECT FROM visits_household AS held WHERE held.dwelling = home.dwelling)
"""
MOVED = """
UPDATE visits_household AS held SET grid = home.grid, version = held.version + 1
FROM refresh_home AS home WHERE held.dwelling = home.dwelling AND held.grid <> home.grid
"""
NEEDY = """
SELECT held.dwelling, held.outcome, held.tried_at, home.needs, held.due_on, held.why
FROM visits_household AS held JOIN refresh_home AS home USING (dwelling) WHERE held.needs <> home.needs
"""
DUE = """
UPDATE visits_household AS held SET needs = new.needs, due_on = new.due_on, why = new.why, version = held.version + 1
FROM jsonb_to_recordset(%s::jsonb) AS new(dwelling uuid, needs varchar[], due_on date, why varchar)
WHERE held.dwelling = new.dwelling
"""


@transaction.atomic
def refresh(*, at: datetime) -> dict[str, int]:
    """Households are those of the register's homes, due by the needs that hold now; returns what changed, counted."""
    today = day_of(at)
    given: dict[str, Any] = {"today": today, "day": today.isoformat(), "needs": sorted(NEEDS), "uses": HOME_USES}
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{MEMORY}'")
        for statement in HOMES.split(";"):
            if statement.strip():
                cursor.execute(statement, given if "%(" in statement else None)
        counts = {
            name: _counted(cursor, sql, given) for name, sql in (("gone", GONE), ("fresh", FRESH), ("moved", MOVED))
        }
        cursor.execute(NEEDY)
        changed = [_due(row, today) for row in cursor.fetchall()]
        if changed:
            cursor.execute(DUE, [json.dumps(changed, default=str)])
    return counts | {"needs": len(changed)}


def _counted(cursor: Any, sql: str, given: Mapping[str, Any]) -> int:
    cursor.execute(sql, given if "%(" in sql else None)
    return int(cursor.rowcount)


def _due(row: Sequence[Any], today: date) -> dict[str, Any]:
    """A household with other needs than before: due anew, counted from the last visit."""
    dwelling, outcome, tried_at, needs, due_on, why = row
    if tried_at is not None:
        on = day_of(tried_at)
        due_on, why = NextVisit.formula(outcome=outcome, on=on, needs=needs, days=intervals.days(today))
    return {"dwelling": dwelling, "needs": needs, "due_on": due_on, "why": why}
