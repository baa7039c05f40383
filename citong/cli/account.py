"""Who PostgreSQL runs as: it refuses root, so root lends it a service account."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from citong.cli.trouble import Trouble


@dataclass(frozen=True)
class Account:
    """An account of the machine; `None` ids mean the one we already are."""

    name: str
    uid: int | None = None
    gid: int | None = None

    def run(self, command: list[str], *, timeout_seconds: int = 120) -> subprocess.CompletedProcess[str]:
        """The finished command, run as this account from the root folder, output and errors in `stdout`."""
        return subprocess.run(
            command,
            user=self.uid,
            group=self.gid,
            extra_groups=[] if self.uid is not None else None,
            cwd="/",
            env=self.environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout_seconds,
            check=False,
        )

    def environment(self) -> dict[str, str]:
        """A bare environment: the caller's locale, PG… variables and secrets do not reach the database."""
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def give(self, folder: Path) -> None:
        """The folder exists and belongs to the account alone."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def give_file(self, path: Path) -> None:
        """The file belongs to the account, and nobody else can read it."""
        path.chmod(0o600)
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def may_pass(self, folder: Path) -> bool:
        """Whether the account can go through the folder."""
        return self.run(["/bin/sh", "-c", 'test -x "$0"', str(folder)]).returncode == 0


def database_account() -> Account:
    """The present user, or as root the account `citong` (made if the machine can), else `nobody`."""
    if os.geteuid() != 0:
        return Account(name=str(os.geteuid()))
    known = _known("citong") or _made("citong") or _known("nobody")
    if known is None:
        raise Trouble(
            "PostgreSQL must not run as root and no service account could be made.",
            mend="run `useradd --system citong`, or start as an ordinary user.",
        )
    return known


def _known(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)


def _made(name: str) -> Account | None:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    if shutil.which(command[0]):
        subprocess.run(command, capture_output=True, check=False)
    return _known(name)


def assert_reachable(home: Path, *, account: Account) -> None:
    """The account can pass through every folder above the database; raises Trouble naming the closed one."""
    for folder in reversed([home, *home.parents]):
        if not account.may_pass(folder):
            raise Trouble(
                f"The database runs as the account {account.name}, which may not pass through {folder}.",
                mend=f"run `chmod o+x {folder}`, choose another --home, or start as an ordinary user.",
            )


def reachable_binaries(binaries: Path, *, home: Path, account: Account) -> Path:
    """Those binaries, or a copy of them in the home where the account cannot reach them."""
    if account.uid is None or _starts(binaries, account=account):
        return binaries
    copy = home / "postgresql" / binaries.parent.name / binaries.name
    if not _starts(copy, account=account):
        shutil.rmtree(home / "postgresql", ignore_errors=True)
        shutil.copytree(binaries, copy, symlinks=True)
        # The wheel keeps shared libraries beside its package and finds them by their relative place.
        for libraries in binaries.parent.parent.glob(f"{binaries.parent.name}.libs"):
            shutil.copytree(libraries, home / "postgresql" / libraries.name)
        for folder in (copy.parent, copy.parent.parent):  # made under whatever umask the caller has
            folder.chmod(0o755)
    return copy


def _starts(binaries: Path, *, account: Account) -> bool:
    try:
        programs = [str(binaries / "bin" / name) for name in ("postgres", "initdb")]
        return all(account.run([program, "--version"]).returncode == 0 for program in programs)
    except OSError:
        return False
