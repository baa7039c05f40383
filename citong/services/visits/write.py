"""Writing visits down: one row and one entry of the dwelling's history each; household and plan follow. Nothing else
writes their tables."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from citong.core.files.store import attached
from citong.core.flow.answers import answers_of
from citong.core.ledger import prepared
from citong.core.ledger.rows import Rows, made
from citong.core.ledger.write import Head, append, utc
from citong.core.people.access import Actor, Seat
from citong.core.people.refusal import NotThere, Refusal
from citong.core.places.current import day_of
from citong.core.register.held import locked, standing, together
from citong.core.register.models import Record
from citong.services.visits import intervals
from citong.services.visits.forms import FACTS, VisitForm
from citong.services.visits.models import Household, Visit
from citong.services.visits.plan import week_of
from citong.services.visits.rules import NextVisit

KIND = "visit"
NO_HOME = _("There is no such dwelling.")
HOME = [field.attname for field in Household._meta.concrete_fields]
LOAD = """
SELECT (SELECT coalesce(jsonb_agg(to_jsonb(home)), '[]') FROM (
          SELECT * FROM visits_household WHERE dwelling = ANY (%(dwellings)s) ORDER BY dwelling FOR UPDATE) AS home),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(id, week, worker, households)), '[]') FROM visits_plan
        WHERE week = ANY (%(weeks)s) AND (worker = %(worker)s OR households && %(dwellings)s) AND worker = ANY (ARRAY(
          SELECT %(worker)s::uuid UNION SELECT post.account_id FROM people_beat AS beat
          JOIN people_appointment AS post ON post.id = beat.appointment_id WHERE beat.grid = ANY (%(grids)s)))),
       ARRAY(SELECT id FROM visits_visit WHERE id = ANY (%(visits)s))
"""
SAVE = """
WITH given AS (SELECT %s::jsonb AS rows), heads AS (
  UPDATE register_record AS record SET position = new.position, head = new.head
  FROM given, jsonb_to_recordset(rows->'heads') AS new(id uuid, position int, head bytea) WHERE record.id = new.id
), locked AS MATERIALIZED (
  SELECT plan.id FROM given, jsonb_to_recordset(rows->'plans') AS new(id uuid)
  JOIN visits_plan AS plan ON plan.id = new.id ORDER BY plan.id FOR NO KEY UPDATE OF plan
), plans AS (
  UPDATE visits_plan AS plan SET version = plan.version + 1, more = plan.more + new.more,
    done = greatest(plan.done + new.done, 0), absent = greatest(plan.absent + new.absent, 0),
    refused = greatest(plan.refused + new.refused, 0)
  FROM given, jsonb_to_recordset(rows->'plans') AS new(id uuid, done int, absent int, refused int, more int), locked
  WHERE plan.id = new.id AND locked.id = new.id
)
INSERT INTO visits_household
SELECT new.* FROM given, jsonb_populate_recordset(NULL::visits_household, rows->'homes') AS new
ON CONFLICT (dwelling) DO UPDATE SET last_at = excluded.last_at, tried_at = excluded.tried_at,
  version = excluded.version, outcome = excluded.outcome, worker = excluded.worker, due_on = excluded.due_on,
  why = excluded.why
"""


@dataclass(frozen=True)
class Given:
    """A visit as its worker tells it: `at` is when it was, `data` answers VisitForm, `place` is (longitude, latitude).

    `id` is the teller's own: told again, it is the same visit.
    """

    id: UUID
    dwelling: UUID
    at: datetime
    data: Mapping[str, Any]
    place: tuple[float, float] | None = None
    files: Any = None


@dataclass(frozen=True)
class Visited:
    """The visit stands, and the household as it is now. `again`: it had been told before, and nothing changed."""

    visit: UUID
    household: Household
    again: bool = False


@dataclass
class _Book:
    """What the visits of one command need and change."""

    homes: dict[UUID, Household]
    plans: list[tuple[str, str, str, list[str]]]
    seen: set[UUID]
    days: dict[str, int]
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    changed: dict[UUID, Household] = field(default_factory=dict)
    heads: dict[UUID, Record] = field(default_factory=dict)

    def plan_of(self, dwelling: UUID, week: date) -> str | None:
        """Id of the plan of the week that this household is in."""
        home, monday = str(dwelling), week.isoformat()
        return next((id for id, of, _worker, homes in self.plans if of == monday and home in homes), None)

    def own_plan(self, worker: UUID, week: date) -> str | None:
        """Id of the worker's plan of the week."""
        wanted = (week.isoformat(), str(worker))
        return next((id for id, of, whose, _homes in self.plans if (of, whose) == wanted), None)

    def count(self, plan: str | None, what: str, number: int = 1) -> None:
        if plan is not None:
            counts = self.counts.setdefault(plan, dict.fromkeys(("done", "absent", "refused", "more"), 0))
            counts[what] += number


def visit(given: Given, *, actor: Actor, at: datetime, rows: Rows | None = None) -> Visited:
    """As `visits`, for one. Raises the Refusal."""
    with together(rows) as rows:
        found = visits([given], actor=actor, at=at, rows=rows)[0]
        if isinstance(found, Refusal):
            raise found
        return found


def visits(told: Sequence[Given], *, actor: Actor, at: datetime, rows: Rows) -> list[Visited | Refusal]:
    """Each visit stands, or the refusal that it met; the others stand all the same.

    `at` is now. Visits and entries wait in `rows`; households and plans are written here, in the running transaction.
    Three statements, however many there are.
    """
    records = locked({one.dwelling for one in told}, rows=rows)
    waiting = set(rows.held(Record))
    book = _book(told, records, actor, rows)
    found = [_told(one, records, book, actor=actor, at=at, rows=rows) for one in told]
    _save(book, waiting)
    return found


