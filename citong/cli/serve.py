"""`citong serve`: the whole house under one parent, which starts, watches and stops it."""

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from types import FrameType

import click

import citong
from citong.cli import database, loaded
from citong.cli.children import Child
from citong.cli.home import default_home, held, log_file, open_home
from citong.cli.steps import Steps, run_quietly
from citong.cli.trouble import Trouble

READY_WITHIN_SECONDS = 60
FALLS_AT_START = 3
TREE = Path(citong.__file__).parent.parent
CITY = TREE / "cities/quanzhou"
SIMULATED = "citong.adapters.sumo.live_port.port"
"""The demo's door to lights: that of `citong signals simulate` on the same home, wherever it runs."""
JOBS = [
    "-m",
    "django",
    "procrastinate",
    "worker",
    "--concurrency=4",  # one slow receiver must not hold up clocks and seals
    "--shutdown-graceful-timeout=20",
    "--delete-jobs=successful",
]


@dataclass
class House:
    """What runs, and the wish to stop it."""

    home: Path
    listening: socket.socket
    workers: int
    environment: dict[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    database: "subprocess.Popen[bytes] | None" = None
    stopping: bool = False
    watching: bool = False

    @property
    def port(self) -> int:
        """The port the web answers on."""
        return int(self.listening.getsockname()[1])

    def wish_to_stop(self, number: int, frame: FrameType | None) -> None:
        """A signal handler: work in progress is broken off, watching ends at the next look."""
        if not self.stopping:
            self.stopping = True
            if not self.watching:
                raise KeyboardInterrupt

    def open_database(self) -> None:
        """The environment names a database that answers: the embedded one, unless another was named."""
        self.environment = {**os.environ, "CITONG_HOME": str(self.home)}
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled modules start three times faster
        self.environment.setdefault("DJANGO_SETTINGS_MODULE", "citong.project.settings")
        self.environment.setdefault("CITONG_ORIGIN", f"http://127.0.0.1:{self.port}")
        if not self.environment.get("DATABASE_URL"):
            self.database = database.launch(self.home, tied=True)
            self.environment["DATABASE_URL"] = database.running_url(self.home) or ""
        loaded.assert_answers(self.environment["DATABASE_URL"])

    def call(self, *arguments: str, log: str, what: str) -> None:
        """Python has run with those arguments, quietly."""
        path = log_file(self.home, name=log)
        run_quietly([sys.executable, *arguments], environment=self.environment, log=path, what=what)

    def start_children(self) -> None:
        """Web processes and the jobs process run."""
        descriptor = self.listening.fileno()
        for number in range(1, self.workers + 1):
            arguments = ["-m", "citong.cli.web", str(descriptor)]
            self.children.append(self._child(f"web {number}", arguments, descriptors=(descriptor,)))
        jobs = self._child("jobs", JOBS)
        jobs.orphaned = signal.SIGKILL  # asked politely it would wait for a database that stops at the same time
        self.children.append(jobs)
        for child in self.children:
            child.start()

    def _child(self, name: str, arguments: list[str], *, descriptors: tuple[int, ...] = ()) -> Child:
        log = log_file(self.home, name=name.split()[0])
        return Child(name, [sys.executable, *arguments], self.environment, log, descriptors)

    def watch(self) -> None:
        """Returns when somebody wishes to stop; what falls until then is started again."""
        self.watching = True
        while not self.stopping:
            self.look_after()
            time.sleep(0.2)

    def look_after(self) -> None:
        """Each process that fell has been started again, or will be after its pause."""
        for child in self.children:
            if sentence := child.watch():
                self.say(sentence)
        if self.database is not None and self.database.poll() is not None:
            self.say("the database ended and starts again")
            self.database = database.launch(self.home, tied=True)

    def stop(self) -> None:
        """Web has ended first, then jobs, then the database."""
        web = [child for child in self.children if child.name != "jobs"]
        for group, seconds in ((web, 10), ([c for c in self.children if c not in web], 25)):
            for child in group:
                child.ask_to_stop()
            for child in group:
                child.wait_stopped(within_seconds=seconds)
        if self.database is not None:
            database.stop(self.home, only=self.database.pid)

    def say(self, sentence: str) -> None:
        """The sentence is in home/log/house.log and on the screen."""
        line = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {sentence}"
        click.echo(line, err=True)
        with log_file(self.home, name="house").open("a") as file:
            file.write(line + "\n")


@contextmanager
def _sole_server(home: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(held(home / "server.lock", wait=False))
        except BlockingIOError:
            raise Trouble(
                f"A server already runs on the home folder {home}.",
                mend="stop that one first, or give this one its own folder with --home.",
            ) from None
        yield


def _bound(host: str, port: int) -> socket.socket:
    """A listening socket; binding it in the parent lets web processes come and go without losing visitors."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Trouble(f"Port {port} is in use.", mend="name another one, e.g. --port 8081.") from None
        raise Trouble(f"Port {port} of {host} cannot be opened ({error.strerror}).", mend="name another.") from None
    return listening


def _load(house: House, steps: Steps, *, city: Path, demo: bool) -> None:
    url, files = house.environment["DATABASE_URL"], [*city.rglob("*"), *(TREE / "citong/core/knowledge/seed").glob("*")]
    with steps.step("Database tables"), loaded.once(url, what="tables", sources=_migrations()) as due:
        if due:
            house.call("-m", "django", "migrate", "--no-input", log="migrate", what="Making the tables")
    with steps.step(f"City {city.name}"), loaded.once(url, what="city", sources=files) as due:
        if due:
            house.call("-m", "citong.cli.main", "city", "load", str(city), log="city", what="Loading the city")
    if not demo:
        return
    with steps.step("Demo cast"), loaded.once(url, what="demo", sources=files) as due:
        if due or not (house.home / "demo_cast.json").exists():
            house.call("-m", "citong.cli.main", "demo", log="demo", what="Making the demo cast")


def _migrations() -> list[Path]:
    """What the tables follow from: our migrations, those of locked packages, the list of services."""
    ours = (TREE / "citong").rglob("migrations/*.py")
    return [*ours, TREE / "requirements.lock", *(TREE / "citong/project").glob("*.py")]


def _wait_until_ready(house: House) -> None:
    end = time.monotonic() + READY_WITHIN_SECONDS
    status, said = 0, ""
    while time.monotonic() < end:
        house.look_after()
        for child in house.children:
            if child.falls == FALLS_AT_START:
                raise Trouble(f"The process {child.name} does not start.", mend=f"see its last words in {child.log}.")
        status, said = _health(house)
        if status == 200:
            return
        time.sleep(0.1)
    house.say(f"not ready after {READY_WITHIN_SECONDS} s: /health answers {status} {said}")


def _health(house: House) -> tuple[int, str]:
    host = house.environment.get("CITONG_HOSTS", "127.0.0.1").split(",")[0].strip(".*") or "127.0.0.1"
    connection = HTTPConnection("127.0.0.1", house.port, timeout=10)
    try:
        connection.request("GET", "/health", headers={"Host": host})
        response = connection.getresponse()
        return response.status, response.read(500).decode(errors="replace")
    except OSError as error:
        return 0, str(error)
    finally:
        connection.close()


def _welcome(house: House, *, host: str) -> None:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    click.echo(f"\nCitong is ready: http://{shown}:{house.port}/   (home {house.home}, Ctrl-C stops it)")
    cast = house.home / "demo_cast.json"
    people = json.loads(cast.read_text()) if cast.exists() else []
    if people:
        click.echo("These people of the demo can sign in (post, login, password, name):")
    for person in people:
        click.echo(f"  {person['post']:<14} {person['login']:<20} {person['password']:<16} {person['name']}")


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 opens it to the network.")
@click.option("--home", type=click.Path(path_type=Path), default=default_home, help="Folder of this installation.")
@click.option("--workers", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Web processes.")
@click.option("--city", type=click.Path(path_type=Path), default=CITY, help="Folder of the city.")
@click.option("--demo/--no-demo", default=True, help="With or without the demo cast.")
@click.option("--steps-done", type=int, default=0, hidden=True)
def command(port: int, host: str, home: Path, workers: int, city: Path, demo: bool, steps_done: int) -> None:
    """Start web, jobs and database, and keep them running until Ctrl-C or SIGTERM."""
    home = open_home(home.absolute())
    with _sole_server(home):
        house = House(home, _bound(host, port), workers)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, house.wish_to_stop)
        try:
            _run(house, steps=Steps(5 if demo else 4, done=steps_done), host=host, city=city, demo=demo)
        except KeyboardInterrupt:
            click.echo("Stopping …")
        finally:
            house.stopping = True
            house.stop()
    click.echo("Stopped.")


def _run(house: House, *, steps: Steps, host: str, city: Path, demo: bool) -> None:
    with steps.step("Database"):
        house.open_database()
    if demo:
        house.environment.setdefault("CITONG_SIGNAL_PORT", SIMULATED)
    _load(house, steps, city=city, demo=demo)
    with steps.step("Web and jobs"):
        house.start_children()
        _wait_until_ready(house)
    _welcome(house, host=host)
    house.watch()
