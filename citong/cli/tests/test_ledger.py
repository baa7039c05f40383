"""`citong ledger verify` finds whatever was changed behind the platform's back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from citong.cli.tests.conftest import Run
from citong.core.cases.models import Case
from citong.core.ledger.read import erase

Report = Callable[..., Any]
TABLES = ("ledger_entry", "ledger_content", "cases_case")


@pytest.fixture
def case(report: Report, walk: Any) -> Case:
    """A case with three entries, and another one beside it."""
    report(text="另一处井盖")
    accepted: Case = walk(report().case, "accept", "dispatch")
    return accepted


def tamper(sql: str, *values: Any) -> None:
    """As somebody with the database's own password would: the triggers are put to sleep."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        assert cursor.rowcount > 0


def test_a_ledger_nobody_touched_is_whole(citong: Run, case: Case) -> None:
    done = citong("ledger", "verify")
    assert done.exit_code == 0 and "4 entries of 2 subjects are whole." in done.output


def test_words_erased_by_the_rules_leave_it_whole(citong: Run, case: Case) -> None:
    erase(case.id)
    assert citong("ledger", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "UPDATE ledger_entry SET post = 'mayor' WHERE subject = %s AND position = 2",
            "entry 2: the entry was changed",
        ),
        ("UPDATE ledger_entry SET at = at - interval '1 day' WHERE subject = %s AND position = 3", "entry 3"),
        ("DELETE FROM ledger_entry WHERE subject = %s AND position = 2", "entry 2: an entry is missing"),
        ("DELETE FROM ledger_entry WHERE subject = %s AND position = 3", "another end of its history"),
        ("DELETE FROM ledger_entry WHERE subject = %s", "the whole history of the case is gone"),
        (
            'UPDATE ledger_content SET body = \'{"text": "x"}\' WHERE id IN '
            "(SELECT id FROM ledger_entry WHERE subject = %s AND position = 1)",
            "entry 1: its words were changed",
        ),
    ],
)
def test_a_change_is_found_and_the_case_named(citong: Run, case: Case, sql: str, said: str) -> None:
    tamper(sql, case.id)
    done = citong("ledger", "verify")
    assert done.exit_code == 1
    assert f"case {case.number}" in done.output and said in done.output


def test_only_what_moved_since_a_day_is_looked_at(citong: Run, report: Report) -> None:
    report(at=timezone.now() - timedelta(days=90))
    report()
    since = (timezone.now() - timedelta(days=2)).date()
    assert "1 entries of 1 subjects are whole." in citong("ledger", "verify", "--since", since).output


def test_learning_reads_the_closed_cases(citong: Run, case: Case, walk: Any) -> None:
    walk(case, "feed_back", "close")
    assert "Learnt from 1 closed cases" in citong("learn").output
