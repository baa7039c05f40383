"""`citong key`: keys with which programs use the JSON API."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from citong.cli.main import django_ready
from citong.cli.table import aligned
from citong.cli.trouble import Trouble

if TYPE_CHECKING:
    from citong.core.people.models import Account

SCOPES = ("read", "open", "act", "hook")


@click.group()
def command() -> None:
    """Make, show and revoke keys of programs."""


@command.command()
@click.argument("name")
@click.option("--account", "username", required=True, help="Sign-in name of the account the program acts as.")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(SCOPES), default=["read"], show_default="read",
    help="What it is for: read, open, act or hook (webhooks); may be given more than once.",
)  # fmt: skip
@click.option("--per-minute", type=click.IntRange(min=1), default=60, show_default=True, help="Requests a minute.")
@click.option("--days", type=click.IntRange(min=1), default=365, show_default=True, help="How long it holds.")
def create(name: str, username: str, scopes: tuple[str, ...], per_minute: int, days: int) -> None:
    """Make a key called NAME and print it once."""
    django_ready()
    from django.utils import timezone

    from citong.adapters.api import keys

    expires_at = timezone.now() + timedelta(days=days)
    account = _account(username)
    try:
        _key, text = keys.make(name, account=account, scopes=scopes, per_minute=per_minute, expires_at=expires_at)
    except ValueError as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(text)
    click.echo("Keep it now: it is not shown again. Send it as `Authorization: Bearer KEY`.", err=True)


@command.command("list")
def list_() -> None:
    """Show every key: whose it is, what for, how often, until when."""
    django_ready()
    for line in aligned([("name", "account", "scopes", "a minute", "until", "last used"), *_rows()]):
        click.echo(line)


@command.command()
@click.argument("name")
def revoke(name: str) -> None:
    """The key called NAME opens nothing any more."""
    django_ready()
    from citong.adapters.api import keys

    try:
        keys.revoke(name)
    except ValueError as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(f"{name} is revoked.")


def _account(username: str) -> "Account":
    from citong.core.people.models import Account

    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise Trouble(f"There is no account {username}.", mend="give the sign-in name of somebody of this city.")
    return account


def _rows() -> Iterator[tuple[str, ...]]:
    from citong.adapters.api.models import ApiKey

    for key in ApiKey.objects.select_related("account").order_by("created_at"):
        until = "revoked" if key.revoked_at else f"{key.expires_at:%Y-%m-%d}" if key.expires_at else "open"
        last = f"{key.minute:%Y-%m-%d %H:%M} UTC" if key.minute else "never"
        yield key.name, key.account.username, ", ".join(key.scopes), str(key.per_minute), until, last
