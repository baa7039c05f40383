"""`citong backup`: database, files and keys of a running installation in one file."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
import psycopg

from citong.cli.archive import About, Writer, writing
from citong.cli.dump import dump, finish
from citong.cli.home import default_home
from citong.cli.steps import Steps
from citong.cli.trouble import Trouble
from citong.kit.chain import key_name, read_public_key

if TYPE_CHECKING:
    Connection = psycopg.Connection[tuple[Any, ...]]

COUNTS = {
    "cases": "SELECT count(*) FROM cases_case",
    "entries": "SELECT count(*) FROM ledger_entry",
    "accounts": "SELECT count(*) FROM people_account",
    "attached files": "SELECT count(*) FROM files_file",
}
CHECKPOINT = "SELECT number, encode(root, 'hex'), key FROM ledger_checkpoint ORDER BY number DESC LIMIT 1"
PART_BYTES = 1 << 20

PASSPHRASE = click.option(
    "--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Its first line locks the backup, or opens it.",
)  # fmt: skip
HOME = click.option(
    "--home", type=click.Path(file_okay=False, path_type=Path), default=default_home,
    help="Folder of this installation.",
)  # fmt: skip
JOBS = click.option("--jobs", type=click.IntRange(1, 32), default=2, show_default=True, help="Tables at once.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@HOME
@PASSPHRASE
@click.option("--force", is_flag=True, help="Put it in the place of a file that is there.")
@JOBS
def command(file: Path, home: Path, passphrase_file: Path | None, force: bool, jobs: int) -> None:
    """Write everything an installation needs to live again into FILE; the server may run on meanwhile.

    The file holds the keys and every personal word: only its owner can read it, and it belongs in a safe place.
    """
    passphrase = passphrase_of(passphrase_file)
    _assert_free(file, force=force)
    url = address(home)
    signal.signal(signal.SIGTERM, _leave)
    began = time.monotonic()
    try:
        with _own_folder(file) as folder:
            about = _write(folder, url=url, home=home, passphrase=passphrase, jobs=jobs)
            (folder / "whole").replace(file)
            _settle(file.parent)
    except OSError as error:
        raise _not_written(file, error) from None
    size = file.stat().st_size / 1_000_000
    click.echo(f"{file}: {size:.1f} MB in {time.monotonic() - began:.1f} s; {described(about)}")


def address(home: Path) -> str:
    """The address of the installation's database, which answers. Raises Trouble."""
    from citong.cli.loaded import assert_answers
    from citong.cli.main import home_ready

    os.environ["CITONG_HOME"] = str(home.absolute())
    home_ready()
    assert_answers(os.environ["DATABASE_URL"])
    return os.environ["DATABASE_URL"]


def described(about: About) -> str:
    """A line about a backup's content."""
    counts = ", ".join(f"{number} {what}" for what, number in about.counts.items())
    return f"{about.city} as of {about.taken_at} with {counts}."


def passphrase_of(file: Path | None) -> str:
    """The first line of the file, nothing without a file. Raises Trouble for an empty one."""
    if file is None:
        return ""
    lines = file.read_text("utf-8").splitlines()
    if not lines or not lines[0].strip():
        raise Trouble(f"{file} holds no passphrase.", mend="write one into its first line.")
    return lines[0].strip()


def _assert_free(file: Path, *, force: bool) -> None:
    if not file.absolute().parent.is_dir():
        raise Trouble(f"There is no folder {file.absolute().parent}.", mend="make it, or choose another.")
    if file.exists() and not force:
        raise Trouble(f"{file} is there already.", mend="choose another name, or say --force to replace it.")


def _leave(number: int, frame: object) -> NoReturn:
    """Asked to end: the folder under way is cleaned up on the way out."""
    sys.exit(128 + number)


