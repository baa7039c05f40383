"""Shared by every test: the database, and the tiny town with its people (tests/cast.py)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

pytest_plugins = ["tests.cast", "tests.neighbours", "tests.mediators", "tests.disputes", "tests.receiver"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are read in the language they are written in; pages ask for theirs."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit are cleaned up by TRUNCATE, which the insert-only tables forbid outside of tests."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in (
            "ledger_entry",
            "ledger_checkpoint",
            "ledger_stamp",
            "people_look",
            "visits_visit",
            "papers_paper",
            "papers_papersignature",
        ):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_truncate")
