"""What stands in the ledger stays; whatever is changed behind its back is found."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from citong.core.ledger.models import Content, Entry
from citong.core.ledger.read import erase, faults, history
from citong.core.ledger.tables import ready_months
from citong.core.ledger.write import Head, Signature, append
from citong.kit.ids import uuid7

pytestmark = pytest.mark.django_db
SUBJECT = uuid7()


def written(count: int = 4) -> list[Entry]:
    """A history of one subject, with words on every entry."""
    head, rows = Head(), []
    for number in range(count):
        entry = append(
            SUBJECT, f"act {number}", kind="case", by=Signature(None, "clerk", "u1"), at=timezone.now(),
            head=head, facts={"n": number, "名": "字"}, content={"words": f"说{number}"},
        )  # fmt: skip
        head = Head(entry.position, bytes(entry.hash))
        rows.append(entry)
    return rows


def whats() -> list[str]:
    return [fault.what for fault in faults([row.entry for row in history(SUBJECT)])]


def directly(statement: str, *values: Any) -> None:
    """Direct SQL of somebody who could switch the triggers off."""
    with connection.cursor() as cursor:
        for table in ("ledger_entry", "ledger_content"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        for table in ("ledger_entry", "ledger_content"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_an_untouched_history_is_whole() -> None:
    written()
    assert whats() == []
    assert history(SUBJECT)[1].words == {"words": "说1"}


@pytest.mark.parametrize(
    "change",
    [
        lambda: Entry.objects.filter(subject=SUBJECT).update(act="other"),
        lambda: Entry.objects.filter(subject=SUBJECT).delete(),
        lambda: Content.objects.all().delete(),
        lambda: Content.objects.update(body={"words": "other"}),
    ],
)
def test_the_database_itself_refuses_to_change_or_delete(change: Callable[[], object]) -> None:
    written()
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


TAMPERINGS = {
    "an entry changed": ("UPDATE ledger_entry SET act = 'forged' WHERE position = 2", "changed"),
    "an entry deleted": ("DELETE FROM ledger_entry WHERE position = 2", "missing"),
    "two entries swapped": ("UPDATE ledger_entry SET position = 5 - position WHERE position IN (2, 3)", ""),
    "words changed": ('UPDATE ledger_content SET body = \'{"words": "forged"}\'', "words"),
    "words deleted": ("DELETE FROM ledger_content", "words"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_with_direct_sql_is_found(name: str) -> None:
    written()
    statement, said = TAMPERINGS[name]
    directly(statement)
    assert whats() and said in whats()[0]


def test_history_tables_get_their_months_ahead_of_time() -> None:
    assert ready_months(datetime(2029, 11, 1, tzinfo=UTC), ahead=3) == 6
    late = append(
        SUBJECT, "late", kind="case", by=Signature(), at=datetime(2029, 12, 24, tzinfo=UTC), head=Head(), facts={}
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM ledger_entry WHERE id = %s", [late.id])
        assert cursor.fetchone() == ("ledger_entry_202912",)


def test_words_can_lawfully_be_erased_and_the_history_still_holds() -> None:
    written()
    assert erase(SUBJECT) == 4
    assert whats() == []
    assert [row.words for row in history(SUBJECT)] == [None] * 4