@contextmanager
def _own_folder(file: Path) -> Iterator[Path]:
    """A folder beside the file that nobody else can look into and that goes away again."""
    folder = Path(tempfile.mkdtemp(prefix=f".{file.name}.", dir=file.absolute().parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, *, url: str, home: Path, passphrase: str, jobs: int) -> About:
    """folder/whole is the backup. Files are read after the database, which names none before it is there."""
    steps = Steps(3)
    with psycopg.connect(url) as connection:
        about, snapshot = _snapshot(connection)
        _assert_own(home, about)
        with steps.step("Database"):
            process = dump(url, folder / "dump", snapshot=snapshot, jobs=jobs)
            _follow(process, folder / "dump")
    with writing(folder / "whole", about, passphrase=passphrase, tell=_progress()) as writer:
        with steps.step("Tables into the file"):
            _move(folder / "dump", writer)
        with steps.step("Photos, papers and keys"):
            damaged = _copy(home, writer)
    with (folder / "whole").open("rb") as file:
        os.fsync(file.fileno())
    for name in damaged:
        click.echo(f"Warning: the file {name} is damaged on this disk: its content is not the one it is named by.")
    return about


def _snapshot(connection: "Connection") -> tuple[About, str]:
    """What the backup is about, and the name of the view of the database that has just this."""
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    try:
        applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
        counts = {what: _one(connection, question)[0] for what, question in COUNTS.items()}
        city = connection.execute("SELECT name FROM places_city").fetchone()
        last = connection.execute(CHECKPOINT).fetchone()
    except psycopg.errors.UndefinedTable:
        raise Trouble("The database has no tables of Citong.", mend="name the right home or DATABASE_URL.") from None
    # now() is when the transaction began: whatever was committed before is in its view.
    snapshot, at = _one(connection, "SELECT pg_export_snapshot(), now() AT TIME ZONE 'UTC'")
    about = About(
        version=_version(), city=city[0] if city else "no city", taken_at=f"{at:%Y-%m-%dT%H:%M:%SZ}",
        postgresql=str(connection.info.server_version), migrations=[list(row) for row in applied], counts=counts,
        checkpoint={"number": last[0], "root": last[1], "key": last[2]} if last else None,
    )  # fmt: skip
    return about, snapshot


def _one(connection: "Connection", question: str) -> tuple[Any, ...]:
    row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row


def _version() -> str:
    try:
        return version("citong")
    except PackageNotFoundError:  # run from its folder
        import tomllib

        import citong

        project = Path(citong.__file__).parent.parent / "pyproject.toml"
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])


def _follow(process: "subprocess.Popen[str]", folder: Path) -> None:
    """The dump has ended well; until then its size is shown."""
    tell = _progress()
    try:
        while process.poll() is None:
            tell(sum(path.stat().st_size for path in folder.glob("*")))
            time.sleep(0.2)
        finish(process, what="The dump of the database")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _progress() -> Callable[[int], None]:
    """Shows megabytes on a screen, about four times a second."""
    shown = [0.0]

    def tell(done: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - shown[0] > 0.25:
            shown[0] = time.monotonic()
            text = f"{done / 1_000_000:.0f} MB"
            click.echo(text + "\b" * len(text), nl=False, err=True)

    return tell


def _move(folder: Path, writer: Writer) -> None:
    """Each file of the dump is in the backup and gone from the folder, so that the disk holds it once."""
    for path in sorted(folder.iterdir()):
        writer.add_file(f"dump/{path.name}", path)
        path.unlink()


def _copy(home: Path, writer: Writer) -> list[str]:
    """Files and keys are in the backup; gives the names of files whose content is not what their name says."""
    damaged = []
    for path in sorted((home / "files").glob("??/*")):
        if path.suffix == ".part":
            continue
        try:
            if writer.add_file(f"files/{path.parent.name}/{path.name}", path) != path.name:
                damaged.append(path.name)
        except FileNotFoundError:  # forgotten lawfully while we came here
            continue
    writer.add_bytes("secrets.json", (home / "secrets.json").read_bytes())
    for path in sorted((home / "keys").glob("*.p*")):
        writer.add_file(f"keys/{path.name}", path)
    return damaged


def _assert_own(home: Path, about: About) -> None:
    """The home is the one this database works with: without its secrets and keys a backup is worth little."""
    public = home / "keys/ledger.pub"
    try:
        own = key_name(read_public_key(public.read_bytes())) if public.exists() else ""
    except ValueError:
        own = ""
    wanted = about.checkpoint["key"] if about.checkpoint else own
    if own != wanted or not (home / "secrets.json").exists():
        raise Trouble(
            f"The home folder {home} has not the secrets and keys this database works with.",
            mend="name the right one with --home.",
        )


def _settle(folder: Path) -> None:
    """The new name survives a power cut, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _not_written(file: Path, error: OSError) -> Trouble:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(f"The disk of {file} is full.", mend="free space there, or choose another place.")
    reason = error.strerror or str(error)
    return Trouble(f"The backup cannot be written to {file} ({reason}).", mend="see to that, or choose another place.")
