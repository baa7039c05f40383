"""Operations of migrations: papers and their signatures are only added, and a paper may be made void, once."""

from citong.core.ledger.tables import INSERT_ONLY

ADD_ONLY = INSERT_ONLY.format(table="papers_papersignature")

ADD_OR_VOID = """
CREATE FUNCTION papers_paper_add_or_void() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.void_at IS NULL AND NEW.void_at IS NOT NULL
     AND to_jsonb(NEW) - 'void_at' - 'void_seal' = to_jsonb(OLD) - 'void_at' - 'void_seal' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'papers_paper is only added to: % is not allowed', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER papers_paper_no_change BEFORE UPDATE OR DELETE ON papers_paper
  FOR EACH ROW EXECUTE FUNCTION papers_paper_add_or_void();
CREATE TRIGGER papers_paper_no_truncate BEFORE TRUNCATE ON papers_paper
  FOR EACH STATEMENT EXECUTE FUNCTION papers_paper_add_or_void();
"""