def _book(told: Sequence[Given], records: Mapping[UUID, Record], actor: Actor, rows: Rows) -> _Book:
    given = {
        "dwellings": list(records), "grids": list({record.grid for record in records.values()}),
        "worker": actor.account, "weeks": list({week_of(one.at) for one in told}), "visits": [one.id for one in told],
    }  # fmt: skip
    ((homes, plans, seen),) = prepared.run(LOAD, given)
    found = [made(Household, row) for row in json.loads(homes)]
    days = intervals.days(day_of(max(one.at for one in told)))
    return _Book({home.dwelling: home for home in found}, json.loads(plans), {*seen, *rows.held(Visit)}, days)


def _told(
    one: Given, records: dict[UUID, Record], book: _Book, *, actor: Actor, at: datetime, rows: Rows
) -> Visited | Refusal:  # fmt: skip
    try:
        record, seat = standing(records, one.dwelling, actor=actor)
        if record.kind != "dwelling":
            raise NotThere(NO_HOME)
        home = book.homes.get(record.id) or _stranger(record, at)
        book.homes[record.id] = home
        if one.id in book.seen:
            return Visited(one.id, home, again=True)
        answers = answers_of(VisitForm, one.data, files=one.files, actor=actor)
    except Refusal as refusal:
        return refusal
    _stand(one, record, home, answers, book, seat=seat, actor=actor, at=at, rows=rows)
    return Visited(one.id, home)


def _stand(
    one: Given, record: Record, home: Household, answers: dict[str, Any], book: _Book, *, seat: Seat, actor: Actor,
    at: datetime, rows: Rows,
) -> None:  # fmt: skip
    """The visit, its entry and what follows from it."""
    assert actor.account is not None
    on, outcome = min(one.at, at), answers["outcome"]
    week = week_of(on)
    plan = book.plan_of(record.id, week)
    entry = append(
        record.id, KIND, kind=KIND, by=actor.signature(seat), at=at, head=Head(record.position, bytes(record.head)),
        district=record.district, facts=_facts(answers, on), content=_content(answers), rows=rows,
    )  # fmt: skip
    record.position, record.head = entry.position, bytes(entry.hash)
    lon, lat = one.place or (None, None)
    rows.add(
        Visit(
            id=one.id, dwelling=record.id, grid=record.grid, worker=actor.account, at=on, outcome=outcome,
            plan=UUID(plan) if plan else None, lon=lon, lat=lat, entry=entry.id,
        ),
        *attached(record.id, entry.id, answers["photos"], public=False),
    )  # fmt: skip
    _count(home, outcome, plan or "", on=on, book=book)
    if plan is None:
        book.count(book.own_plan(actor.account, week), "more")
    _follow(home, outcome, answers["next_on"], worker=actor.account, on=on, days=book.days)
    book.seen.add(one.id)
    book.changed[record.id] = home
    book.heads[record.id] = record


def _count(home: Household, outcome: str, plan: str, *, on: datetime, book: _Book) -> None:
    """A household counts once in its plan, by the last visit of the week."""
    before = home.tried_at if home.tried_at and week_of(home.tried_at) == week_of(on) else None
    if not plan or (before is not None and before > on):
        return
    if before is not None:
        book.count(plan, home.outcome, -1)
    book.count(plan, outcome)


def _follow(
    home: Household, outcome: str, wish: date | None, *, worker: UUID, on: datetime, days: Mapping[str, int]
) -> None:  # fmt: skip
    """The household's present moves on; a visit that is told late does not set it back."""
    home.version += 1
    if outcome == "done" and (home.last_at is None or on > home.last_at):
        home.last_at = on
    if home.tried_at is None or on >= home.tried_at:
        home.tried_at, home.outcome, home.worker = on, outcome, worker
        day = day_of(on)
        home.due_on, home.why = NextVisit.formula(outcome=outcome, on=day, needs=home.needs, days=days, wish=wish)


def _stranger(record: Record, at: datetime) -> Household:
    """A dwelling that was recorded since the households were last brought up to date."""
    return Household(dwelling=record.id, grid=record.grid, due_on=day_of(at), why="never", version=0, outcome="")


def _facts(answers: Mapping[str, Any], on: datetime) -> dict[str, Any]:
    said = {name: answers[name] for name in FACTS if answers[name]}
    photos = [photo.media_type for photo in answers["photos"]]
    return said | {"visited": utc(on)} | ({"files": photos} if photos else {})


def _content(answers: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in answers.items() if name not in (*FACTS, "photos") and value}
    return said | ({"next_on": said["next_on"].isoformat()} if "next_on" in said else {})


def _save(book: _Book, waiting: set[UUID]) -> None:
    """Records that wait in the rows of the command carry their new head with them; the others get it now."""
    if not book.changed:
        return
    heads = [_head(record) for id, record in book.heads.items() if id not in waiting]
    plans = [{"id": id} | counts for id, counts in book.counts.items()]
    homes = [{field: getattr(home, field) for field in HOME} for home in book.changed.values()]
    prepared.run(SAVE, [json.dumps({"heads": heads, "plans": plans, "homes": homes}, default=str)])


def _head(record: Record) -> dict[str, Any]:
    return {"id": record.id, "position": record.position, "head": f"\\x{bytes(record.head).hex()}"}
