"""A world to plan and to visit in: grids, workers and households by the million, made by the database itself.

For measuring alone: it writes into the database it is called in, which must hold no city.
"""

from django.db import connection

from citong.core.places.current import forget_city

WORLD = """
INSERT INTO places_city (code, name, name_en, zone, datum, parameters, outline, version, files, loaded_at)
VALUES ('bench', '试城', 'Bench', 'Asia/Shanghai', 'WGS84', '{{}}', '', 1, '{{}}', now());
INSERT INTO places_division (code, path, name, level, kind, other_codes) VALUES ('b', 'b/', '试城', 'city', '', '{{}}');
INSERT INTO places_division (code, path, name, level, kind, other_codes, parent_id)
SELECT 'd' || n, 'b/d' || n || '/', 'd' || n, 'district', '', '{{}}', (SELECT id FROM places_division WHERE code = 'b')
FROM generate_series(1, 11) AS n;
INSERT INTO people_unit (code, name, level, function, division_id)
SELECT 's' || n, 's' || n, 'district', 'station', (SELECT id FROM places_division WHERE code = 'd' || n %% 11 + 1)
FROM generate_series(1, 2500) AS n;
INSERT INTO people_account (password, id, username, name, email, phone, language, is_active, joined_at)
SELECT '', md5('w' || n)::uuid, 'bench-' || n, 'w' || n, '', '', 'zh-hans', true, now()
FROM generate_series(1, {workers}) AS n;
INSERT INTO people_appointment (account_id, unit_id, post, begins_on)
SELECT md5('w' || n)::uuid, (SELECT id FROM people_unit WHERE code = 's' || (n %% {grids}) %% 2500 + 1),
       'grid_worker', '2026-01-01' FROM generate_series(1, {workers}) AS n;
INSERT INTO people_beat (appointment_id, grid)
SELECT post.id, 'g' || one.n %% {grids}
FROM generate_series(1, {workers}) AS one(n) JOIN people_appointment AS post ON post.account_id = md5('w' || n)::uuid
UNION
SELECT post.id, 'g' || (one.n + 1) %% {grids}
FROM generate_series(1, {workers}, 20) AS one(n)
JOIN people_appointment AS post ON post.account_id = md5('w' || n)::uuid;
ALTER TABLE visits_household DISABLE TRIGGER USER;
INSERT INTO visits_household (dwelling, grid, needs, last_at, tried_at, outcome, worker, due_on, why, version)
SELECT md5('h' || n)::uuid, 'g' || n %% {grids},
       CASE need WHEN 'time' THEN '{{}}' ELSE ARRAY[need] END::varchar[], at, at,
       CASE WHEN at IS NULL THEN '' WHEN refused THEN 'refused' ELSE 'done' END,
       CASE WHEN at IS NOT NULL THEN md5('w' || (n %% {grids} + m %% 2 * {grids}))::uuid END,
       CASE WHEN at IS NULL THEN date '2026-11-01' WHEN refused THEN at::date + 90
            ELSE at::date + CASE need WHEN 'alone' THEN 7 WHEN 'illness' THEN 14 ELSE 35 END END,
       CASE WHEN at IS NULL THEN 'never' WHEN refused THEN 'refused' ELSE need END, 1
FROM (
  SELECT n, m, m %% 50 = 1 AS refused,
         CASE WHEN m %% 30 = 0 THEN 'alone' WHEN m %% 17 = 0 THEN 'illness' ELSE 'time' END AS need,
         CASE WHEN m %% 10 > 0 THEN timestamptz '2026-11-15 10:00+08' - m %% 40 * interval '1 day' END AS at
  FROM generate_series(1, {households}) AS n CROSS JOIN LATERAL (SELECT n / {grids} AS m)
) AS household;
ALTER TABLE visits_household ENABLE TRIGGER USER;
ANALYZE visits_household, people_beat, people_appointment, people_account;
"""


def bench_world(grids: int, workers: int, households: int) -> None:
    """So many grids, workers (one in twenty with two grids) and households (one in ten never visited) are there."""
    with connection.cursor() as cursor:
        for statement in WORLD.format(grids=grids, workers=workers, households=households).split(";"):
            if statement.strip():
                cursor.execute(statement.replace("%%", "%"))
    forget_city()
