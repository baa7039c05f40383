"""Jobs of signals, each safe to run twice and beside another worker."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from citong.services.signals import coming, simulating


@app.task(pass_context=False)
def simulate_change(simulation: str) -> None:
    """A plan change is simulated before and after, and its case goes on."""
    simulating.carry(UUID(simulation))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="carry_simulations", pass_context=False)
def carry_simulations(timestamp: int) -> None:
    """Every minute: simulations whose process has ended begin anew."""
    for one in simulating.waiting():
        simulating.carry(one)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="put_plans_in_force", pass_context=False)
def put_plans_in_force(timestamp: int) -> None:
    """Every minute: signed plans whose time has come are in force."""
    coming.put_due_in_force(at=timezone.now())
