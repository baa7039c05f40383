"""Jobs of mediation, each safe to run twice and beside another worker."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from citong.services.mediation import batch_acts, batches  # noqa: F401 (tables of batches are declared there)
from citong.services.mediation.sessions import dropping, reminders


@app.task(pass_context=False)
def carry_batch_act(batch_act: str) -> None:
    """An act on many disputes that somebody has begun, part by part, so that other jobs have their turn between."""
    if batch_acts.carry(UUID(batch_act)):
        carry_batch_act.defer(batch_act=batch_act)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="carry_batch_acts", pass_context=False)
def carry_batch_acts(timestamp: int) -> None:
    """Every minute: acts on many disputes whose process has ended go on."""
    for one in batch_acts.waiting():
        batch_acts.carry(one)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="remind_sessions", pass_context=False)
def remind_sessions(timestamp: int) -> None:
    """Every minute: sessions whose dispute has moved on fall out, and of those that come near everybody is reminded."""
    now = timezone.now()
    dropping.tidy(at=now)
    reminders.remind(at=now)
