"""SQL of the feed: its table, the one function that writes it, and the triggers on the core's own tables.

Triggers, because a change that came by COPY, by one statement of many rows or by hand must reach the phones as well.
"""

# `tell_phones(what, subject, scopes)` says that the subject changed for those who hold one of the scopes. NULLs,
# doubles and scopes without a name ('grid:') are left out. The columns lie as their sizes ask for.
FEED = """
CREATE TABLE sync_change (
  seq bigint GENERATED ALWAYS AS IDENTITY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL DEFAULT now(),
  subject uuid NOT NULL,
  scope varchar(60) NOT NULL,
  what varchar(20) NOT NULL,
  PRIMARY KEY (scope, xid, seq) INCLUDE (what, subject)
);
CREATE INDEX change_at ON sync_change USING brin (at);
CREATE FUNCTION tell_phones(what text, subject uuid, scopes text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sync_change (scope, what, subject)
  SELECT DISTINCT one, $1, $2 FROM unnest($3) AS one WHERE one NOT LIKE '%:';
END $$;
"""
NO_FEED = "DROP FUNCTION tell_phones(text, uuid, text[]); DROP TABLE sync_change"

# Phones hold open cases, and what their own account reported.
TELL_CASES = """
CREATE FUNCTION sync_case_scopes(one cases_case) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY['unit:' || one.unit_id, 'account:' || one.holder_id, 'account:' || one.reporter_id]
         || ARRAY(SELECT 'unit:' || unit FROM unnest(one.joint) AS unit)
$$;
CREATE FUNCTION sync_tell_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM tell_phones('case', NEW.id, sync_case_scopes(NEW));
  ELSE
    PERFORM tell_phones('case', NEW.id, sync_case_scopes(NEW) || sync_case_scopes(OLD));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sync_tell_opened AFTER INSERT ON cases_case FOR EACH ROW WHEN (NEW.open)
  EXECUTE FUNCTION sync_tell_case();
CREATE TRIGGER sync_tell_changed AFTER UPDATE ON cases_case FOR EACH ROW
  WHEN (OLD.open OR NEW.open OR NEW.reporter_id IS NOT NULL) EXECUTE FUNCTION sync_tell_case();
"""

TELL_NOTICES = """
CREATE FUNCTION sync_tell_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_phones('notice', NEW.id, ARRAY['account:' || NEW.account_id]);
  RETURN NULL;
END $$;
CREATE TRIGGER sync_tell_made AFTER INSERT ON notices_notice FOR EACH ROW
  WHEN (NEW.channel = 'app' AND NEW.account_id IS NOT NULL) EXECUTE FUNCTION sync_tell_notice();
CREATE TRIGGER sync_tell_seen AFTER UPDATE OF seen_at ON notices_notice FOR EACH ROW
  WHEN (NEW.channel = 'app' AND NEW.account_id IS NOT NULL) EXECUTE FUNCTION sync_tell_notice();
"""

# Tables that are moved in by the hundred thousand are told of once for a statement. The plan of a trigger is kept for
# the session, and one made for a few rows must do for many: hence the window instead of a join, and the LATERAL. Of a
# record that only got another entry of its history nothing is told.
TELL_REGISTER = """
CREATE FUNCTION sync_tell_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO sync_change (scope, what, subject) SELECT 'grid:' || grid, 'record', id FROM fresh WHERE grid <> '';
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO sync_change (scope, what, subject) SELECT 'grid:' || grid, 'record', id FROM past WHERE grid <> '';
  ELSE
    INSERT INTO sync_change (scope, what, subject) SELECT DISTINCT 'grid:' || grid, 'record', id FROM (
      SELECT id, grid, count(*) OVER (PARTITION BY id, version, grid, merged_into_id, ended_on) AS times
      FROM (SELECT * FROM fresh UNION ALL SELECT * FROM past) AS both_sides
    ) AS sides WHERE times = 1 AND grid <> '';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sync_tell_fresh AFTER INSERT ON register_record REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION sync_tell_record();
CREATE TRIGGER sync_tell_changed AFTER UPDATE ON register_record REFERENCING NEW TABLE AS fresh OLD TABLE AS past
  FOR EACH STATEMENT EXECUTE FUNCTION sync_tell_record();
CREATE TRIGGER sync_tell_past AFTER DELETE ON register_record REFERENCING OLD TABLE AS past
  FOR EACH STATEMENT EXECUTE FUNCTION sync_tell_record();

CREATE FUNCTION sync_tell_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_phones('tie', tie.id, ARRAY['grid:' || OLD.grid, 'grid:' || NEW.grid]) FROM (
    SELECT id FROM register_tie WHERE subject_id = NEW.id UNION SELECT id FROM register_tie WHERE object_id = NEW.id
  ) AS tie;
  RETURN NULL;
END $$;
CREATE TRIGGER sync_tell_moved AFTER UPDATE ON register_record FOR EACH ROW
  WHEN (OLD.grid IS DISTINCT FROM NEW.grid OR OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id)
  EXECUTE FUNCTION sync_tell_moved();

CREATE FUNCTION sync_tell_tie() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sync_change (scope, what, subject)
  SELECT 'grid:' || ends.grid, 'tie', rows_now.id FROM rows_now CROSS JOIN LATERAL (
    SELECT grid FROM register_record WHERE id = rows_now.subject_id
    UNION SELECT grid FROM register_record WHERE id = rows_now.object_id
  ) AS ends WHERE ends.grid <> '';
  RETURN NULL;
END $$;
CREATE TRIGGER sync_tell_fresh AFTER INSERT ON register_tie REFERENCING NEW TABLE AS rows_now
  FOR EACH STATEMENT EXECUTE FUNCTION sync_tell_tie();
CREATE TRIGGER sync_tell_changed AFTER UPDATE ON register_tie REFERENCING NEW TABLE AS rows_now
  FOR EACH STATEMENT EXECUTE FUNCTION sync_tell_tie();
CREATE TRIGGER sync_tell_past AFTER DELETE ON register_tie REFERENCING OLD TABLE AS rows_now
  FOR EACH STATEMENT EXECUTE FUNCTION sync_tell_tie();

CREATE FUNCTION sync_tell_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_phones('proposal', NEW.id, ARRAY['account:' || NEW.author_id]);
  RETURN NULL;
END $$;
CREATE TRIGGER sync_tell_said AFTER INSERT OR UPDATE ON register_proposal FOR EACH ROW
  WHEN (NEW.author_id IS NOT NULL) EXECUTE FUNCTION sync_tell_proposal();
"""

# What was held or refused at first and found its end: the phone that said it hears.
TELL_OPERATIONS = """
CREATE FUNCTION sync_tell_operation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_phones('operation', NEW.id,
                      ARRAY['account:' || (SELECT account_id FROM sync_device WHERE id = NEW.device_id)]);
  RETURN NULL;
END $$;
CREATE TRIGGER sync_tell_settled AFTER UPDATE ON sync_operation FOR EACH ROW
  WHEN (NEW.settled_at IS NOT NULL OR OLD.result IS DISTINCT FROM NEW.result) EXECUTE FUNCTION sync_tell_operation();
"""
