"""PostgreSQL's own dump and restore, several tables at once; passwords go by the environment, not the command line."""

import os
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from citong.cli.database import program
from citong.cli.trouble import Trouble

ASIDE = "replaced_"  # how schemas begin that a restore put aside
NAMES = {
    "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
}  # fmt: skip


def dump(url: str, folder: Path, *, snapshot: str, jobs: int) -> "subprocess.Popen[str]":
    """A running pg_dump of that snapshot into a fresh folder; `finish` waits for it. It holds no writer up."""
    options = ["--format=directory", f"--file={folder}", f"--jobs={jobs}", f"--snapshot={snapshot}"]
    options += [
        "--no-owner",
        "--no-privileges",
        f"--exclude-schema={ASIDE}*",
        "--lock-wait-timeout=60s",
        "--compress=gzip:1",
    ]
    return _started("pg_dump", options, url)


def restore(url: str, folder: Path, *, jobs: int) -> "subprocess.Popen[str]":
    """A running pg_restore of such a folder into an empty database; `finish` waits for it."""
    options = ["--no-owner", "--no-privileges", "--exit-on-error", f"--jobs={jobs}", str(folder)]
    return _started("pg_restore", [*options, f"--dbname={conninfo_to_dict(url).get('dbname', '')}"], url)


def finish(process: "subprocess.Popen[str]", *, what: str) -> None:
    """The program has ended well; else Trouble with its own words."""
    _out, said = process.communicate()
    if process.returncode != 0:
        lines = [line for line in said.splitlines() if "error" in line or "fatal" in line] or said.splitlines()
        reason = lines[0].strip().rstrip(".") if lines else f"exit code {process.returncode}"
        raise Trouble(f"{what} failed: {reason}.", mend="see to that cause, then try again.")


def _started(name: str, options: list[str], url: str) -> "subprocess.Popen[str]":
    given = {NAMES[key]: str(value) for key, value in conninfo_to_dict(url).items() if key in NAMES and value}
    # A caller's PG… variables would lead elsewhere.
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    command = [str(program(name)), *options]
    return subprocess.Popen(command, env=kept | given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
