"""Django's cache in the database, for what every process must agree on: tries to sign in, figures of the first page.

Values are JSON and never pickles: whoever can write to the table must not be able to run code in a web process.
"""

import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from citong.web.throttle import digest

GET = "SELECT value FROM web_fleeting WHERE key = %(key)s AND until > clock_timestamp()"
SET = """
INSERT INTO web_fleeting AS held (key, value, until)
VALUES (%(key)s, %(value)s::jsonb, clock_timestamp() + make_interval(secs => %(seconds)s::float8))
ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until
"""
ADD = f"{SET} WHERE held.until <= clock_timestamp()"
DELETE = "DELETE FROM web_fleeting WHERE key = %(key)s AND until > clock_timestamp()"
CLEAR = "DELETE FROM web_fleeting"


class SharedCache(BaseCache):
    """Named in CACHES. One statement for each call; a value that never ends is kept for a day."""

    longest_seconds = 86_400.0

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(GET, self._key(key, version))
            found = cursor.fetchone()
        return json.loads(found[0]) if found else default

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._run(SET, self._row(key, value, timeout, version))

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._run(ADD, self._row(key, value, timeout, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._run(DELETE, self._key(key, version))

    def clear(self) -> None:
        """Throttles begin anew, too: for tests."""
        self._run(CLEAR, {})

    def _row(self, key: Any, value: Any, timeout: Any, version: int | None) -> dict[str, Any]:
        until = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        seconds = self.longest_seconds if until is None else float(until)
        return self._key(key, version) | {"value": json.dumps(value), "seconds": seconds}

    def _key(self, key: Any, version: int | None) -> dict[str, Any]:
        return {"key": digest(self.make_and_validate_key(key, version=version))}

    def _run(self, statement: str, values: dict[str, Any]) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return bool(cursor.rowcount > 0)
