"""`citong restore`: an installation as a backup has it, in an empty home and database, or in the place of another."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from citong.cli.archive import read
from citong.cli.backup import HOME, JOBS, PASSPHRASE, described, passphrase_of
from citong.cli.home import held, open_home
from citong.cli.restoring import Restoring, Target, assert_known
from citong.cli.trouble import Trouble


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@HOME
@PASSPHRASE
@click.option("--check", is_flag=True, help="Only read FILE and say whether it is whole; nothing is written.")
@click.option("--replace", is_flag=True, help="Even where there is an installation; that one is put aside.")
@click.option("--yes", is_flag=True, help="Do not ask before replacing.")
@click.option("--quick", is_flag=True, help="Check the ledger's last week alone, not all of it.")
@JOBS
def command(
    file: Path, home: Path, passphrase_file: Path | None, check: bool, replace: bool, yes: bool, quick: bool, jobs: int
) -> None:
    """Bring back the installation that FILE, made by `citong backup`, holds.

    Into an empty home, and an empty database if DATABASE_URL names one. Nothing is in its place before all of it has
    been read, restored and checked.
    """
    passphrase = passphrase_of(passphrase_file)
    if check:
        _check(file, passphrase)
        return
    home = open_home(home.absolute())
    with _no_server(home):
        target = Target(home, os.environ.get("DATABASE_URL", ""))
        _assert_wanted(target, file, replace=replace, yes=yes)
        for line in Restoring(target, jobs=jobs, quick=quick).run(file, passphrase=passphrase):
            click.echo(line)


def _check(file: Path, passphrase: str) -> None:
    about = read(file, passphrase=passphrase)
    with tempfile.TemporaryDirectory() as empty:
        assert_known(about, home=Path(empty))
    click.echo(f"{file} is whole: {described(about)}")


@contextmanager
def _no_server(home: Path) -> Iterator[None]:
    """No server runs on the home, and none can start."""
    with ExitStack() as stack:
        try:
            stack.enter_context(held(home / "server.lock", wait=False))
        except BlockingIOError:
            raise Trouble(f"A server runs on the home folder {home}.", mend="stop it, then restore.") from None
        yield


def _assert_wanted(target: Target, file: Path, *, replace: bool, yes: bool) -> None:
    target.assert_quiet()
    there = target.occupied()
    if not there:
        return
    if not replace:
        mend = "choose an empty place with --home or DATABASE_URL, or say --replace."
        raise Trouble(f"There is an installation already: {there}.", mend=mend)
    if not yes:
        click.confirm(f"{there}: replace it by {file}?", abort=True)
