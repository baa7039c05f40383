"""A whole city for its phones: dwellings in every grid, some people, one grid of a thousand, a phone for each worker.

Made by the database itself, because it is not what is measured. Nobody in it is real.
"""

import random
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from citong.cli.simulation.words import person, roads_of
from citong.core.people.models import Beat
from citong.core.register.sealed import keys_of, seal
from citong.kit.ids import uuid7

DWELLINGS, PERSONS = 70, 12  # a grid: what its workers visit in a week, and of whom they learn something new
HOUSEHOLDS = 2_900_000  # of the whole city; those beyond the dwellings were visited lately
BIG = 1_000  # persons of the one grid whose first load is measured
TABLES = ("register_record", "register_tie", "visits_household", "sync_device")
Row = tuple[UUID, str, str, dict[str, str], list[str]]

PLACED = """
CREATE TEMP TABLE bench_grid AS
SELECT grid.code, grid.centre_lon AS lon, grid.centre_lat AS lat, row_number() OVER (ORDER BY grid.code) AS turn,
       split_part(place.path, '/', 2) AS district, split_part(place.path, '/', 3) AS street,
       split_part(place.path, '/', 4) AS community
FROM places_grid AS grid JOIN places_layer AS layer ON layer.code = grid.layer_id
JOIN places_division AS place ON place.id = grid.division_id
WHERE layer.base AND grid.ends_at IS NULL
"""
RECORDS = """
INSERT INTO register_record (id, kind, name, district, street, community, grid, lon, lat, "values", said, keys, version,
                             changed_at, position, head)
SELECT uuidv7(), %(kind)s, made.name, grid.district, grid.street, grid.community, grid.code, grid.lon, grid.lat,
       made.told, (SELECT jsonb_object_agg(name, '[1, "", "import", "2026-11-01"]'::jsonb)
                   FROM jsonb_object_keys(made.told) AS name),
       ARRAY['name:' || left(md5(made.name), 24)], 1, now(), 0, ''
FROM bench_grid AS grid CROSS JOIN generate_series(1, %(each)s) AS n CROSS JOIN LATERAL ({told}) AS made(name, told)
"""
DWELLING = """
SELECT road, jsonb_build_object('address', road, 'building', (n / 6 + 1) || '栋', 'room', '' || mod(n, 6) + 101)
FROM (SELECT '刺桐路' || grid.turn || '号') AS one(road)"""
PERSON = "SELECT '测试' || n, jsonb_build_object('name', '测试' || n, 'stay', 'lives')"
HOMES = """
INSERT INTO visits_household (dwelling, grid, needs, last_at, tried_at, outcome, due_on, why, version)
SELECT id, grid, '{}', at, at, 'done', at::date + 35, 'time', 1
FROM (SELECT id, grid, now() - (50 + abs(hashtext(id::text)) % 40) * interval '1 day' AS at FROM register_record
      WHERE kind = 'dwelling') AS home
ON CONFLICT DO NOTHING
"""
MORE_HOMES = """
INSERT INTO visits_household (dwelling, grid, needs, last_at, tried_at, outcome, due_on, why, version)
SELECT uuidv7(), grid.code, '{}', at, at, 'done', at::date + 35, 'time', 1
FROM generate_series(1, %(more)s) AS n JOIN bench_grid AS grid ON grid.turn = n %% (SELECT count(*) FROM bench_grid) + 1
CROSS JOIN LATERAL (SELECT now() - (n %% 20) * interval '1 day') AS visited(at)
"""
ONE = """
INSERT INTO register_record (id, kind, name, district, street, community, grid, lon, lat, "values", said, keys, version,
                             changed_at, position, head)
SELECT %s, %s, %s, district, street, community, code, lon, lat, %s, %s, %s, 1, now(), 0, '' FROM bench_grid
WHERE code = %s
"""
TIE = """
INSERT INTO register_tie (id, kind, subject_id, object_id, source, version, changed_at)
VALUES (%s, 'lives_in', %s, %s, 'visit', 1, now())
"""
PHONES = """
INSERT INTO sync_device (id, account_id, name, key, share, app, enrolled_at, seen_at, waiting, held, reason)
SELECT uuidv7(), worker, 'bench', %(key)s, '', '', now(), now(), 0, 0, ''
FROM (SELECT DISTINCT post.account_id AS worker FROM people_beat AS beat
      JOIN people_appointment AS post ON post.id = beat.appointment_id WHERE post.ends_on IS NULL) AS workers
"""


def settle(*, key: bytes) -> str:
    """The city is inhabited, each worker's phone has this public key; returns the code of the big grid.

    Triggers of the feed rest meanwhile: all of it is there before the first phone asks.
    """
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(PLACED)
        cursor.execute(RECORDS.format(told=DWELLING), {"kind": "dwelling", "each": DWELLINGS})
        cursor.execute(RECORDS.format(told=PERSON), {"kind": "person", "each": PERSONS})
        big = _big_grid()
        _crowd(cursor, big)
        cursor.execute(HOMES)
        cursor.execute("SELECT greatest(%s - count(*), 0) FROM visits_household", [HOUSEHOLDS])
        cursor.execute(MORE_HOMES, {"more": cursor.fetchone()[0]})
        cursor.execute(PHONES, {"key": key})
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")
    return big


def _big_grid() -> str:
    """A grid with workers, always the same one."""
    return str(Beat.objects.order_by("grid").values_list("grid", flat=True)[0])


def _crowd(cursor: Any, grid: str) -> None:
    """A thousand persons with telephones live in the grid's dwellings and in three hundred more."""
    chance = random.Random("a crowd")
    roads, people, homes, ties = roads_of(grid), list[UUID](), list[UUID](), list[tuple[UUID, UUID, UUID]]()
    rows: list[Row] = []
    for number in range(300):
        home = uuid7()
        homes.append(home)
        told = {"address": f"{chance.choice(roads)}{number % 40 + 1}号", "building": f"{number // 12 + 1}栋"}
        told |= {"unit": "1", "room": f"{number % 12 // 2 + 1}0{number % 2 + 1}", "use": "home"}
        rows.append((home, "dwelling", f"{told['address']} {told['building']}-1-{told['room']}", told, []))
    for number in range(BIG):
        one = uuid7()
        people.append(one)
        phone = f"0595{chance.randrange(10**7):07}0"
        told = {"name": person(chance), "gender": "f" if number % 2 else "m", "stay": "lives"}
        told |= {"born_on": date(1930 + number % 90, 1 + number % 12, 1 + number % 28).isoformat()}
        keys = keys_of("person", told | {"phone": phone})
        rows.append((one, "person", told["name"], told | {"phone": seal(phone, one, "phone")}, keys))
        ties.append((uuid7(), one, homes[number % len(homes)]))
    _insert(cursor, grid, rows, ties)


def _insert(cursor: Any, grid: str, rows: list[Row], ties: list[tuple[UUID, UUID, UUID]]) -> None:
    for id, kind, name, told, keys in rows:
        said = {field: [1, "", "visit", "2026-11-01"] for field in told}
        cursor.execute(ONE, [id, kind, name, Jsonb(told), Jsonb(said), keys, grid])
    cursor.executemany(TIE, ties)
