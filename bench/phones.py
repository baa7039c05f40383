"""Monday morning: every grid worker's phone of the city pulls and pushes, beside polling with all ids and versions."""

import base64
import gzip
import hashlib
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bench import neighbours, processes
from bench.cast import Words
from bench.client import Answer, Connection, drive, quantile
from bench.figures import Figure, Target
from bench.house import Server
from bench.run import WORK, Run
from citong.core.places.current import day_of, today
from citong.kit.ids import uuid7

ALL = int(os.environ.get("BENCH_PHONES", "27739"))
VISITS, CHANGES = 7, 2  # and one report: ten operations
SENDERS = 6
FIRST = 5
MANIFESTS = 200
MONDAY, PLANNING = Target(most=600, unit="s"), Target(most=60, unit="s")
SMALL, QUICK = Target(most=300, unit="bytes"), Target(most=20, unit="ms")
LOAD_SIZE, LOAD_TIME = Target(most=400, unit="kB"), Target(most=1, unit="s")
SCOPES = """
SELECT device.id, 'account:' || device.account_id, 'unit:' || post.unit_id, beat.grid
FROM sync_device AS device
JOIN people_appointment AS post ON post.account_id = device.account_id AND post.ends_on IS NULL
JOIN people_beat AS beat ON beat.appointment_id = post.id ORDER BY device.id
"""
RECORDS = "SELECT grid, kind, array_agg(id), min(lon), min(lat) FROM register_record GROUP BY grid, kind"
MANIFEST = """
SELECT id, version FROM register_record WHERE grid = %(grid)s
UNION ALL SELECT tie.id, tie.version FROM register_tie AS tie JOIN register_record AS one ON one.id = tie.subject_id
          WHERE one.grid = %(grid)s
UNION ALL SELECT dwelling, version FROM visits_household WHERE grid = %(grid)s
"""


