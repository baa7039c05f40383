"""`citong administrator`: the first person who may give others their posts."""

import secrets

import click

from citong.cli.main import django_ready


@click.command()
@click.argument("username")
@click.option("--name", default="", help="The person's name as colleagues see it.")
def command(username: str, name: str) -> None:
    """Make an administrator with sign-in name USERNAME in the city's centre and print a first password once."""
    django_ready()
    from citong.core.people.administration import make_administrator

    password = secrets.token_urlsafe(12)
    try:
        make_administrator(username, name=name, password=password)
    except ValueError as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(f"{username} can sign in with the password {password}: change it at the first sign-in.")
