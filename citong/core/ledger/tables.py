"""Migration operations for history tables: cut by month from the first day, and closed against change."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from citong.kit.ids import uuid7_floor

FIRST = (2026, 1)
MONTHS = 30


def months(first: tuple[int, int] = FIRST, count: int = MONTHS) -> Iterator[tuple[str, datetime, datetime]]:
    """Yield (suffix, start, end) of `count` months from `first`, in UTC."""
    year, month = first
    for _ in range(count):
        after = (year + month // 12, month % 12 + 1)
        yield f"{year}{month:02}", datetime(year, month, 1, tzinfo=UTC), datetime(*after, 1, tzinfo=UTC)
        year, month = after


class PartitionByMonth(Operation):
    """Right after CreateModel: the table becomes partitioned by the month its UUIDv7 id carries.

    The id stays the only primary key, so foreign keys and look-ups by id work as on a plain table. Rows outside
    the months kept ready land in the default partition. Indexes and foreign keys that Django adds later in the
    same migration are made on the partitioned table, and PostgreSQL hands them down.
    """

    reversible = True

    def __init__(self, model: str) -> None:
        self.model = model

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.model], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Only the table's storage changes, not the model."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        table = to_state.apps.get_model(app_label, self.model)._meta.db_table
        schema_editor.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_plain"')
        schema_editor.execute(
            f'CREATE TABLE "{table}" (LIKE "{table}_plain" INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (id)) '
            "PARTITION BY RANGE (id)"
        )
        schema_editor.execute(f'DROP TABLE "{table}_plain"')
        for suffix, start, end in months():
            schema_editor.execute(
                f'CREATE TABLE "{table}_{suffix}" PARTITION OF "{table}" '
                f"FOR VALUES FROM ('{uuid7_floor(start)}') TO ('{uuid7_floor(end)}')"
            )
        schema_editor.execute(f'CREATE TABLE "{table}_other" PARTITION OF "{table}" DEFAULT')

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """CreateModel's own reverse drops the table with its partitions."""

    def describe(self) -> str:
        return f"Partition {self.model} by month"


def ready_months(at: datetime, *, ahead: int = 14) -> int:
    """Every table cut by month has its months from `at` on; returns how many tables there are. Safe to repeat.

    A month of which the default partition holds rows already stays there: history can not be moved any more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'p' ORDER BY relname")
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT relname FROM pg_class WHERE relispartition")
        ready = {name for (name,) in cursor.fetchall()}
        for table in tables:
            for suffix, start, end in months((at.year, at.month), ahead):
                if f"{table}_{suffix}" not in ready:
                    cursor.execute(READY_MONTH.format(table=table, suffix=suffix, low=uuid7_floor(start),
                                                      high=uuid7_floor(end)))  # fmt: skip
    return len(tables)


# A new month locks its whole table for a moment. Where it would have to wait, for a backup that reads, everybody else
# would wait behind it; so it gives up, and there are a year of nights to try again.
READY_MONTH = """
DO $$ BEGIN
  PERFORM set_config('lock_timeout', '2s', true);
  IF NOT EXISTS (SELECT FROM "{table}_other" WHERE id >= '{low}' AND id < '{high}') THEN
    CREATE TABLE IF NOT EXISTS "{table}_{suffix}" PARTITION OF "{table}" FOR VALUES FROM ('{low}') TO ('{high}');
  END IF;
EXCEPTION WHEN lock_not_available THEN NULL;
END $$
"""


INSERT_ONLY = """
CREATE FUNCTION {table}_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{table} is insert-only: % is not allowed', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_insert_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_insert_only();
"""

ERASE_ONLY = """
CREATE FUNCTION {table}_erase_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.body IS NULL AND NEW.salt IS NULL AND NEW.erased_at IS NOT NULL
     AND NEW.id = OLD.id THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '{table} may only be erased: % is not allowed', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_erase_only();
"""

SEAL_EACH = """
CREATE FUNCTION ledger_entry_to_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_seal (entry) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_to_seal AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_to_seal();
INSERT INTO ledger_seal (entry) SELECT id FROM ledger_entry;
"""

# A load of many entries writes their seals along with them (citong.core.ledger.bulk) and says so for its transaction.
SEAL_APART = """
DROP TRIGGER ledger_entry_to_seal ON ledger_entry;
CREATE TRIGGER ledger_entry_to_seal AFTER INSERT ON ledger_entry FOR EACH ROW
  WHEN (current_setting('citong.seals', true) IS DISTINCT FROM 'along') EXECUTE FUNCTION ledger_entry_to_seal();
"""

SEAL_ALWAYS = """
DROP TRIGGER ledger_entry_to_seal ON ledger_entry;
CREATE TRIGGER ledger_entry_to_seal AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_to_seal();
"""
