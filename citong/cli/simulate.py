"""`citong simulate`: a city of full size with a past, on one machine, for measuring and for showing."""

from datetime import UTC, datetime

import click

from citong.cli.main import django_ready


@click.command()
@click.option("--cases", type=click.IntRange(1, 9_000_000), default=100_000, show_default=True, help="How many.")
@click.option("--seed", default=1, show_default=True, help="Start of all chance: the same seed, the same city.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Its present (UTC); now if unsaid.")
@click.option("--years", type=click.FloatRange(0.1, 20), default=2.0, show_default=True, help="Length of its past.")
@click.option("--processes", type=click.IntRange(1, 16), default=2, show_default=True, help="How many tell at once.")
@click.option("--into-used", is_flag=True, help="Even where cases of real people are.")
def command(cases: int, seed: int, until: datetime | None, years: float, processes: int, into_used: bool) -> None:
    """Fill the loaded city with made-up staff for every unit and grid, and with cases in all states.

    Nobody of them can sign in. Interrupted, it goes on where it stopped when it is run again with the same numbers.
    """
    django_ready()
    from django.utils import timezone

    from citong.cli.simulation.run import Simulation

    given = until.replace(tzinfo=UTC) if until else None
    simulation = Simulation.agreed(cases, seed, until=given, years=years, into_used=into_used, now=timezone.now())
    simulation.run(processes=processes)
