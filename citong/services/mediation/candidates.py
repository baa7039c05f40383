"""From the registers to the candidates of one dispute: one query for any number of mediators."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from citong.core.cases.models import Case, Party
from citong.core.ledger import prepared
from citong.core.places.current import day_of
from citong.services.mediation.kinds import kind_of
from citong.services.mediation.matching import (
    BARS,
    NONE,
    Bar,
    Candidate,
    Excluded,
    Need,
    Proposal,
    bar,
    excluded,
    propose,
)
from citong.services.mediation.parameters.course import PAST_YEARS
from citong.services.mediation.ties import keys_of_parties, met_keys

# Those in reach of the place who take such disputes, with what they have in hand, and what keeps them from this one.
REGISTER = """
WITH near AS MATERIALIZED (
  SELECT one.id FROM places_division AS place
  JOIN people_unit AS unit ON unit.division_id = place.id AND unit.function = 'mediation'
  JOIN mediation_body AS body ON body.unit_id = unit.id
  JOIN mediation_mediator AS one ON one.body_id = body.id AND one.ended_on IS NULL
  WHERE place.level = 'city' OR place.path LIKE '%%/' || %(district)s || '/%%'
  UNION SELECT one.id FROM mediation_mediator AS one WHERE one.districts @> ARRAY[%(district)s::varchar]
)
SELECT held.id, held.account_id, coalesce(nullif(person.name, ''), person.username), unit.name, body.kind, place.path,
       held.districts, body.fields, held.fields, held.languages,
       (SELECT count(*) FROM cases_case AS busy
        WHERE busy.holder_id = held.account_id AND busy.open AND busy.service = 'mediation' AND busy.id <> %(case)s),
       held.most, coalesce(extract(day FROM %(at)s - held.last_at), 100000)::int,
       held.inviting_court_id IS NOT NULL OR body.inviting_court_id IS NOT NULL, body.charges,
       person.is_active AND held.term_begins <= %(day)s AND (held.term_ends IS NULL OR held.term_ends > %(day)s)
         AND EXISTS (SELECT FROM people_appointment AS post
                     WHERE post.account_id = held.account_id AND post.unit_id = unit.id AND post.post = 'mediator'
                       AND post.begins_on <= %(day)s AND (post.ends_on IS NULL OR post.ends_on > %(day)s)),
       EXISTS (SELECT FROM people_absence AS away WHERE away.account_id = held.account_id
               AND away.begins_at <= %(at)s AND away.ends_at > %(at)s),
       EXISTS (SELECT FROM mediation_interest AS tie WHERE tie.mediator_id = held.id AND tie.keys && %(keys)s
               AND (tie.ended_on IS NULL OR tie.ended_on > %(day)s)),
       EXISTS (SELECT FROM mediation_met AS met
               WHERE met.key = ANY (%(met)s) AND met.mediator_id = held.id AND met.case <> %(case)s
                 AND met.at > %(since)s
                 AND NOT EXISTS (SELECT FROM mediation_batch AS batch WHERE met.key = ANY (batch.keys)))
FROM near JOIN mediation_mediator AS held ON held.id = near.id
JOIN people_account AS person ON person.id = held.account_id
JOIN mediation_body AS body ON body.id = held.body_id AND body.ended_on IS NULL
JOIN people_unit AS unit ON unit.id = body.unit_id
JOIN places_division AS place ON place.id = unit.division_id
WHERE held.sort = 'mediator' AND held.ended_on IS NULL
  AND (%(kind)s = '' OR held.fields = '{}' OR %(kind)s = ANY (held.fields))
