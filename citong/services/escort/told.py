"""Screens of an escort hear that it changed: its id on a channel of its own, after the commit."""

import json
from uuid import UUID

from django.db import connection

from citong.core.ledger.rows import Rows

CHANNEL = "citong_escort"


def tell_screens(case: UUID, *, rows: Rows | None = None) -> None:
    """Whoever has it open looks anew. The word is the id alone; what may be seen is asked again each time."""
    word = json.dumps({"id": str(case)})
    if rows is not None:
        rows.say(CHANNEL, word)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, word])
