"""Jobs of the register, each safe to run twice and beside another worker."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models.fields.json import KT
from django.utils import timezone
from procrastinate.contrib.django import app

from citong.core.ledger.rows import Rows
from citong.core.people.access import SYSTEM
from citong.core.places.current import day_of
from citong.core.register import sheets
from citong.core.register.models import Record
from citong.core.register.write import end

BATCH = 500


@app.periodic(cron="20 1 * * *")
@app.task(queueing_lock="end_situations", pass_context=False)
def end_situations(timestamp: int) -> None:
    """Every night: situations that were to last until a day before today are over."""
    while end_due(at=timezone.now()):
        pass


@app.task(pass_context=False)
def carry_table(table: str) -> None:
    """An import that somebody has begun, piece by piece, so that other jobs have their turn between."""
    if sheets.carry(UUID(table)):
        carry_table.defer(table=table)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="carry_tables", pass_context=False)
def carry_tables(timestamp: int) -> None:
    """Every minute: imports whose process has ended go on."""
    for table in sheets.waiting():
        sheets.carry(table)


@app.periodic(cron="40 1 * * *")
@app.task(queueing_lock="forget_tables", pass_context=False)
def forget_tables(timestamp: int) -> None:
    """Every night: what imports of a week ago have left is forgotten."""
    sheets.forget_old(at=timezone.now())


@transaction.atomic
def end_due(*, at: datetime, most: int = BATCH) -> int:
    """Up to `most` situations whose last day has passed are over since that day. Returns how many."""
    today = day_of(at)
    due = Record.objects.annotate(last=KT("values__until")).filter(
        kind="situation", ended_on=None, merged_into=None, last__lt=today.isoformat()
    )
    rows = Rows()
    found = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("id")[:most])
    for one in found:
        rows.change(one)
        end(one.id, on=_day(one), actor=SYSTEM, at=at, rows=rows)
    rows.write()
    return len(found)


def _day(situation: Record) -> date:
    return date.fromisoformat(situation.values["until"])
