"""A walk through the whole ledger in one unchanging view of the database and in constant memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby, islice
from typing import ClassVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from citong.core.cases.models import Case
from citong.core.ledger.models import Content, Entry
from citong.core.ledger.read import faults
from citong.core.places.current import zone
from citong.kit.ids import uuid7_floor


class Walk:
    """Goes subject by subject, entry by entry, and stops at the first that is not as it was written.

    A case is also held against the head it carries, so that entries cut off at the end are missed.
    """

    STEP: ClassVar[int] = 5_000
    BATCH: ClassVar[int] = 500  # subjects whose words and heads are fetched together

    def __init__(self, *, since: datetime | None = None, tell: Callable[[int], None] = lambda entries: None) -> None:
        self.entries = self.subjects = 0
        self._since, self._tell = since, tell

    def first_fault(self) -> str | None:
        """A sentence about the first fault, or None when all is whole."""
        with _one_view():
            rows = self._rows().iterator(chunk_size=self.STEP)
            histories = (list(entries) for _subject, entries in groupby(rows, key=lambda entry: entry.subject))
            while batch := list(islice(histories, self.BATCH)):
                if found := self._look_at(batch):
                    return found
            return self._emptied()

    def _rows(self) -> QuerySet[Entry]:
        rows = Entry.objects.order_by("subject", "position")
        if self._since is None:
            return rows
        floor = uuid7_floor(self._since.replace(tzinfo=zone()))
        return rows.filter(subject__in=Entry.objects.filter(id__gte=floor).values("subject"))

    def _look_at(self, histories: list[list[Entry]]) -> str | None:
        contents = Content.objects.in_bulk([e.id for entries in histories for e in entries if e.content_hash])
        heads = Case.objects.in_bulk([entries[0].subject for entries in histories])
        for entries in histories:
            before, self.entries, self.subjects = self.entries, self.entries + len(entries), self.subjects + 1
            if self.entries // self.STEP != before // self.STEP:
                self._tell(self.entries)
            case = heads.get(entries[0].subject)
            for fault in faults(entries, contents):
                return _sentence(fault.subject, fault.position, fault.what, case)
            if case and (case.position, bytes(case.head)) != (entries[-1].position, bytes(entries[-1].hash)):
                return _sentence(case.id, entries[-1].position, "the case carries another end of its history", case)
        return None

    def _emptied(self) -> str | None:
        """A case whose whole history is gone has no entry to be found by."""
        if self._since is not None:
            return None
        case = Case.objects.filter(~Exists(Entry.objects.filter(subject=OuterRef("pk")))).order_by("id").first()
        return _sentence(case.id, 1, "the whole history of the case is gone", case) if case else None


def _sentence(subject: UUID, position: int, what: str, case: Case | None) -> str:
    whose = f"case {case.number}" if case else f"subject {subject}"
    return f"{whose}, entry {position}: {what}."


@contextmanager
def _one_view() -> Iterator[None]:
    """What is written while we walk is not seen. Inside another transaction that one's view has to serve."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
