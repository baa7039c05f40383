"""Jobs: what the platform does by itself, each safe to run twice and beside another worker."""

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from citong.core.flow import watch
from citong.core.flow.forget import forget_due
from citong.core.flow.learn import learn
from citong.core.hooks import owner, sending
from citong.core.hooks.spread import spread
from citong.core.ledger.seal import seal
from citong.core.ledger.stamp import stamp
from citong.core.ledger.tables import ready_months
from citong.core.notices.deliver import deliver

BATCHES = 20


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="watch_clocks", pass_context=False)
def watch_clocks(timestamp: int) -> None:
    """Every minute: warnings and escalations that are due; a long queue is worked off over the next minutes."""
    for _batch in range(BATCHES):
        if watch.tick(at=timezone.now()) == 0:
            return


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="deliver_notices", pass_context=False)
def deliver_notices(timestamp: int) -> None:
    """Every ten seconds: what waits in the outbox is sent."""
    deliver(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="seal_ledger", pass_context=False)
def seal_ledger(timestamp: int) -> None:
    """Every minute: what was written since is put under a signed checkpoint, and becomes messages of webhooks."""
    seal(at=timezone.now())
    spread(at=timezone.now())


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="deliver_hooks", pass_context=False)
def deliver_hooks(timestamp: int) -> None:
    """Every ten seconds: messages of webhooks are sent, for twenty seconds at most."""
    sending.deliver(at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="stamp_ledger", pass_context=False)
def stamp_ledger(timestamp: int) -> None:
    """Every ten minutes: the newest checkpoint is stamped by the city's time-stamp authority, if it has one."""
    stamp()


@app.periodic(cron="30 2 * * *")
@app.task(queueing_lock="learn_categories", pass_context=False)
def learn_categories(timestamp: int) -> None:
    """Every night: category suggestion learns from the cases that were closed."""
    learn(at=timezone.now())


@app.periodic(cron="45 2 * * *")
@app.task(queueing_lock="forget_cases", pass_context=False)
def forget_cases(timestamp: int) -> None:
    """Every night: words and persons of cases whose time to keep them has passed are forgotten."""
    while forget_due(at=timezone.now()):
        pass


@app.periodic(cron="15 3 * * *")
@app.task(queueing_lock="sweep_jobs", pass_context=False)
def sweep_jobs(timestamp: int) -> None:
    """Every night: jobs that ended are forgotten after a day, deliveries of webhooks after thirty; months are ready."""
    ready_months(timezone.now())
    owner.forget(at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status <> 'todo' AND id IN "
            "(SELECT job_id FROM procrastinate_events GROUP BY job_id HAVING max(at) < now() - interval '1 day')"
        )
