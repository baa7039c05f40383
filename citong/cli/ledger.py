"""`citong ledger`: whether what was done is still written as it was."""

import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import chain

import click

from citong.cli.main import django_ready
from citong.cli.trouble import Trouble


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
    broken = broken or (None if since else next(chain(checkpoint_faults(), _stamp_faults()), None))
    if broken:
        click.echo(f"BROKEN: {broken} ({walk.entries} entries of {walk.subjects} subjects were looked at.)")
        sys.exit(1)
    click.echo(f"{walk.entries} entries of {walk.subjects} subjects are whole.")
    click.echo(_anchors())


@command.command()
def seal() -> None:
    """Put what was written since the last time under a signed checkpoint; the jobs do it every minute."""
    django_ready()
    from django.utils import timezone

    from citong.core.ledger.seal import seal as sealed

    click.echo(f"{sealed(at=timezone.now())} entries sealed.")


@command.command()
def stamp() -> None:
    """Have the newest checkpoint stamped by the city's time-stamp authority; the jobs do it every ten minutes."""
    django_ready()
    from django.conf import settings

    from citong.core.ledger.stamp import stamp as stamped

    if not settings.TIMESTAMP_URL:
        raise Trouble("No time-stamp authority is named.", mend="set CITONG_TIMESTAMP_URL, see docs/operations.md.")
    made = stamped()
    click.echo(_anchors() if made is None else f"Checkpoint {made.checkpoint}: {made.at:%Y-%m-%d %H:%M:%S} UTC.")


@command.command()
def key() -> None:
    """Print the city's public key, with which anybody can check a receipt. Publish it."""
    django_ready()
    from citong.core.ledger.seal import public_pem

    click.echo(public_pem().decode(), nl=False)


def _stamp_faults() -> Iterator[str]:
    """What is wrong with time stamps, where the city's settings allow to judge them."""
    from django.conf import settings

    from citong.core.ledger.stamp import stamp_faults, trusted

    if not settings.TIMESTAMP_CERTIFICATES:
        return iter(())
    try:
        return stamp_faults(trusted())
    except ValueError as fault:
        raise Trouble(str(fault), mend="give the roots of your time-stamp authority as a PEM file.") from None


def _anchors() -> str:
    """How far an authority outside the city bears the ledger out."""
    from django.conf import settings

    from citong.core.ledger.stamp import anchoring

    found = anchoring()
    if found.newest is None:
        return "Not anchored: no authority outside the city has stamped a checkpoint (CITONG_TIMESTAMP_URL)."
    checked = "" if settings.TIMESTAMP_CERTIFICATES else " They were NOT checked: set CITONG_TIMESTAMP_CERTIFICATES."
    return (
        f"Anchored by {found.stamps} time stamps up to checkpoint {found.newest.checkpoint} "
        f"({found.newest.at:%Y-%m-%d %H:%M:%S} UTC, {found.newest.authority}), {found.after} after it.{checked}"
    )


def _progress(entries: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{entries} entries …", nl=False, err=True)
