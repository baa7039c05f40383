"""A whole installation of its own, in real processes: `citong serve` in a home that goes away afterwards."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

READY_WITHIN_SECONDS = 180
STOPPED_WITHIN_SECONDS = 90
READY = re.compile(r"ready: http://127\.0\.0\.1:(\d+)/")
OWN = ("DATABASE_URL", "CITONG_HOME", "CITONG_ORIGIN", "PYTHONDONTWRITEBYTECODE")


def new_folder(prefix: str) -> Path:
    """A folder every account may pass, unlike pytest's own: the database runs as another account than root."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    folder.chmod(0o711)
    return folder


class House:
    """`citong serve` in a home of its own. `port` answers while it runs."""

    def __init__(self, home: Path, *, city: Path, workers: int = 2) -> None:
        self.home, self.city, self.workers = home, city, workers
        self.port = 0
        self.said = home.with_suffix(".out")
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        """What a command needs to work on this home."""
        kept = {name: value for name, value in os.environ.items() if name not in OWN}
        settings = {"CITONG_THROTTLE": "0", "DJANGO_SETTINGS_MODULE": "citong.project.settings"}
        return kept | settings | {"CITONG_HOME": str(self.home)}

    def start(self, *more: str) -> None:
        """The house answers; AssertionError with its last words if it does not."""
        options = ["--home", str(self.home), "--port", "0", "--no-demo", "--city", str(self.city)]
        command = [sys.executable, "-m", "citong.cli.main", "serve", *options, "--workers", str(self.workers), *more]
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(command, env=self.environment(), stdout=output, stderr=output)
        end = time.monotonic() + READY_WITHIN_SECONDS
        while not (found := READY.search(self.said.read_text("utf-8"))):
            assert self.process.poll() is None and time.monotonic() < end, self.said.read_text("utf-8")
            time.sleep(0.1)
        self.port = int(found[1])

    def stop(self) -> int:
        """The house was asked to stop and did; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOPPED_WITHIN_SECONDS)

    def end(self) -> None:
        """No process of the house runs any more, however it was."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.run("database", "stop")

    def remove(self) -> None:
        """Nothing of the house is left."""
        self.end()
        shutil.rmtree(self.home, ignore_errors=True)
        self.said.unlink(missing_ok=True)

    def run(self, *arguments: object, url: str = "") -> "subprocess.CompletedProcess[str]":
        """The finished `citong` command on this home, its words in `stdout`; `url` names another database."""
        return self._run("citong.cli.main", *arguments, url=url)

    def django(self, *arguments: object, url: str = "") -> "subprocess.CompletedProcess[str]":
        """The same of Django's own commands."""
        return self._run("django", *arguments, url=url)

    def _run(self, module: str, *arguments: object, url: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", module, *map(str, arguments)]
        environment = self.environment() | ({"DATABASE_URL": url} if url else {})
        return subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )  # fmt: skip

    def pids(self, kind: str) -> list[int]:
        """The processes of that kind that run now: web, jobs, postmaster or backend."""
        assert self.process is not None
        children = dict(_children(self.process.pid))
        marks = {"web": "citong.cli.web", "jobs": "procrastinate"}
        if kind in marks:
            return [pid for pid, command in children.items() if marks[kind] in command]
        servers = [pid for pid, command in children.items() if f"{self.home}/database/data" in command]
        if kind == "postmaster":
            return servers
        return [pid for server in servers for pid, command in _children(server) if "postgres: citong" in command]

    def health(self) -> int:
        """The status of /health; 0 while nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()


def _children(parent: int) -> Iterator[tuple[int, str]]:
    """(process id, command line) of those that run below a process."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            state, above = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:2]
            if int(above) == parent and state != "Z":
                yield int(folder.name), (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, ValueError):
            continue


def ask(port: int, path: str, *, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    """(status, JSON) of a GET."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return response.status, json.loads(response.read() or b"null")
    finally:
        connection.close()
