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

    walk = Walk(since=since, tell=_progress)
    broken = walk.first_fault()
    click.echo("\r" if walk.entries >= walk.STEP and sys.stderr.isatty() else "", nl=False, err=True)
    if broken:
        click.echo(f"BROKEN: {broken} ({walk.entries} entries of {walk.subjects} subjects were looked at.)")
        sys.exit(1)
    click.echo(f"{walk.entries} entries of {walk.subjects} subjects are whole.")


def _progress(entries: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{entries} entries …", nl=False, err=True)
