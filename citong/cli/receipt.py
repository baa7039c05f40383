"""`citong receipt`: is the history of a case complete and unchanged? Needs no database and no server."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from cryptography.x509 import Certificate

from citong.kit.chain import read_public_key
from citong.kit.receipt import anchored, faults, stamp_faults, unsealed
from citong.kit.stamp import read_certificates


@click.group()
def command() -> None:
    """Check receipts."""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The public key as the city publishes it; without it the one inside the file is used.",
)
@click.option(
    "--tsa",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM file with the roots of the city's time-stamp authority, from that authority; checks the time stamps.",
)
def verify(file: Path, key: Path | None, tsa: Path | None) -> None:
    """Check every entry of a receipt's FILE, the chain among them, and that signed checkpoints stand over them."""
    try:
        receipt = json.loads(file.read_text(encoding="utf-8"))
        public = read_public_key(key.read_bytes() if key else receipt["key"].encode())
        roots = read_certificates(tsa.read_bytes()) if tsa else None
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        click.echo(f"This is not a receipt, or the key is none: {fault}")
        sys.exit(2)
    found = list(faults(receipt, public))
    if roots and not found:
        found = list(stamp_faults(receipt, roots))
    for sentence in found:
        click.echo(sentence)
    if found:
        sys.exit(1)
    _praise(receipt, own_key=key is not None)
    _say_anchors(receipt, roots)


def _praise(receipt: dict[str, Any], *, own_key: bool) -> None:
    click.echo(f"{receipt['number']}: {len(receipt['entries'])} entries, complete and unchanged.")
    if waiting := unsealed(receipt):
        click.echo(f"Not sealed yet: {', '.join(map(str, waiting))}. Fetch the file again in some minutes.")
    if not own_key:
        click.echo("The key came with the file: compare it with the one the city publishes, or give it with --key.")


def _say_anchors(receipt: dict[str, Any], roots: list[Certificate] | None) -> None:
    """By when each entry was there, as an authority outside the city states; plainly where nobody does."""
    count = len(receipt.get("stamps", ()))
    if count and roots is None:
        click.echo(f"{count} time stamps are in the file: check them with --tsa.")
        return
    found = anchored(receipt, roots or [])
    for position, stated in found.items():
        click.echo(f"Entry {position} was there by {stated.at:%Y-%m-%d %H:%M:%S} UTC, says {stated.authority}.")
    if missing := [str(one["position"]) for one in receipt["entries"] if one["position"] not in found]:
        click.echo(f"Not anchored by anybody outside the city: {', '.join(missing)}.")
