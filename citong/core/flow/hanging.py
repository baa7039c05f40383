"""What hangs on a case and every act asks for, read in one statement once the case is locked."""

import json
from dataclasses import dataclass
from uuid import UUID

from citong.core.cases.models import Party, Task
from citong.core.clocks.models import Clock
from citong.core.ledger import prepared
from citong.core.ledger.rows import made
from citong.core.people.models import Account

HANGING = """
SELECT (SELECT coalesce(jsonb_agg(to_jsonb(clock)), '[]') FROM clocks_clock AS clock
        WHERE clock.subject = %(case)s AND clock.state IN ('running', 'paused')),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(to_jsonb(party), account.language)), '[]')
        FROM cases_party AS party LEFT JOIN people_account AS account ON account.id = party.account_id
        WHERE party.case_id = %(case)s),
       (SELECT coalesce(jsonb_agg(to_jsonb(task)), '[]') FROM cases_task AS task
        WHERE task.case_id = %(case)s AND task.done_at IS NULL),
       EXISTS (SELECT FROM cases_submission WHERE key = %(key)s)
"""


@dataclass(frozen=True)
class Hanging:
    """Clocks that run or pause, parties, open tasks, and whether the command of that key was carried out before."""

    clocks: list[Clock]
    parties: list[Party]
    tasks: list[Task]
    seen: bool


def hanging(case: UUID, *, key: str) -> Hanging:
    """One query. The case must be locked, so that what is read is what stands."""
    ((clocks, parties, tasks, seen),) = prepared.run(HANGING, {"case": case, "key": key})
    told = [_party(row, language) for row, language in json.loads(parties)]
    owed = [made(Task, row) for row in json.loads(tasks)]
    return Hanging([made(Clock, row) for row in json.loads(clocks)], told, owed, seen)


def _party(row: dict[str, object], language: str | None) -> Party:
    party = made(Party, row)
    if party.account_id and language:
        party.account = Account(id=party.account_id, language=language)
    return party
