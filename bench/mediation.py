"""Mediation of a whole city: its figures over a year of disputes, and a bank's table of a thousand.

The disputes are rows made by SQL, with parties, clocks and the entries by which the ledger tells who found and who
mediated; nobody acted in them. The batch is brought in and registered through the one door, papers included.
"""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from bench.cast import Cast, signed_in
from bench.figures import Figure, Target
from bench.house import Server
from bench.run import WORK, Run
from bench.screens import Screen, figure
from citong.core.people.access import Actor, actor_of
from citong.core.people.models import Account, Appointment, Unit
from citong.core.people.posts import Post
from citong.core.places.current import day_of
from citong.core.places.models import Division
from citong.core.register import sheets
from citong.services.mediation import batch_acts, batches
from citong.services.mediation.kinds import BodyKind, Kind
from citong.services.mediation.models import Batch, Body, Mediator

MOST, ROWS, BODIES, PEOPLE = 100_000, 1_000, 60, 10
YEAR = "?period=custom&since={:%Y-%m-%d}&until={:%Y-%m-%d}"
SOON = Target(most=2_000, unit="ms")

CASES = """
INSERT INTO cases_case (
    id, number, service, state, open, title, text, channel, line, reporting, public, urgent, address, given_place,
    district, street, community, professional, route_reason, gap, level, joint, doers, opened_at, due_at, changed_at,
    closed_at, outcome, late, reworks, reopenings, urges, receipt, position, head, desk_id, unit_id, routed_unit_id,
    holder_id, handling_unit_id, grid_id)
SELECT uuidv7(made.opened - clock_timestamp()), 'M' || made.n, 'mediation', made.state, made.state <> ALL (%(ended)s),
       '邻里纠纷', '', 'web', '', 'open', false, false, '', '{}', split_part(place.path, '/', 2),
       split_part(place.path, '/', 3), split_part(place.path, '/', 4), '{}', '', false, 'street', '{}', '{}',
       made.opened, made.opened + interval '30 days', made.opened,
       CASE WHEN made.state = ANY (%(ended)s) THEN made.opened + interval '20 days' END,
       CASE WHEN made.state = ANY (%(ended)s) THEN made.state ELSE '' END, made.n %% 9 = 0, 0, 0, 0, ''::bytea, 0,
       ''::bytea, %(desk)s, %(desk)s, %(desk)s, held.account_id, body.unit_id, grid.id
FROM (SELECT n, %(now)s - (n %% 365) * interval '1 day' - (n %% 86400) * interval '1 second' AS opened,
             (%(states)s::text[])[1 + n %% 20] AS state FROM generate_series(1, %(count)s) AS n) AS made
JOIN (SELECT id, division_id, row_number() OVER (ORDER BY code) AS place FROM places_grid
      WHERE ends_at IS NULL AND layer_id = (SELECT code FROM places_layer WHERE base)) AS grid
  ON grid.place = 1 + made.n %% (SELECT count(*) FROM places_grid WHERE ends_at IS NULL
                                 AND layer_id = (SELECT code FROM places_layer WHERE base))
JOIN places_division AS place ON place.id = grid.division_id
JOIN (SELECT id, account_id, body_id, row_number() OVER (ORDER BY id) AS turn FROM mediation_mediator) AS held
  ON held.turn = 1 + made.n %% (SELECT count(*) FROM mediation_mediator)
JOIN mediation_body AS body ON body.id = held.body_id
"""
DISPUTES = """
INSERT INTO mediation_dispute (
    case_id, kind, amount, languages, origin, double_of, round, mediator_id, tried, refusals, appointed, registered_at,
    assigned_at, accepted_at, taken_up_at, agreed_at, failed_as, sham)
SELECT id, (%(kinds)s::text[])[1 + n %% 14], 100000, '{}', (%(origins)s::text[])[1 + n %% 7], '', 1, mediator, '{}', 0,
       false, opened_at, taken, taken, taken,
       CASE WHEN state IN ('effective', 'confirmed', 'performed', 'breached', 'enforcing', 'suing')
            THEN taken + interval '12 days' END, '', false
FROM (SELECT one.id, one.opened_at, one.state, substr(one.number, 2)::int AS n, held.id AS mediator,
             CASE WHEN one.state <> 'found'
                  THEN one.opened_at + (1 + substr(one.number, 2)::int %% 90) * interval '1 hour' END AS taken
      FROM cases_case AS one JOIN mediation_mediator AS held ON held.account_id = one.holder_id
      WHERE one.service = 'mediation' AND one.number LIKE 'M%%') AS made
"""
PARTIES = """
WITH made AS (
    INSERT INTO cases_party (id, case_id, role, name, phone, email, webhook, channels, side)
    SELECT uuidv7(), one.id, 'party', '', '', '', '', '{}', side
    FROM cases_case AS one CROSS JOIN unnest(ARRAY['applicant', 'respondent']) AS side
    WHERE one.service = 'mediation' AND one.number LIKE 'M%%' RETURNING id
)
INSERT INTO mediation_partydetails (party_id, identity, address, keys, authority)
SELECT id, '', '', ARRAY['party:' || substr(md5(id::text), 1, 2), 'phone:' || (hashtext(id::text) %% 2000000),
                         'number:' || md5(id::text)], '' FROM made
"""
CLOCKS = """
INSERT INTO clocks_clock (id, subject, district, code, source, span, state, started_at, due_at, warn_at, stopped_at,
                          lapses, extensions, certain, remaining)
SELECT uuidv7(), case_id, '', 'accept', '', '3 working days', CASE WHEN refusals = 0 THEN 'met' ELSE 'missed' END,
       registered_at, registered_at + interval '3 days', registered_at, coalesce(accepted_at, registered_at), 0, '[]',
       true, ''
FROM mediation_dispute WHERE case_id IN (SELECT id FROM cases_case WHERE number LIKE 'M%%')
"""
ENTRIES = """
INSERT INTO ledger_entry (id, subject, kind, position, act, at, district, actor, post, unit, facts, content_hash,
                          previous, hash)
SELECT uuidv7(one.opened_at + step * interval '1 day' - clock_timestamp()), one.id, 'case', step,
       (ARRAY['open', 'register', 'accept', 'hold_session', 'offer', 'draft'])[step + 1],
       one.opened_at + step * interval '1 day', one.district, CASE WHEN step < 2 THEN %(clerk)s ELSE one.holder_id END,
       CASE WHEN step < 2 THEN 'clerk' ELSE 'mediator' END, '', '{}', ''::bytea, ''::bytea, ''::bytea
FROM cases_case AS one CROSS JOIN generate_series(0, 5) AS step
WHERE one.service = 'mediation' AND one.number LIKE 'M%%'
"""
ONE_OF_TWENTY = ("filed", "ended", "confirmed", "choosing", "found", "suing")
STATES = [*["performed"] * 10, *["effective"] * 2, *["mediating"] * 2, *ONE_OF_TWENTY]
ENDED = ["performed", "filed", "ended", "suing"]


