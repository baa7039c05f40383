"""A backup is taken while people work; what it holds lives again elsewhere, and what is no backup is refused."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit
from urllib.request import HTTPCookieProcessor, build_opener

import psycopg
import pytest

from tests.hard_days.house import House, ask, new_folder
from tests.hard_days.load import Client, Command, Journal
from tests.hard_days.town import PASSWORD, keys_of, write_town

pytestmark = pytest.mark.hard_days
OPENINGS, WORK_WITHIN_SECONDS = 20, 240


@dataclass
class Day:
    """A city at work, the backup that was taken meanwhile, and what had been answered when it began."""

    folder: Path
    house: House
    keys: dict[str, str]
    before: list[Command] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    said: str = ""

    @property
    def backup(self) -> Path:
        return self.folder / "city.backup"

    @property
    def receipt(self) -> Path:
        return self.folder / "receipt.json"

    def another(self, name: str) -> House:
        """A home of that name, not made yet."""
        return House(self.folder / name, city=self.house.city, workers=1)


@pytest.fixture(scope="module")
def day() -> Iterator[Day]:
    """The day is over, its server still runs."""
    folder = new_folder("citong-backup-")
    house = House(folder / "home", city=write_town(folder / "town"), workers=1)
    house.home.mkdir(mode=0o711)
    try:
        house.start()
        day = Day(folder, house, dict(keys_of(house)))
        _work(day)
        yield day
    finally:
        house.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _work(day: Day) -> None:
    journal = Journal()
    clients = [Client(f"b{n}", port=day.house.port, keys=day.keys, journal=journal, seed=7) for n in range(3)]
    for client in clients:
        client.start()
    end = time.monotonic() + WORK_WITHIN_SECONDS
    while not _enough(list(journal.commands)):
        assert time.monotonic() < end, journal.faults
        time.sleep(0.1)
    assert day.house.run("ledger", "seal").returncode == 0
    day.receipt.write_text(json.dumps(_receipt(day, journal.commands)), "utf-8")
    day.before = list(journal.commands)
    done = day.house.run("backup", day.backup)
    assert done.returncode == 0, done.stdout
    for client in clients:
        client.over.set()
    for client in clients:
        client.join()
    day.faults, day.said = journal.faults, done.stdout


def _enough(commands: list[Command]) -> bool:
    """Whether somebody without an account reported, and a photo came."""
    openings = [command for command in commands if command.act == "open"]
    guests = any(not command.post for command in openings)
    return len(openings) >= OPENINGS and guests and any(command.photo and command.done for command in commands)


def _receipt(day: Day, commands: list[Command]) -> object:
    opened = next(command for command in commands if command.act == "open" and not command.post)
    status, found = ask(day.house.port, f"/api/v1/cases/{opened.number}/receipt", headers=held(opened))
    assert status == 200
    return found


def held(opened: Command) -> dict[str, str]:
    """The header of whoever holds the receipt of that opening."""
    return {"Authorization": f"Receipt {opened.number} {opened.answer['secret']}"}


@pytest.fixture(scope="module")
def again(day: Day) -> Iterator[House]:
    """The backup lives in a second home, and is served."""
    house = day.another("second")
    done = house.run("restore", day.backup)
    assert done.returncode == 0, done.stdout
    assert "Restored" in done.stdout and "Warning" not in done.stdout
    assert "is not in it" in done.stdout
    try:
        house.start()
        yield house
    finally:
        house.remove()


def test_nobody_was_held_up_by_the_backup(day: Day) -> None:
    assert day.faults == []
    assert "MB in" in day.said


def test_the_backup_is_readable_by_its_owner_alone_and_leaves_nothing_else_behind(day: Day) -> None:
    assert day.backup.stat().st_mode & 0o077 == 0
    assert [path.name for path in day.folder.iterdir() if path.name.startswith(".city.backup")] == []


def test_all_that_was_answered_before_it_began_is_there(day: Day, again: House) -> None:
    clerk = {"Authorization": f"Bearer {day.keys['clerk']}"}
    openings = {command.number: command for command in day.before if command.act == "open"}
    assert openings
    for number, opened in openings.items():
        assert ask(again.port, f"/api/v1/cases/{number}", headers=held(opened))[0] == 200
        status, found = ask(again.port, f"/api/v1/cases/{number}/history", headers=clerk)
        assert status == 200
        acts = [step["act"] for step in found["history"]]
        for command in day.before:
            if command.number == number and command.done:
                assert command.act in acts


def test_a_receipt_of_before_verifies_with_the_restored_citys_key(day: Day, again: House) -> None:
    done = again.run("receipt", "verify", day.receipt, "--key", again.home / "keys/ledger.pub")
    assert done.returncode == 0, done.stdout
    assert "complete and unchanged" in done.stdout


def test_its_ledger_is_whole_and_its_files_are_what_they_are_named_by(again: House) -> None:
    done = again.run("ledger", "verify")
    assert done.returncode == 0, done.stdout
    files = list((again.home / "files").glob("??/*"))
    assert files
    assert all(sha256(path.read_bytes()).hexdigest() == path.name for path in files)


def test_people_sign_in_as_before(again: House) -> None:
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    door = f"http://127.0.0.1:{again.port}/account/login/"
    browser.open(door).read()
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    form = urlencode({"login": "clerk", "password": PASSWORD, "csrfmiddlewaretoken": token}).encode()
    with browser.open(door, form) as page:
        assert page.url.endswith("/desk/")


def test_the_next_case_gets_a_number_that_nobody_has_had(day: Day, again: House) -> None:
    journal = Journal()
    client = Client("n", port=again.port, keys=day.keys, journal=journal, seed=1)
    opened = client._opened()
    given = [command.number for command in day.before if command.act == "open"]
    assert opened.done and int(opened.number.split("-")[1]) > max(int(one.split("-")[1]) for one in given) + 99


def test_a_check_reads_and_writes_nothing(day: Day) -> None:
    house = day.another("checked")
    done = house.run("restore", day.backup, "--check")
    assert done.returncode == 0, done.stdout
    assert "is whole: 小城" in done.stdout
    assert not house.home.exists()


@pytest.mark.parametrize("where", ["a changed byte", "a missing end", "another file"])
def test_what_is_no_whole_backup_is_refused_and_nothing_is_there_afterwards(day: Day, where: str) -> None:
    broken = day.folder / "broken.backup"
    content = day.backup.read_bytes()
    half = len(content) // 2
    changes = {
        "a changed byte": content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :],
        "a missing end": content[:half],
        "another file": b"not a backup at all" * 100,
    }
    broken.write_bytes(changes[where])
    house = day.another("refused")
    done = house.run("restore", broken)
    assert done.returncode == 1
    assert "is no whole backup" in done.stdout and "Traceback" not in done.stdout
    assert not (house.home / "database").exists() and not (house.home / "restoring").exists()


def test_a_locked_backup_opens_with_its_passphrase_alone(day: Day) -> None:
    locked, right, wrong = (day.folder / name for name in ("locked.backup", "right", "wrong"))
    right.write_text("correct horse\n", "utf-8")
    wrong.write_text("battery staple\n", "utf-8")
    assert day.house.run("backup", locked, "--passphrase-file", right).returncode == 0
    assert b"secrets.json" not in locked.read_bytes()
    house = day.another("locked")
    assert "is locked with a passphrase" in house.run("restore", locked, "--check").stdout
    done = house.run("restore", locked, "--check", "--passphrase-file", wrong)
    assert done.returncode == 1 and "The passphrase does not fit" in done.stdout
    assert house.run("restore", locked, "--check", "--passphrase-file", right).returncode == 0
    locked.write_bytes(locked.read_bytes()[:-40])
    assert "damaged or cut off" in house.run("restore", locked, "--check", "--passphrase-file", right).stdout


def test_a_home_with_a_running_server_or_an_installation_is_left_alone(day: Day, again: House) -> None:
    done = day.house.run("restore", day.backup, "--replace", "--yes")
    assert done.returncode == 1 and "A server runs on the home folder" in done.stdout
    assert again.stop() == 0
    done = again.run("restore", day.backup)
    assert done.returncode == 1 and "There is an installation already" in done.stdout
    done = again.run("restore", day.backup, "--replace", "--yes")
    assert done.returncode == 0 and "What was there lies in" in done.stdout
    again.start()
    assert again.health() == 200


def test_a_backup_takes_no_other_files_place_unless_told_to(day: Day) -> None:
    done = day.house.run("backup", day.backup)
    assert done.returncode == 1 and "is there already" in done.stdout
    done = day.house.run("backup", day.folder / "no such folder/city.backup")
    assert done.returncode == 1 and "There is no folder" in done.stdout
    other = day.folder / "other.backup"
    other.write_text("x")
    assert day.house.run("backup", other, "--force").returncode == 0


@pytest.fixture
def database() -> Iterator[str]:
    """An empty database of another server, as DATABASE_URL names one."""
    named = os.environ.get("DATABASE_URL", "")
    if not named:
        pytest.skip("needs DATABASE_URL")
    name = f"restored_{os.getpid()}"
    with psycopg.connect(named, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C.UTF-8'".encode())
        yield urlunsplit(urlsplit(named)._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_an_older_backup_into_a_database_of_ones_own_is_brought_up_to_date(day: Day, database: str) -> None:
    house = day.another("with-database")
    house.home.mkdir(mode=0o711)
    try:
        assert house.run("restore", day.backup, "--quick", url=database).returncode == 0
        older, back = day.folder / "older.backup", ("migrate", "mfa", "0002")
        assert house.django(*back, url=database).returncode == 0
        assert house.run("backup", older, url=database).returncode == 0
        done = house.run("restore", older, "--replace", "--yes", "--quick", url=database)
        assert done.returncode == 0, done.stdout
        assert "The tables that were there lie in the schema replaced_" in done.stdout
        assert house.django("migrate", "--check", url=database).returncode == 0
    finally:
        shutil.rmtree(house.home, ignore_errors=True)


def test_a_restore_that_fails_leaves_the_database_as_it_was(day: Day, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE precious AS SELECT 42 AS number")
    broken = day.folder / "cut.backup"
    broken.write_bytes(day.backup.read_bytes()[:-20_000])
    house = day.another("as-it-was")
    done = house.run("restore", broken, "--replace", "--yes", url=database)
    assert done.returncode == 1
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT number FROM precious").fetchone()
    assert row == (42,)
