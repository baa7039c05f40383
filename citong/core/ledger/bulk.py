"""Many histories at once: entries, words and seals by COPY, under checkpoints signed in the same transaction."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

from django.db import connection, models

from citong.core.ledger.models import Checkpoint, Content, Entry, Seal
from citong.core.ledger.seal import LOCK, MOST_ENTRIES, private_key, signed
from citong.core.ledger.write import utc
from citong.kit.chain import Signed, key_name
from citong.kit.merkle import root

Row = TypeVar("Row", bound=models.Model)
LENGTH = re.compile(r"\(\d+\)")


def copy_in(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """The rows are in the model's table, by one COPY; a key that counts by itself is left to the database."""
    values = _columns(model)[1]
    copy_values(model, (values(row.__dict__) for row in rows))


def copy_values(model: type[models.Model], rows: Iterable[tuple[Any, ...]]) -> None:
    """As `copy_in`, from tuples in the order of the model's fields."""
    fields, _values = _columns(model)
    names = ", ".join(f'"{field.column}"' for field in fields)
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(
        f'COPY "{model._meta.db_table}" ({names}) FROM STDIN (FORMAT BINARY)'
    ) as copy:  # fmt: skip
        copy.set_types([LENGTH.sub("", str(field.db_type(connection))) for field in fields])
        for row in rows:
            copy.write_row(row)


def append_all(entries: Sequence[Entry], contents: Sequence[Content], *, at: datetime) -> None:
    """The entries stand in the ledger with their words, and under signed checkpoints already.

    They are chained and hashed by the caller, as `write.append` does. Must be the last thing its transaction does:
    whoever seals waits from here until it ends.
    """
    if not entries:
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL citong.seals = 'along'")
        copy_in(Content, contents)
        copy_in(Entry, entries)
        cursor.execute("SET LOCAL citong.seals = ''")
        trees = [entries[first : first + MOST_ENTRIES] for first in range(0, len(entries), MOST_ENTRIES)]
        roots = [root([bytes(entry.hash) for entry in tree]) for tree in trees]
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = Checkpoint.objects.order_by("-number").first()
    seals: list[tuple[Any, ...]] = []
    checkpoints: list[Checkpoint] = []
    for tree, over in zip(trees, roots, strict=True):
        last = _checkpoint(last, over, len(tree), at)
        checkpoints.append(last)
        seals += [(entry.id, last.number, index) for index, entry in enumerate(tree)]
    Checkpoint.objects.bulk_create(checkpoints)
    copy_values(Seal, seals)


def _checkpoint(last: Checkpoint | None, over: bytes, count: int, at: datetime) -> Checkpoint:
    key = private_key()
    said = Signed(
        last.number + 1 if last else 1, count, over.hex(), signed(last).digest().hex() if last else "", utc(at),
        key_name(key.public_key()),
    )  # fmt: skip
    return Checkpoint(
        number=said.number, count=count, root=over, previous=bytes.fromhex(said.previous), at=at, key=said.key,
        signature=key.sign(said.statement()),
    )  # fmt: skip


@cache
def _columns(model: type[models.Model]) -> tuple[list[Any], Any]:
    """The columns to fill, and a function from a row's attributes to their values."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    return fields, itemgetter(*(field.attname for field in fields))