def measure(run: Run) -> Iterator[Figure]:
    """The page of figures for city, district and head, and a table of a thousand rows."""
    cast, centre = Cast.read(run.cast), Unit.objects.get(function="centre", level="city", ends_on=None)
    clerk = next(Account.objects.get(pk=pk) for (_unit, post), pk in cast.accounts.items() if post == Post.CLERK)
    count = min(run.size, MOST)
    fill(count, desk=centre, clerk=clerk)
    city = cast.account(centre.code, Post.SUPERVISOR)
    leader = next(Account.objects.get(pk=pk) for (unit, post), pk in cast.accounts.items()
                  if post == Post.SUPERVISOR and unit != centre.code)  # fmt: skip
    today = day_of(timezone.now())
    year, page = YEAR.format(today - timedelta(days=365), today), "/desk/mediation/measures/"
    screens = [
        Screen("mediation of the city, a year", signed_in(city), [page + year], SOON),
        Screen("mediation of the city, 30 days", signed_in(city), [page], SOON),
        Screen("mediation of a district, a year", signed_in(leader), [page + year], SOON),
        Screen("mediation of a body, a year", signed_in(_head()), [page + year], SOON),
    ]
    with Server(run.house, WORK, workers=1) as server, server.resting():
        for screen in screens:
            yield figure(run, server, screen)
    yield from _batch(run, clerk)