ORDER BY held.id
"""
TIED = frozenset({"tied"})  # what the query has found out stands for the keys themselves


@dataclass(frozen=True)
class Choice:
    """What a person chooses from: proposals, best first, and those in reach whom something keeps from it."""

    proposals: Sequence[Proposal]
    excluded: Sequence[Excluded]


def propose_for(
    case: Case, *, kind: str = "", finders: Iterable[UUID] = (), parties: Iterable[Party] = (),
    languages: Iterable[str] = (), tried: Iterable[UUID] = (), at: datetime | None = None, most: int | None = None,
) -> Choice:  # fmt: skip
    """Who may mediate the case, and who may not and why; one query. Whoever opened it counts as a finder always.

    `kind` is what the dispute is about, read from the case's title where it is not said. `finders` and `tried` (had it
    already, or declined) are accounts; `parties` are those of all sides with their agents.
    """
    at, parties = at or timezone.now(), list(parties)
    need = _need(case, kind, finders, parties, languages, tried)
    candidates = _candidates(case, parties, at, kind=need.kind)
    return Choice(propose(need, candidates, most=most), excluded(need, candidates))


def appoint_choice(
    case: Case, *, kind: str = "", finders: Iterable[UUID] = (), parties: Iterable[Party] = (),
    languages: Iterable[str] = (), tried: Iterable[UUID] = (), at: datetime | None = None,
) -> Proposal | None:  # fmt: skip
    """Whom the platform appoints when the parties have not chosen: the first proposal, or nobody; one query."""
    at, parties = at or timezone.now(), list(parties)
    need = _need(case, kind, finders, parties, languages, tried)
    return next(iter(propose(need, _candidates(case, parties, at, kind=need.kind), most=1)), None)


def why_not(
    case: Case, account: UUID, *, kind: str = "", finders: Iterable[UUID] = (), parties: Iterable[Party] = (),
    tried: Iterable[UUID] = (), at: datetime | None = None,
) -> str:  # fmt: skip
    """What keeps this account from mediating the case, in a sentence; empty where nothing does. One query."""
    at, parties = at or timezone.now(), list(parties)
    need = _need(case, kind, finders, parties, (), tried)
    one = next((each for each in _candidates(case, parties, at) if each.account == account), None)
    barred = Bar.PLACE if one is None else bar(need, one)
    return str(BARS[barred]) if barred else ""


def _need(
    case: Case, kind: str, finders: Iterable[UUID], parties: Sequence[Party], languages: Iterable[str],
    tried: Iterable[UUID],
) -> Need:  # fmt: skip
    opened = frozenset(map(UUID, case.doers.get("open", ())))
    return Need(
        case.id, kind or kind_of(case.title), case.district, case.street, case.community, case.line,
        languages=frozenset(languages), finders=frozenset(finders) | opened,
        parties=frozenset(one.account_id for one in parties if one.account_id), tried=frozenset(tried), keys=TIED,
    )  # fmt: skip


def _candidates(case: Case, parties: Sequence[Party], at: datetime, *, kind: str = "") -> list[Candidate]:
    day = day_of(at)
    asked = {
        "kind": kind, "case": case.id, "at": at, "day": day, "district": case.district,
        "since": at - timedelta(days=365 * PAST_YEARS.at(day)),
        "keys": sorted(keys_of_parties(parties)), "met": sorted(met_keys(parties)),
    }  # fmt: skip
    return [_candidate(*row) for row in prepared.run(REGISTER, asked)]


def _candidate(
    id: UUID, account: UUID, name: str, body: str, body_kind: str, path: str, districts: list[str],
    body_fields: list[str], fields: list[str], languages: list[str], open: int, most: int, idle: int, invited: bool,
    charges: bool, serves: bool, away: bool, tied: bool, met: bool,
) -> Candidate:  # fmt: skip
    district, street, community = (*path.strip("/").split("/")[1:4], "", "", "")[:3]
    return Candidate(
        id, account, name, body, body_kind, district, street, community, frozenset(districts), frozenset(body_fields),
        frozenset(fields), frozenset(languages), open, most, idle, invited, charges, serves, away,
        TIED if tied else NONE, TIED if met else NONE,
    )  # fmt: skip
