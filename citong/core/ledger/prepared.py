"""Statements that every command asks: planned once for each connection, whatever their values.

A page's query is planned anew for its own values, for the best way to four cases and to forty thousand differs. What
goes by keys alone has one best way, and finding it again would cost more than going it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection


def run(statement: str, given: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of the statement; one trip to the database."""
    with connection.cursor() as cursor:
        line = cursor.connection  # psycopg's own: it prepares what is asked while this is zero, and nothing at None
        line.prepare_threshold = 0
        try:
            cursor.execute(statement, given)
        finally:
            line.prepare_threshold = None
        return cursor.fetchall() if cursor.description else []
