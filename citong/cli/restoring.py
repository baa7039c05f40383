"""How a backup becomes an installation again: beside what is there, and in its place only when all of it holds."""

import math
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from citong.cli import database
from citong.cli.archive import About, read
from citong.cli.backup import CHECKPOINT, COUNTS, described
from citong.cli.dump import ASIDE, finish, restore
from citong.cli.home import log_file
from citong.cli.steps import Steps, run_quietly
from citong.cli.trouble import Trouble

PARTS = ("files", "keys", "secrets.json", "demo_cast.json")
STAGING = "restoring"
FEWEST_NUMBERS = 100
QUICK_DAYS = 7
TABLES = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')"
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
PUBLIC = "CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC"
# A job that was under way when the view was taken is done anew; of those that wait only once, one.
JOBS_AGAIN = """
WITH first AS (SELECT DISTINCT ON (coalesce(queueing_lock, id::text)) id FROM procrastinate_jobs j
               WHERE status = 'doing' AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs w
                 WHERE w.status = 'todo' AND w.queueing_lock = j.queueing_lock))
UPDATE procrastinate_jobs SET status = (CASE WHEN id IN (SELECT id FROM first) THEN 'todo' ELSE 'failed' END
                                       )::procrastinate_job_status, worker_id = NULL WHERE status = 'doing'
"""
# Transactions are counted anew in this database: what phones read of the feed is another epoch now, and they fill anew.
FEED_ANEW = "TRUNCATE sync_change, sync_prepared, sync_feed"
BUSIEST = """SELECT coalesce(max(opened), 0) FROM (SELECT count(*) AS opened FROM cases_case
    WHERE opened_at > %s::timestamptz - interval '30 days' GROUP BY opened_at::date) AS days"""


@dataclass(frozen=True)
class Target:
    """Where an installation comes back to. `url` names a database of another server; empty, it is the embedded one."""

    home: Path
    url: str

    @property
    def parts(self) -> Sequence[str]:
        """What belongs to an installation in a home."""
        return PARTS if self.url else ("database", *PARTS)

    def occupied(self) -> str:
        """What is there already, in words; empty when nothing is."""
        there = [name for name in self.parts if (self.home / name).exists()]
        words = [f"{self.home} has {', '.join(there)}"] if there else []
        if self.url and _ask(self.url, TABLES):
            words.append("the database of DATABASE_URL has tables")
        return " and ".join(words)

    def assert_quiet(self) -> None:
        """Nobody works with the database. Raises Trouble."""
        if self.url and _ask(self.url, OTHERS):
            raise Trouble("Somebody is connected to the database of DATABASE_URL.", mend="stop its server first.")
        if not self.url and database.running_pid(self.home):
            raise Trouble(f"The database of {self.home} runs.", mend="run `citong database stop` first.")


class Restoring:
    """One restore. `run` does it step by step and gives what to tell in the end."""

    def __init__(self, target: Target, *, jobs: int, quick: bool) -> None:
        self.target, self.jobs, self.quick = target, jobs, quick
        self.staging = target.home / STAGING
        self.stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
        self.schema = ASIDE + self.stamp.replace("-", "_")

    def run(self, file: Path, *, passphrase: str) -> list[str]:
        """The installation is in its place, checked; or nothing has changed and Trouble says why."""
        steps, told = Steps(5), []
        shutil.rmtree(self.staging, ignore_errors=True)
        try:
            with steps.step("Reading the backup"):
                about = self._unpack(file, passphrase)
            with self._database() as url:
                with steps.step("Tables"):
                    finish(restore(url, self.staging / "dump", jobs=self.jobs), what="The restore of the tables")
                    _assert_same(url, about)
                with steps.step("Migrations"):
                    self._migrate(url, about)
                with steps.step("Jobs and numbers"):
                    told += [*_settled(url, about), *self._files_missing(url)]
                with steps.step("Ledger"):
                    self._call(url, "-m", "citong.cli.main", *self._verify(about), what="The ledger's check")
            return [f"Restored: {described(about)}", *told, *self._in_place()]
        finally:
            shutil.rmtree(self.staging, ignore_errors=True)

    def _unpack(self, file: Path, passphrase: str) -> About:
        self.staging.mkdir()
        # 711: the database's own account must pass through a folder that belongs to root.
        self.staging.chmod(0o711 if os.geteuid() == 0 else 0o700)
        about = read(file, passphrase=passphrase, into=self.staging)
        assert_known(about, home=self.staging)
        return about

    @contextmanager
    def _database(self) -> Iterator[str]:
        """An empty database; if the block fails, all is as it was."""
        if self.target.url:
            with _own_schema(self.target.url, aside=self.schema):
                yield self.target.url
            return
        database.launch(self.staging, tied=True)
        try:
            yield database.running_url(self.staging) or ""
        finally:
            database.stop(self.staging)

    def _migrate(self, url: str, about: About) -> None:
        """A backup of an older Citong gets the tables of this one."""
        if known_migrations() - {(app, name) for app, name in about.migrations}:
            self._call(url, "-m", "django", "migrate", "--no-input", what="Making the tables up to date")

    def _call(self, url: str, *arguments: str, what: str) -> None:
        settings = {"CITONG_HOME": str(self.staging), "DATABASE_URL": url}
        environment = {"DJANGO_SETTINGS_MODULE": "citong.project.settings", **os.environ, **settings}
        log = log_file(self.target.home, name="restore")
        run_quietly([sys.executable, *arguments], environment=environment, log=log, what=what)

    def _verify(self, about: About) -> list[str]:
        if not self.quick:
            return ["ledger", "verify"]
        since = datetime.fromisoformat(about.taken_at).timestamp() - QUICK_DAYS * 86_400
        return ["ledger", "verify", "--since", f"{datetime.fromtimestamp(since, UTC):%Y-%m-%d}"]

    def _files_missing(self, url: str) -> list[str]:
        with psycopg.connect(url) as connection:
            named = {str(name) for (name,) in connection.execute("SELECT sha256 FROM files_file")}
        missing = [name for name in named if not (self.staging / "files" / name[:2] / name).exists()]
        return [f"Warning: {len(missing)} files are named and not there, e.g. {missing[0]}."] if missing else []

    def _in_place(self) -> list[str]:
        """What was staged is the installation; what was there lies aside."""
        home, aside, told = self.target.home, self.target.home / f"replaced-{self.stamp}", []
        for name in self.target.parts:
            if (home / name).exists():
                aside.mkdir(mode=0o700, exist_ok=True)
                (home / name).rename(aside / name)
            if (self.staging / name).exists():
                (self.staging / name).rename(home / name)
        if aside.exists():
            told.append(f"What was there lies in {aside}: remove it when nothing is missed.")
        if self.target.url and _ask(self.target.url, f"SELECT to_regnamespace('{self.schema}')"):
            told.append(f"The tables that were there lie in the schema {self.schema}: drop it when nothing is missed.")
        return told


