"""SQL of the plan of a week: whole sets at a time, so that a city of three million households takes seconds.

Steps of one transaction, in this order; what one leaves in a temporary table the next goes on from.
"""

# Who visits this week, with how many working days, for which unit. Whoever is away all week visits nobody; whoever
# stands in for them visits their grids, too. Those who have a plan already keep it.
WORKERS = """
DROP TABLE IF EXISTS planning_worker, planning_beat, planning_taken, planning_given, planning_candidate, planning_share;
CREATE TEMP TABLE planning_worker ON COMMIT DROP AS
WITH held AS (
  SELECT post.account_id AS worker, min(post.unit_id) AS unit
  FROM people_appointment AS post JOIN people_account AS account ON account.id = post.account_id
  WHERE post.post = 'grid_worker' AND account.is_active
    AND post.begins_on <= %(last)s AND (post.ends_on IS NULL OR post.ends_on > %(week)s)
  GROUP BY post.account_id
)
SELECT held.worker, held.unit, (
    SELECT count(*) FROM unnest(%(noons)s::timestamptz[]) AS noon WHERE NOT EXISTS (
      SELECT FROM people_absence AS away
      WHERE away.account_id = held.worker AND away.begins_at <= noon AND away.ends_at > noon)
  )::int AS days
FROM held
WHERE NOT EXISTS (SELECT FROM visits_plan AS made WHERE made.worker = held.worker AND made.week = %(week)s);

ALTER TABLE planning_worker ADD quota int, ADD given int NOT NULL DEFAULT 0;
UPDATE planning_worker SET quota = (%(quotas)s::int[])[days + 1];

CREATE TEMP TABLE planning_beat ON COMMIT DROP AS
WITH beats AS (
  SELECT post.account_id AS worker, beat.grid
  FROM people_beat AS beat JOIN people_appointment AS post ON post.id = beat.appointment_id
  WHERE post.post = 'grid_worker' AND post.begins_on <= %(last)s AND (post.ends_on IS NULL OR post.ends_on > %(week)s)
), away AS (
  SELECT DISTINCT ON (absence.account_id) absence.account_id, absence.stand_in_id
  FROM people_absence AS absence JOIN planning_worker AS worker ON worker.worker = absence.account_id
  WHERE worker.days = 0 AND absence.ends_at > (%(noons)s::timestamptz[])[1]
  ORDER BY absence.account_id, absence.begins_at
)
SELECT DISTINCT beats.worker, beats.grid FROM beats JOIN planning_worker USING (worker) WHERE quota > 0
UNION
SELECT away.stand_in_id, beats.grid FROM beats JOIN away ON away.account_id = beats.worker
JOIN planning_worker AS worker ON worker.worker = away.stand_in_id WHERE worker.quota > 0;

CREATE TEMP TABLE planning_taken ON COMMIT DROP AS
SELECT unnest(households) AS dwelling FROM visits_plan WHERE week = %(week)s;

CREATE TEMP TABLE planning_given (
  worker uuid, grid varchar(30), dwelling uuid, due_on date, why varchar(20), place int
) ON COMMIT DROP;
ANALYZE planning_worker, planning_beat, planning_taken;
"""

# Who may be visited: not those who were visited within the days of rest and are not due, nor those who did not want a
# visit before they are asked again. Nobody yet met comes first, of these the ones with a need; then by the day due.
CANDIDATES = """
CREATE TEMP TABLE planning_candidate ON COMMIT DROP AS
WITH room AS (
  SELECT grid, sum(quota) AS most FROM planning_beat JOIN planning_worker USING (worker) GROUP BY grid
), ranked AS (
  SELECT grid, dwelling, worker, due_on, why, count(*) OVER (PARTITION BY grid) AS free,
         row_number() OVER (
           PARTITION BY grid
           ORDER BY why NOT IN ('never', 'absent'), why = 'never' AND needs = '{}', due_on, dwelling
         )::int AS place
  FROM visits_household
  WHERE (due_on <= %(last)s OR (why <> 'refused' AND tried_at < %(rested)s))
    AND NOT EXISTS (SELECT FROM planning_taken AS taken WHERE taken.dwelling = visits_household.dwelling)
)
SELECT ranked.* FROM ranked JOIN room USING (grid) WHERE place <= most;
CREATE INDEX ON planning_candidate (grid, place);
ANALYZE planning_candidate;
"""

