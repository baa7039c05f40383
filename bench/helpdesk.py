"""django-helpdesk doing its nearest equivalent, on the same PostgreSQL and the same kind of server, in turns with ours.

Theirs opens by the public form, then the staff assigns (owner and queue), comments and closes: four requests. Ours is
the whole lifecycle of six acts. Neither looks at mail; theirs keeps no clocks, places, ledger or reading permissions.
"""

import base64
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode

import psycopg

from bench import processes
from bench.cast import Cast, Words, signed_in
from bench.client import Connection, drive, quantile
from bench.figures import Figure
from bench.house import Home, Server
from bench.lifecycle import CLIENTS, Walker
from bench.machine import ROOT
from bench.meter import Meter
from bench.opening import Opener
from bench.run import WORK, Run
from citong.cli.children import die_with_parent
from citong.core.cases.models import Case
from citong.core.people.models import Unit
from citong.core.people.posts import Post

PYTHON = ROOT / ".venv-helpdesk/bin/python"
DATABASE = "helpdesk"
WORKERS = 2
READY_WITHIN_SECONDS = 60
WARM_SECONDS = 2
READS = 20
SLOW_SECONDS = 20
TOKEN = "x" * 32  # what a browser would have been given; the cookie and the form must agree
OPEN, CLOSED = 1, 4


def measure(run: Run) -> Iterator[Figure]:
    """Opening and lifecycle at eight connections; list, page and search at one, theirs as the reference."""
    if not PYTHON.exists():
        raise RuntimeError("django-helpdesk is not installed: script/bench does it")
    people = _filled(run)
    cast = Cast.read(run.cast)
    with Server(run.house, WORK) as ours, _serving(run.house) as (base, pids):
        theirs = Desk(base, people)
        walker, opener = Walker(ours, cast), Opener(ours, cast)
        for name, mine, other in (
            ("opening", opener.one, theirs.open),
            ("whole life", walker.one, theirs.one),
        ):
            named = f"beside helpdesk: {name}, {CLIENTS} connections"
            yield _in_turns(run, named, (mine, ours.groups()), (other, {"web": pids()}))
        _assert_closed(run, theirs.last)
        with ours.resting():
            for name, mine_asks, they_ask in _reads(ours, theirs, cast):
                yield _read(run, f"beside helpdesk: {name}", mine_asks, they_ask)


def _assert_closed(run: Run, ticket: int) -> None:
    """Each update answers with a redirection, whether it changed anything or not: so the end is looked up."""
    with psycopg.connect(run.house.url(DATABASE)) as connection:
        asked = "SELECT status, assigned_to_id, (SELECT count(*) FROM helpdesk_followup WHERE ticket_id = t.id)"
        found = connection.execute(f"{asked} FROM helpdesk_ticket t WHERE id = %s", [ticket]).fetchone()
    if found is None or found[0] != CLOSED or found[1] is None or found[2] != 4:
        raise RuntimeError(f"the ticket {ticket} was not closed: {found}")


def _in_turns(
    run: Run, name: str, mine: tuple[Callable[[int], object], Any], other: tuple[Callable[[int], object], Any]
) -> Figure:  # fmt: skip
    meters = [Meter(groups, run.house.postmaster) for _work, groups in (mine, other)]
    for work, _groups in (mine, other):
        drive(work, clients=CLIENTS, seconds=WARM_SECONDS)
    for _round in range(run.rounds):
        for (work, _groups), meter in zip((mine, other), meters, strict=True):
            meter.round(work, clients=CLIENTS, seconds=run.seconds)
    told = meters[0].told() | {f"helpdesk_{key}": value for key, value in meters[1].told().items()}
    return Figure(name, run.size, meters[0].rate, "/s", meters[1].rate, "/s helpdesk", details=told)


def _read(run: Run, name: str, mine: Callable[[], float], other: Callable[[], float]) -> Figure:
    ours, theirs = list[float](), list[float]()
    while len(ours) < READS and sum(theirs) < SLOW_SECONDS:
        ours.append(mine())
        theirs.append(other())
    details = {"p95_ms": quantile(ours, 0.95) * 1000, "helpdesk_p95_ms": quantile(theirs, 0.95) * 1000}
    times = [quantile(seconds[1:] or seconds, 0.5) * 1000 for seconds in (ours, theirs)]
    return Figure(name, run.size, times[0], "ms p50", times[1], "ms p50 helpdesk", details=details)