def measure(run: Run) -> Iterator[Figure]:
    """Once in a run: what phones hold does not depend on the number of cases."""
    if run.size != run.smallest:
        return
    from citong.core.sync import feed
    from citong.services.visits.plan import monday_of, plan_week

    key = generate_private_key(SECP256R1())
    began = time.perf_counter()
    big = neighbours.settle(key=key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    print(f"  inhabited in {time.perf_counter() - began:.0f} s", flush=True)
    before = str(feed.here())
    began = time.perf_counter()
    plans = plan_week(monday_of(today()))
    took = time.perf_counter() - began
    yield Figure(f"planning {plans:,} workers' week", run.size, took, "s", target=PLANNING,
                 details={"households": neighbours.HOUSEHOLDS})  # fmt: skip
    with Server(run.house, WORK) as server:
        city = _city(run, server, key, before)
        yield from _first_load(run, city, big)
        yield from _unchanged(run, city, server, big)
        yield _monday(run, city, server)


@dataclass
class Phone:
    """One worker's phone: its id, its scopes with their cursors, the grid it works in, as which of its workers."""

    device: str
    grid: str
    turn: int
    scopes: dict[str, str]


@dataclass
class City:
    """All phones, and the records of each grid they can speak of."""

    base: str
    key: EllipticCurvePrivateKey
    phones: list[Phone]
    records: Mapping[str, Mapping[str, list[UUID]]]
    places: Mapping[str, tuple[float, float]]
    lines: threading.local = field(default_factory=threading.local)

    def ask(self, phone: Phone, method: str, path: str, body: bytes = b"", *, expect: int = 200) -> Any:
        """The door's answer to this phone."""
        if not hasattr(self.lines, "line"):
            self.lines.line = Connection(self.base)
        seconds = str(int(time.time()))
        told = f"{method}\n{path}\n{seconds}\n{hashlib.sha256(body).hexdigest()}".encode()
        r, s = decode_dss_signature(self.key.sign(told, ECDSA(SHA256())))
        signature = base64.urlsafe_b64encode(r.to_bytes(32) + s.to_bytes(32)).rstrip(b"=").decode()
        headers = {"Authorization": f"Citong {phone.device} {seconds} {signature}", "Accept-Encoding": "gzip"}
        typed = headers | {"Content-Type": "application/json"} if body else headers
        return self.lines.line.ask(method, path, headers=typed, body=body, expect=expect)


def _city(run: Run, server: Server, key: EllipticCurvePrivateKey, cursor: str) -> City:
    """Each phone has read up to the cursor: it was switched off before the week was planned."""
    with psycopg.connect(run.house.url(WORK)) as connection:
        phones: dict[str, Phone] = {}
        turns: Counter[str] = Counter()
        for device, account, unit, grid in connection.execute(SCOPES):
            if str(device) not in phones:
                turns[grid] += 1
            one = phones.setdefault(str(device), Phone(str(device), grid, turns[grid] - 1, {}))
            one.scopes |= dict.fromkeys((account, unit, f"grid:{grid}"), cursor)
        records: dict[str, dict[str, list[UUID]]] = {}
        places: dict[str, tuple[float, float]] = {}
        for grid, kind, ids, lon, lat in connection.execute(RECORDS):
            records.setdefault(grid, {})[kind] = ids
            places[grid] = lon, lat
    chosen = sorted(phones.values(), key=lambda one: one.grid)[:ALL]  # that of the big grid comes first
    return City(server.base, key, chosen, records, places)


def _first_load(run: Run, city: City, big: str) -> Iterator[Figure]:
    """The load of a grid of a thousand persons: made anew, then as it lies ready."""
    phone = next(one for one in city.phones if one.grid == big)
    times = []
    for _turn in range(FIRST):
        answer = city.ask(phone, "GET", f"/field/first/grid:{big}")
        times.append(answer.seconds)
    rows = len(json.loads(gzip.decompress(answer.body))["rows"])
    yield Figure(f"first load of {rows:,} rows, {neighbours.BIG:,} persons", run.size, len(answer.body) / 1000, "kB",
                 target=LOAD_SIZE)  # fmt: skip
    yield Figure("… made anew", run.size, times[0], "s", target=LOAD_TIME)
    yield Figure("… lying ready", run.size, quantile(times[1:], 0.5), "s", target=LOAD_TIME)


def _unchanged(run: Run, city: City, server: Server, big: str) -> Iterator[Figure]:
    """Pulls when nothing changed, one at a time; beside them the manifest of all ids and versions."""
    from citong.core.sync import feed

    some, here = random.Random(1).sample(city.phones, min(1000, len(city.phones))), str(feed.here())
    chosen = [Phone(one.device, one.grid, one.turn, dict.fromkeys(one.scopes, here)) for one in some]
    turn = iter(chosen * 1000)
    pids = server.groups()["web"]
    size = [0]

    def pulls(_client: int) -> None:
        phone = next(turn)
        answer = city.ask(phone, "POST", "/field/pull", _asked(phone), expect=204)
        size[0] = _on_the_wire(answer)

    drive(pulls, clients=1, seconds=1)
    before, base = processes.cpu_seconds(pids), processes.database_cpu_seconds(run.house.postmaster)
    load = drive(pulls, clients=1, seconds=run.seconds)
    web = (processes.cpu_seconds(pids) - before) * 1000 / len(load.each)
    database = (processes.database_cpu_seconds(run.house.postmaster) - base) * 1000 / len(load.each)
    seconds, bytes_ = _manifest(run, big)
    yield Figure(
        "unchanged pull, on the wire", run.size, size[0], "bytes", bytes_, "bytes, all ids and versions", SMALL
    )
    yield Figure(
        "unchanged pull", run.size, load.part_ms(0.95), "ms p95", seconds * 1000, "ms to make the manifest", QUICK,
        details={"p50_ms": load.part_ms(0.5), "web_cpu_ms": web, "postgresql_cpu_ms": database},
    )  # fmt: skip


def _manifest(run: Run, grid: str) -> tuple[float, int]:
    """(seconds, gzipped bytes) of telling all ids and versions of one grid, as the full-manifest way does each time."""
    with psycopg.connect(run.house.url(WORK)) as connection:
        began = time.perf_counter()
        for _turn in range(MANIFESTS):
            rows = connection.execute(MANIFEST, {"grid": grid}, prepare=True).fetchall()
            body = gzip.compress(json.dumps([[str(id), version] for id, version in rows]).encode(), 6)
        return (time.perf_counter() - began) / MANIFESTS, len(body)


def _monday(run: Run, city: City, server: Server) -> Figure:
    """Every phone pulls and pushes ten operations once."""
    morning = Morning(city)
    groups, postmaster = server.groups(), run.house.postmaster
    before = {name: processes.cpu_seconds(pids) for name, pids in groups.items()}
    database, own, began = processes.database_cpu_seconds(postmaster), time.process_time(), time.perf_counter()
    morning.over()
    took, count = time.perf_counter() - began, len(morning.each)
    spent = {f"{name}_cpu_ms": processes.cpu_seconds(pids) - before[name] for name, pids in groups.items()}
    spent |= {"postgresql_cpu_ms": processes.database_cpu_seconds(postmaster) - database}
    spent |= {"senders_cpu_ms": time.process_time() - own}
    told: dict[str, Any] = {name: seconds * 1000 / count for name, seconds in spent.items()}
    told |= {f"p{part}_ms": quantile(morning.each, part / 100) * 1000 for part in (50, 95)}
    told["results"] = " ".join(f"{name} {number}" for name, number in morning.results.items())
    name = f"Monday morning, {count:,} phones of {VISITS + CHANGES + 1} operations"
    return Figure(name, run.size, took, "s", target=MONDAY, details=told)


class Morning:
    """All phones of a city, some at a time: seconds of `each`, and how many operations had which of the `results`."""

    def __init__(self, city: City) -> None:
        self.each: list[float] = []
        self.results: Counter[str] = Counter()
        self._city, self._waiting, self._lock = city, iter(city.phones), threading.Lock()
        self._faults: list[BaseException] = []

    def over(self) -> None:
        """Every phone was heard. The first fault ends it and is raised."""
        threads = [threading.Thread(target=self._send, args=(number,), daemon=True) for number in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._faults:
            raise self._faults[0]

    def _send(self, number: int) -> None:
        words = Words(seed=number)
        try:
            while not self._faults and (phone := self._next()):
                self._hear(phone, words)
        except BaseException as fault:
            self._faults.append(fault)

    def _next(self) -> Phone | None:
        with self._lock:
            return next(self._waiting, None)

    def _hear(self, phone: Phone, words: Words) -> None:
        began = time.perf_counter()
        self._city.ask(phone, "POST", "/field/pull", _asked(phone))
        body = {"now": datetime.now(UTC).isoformat(), "operations": _said(self._city, phone, words)}
        answer = self._city.ask(phone, "POST", "/field/push", json.dumps(body).encode())
        self.each.append(time.perf_counter() - began)
        packed = answer.headers.get("content-encoding") == "gzip"
        told = json.loads(gzip.decompress(answer.body) if packed else answer.body)
        with self._lock:
            self.results.update(one["result"] for one in told["answers"])


def _asked(phone: Phone) -> bytes:
    return json.dumps({"scopes": phone.scopes, "waiting": 0, "oldest": None, "app": "bench"}).encode()


def _said(city: City, phone: Phone, words: Words) -> list[dict[str, Any]]:
    """Ten operations of a worker: visits, corrections of a record, a report."""
    homes, people = city.records[phone.grid]["dwelling"], city.records[phone.grid]["person"]
    mine, known = phone.turn * VISITS, phone.turn * CHANGES
    told = {"outcome": "done", "answers": {"all_well": "yes"}}
    said = [_operation("visit", home, told) for home in homes[mine : mine + VISITS]]
    now = datetime.now(UTC)
    for one in people[known : known + CHANGES]:
        told = {"set": {"phone": f"0595{now.microsecond:06}00"}, "source": "visit", "on": day_of(now).isoformat()}
        said.append(_operation("change", one, told, base=1))
    lon, lat = city.places[phone.grid]
    form = {"text": words.report(), "category": "urban.road.manhole", "lon": lon, "lat": lat}
    return [*said, _operation("open", uuid7(), {"service": "requests", "form": form, "files": []})]


def _operation(kind: str, subject: UUID, data: dict[str, Any], *, base: int | None = None) -> dict[str, Any]:
    given = {"id": str(uuid7()), "kind": kind, "subject": str(subject), "base": base, "after": None}
    return given | {"at": datetime.now(UTC).isoformat(), "data": data}


def _on_the_wire(answer: Answer) -> int:
    """Bytes of the whole answer: status line, headers, body."""
    lines = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    return len("HTTP/1.1 204 No Content\r\n\r\n") + lines + len(answer.body)
