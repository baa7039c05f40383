"""The embedded database comes up, comes back after accidents, and says in a sentence why it cannot."""

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from citong.cli import database
from citong.cli.trouble import Trouble


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home whose parents every account may pass, unlike pytest's own temporary folders."""
    folder = Path(tempfile.mkdtemp(prefix="citong-home-", dir="/tmp"))
    folder.chmod(0o711)
    database.start(folder, durable=False)
    yield folder
    database.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(home: Path) -> str:
    """The home's database runs, whatever the test before did to it."""
    return database.start(home, durable=False)


def answer(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def test_a_second_start_finds_the_running_database(home: Path, url: str) -> None:
    first = database.running_pid(home)
    assert database.start(home, durable=False) == url
    assert database.running_pid(home) == first


def test_after_a_stop_it_starts_again_at_the_same_address(home: Path, url: str) -> None:
    assert database.stop(home)
    assert database.running_url(home) is None
    assert database.start(home, durable=False) == url


def test_chinese_text_is_understood(url: str) -> None:
    assert answer(url, r"SELECT '井盖' ~ '^\w+$'") is True


def test_the_application_is_no_superuser(url: str) -> None:
    assert answer(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_what_was_committed_survives_a_killed_server(home: Path, url: str) -> None:
    database.stop(home)
    with psycopg.connect(database.start(home, durable=True)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS number")
    pid = database.running_pid(home)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert answer(database.start(home, durable=False), "SELECT number FROM kept") == 42


def test_a_stale_note_that_names_a_living_stranger_does_not_hinder_the_start(home: Path, url: str) -> None:
    database.stop(home)
    (home / "database/data/postmaster.pid").write_text(f"{os.getpid()}\n")
    assert database.running_pid(home) is None
    assert answer(database.start(home, durable=False), "SELECT 1") == 1


def test_a_port_taken_meanwhile_is_exchanged_for_a_free_one(home: Path, url: str) -> None:
    database.stop(home)
    with socket.create_server(("127.0.0.1", int((home / "database/port").read_text()))):
        changed = database.start(home, durable=False)
    assert changed != url
    assert answer(changed, "SELECT 1") == 1


def test_passwords_are_readable_by_their_owner_alone(home: Path, url: str) -> None:
    assert (home / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_broken_data_folder_gives_a_sentence_with_the_mend(home: Path, url: str) -> None:
    database.stop(home)
    control = home / "database/data/global/pg_control"
    kept = control.rename(control.with_suffix(".kept"))
    try:
        with pytest.raises(Trouble, match=r"cannot start: .*pg_control.* Mend: restore that folder"):
            database.start(home, durable=False)
    finally:
        kept.rename(control)


def test_data_of_another_postgresql_version_is_left_alone(home: Path, url: str) -> None:
    database.stop(home)
    note = home / "database/data/PG_VERSION"
    note.write_text("15\n")
    try:
        with pytest.raises(Trouble, match=r"made by PostgreSQL 15.* Mend: move it with pg_dump"):
            database.start(home, durable=False)
    finally:
        note.write_text("18\n")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends PostgreSQL another account")
def test_a_closed_parent_folder_gives_a_sentence_with_the_mend(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(Trouble, match=r"may not pass through .* Mend: run `chmod o\+x"):
        database.start(tmp_path / "home", durable=False)
