"""`citong receipt`: is the history of a case complete and unchanged? Needs no database and no server."""

import json
import sys
from pathlib import Path

import click

from citong.kit.chain import read_public_key
from citong.kit.receipt import faults, unsealed


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
def verify(file: Path, key: Path | None) -> None:
    """Check every entry of a receipt's FILE, the chain among them, and that signed checkpoints stand over them."""
    try:
        receipt = json.loads(file.read_text(encoding="utf-8"))
        public = read_public_key(key.read_bytes() if key else receipt["key"].encode())
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        click.echo(f"This is not a receipt, or the key is none: {fault}")
        sys.exit(2)
    found = list(faults(receipt, public))
    for sentence in found:
        click.echo(sentence)
    if found:
        sys.exit(1)
    _praise(receipt, own_key=key is not None)


def _praise(receipt: dict[str, list[object]], *, own_key: bool) -> None:
    click.echo(f"{receipt['number']}: {len(receipt['entries'])} entries, complete and unchanged.")
    if waiting := unsealed(receipt):
        click.echo(f"Not sealed yet: {', '.join(map(str, waiting))}. Fetch the file again in some minutes.")
    if not own_key:
        click.echo("The key came with the file: compare it with the one the city publishes, or give it with --key.")
