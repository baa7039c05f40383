"""Jobs of escorts, each safe to run twice and beside another worker."""

import time
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from citong.services.escort import keeping
from citong.services.escort.ground import port, streets
from citong.services.escort.run.runner import Runner, running

LOCK = 0x6573636F7274  # "escort": one runner for the city
EVERY_S = 1.0
A_WATCH = timedelta(minutes=10)
"""How long one job leads before the next one takes over."""


@app.task(queueing_lock="run_escorts", pass_context=False)
def run_escorts() -> None:
    """Escorts under way are led, once a second, until none is; somebody else leading is left alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return
    try:
        lead(Runner(streets(), port()))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def lead(runner: Runner) -> None:
    """Second by second until nothing is under way and one second more, in which lights are let go."""
    until, left = timezone.now() + A_WATCH, True
    while left and timezone.now() < until:
        began = time.monotonic()
        left = runner.step(timezone.now()) > 0
        time.sleep(max(EVERY_S - (time.monotonic() - began), 0.0))
    runner.step(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="watch_escorts", pass_context=False)
def watch_escorts(timestamp: int) -> None:
    """Every minute: where an escort is under way and nobody leads it, somebody does."""
    if running():
        run_escorts.defer()


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="erase_places", pass_context=False)
def erase_places(timestamp: int) -> None:
    """Every night: places that were kept long enough are gone."""
    while keeping.erase(at=timezone.now()):
        pass
