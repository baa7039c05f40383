"""Moving in: whole lives of cases written at once, with everything their acts left. Beside intake and acts the only
writer of cases; what it writes can not be told from what they write."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection, transaction

from citong.core.cases.models import Case, Link, Party, Submission, Task
from citong.core.clocks.models import Clock
from citong.core.flow.replay import Life
from citong.core.ledger.bulk import append_all, copy_in
from citong.core.places.current import zone
from citong.core.search.index import document, index_all
from citong.kit import ids


def numbers(moments: Sequence[datetime]) -> list[str]:
    """A fresh number for each moment of opening, in order; one statement. Numbers not used leave a gap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('case_number') FROM generate_series(1, %s)", [len(moments)])
        sequences = [row[0] for row in cursor.fetchall()]
    here = zone()
    return [
        ids.case_number(at.astimezone(here).year, sequence) for at, sequence in zip(moments, sequences, strict=True)
    ]


def known(keys: Iterable[str]) -> set[str]:
    """Those of the senders' keys under which something was carried out before; one query."""
    return set(Submission.objects.filter(key__in=list(keys)).values_list("key", flat=True))


@transaction.atomic
def move_in(lives: Sequence[Life], *, at: datetime) -> None:
    """The lives are in the database, found by search, chained, and under signed checkpoints; or none of them is.

    Raises IntegrityError where one of their submissions was carried out before: ask `known` first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")  # a load that was cut off begins where it stopped anyway
        cursor.execute("SET LOCAL work_mem = '128MB'")  # what the search index gathered goes in by large parts
    copy_in(Submission, _all("submissions", lives))
    copy_in(Case, (life.case for life in lives))
    for model, name in ((Party, "parties"), (Task, "tasks"), (Link, "links"), (Clock, "clocks")):
        copy_in(model, _all(name, lives))
    index_all(document(life.case.id, "case", life.texts) for life in lives)
    append_all(list(_all("entries", lives)), list(_all("contents", lives)), at=at)


def _all(name: str, lives: Sequence[Life]) -> Iterable[Any]:
    return chain.from_iterable(getattr(life, name) for life in lives)
