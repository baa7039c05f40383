"""SQL of the visits' tables: room to change rows in place, and the triggers by which phones hear of them."""

# Each visit changes its household, each visit of the week its plan: with room on the page no index is touched.
ROOM = """
ALTER TABLE visits_household SET (fillfactor = 80);
ALTER TABLE visits_plan SET (fillfactor = 60);
"""

# A household is held by the phones of its grid, a plan by its worker's.
TELL = """
CREATE FUNCTION visits_tell_household() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO sync_change (scope, what, subject)
    SELECT 'grid:' || grid, 'household', dwelling FROM fresh WHERE grid <> '';
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO sync_change (scope, what, subject)
    SELECT 'grid:' || grid, 'household', dwelling FROM past WHERE grid <> '';
  ELSE
    INSERT INTO sync_change (scope, what, subject) SELECT 'grid:' || grid, 'household', dwelling
    FROM (SELECT dwelling, grid FROM fresh UNION SELECT dwelling, grid FROM past) AS both_sides WHERE grid <> '';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER visits_tell_fresh AFTER INSERT ON visits_household REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION visits_tell_household();
CREATE TRIGGER visits_tell_changed AFTER UPDATE ON visits_household REFERENCING NEW TABLE AS fresh OLD TABLE AS past
  FOR EACH STATEMENT EXECUTE FUNCTION visits_tell_household();
CREATE TRIGGER visits_tell_past AFTER DELETE ON visits_household REFERENCING OLD TABLE AS past
  FOR EACH STATEMENT EXECUTE FUNCTION visits_tell_household();

CREATE FUNCTION visits_tell_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sync_change (scope, what, subject) SELECT 'account:' || worker, 'plan', id FROM rows_now;
  RETURN NULL;
END $$;
CREATE TRIGGER visits_tell_fresh AFTER INSERT ON visits_plan REFERENCING NEW TABLE AS rows_now
  FOR EACH STATEMENT EXECUTE FUNCTION visits_tell_plan();
CREATE TRIGGER visits_tell_changed AFTER UPDATE ON visits_plan REFERENCING NEW TABLE AS rows_now
  FOR EACH STATEMENT EXECUTE FUNCTION visits_tell_plan();
CREATE TRIGGER visits_tell_past AFTER DELETE ON visits_plan REFERENCING OLD TABLE AS rows_now
  FOR EACH STATEMENT EXECUTE FUNCTION visits_tell_plan();
"""
SILENT = """
DROP FUNCTION visits_tell_household() CASCADE;
DROP FUNCTION visits_tell_plan() CASCADE;
"""