# How many of their quota each worker has in each of their grids: in proportion to the candidates there, divided by the
# workers who share them; what is left over by rounding goes where most was cut off.
SHARES = """
CREATE TEMP TABLE planning_share ON COMMIT DROP AS
WITH grids AS (
  SELECT grid, max(free) AS free FROM planning_candidate GROUP BY grid
), weights AS (
  SELECT beat.worker, beat.grid, worker.quota - worker.given AS wanted,
         grids.free::float / count(*) OVER (PARTITION BY beat.grid) AS weight
  FROM planning_beat AS beat JOIN planning_worker AS worker USING (worker) JOIN grids USING (grid)
  WHERE worker.given < worker.quota
), parts AS (
  SELECT worker, grid, wanted, wanted * weight / sum(weight) OVER (PARTITION BY worker) AS part FROM weights
), cut AS (
  SELECT worker, grid, floor(part)::int AS whole, wanted - sum(floor(part)::int) OVER (PARTITION BY worker) AS rest,
         row_number() OVER (PARTITION BY worker ORDER BY part - floor(part) DESC, grid) AS turn
  FROM parts
)
SELECT worker, grid, whole + (turn <= rest)::int AS share FROM cut;
"""

# The places of each grid in turn among its workers, as many as it has candidates; then each candidate a place: whoever
# came last comes again where that worker has a place left, the others fill what is free.
GIVE = """
WITH slots AS (
  SELECT share.grid, share.worker,
         row_number() OVER (PARTITION BY share.grid ORDER BY (slot - 0.5) / share.share, share.worker)::int AS place
  FROM planning_share AS share, generate_series(1, share.share) AS slot
), chosen AS (
  SELECT candidate.* FROM (
    SELECT grid, dwelling, worker, due_on, why, place,
           row_number() OVER (PARTITION BY grid ORDER BY place)::int AS turn
    FROM planning_candidate
  ) AS candidate JOIN (SELECT grid, max(place) AS most FROM slots GROUP BY grid) AS room USING (grid)
  WHERE candidate.turn <= room.most
), even AS (
  SELECT slots.grid, slots.worker, count(*)::int AS places
  FROM slots JOIN (SELECT grid, count(*) AS found FROM chosen GROUP BY grid) AS few USING (grid)
  WHERE slots.place <= few.found
  GROUP BY slots.grid, slots.worker
), again AS (
  SELECT chosen.*, row_number() OVER (PARTITION BY chosen.grid, chosen.worker ORDER BY chosen.place) <= even.places
         AS keeps
  FROM chosen LEFT JOIN even ON even.grid = chosen.grid AND even.worker = chosen.worker
), kept AS (
  SELECT grid, worker, count(*)::int AS places FROM again WHERE keeps GROUP BY grid, worker
), open_places AS (
  SELECT even.grid, even.worker,
         row_number() OVER (PARTITION BY even.grid ORDER BY slot::float / even.places, even.worker) AS turn
  FROM even LEFT JOIN kept USING (grid, worker),
       generate_series(coalesce(kept.places, 0) + 1, even.places) AS slot
), open_candidates AS (
  SELECT grid, dwelling, due_on, why, place, row_number() OVER (PARTITION BY grid ORDER BY place) AS turn
  FROM again WHERE keeps IS NOT TRUE
)
INSERT INTO planning_given (worker, grid, dwelling, due_on, why, place)
SELECT worker, grid, dwelling, due_on, why, place FROM again WHERE keeps
UNION ALL
SELECT open_places.worker, grid, dwelling, due_on, why, place
FROM open_candidates JOIN open_places USING (grid, turn);
"""

# Where a grid had too few, its workers' other grids make up for it in a further round.
AGAIN = """
UPDATE planning_worker AS worker SET given = found.number
FROM (SELECT worker, count(*)::int AS number FROM planning_given GROUP BY worker) AS found
WHERE worker.worker = found.worker;
DELETE FROM planning_beat USING planning_worker AS full_one
WHERE full_one.worker = planning_beat.worker AND full_one.given >= full_one.quota;
DELETE FROM planning_candidate AS candidate
WHERE NOT EXISTS (SELECT FROM planning_beat AS beat WHERE beat.grid = candidate.grid)
   OR EXISTS (SELECT FROM planning_given AS given WHERE given.dwelling = candidate.dwelling);
DROP TABLE planning_share;
"""

PLANS = """
INSERT INTO visits_plan (id, worker, week, unit_id, days, quota, households, why, due_on,
                         planned, done, absent, refused, more, version)
SELECT uuidv7(), worker.worker, %(week)s, worker.unit, worker.days, worker.quota, coalesce(homes.households, '{}'),
       coalesce(homes.why, '{}'), coalesce(homes.due_on, '{}'), coalesce(cardinality(homes.households), 0),
       0, 0, 0, 0, 1
FROM planning_worker AS worker LEFT JOIN (
  SELECT worker, array_agg(dwelling ORDER BY place, dwelling) AS households,
         array_agg(why ORDER BY place, dwelling) AS why, array_agg(due_on ORDER BY place, dwelling) AS due_on
  FROM planning_given GROUP BY worker
) AS homes USING (worker)
WHERE worker.quota > 0
ON CONFLICT (worker, week) DO NOTHING;
"""

# A fresh week is unknown to the planner of queries until it is told: the page of coverage would go plan by plan.
TOLD = """
ANALYZE visits_plan;
"""
