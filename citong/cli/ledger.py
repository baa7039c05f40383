"""`citong ledger`: whether what was done is still written as it was."""

import sys
from datetime import datetime

import click

from citong.cli.main import django_ready


@click.group()
def command() -> None:
    """Look after the ledger."""


@command.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only subjects with an entry since that day.")
def verify(since: datetime | None) -> None:
    """Check every entry of the ledger against its hash, its words and the entry before it; exit code 1 if one fails."""
    django_ready()
    from citong.cli.ledger_walk import Walk
    from citong.core.ledger.proof import checkpoint_faults

    walk = Walk(since=since, tell=_progress)
    broken = walk.first_fault()
    click.echo("\r" if walk.entries >= walk.STEP and sys.stderr.isatty() else "", nl=False, err=True)
    broken = broken or (None if since else next(checkpoint_faults(), None))
    if broken:
        click.echo(f"BROKEN: {broken} ({walk.entries} entries of {walk.subjects} subjects were looked at.)")
        sys.exit(1)
    click.echo(f"{walk.entries} entries of {walk.subjects} subjects are whole.")


@command.command()
def seal() -> None:
    """Put what was written since the last time under a signed checkpoint; the jobs do it every minute."""
    django_ready()
    from django.utils import timezone

    from citong.core.ledger.seal import seal as sealed

    click.echo(f"{sealed(at=timezone.now())} entries sealed.")


@command.command()
def key() -> None:
    """Print the city's public key, with which anybody can check a receipt. Publish it."""
    django_ready()
    from citong.core.ledger.seal import public_pem

    click.echo(public_pem().decode(), nl=False)


def _progress(entries: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{entries} entries …", nl=False, err=True)