def _reads(ours: Server, theirs: "Desk", cast: Cast) -> Iterator[tuple[str, Callable[[], float], Callable[[], float]]]:
    """The city's supervisor with the whole city in reach, beside a member of their staff who sees all queues."""
    centre = Unit.objects.get(function="centre", level="city", ends_on=None).code
    cookie = signed_in(cast.account(centre, Post.SUPERVISOR))
    browser = Connection(ours.base, headers={"Cookie": cookie})
    numbers = list(Case.objects.order_by("id").values_list("number", flat=True)[:READS])
    turn = iter(range(1_000_000))

    def page() -> float:
        return browser.get(f"/desk/case/{numbers[next(turn) % len(numbers)]}/").seconds

    yield "list of open cases", lambda: browser.get("/desk/?tab=all").seconds, lambda: theirs.listed("")
    if numbers:
        yield "page of a case", page, theirs.page
    word = "井盖"
    yield (
        f"search for {word}",
        lambda: browser.get(f"/desk/search?q={quote(word)}").seconds,
        lambda: theirs.listed(word),
    )


class Desk:
    """Clients of a django-helpdesk."""

    def __init__(self, base: str, people: dict[str, Any]) -> None:
        self._queues, self._staff = people["queues"], people["staff"]
        cookies = [f"sessionid={one['session']}; csrftoken={TOKEN}" for one in self._staff]
        self._public = [Connection(base, headers={"Cookie": f"csrftoken={TOKEN}"}) for _ in cookies]
        self._signed_in = [Connection(base, headers={"Cookie": cookie}) for cookie in cookies]
        self._words = [Words(seed=200 + number) for number, _one in enumerate(cookies)]
        self.last = 0  # a ticket whose whole life is over

    def open(self, client: int) -> int:
        """A ticket has come in by the public form; its id."""
        text = self._words[client].report()
        form = {"queue": self._queues[client], "title": text[:60], "body": text, "priority": 3}
        answer = self._send(self._public[client], "/tickets/submit/", form | {"submitter_email": "r@example.org"})
        found = re.search(r"ticket=[\w-]*?-?(\d+)(&|$)", answer)
        if not found:
            raise RuntimeError(f"no ticket was made: {answer}")
        return int(found[1])

    def one(self, client: int) -> None:
        """That client's next ticket was opened, assigned, commented and closed."""
        ticket, owner = self.open(client), self._staff[client]["id"]
        for told in (
            {"owner": owner, "queue": self._queues[client + 1]},
            {"comment": "已联系当事人。", "public": "1"},
            {"comment": "已经处理。", "new_status": CLOSED, "public": "1"},
        ):
            self._update(client, ticket, told)
        self.last = ticket

    def _update(self, client: int, ticket: int, told: dict[str, Any]) -> None:
        form = {"queue": self._queues[client + 1], "title": f"Ticket {ticket}", "priority": 3, "new_status": OPEN}
        self._send(self._signed_in[client], f"/tickets/{ticket}/update/", form | told)

    def listed(self, words: str) -> float:
        """Seconds of the staff's table, 50 rows, newest first: open tickets, or all that hold the words."""
        query: dict[str, Any] = {"search_string": words, "sorting": "created", "sortreverse": True}
        if not words:
            query["filtering"] = {"status__in": [OPEN, 2]}
        packed = base64.b64encode(json.dumps(query).encode()).decode()
        path = f"/datatables_ticket_list/{quote(packed, safe='=')}?draw=1&start=0&length=50"
        return self._signed_in[0].get(path + "&order[0][column]=5&order[0][dir]=desc").seconds

    def page(self) -> float:
        """Seconds of the staff's page of a ticket."""
        return self._signed_in[0].get(f"/tickets/{self.last}/").seconds

    def _send(self, connection: Connection, path: str, form: dict[str, Any]) -> str:
        body = urlencode(form | {"csrfmiddlewaretoken": TOKEN}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return connection.post(path, body, headers=headers, expect=302).headers["location"]


def _filled(run: Run) -> dict[str, Any]:
    """A fresh database with as many tickets as there are cases."""
    run.house.create(DATABASE)
    said = "\n".join(Words(seed=1).sentences)
    done = subprocess.run(
        [str(PYTHON), "-m", "bench.helpdesk_site.fill", str(run.size)], cwd=ROOT, env=_environment(run.house),
        input=said, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"django-helpdesk could not be filled: {done.stderr[-400:]}")
    people: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return people


@contextmanager
def _serving(house: Home) -> Iterator[tuple[str, Callable[[], list[int]]]]:
    """(address, process ids) of django-helpdesk under uvicorn with as many workers as ours."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(PYTHON), "-m", "uvicorn", "bench.helpdesk_site.asgi:application", "--workers", str(WORKERS)]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--no-access-log", "--lifespan", "off", "--log-level", "error"], cwd=ROOT,
        env=_environment(house), preexec_fn=die_with_parent(signal.SIGTERM),
    )  # fmt: skip
    try:
        base = f"http://127.0.0.1:{port}"
        _wait(process, base)
        yield base, lambda: processes.children(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: "subprocess.Popen[bytes]", base: str) -> None:
    end = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            Connection(base).get("/tickets/submit/")
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("django-helpdesk does not start")


def _environment(house: Home) -> dict[str, str]:
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return known | {"HELPDESK_DATABASE_URL": house.url(DATABASE), "PYTHONPATH": str(ROOT)}