def assert_known(about: About, *, home: Path) -> None:
    """This Citong knows every migration of the backup; `home` is where settings may write. Raises Trouble."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citong.project.settings")
    os.environ["CITONG_HOME"] = str(home)
    import django

    django.setup()
    known = known_migrations()
    if strange := [f"{app} {name}" for app, name in about.migrations if (app, name) not in known]:
        raise Trouble(
            f"The backup was made by a newer Citong ({about.version}): {strange[-1]} is not known here.",
            mend="install that version, then restore.",
        )


def known_migrations() -> set[tuple[str, str]]:
    """App and name of every migration this Citong has, with those they took the place of."""
    from django.db.migrations.loader import MigrationLoader

    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return {*found, *(old for one in found.values() for old in one.replaces)}


def _settled(url: str, about: About) -> list[str]:
    """Jobs under way wait again, and no number that was given since the backup will be given twice."""
    taken_at = datetime.fromisoformat(about.taken_at)
    days = max((datetime.now(UTC) - taken_at).total_seconds() / 86_400, 0)
    with psycopg.connect(url) as connection:
        connection.execute(JOBS_AGAIN)
        connection.execute("DELETE FROM procrastinate_workers")
        connection.execute(FEED_ANEW)
        (busiest,) = connection.execute(BUSIEST, [about.taken_at]).fetchone() or (0,)
        skipped = max(FEWEST_NUMBERS, 2 * busiest * math.ceil(days + 1))
        connection.execute("SELECT setval('case_number', (SELECT last_value FROM case_number) + %s)", [skipped])
    return [
        f"What was done after {about.taken_at} is not in it ({days * 24:.1f} hours until now): whoever sent or did "
        "something then must send or do it again.",
        f"{skipped} case numbers are left out, so that none given since then is given twice.",
    ]


def _assert_same(url: str, about: About) -> None:
    """The restored tables have what the backup says. Raises Trouble."""
    with psycopg.connect(url) as connection:
        for what, question in COUNTS.items():
            (found,) = connection.execute(question.encode()).fetchone() or (0,)
            if found != about.counts[what]:
                raise _differs(f"{about.counts[what]} {what} were backed up and {found} are there")
        last = connection.execute(CHECKPOINT).fetchone()
    if (about.checkpoint or {}).get("root") != (last[1] if last else None):
        raise _differs("the ledger's last checkpoint is another one")


def _differs(what: str) -> Trouble:
    return Trouble(f"The restored tables are not those of the backup: {what}.", mend="take another backup.")


@contextmanager
def _own_schema(url: str, *, aside: str) -> Iterator[None]:
    """The schema `public` is empty; what was there lies in the schema `aside`, and comes back if the block fails."""
    full = bool(_ask(url, TABLES))
    put = sql.SQL("ALTER SCHEMA public RENAME TO {}; " + PUBLIC).format(sql.Identifier(aside))
    back = sql.SQL("ALTER SCHEMA {} RENAME TO public").format(sql.Identifier(aside))
    if full:
        _do(url, put)
    try:
        yield
    except BaseException:
        _do(url, sql.SQL("DROP SCHEMA public CASCADE"))
        _do(url, back if full else sql.SQL(PUBLIC))
        raise


def _do(url: str, statement: sql.SQL | sql.Composed) -> None:
    try:
        with psycopg.connect(url) as connection:
            connection.execute(statement)
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise Trouble(f"The database refuses: {reason}.", mend="name an empty database in DATABASE_URL.") from None


def _ask(url: str, question: str) -> Any:
    from citong.cli.loaded import assert_answers

    assert_answers(url)
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None