def fill(count: int, *, desk: Unit, clerk: Account) -> None:
    """So many disputes of the last year lie in the database, with bodies and people in whose hands they are."""
    _bodies()
    said: Any = {"count": count, "states": STATES, "ended": ENDED, "desk": desk.pk, "now": timezone.now(),
            "kinds": [str(kind) for kind in Kind], "clerk": clerk.pk,
            "origins": ["resident", "visit", "request", "police", "court", "company", "call"]}  # fmt: skip
    with connection.cursor() as cursor:
        for sql in (CASES, DISPUTES, PARTIES, CLOCKS, ENTRIES):
            cursor.execute(sql, said)
        cursor.execute("VACUUM (ANALYZE)")


def _bodies() -> None:
    """Sixty bodies over the districts, ten mediators each, and a head of the first."""
    districts = list(Division.objects.filter(level="district").order_by("code"))
    kinds, began = list(BodyKind), date(2026, 1, 1)
    for number in range(BODIES):
        place = districts[number % len(districts)]
        unit = Unit.objects.create(
            code=f"bench-body-{number}", name=f"调委会{number}", level="district", function="mediation", division=place
        )
        kind = kinds[number % len(kinds)]
        body = Body.objects.create(unit=unit, kind=kind)
        people = [
            Account(username=f"bench.m.{number}.{one}", name=f"调解员{one}") for one in range(PEOPLE + (number == 0))
        ]
        Account.objects.bulk_create(people)
        Appointment.objects.bulk_create(
            Appointment(account=one, unit=unit, post=Post.HEAD if at == PEOPLE else Post.MEDIATOR, begins_on=began)
            for at, one in enumerate(people)
        )
        Mediator.objects.bulk_create(Mediator(account=one, body=body, term_begins=began) for one in people[:PEOPLE])


def _head() -> Account:
    return Account.objects.get(appointments__post=Post.HEAD, username=f"bench.m.0.{PEOPLE}")


def _batch(run: Run, clerk: Account) -> Iterator[Figure]:
    """Rows that are disputes, and disputes that are registered, in a second."""
    actor = actor_of(clerk)
    place = Division.objects.get(code=actor.seats[0].division)
    told = {"name": "某银行", "phone": "", "kind": Kind.LOAN, "about": "信用贷款到期未还。", "address": place.name}
    rows = ["姓名,手机号,合同编号,欠款金额", *(f"借款人{n},139{n:08},HT{n},{n}.00" for n in range(1, ROWS + 1))]
    batch, table = batches.bring(
        "\n".join(rows).encode(), told, name="名单.csv", actor=actor, on=day_of(timezone.now()), at=timezone.now()
    )
    sheets.begin(table)
    began = time.monotonic()
    while sheets.carry(table.pk):
        pass
    yield Figure("batch: rows brought in", run.size, ROWS / (time.monotonic() - began), "/s")
    yield _at_once(run, batch, actor)


def _at_once(run: Run, batch: Batch, actor: Actor) -> Figure:
    cases = list(batches.cases_of(batch, actor).values_list("pk", flat=True))
    one = batch_acts.prepare(batch, "register", cases, actor=actor, at=timezone.now())
    assert one is not None
    batch_acts.begin(one, QueryDict("kind=loan"), actor=actor)
    began = time.monotonic()
    while batch_acts.carry(one.pk):
        pass
    seconds = time.monotonic() - began
    one.refresh_from_db()
    return Figure(
        "batch: registered at once", run.size, one.done / seconds, "/s", details={"refused": one.refusals, "papers": 2}
    )
