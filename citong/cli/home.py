"""The home folder of an installation: where it is, who holds it, what it keeps secret."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from citong.cli.trouble import Trouble

NEEDED_FREE_BYTES = 500_000_000


def default_home() -> Path:
    """CITONG_HOME, or the customary folder of the person who runs the command."""
    if named := os.environ.get("CITONG_HOME"):
        return Path(named).absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/citong")
    return Path.home() / ".local/share/citong"


def open_home(home: Path) -> Path:
    """The home exists, can be written and has room; raises Trouble otherwise."""
    try:
        if not home.exists():
            home.mkdir(parents=True)
            # 711: the database's own account must pass through a home that belongs to root.
            home.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (home / "log").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _cannot_write(home, error) from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise _cannot_write(home, None)
    free = shutil.disk_usage(home).free
    if free < NEEDED_FREE_BYTES:
        raise Trouble(
            f"The disk of {home} is nearly full: {free // 1_000_000} MB are free, 500 MB are needed.",
            mend="free some space there, or choose another folder with --home.",
        )
    return home


def _cannot_write(home: Path, error: OSError | None) -> Trouble:
    reason = f" ({error.strerror})" if error and error.strerror else ""
    return Trouble(
        f"The home folder {home} cannot be written{reason}.",
        mend="make it yours with chown, or choose another folder with --home.",
    )


@contextmanager
def held(path: Path, *, wait: bool) -> Iterator[None]:
    """The lock file at `path` is ours while inside; raises BlockingIOError if taken and `wait` is false.

    The kernel frees the lock when the process dies, however it dies.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)


def secret(home: Path, *, name: str) -> str:
    """The home's secret of that name, made on first use; secrets.json is readable by its owner alone."""
    path = home / "secrets.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if name not in known:
        known[name] = secrets.token_urlsafe(32)
        fresh = path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(known, file)
        fresh.replace(path)
    return known[name]


def log_file(home: Path, *, name: str) -> Path:
    """home/log/<name>.log; what outgrew 10 MB is kept once under .log.1."""
    path = home / "log" / f"{name}.log"
    if path.exists() and path.stat().st_size > 10_000_000:
        path.replace(path.with_suffix(".log.1"))
    return path
