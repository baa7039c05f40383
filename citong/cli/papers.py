"""`citong papers`: whether a paper is still what was signed, and with what units seal theirs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from citong.cli.main import django_ready
from citong.cli.trouble import Trouble

if TYPE_CHECKING:
    from citong.core.papers.check import Finding
    from citong.core.people.models import Unit


@click.group()
def command() -> None:
    """Look after papers."""


@command.command()
@click.argument("paper", metavar="FILE|NUMBER")
def verify(paper: str) -> None:
    """Say what holds of a paper and what does not: a PDF somebody brings, or the number of a paper of this city.

    Exit code 0 when nothing was changed, 1 when something was.
    """
    django_ready()
    from django.utils import translation

    with translation.override("en"):
        found = _findings(paper)
    for one in found:
        click.echo(f"{'holds ' if one.holds else 'BROKEN'}  {one.what}")
    sys.exit(0 if all(one.holds for one in found) else 1)


@command.command()
@click.argument("unit")
@click.option(
    "--take", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A .p12 file from a certificate authority; its password is asked for. Without it one is made, for trying.",
)  # fmt: skip
@click.option("--replace", is_flag=True, help="Also where the unit has one already. Seals made with the old one hold.")
def certificate(unit: str, file: Path | None, replace: bool) -> None:
    """Give the unit with the code UNIT the certificate with which it seals its papers."""
    django_ready()
    from django.utils import timezone

    from citong.core.papers.certificates import NoCertificate, make_certificate, path_of, take_certificate

    who = _unit(unit)
    if path_of(who).exists() and not replace:
        raise Trouble(f"{who.name} has a certificate already.", mend="add --replace if it is to have another one.")
    try:
        if file:
            password = click.prompt("Password of the file", hide_input=True, default="", show_default=False)
            made = take_certificate(who, data=file.read_bytes(), password=password)
        else:
            made = make_certificate(who, at=timezone.now())
    except NoCertificate as fault:
        raise Trouble(str(fault), mend="ask the authority that issued it.") from None
    click.echo(f"{who.name} seals as {made.holder} until {made.until:%Y-%m-%d} (SHA-256 {made.fingerprint}).")
    if made.self_signed:
        click.echo("It signed its own certificate: good for trying. Bring one of an authority with --take.")


def _findings(paper: str) -> "list[Finding]":
    from citong.core.papers.check import check, find

    path = Path(paper)
    if path.is_file():
        return check(path.read_bytes())
    found = find(paper)
    if found is None:
        raise Trouble(
            f"{paper} is neither a file nor the number of a paper of this city.",
            mend="name a PDF, or copy the number from the paper's head, such as W26-0000121-4.",
        )
    return check(found)


def _unit(code: str) -> "Unit":
    from citong.core.people.models import Unit

    found = Unit.objects.filter(code=code, ends_on=None).first()
    if found is None:
        raise Trouble(f"There is no unit {code}.", mend="give the code of a unit of this city.")
    return found
