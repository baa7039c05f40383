"""`citong serve` refuses in one sentence what it cannot do, and its processes live and die together."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from citong.cli.children import Child
from citong.cli.home import held
from citong.cli.main import main


def refusal(*arguments: str) -> str:
    """What the command says when it ends at once with exit code 1."""
    result = CliRunner().invoke(main, ["serve", *arguments])
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return result.output


def test_a_port_in_use_gives_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal("--home", str(tmp_path), "--port", str(port))
    assert said == f"Error: Port {port} is in use. Mend: name another one, e.g. --port 8081.\n"


def test_a_second_server_on_the_same_home_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    with held(tmp_path / "server.lock", wait=False):
        said = refusal("--home", str(tmp_path), "--port", "0")
    assert said.startswith(f"Error: A server already runs on the home folder {tmp_path}. Mend: stop that one")


def test_a_full_disk_gives_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=12_000_000))
    said = refusal("--home", str(tmp_path), "--port", "0")
    assert "nearly full: 12 MB are free, 500 MB are needed. Mend: free some space" in said


def test_a_home_that_cannot_be_written_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    said = refusal("--home", str(tmp_path / "file"), "--port", "0")
    assert "cannot be written" in said
    assert "Mend: make it yours with chown" in said


def test_a_named_database_that_is_not_there_gives_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    said = refusal("--home", str(tmp_path), "--port", "0")
    assert "The database named in DATABASE_URL does not answer" in said
    assert "Mend: start that server" in said


def child(tmp_path: Path, code: str) -> Child:
    return Child("web 1", [sys.executable, "-c", code], dict(os.environ), tmp_path / "web.log")


def test_a_process_that_falls_starts_again_after_a_growing_pause(tmp_path: Path) -> None:
    fallen = child(tmp_path, "raise SystemExit(3)")
    fallen.start()
    pauses = []
    for _ in range(2):
        assert fallen.process is not None
        fallen.process.wait()
        sentence = fallen.watch()
        assert sentence is not None
        assert "web 1 ended with code 3 and starts again" in sentence
        assert fallen.due_at is not None
        pauses.append(round(fallen.due_at - time.monotonic()))
        fallen.due_at = 0
        fallen.watch()
    assert pauses == [1, 2]


def test_a_process_that_was_asked_to_stop_stays_down(tmp_path: Path) -> None:
    steady = child(tmp_path, "import time; time.sleep(60)")
    steady.start()
    steady.ask_to_stop()
    steady.wait_stopped(within_seconds=5)
    assert steady.process is not None
    assert steady.process.returncode == -signal.SIGTERM


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's tie to the parent is Linux's")
def test_no_process_outlives_a_killed_parent(tmp_path: Path) -> None:
    code = """
import os, sys, time, pathlib
from citong.cli.children import Child
sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
one = Child("web 1", sleeper, dict(os.environ), pathlib.Path(sys.argv[1]))
one.start()
print(one.process.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    assert ended(pid, within_seconds=5)


def ended(pid: int, *, within_seconds: float) -> bool:
    end = time.monotonic() + within_seconds
    while time.monotonic() < end:
        stat = Path(f"/proc/{pid}/stat")
        # A zombie whose new parent does not collect it has ended all the same.
        if not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False
