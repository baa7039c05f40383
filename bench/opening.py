"""Opening cases through the API, beside pgbench writing the same rows and commits."""

import secrets
from collections.abc import Iterator
from statistics import fmean

from bench import floor
from bench.cast import Cast, Words
from bench.client import Connection, drive, middle
from bench.figures import Figure, Target
from bench.house import Server
from bench.meter import Meter, rates
from bench.run import TWIN, WORK, Run
from bench.writes import Sample, load, rows_written

CLIENTS = (1, 4, 8)
WARM_SECONDS = 3
TARGET = Target(least=0.45, of_ratio=True)
PATH = "/api/v1/requests/cases"


def measure(run: Run) -> Iterator[Figure]:
    """Rate, time and cost of an opening; the API and pgbench take turns, so that both meet the same disk."""
    samples = load(run.samples)
    print(f"  {_told(samples)}", flush=True)
    twin = floor.prepare(run.house.url(TWIN), samples, folder=run.home / "pgbench")
    with Server(run.house, WORK) as server:
        opener = Opener(server, Cast.read(run.cast))
        drive(opener.one, clients=max(CLIENTS), seconds=WARM_SECONDS)
        twin.rate(clients=max(CLIENTS), seconds=1)
        meters = {clients: Meter(server.groups(), run.house.postmaster) for clients in CLIENTS}
        floors: dict[int, list[float]] = {clients: [] for clients in CLIENTS}
        for _round in range(run.rounds):
            for clients, meter in meters.items():
                meter.round(opener.one, clients=clients, seconds=run.seconds)
                with server.resting():
                    floors[clients].append(twin.rate(clients=clients, seconds=run.seconds))
        one_key = Meter(server.groups(), run.house.postmaster)
        one_key.round(opener.with_one_key, clients=max(CLIENTS), seconds=run.seconds)
    for clients, meter in meters.items():
        written = {"statements": fmean(sample.statements for sample in samples), "rows": twin.rows}
        yield Figure(
            f"opening a case, {clients} connection{'s'[: clients - 1]}", run.size, meter.rate, "/s",
            middle(floors[clients]), "/s pgbench", TARGET,
            details=meter.told() | written | {"pgbench_rounds": rates(floors[clients])},
        )  # fmt: skip
    name = f"opening a case, {max(CLIENTS)} connections with one key"
    yield Figure(name, run.size, one_key.rate, "/s", details=one_key.told())


class Opener:
    """Programs that open cases, one connection and one key each."""

    def __init__(self, server: Server, cast: Cast) -> None:
        self._connections = [Connection(server.base) for _ in cast.openers]
        self._words = [Words(seed=number) for number, _key in enumerate(cast.openers)]
        self._cast, self._sent = cast, [0 for _key in cast.openers]
        self._name = secrets.token_hex(4)  # a second opener sends other commands, not the same again

    def one(self, client: int) -> None:
        """That client's next case is open."""
        self._open(client, self._cast.openers[client])

    def with_one_key(self, client: int) -> None:
        """The same, when all clients are one program."""
        self._open(client, self._cast.openers[0])

    def _open(self, client: int, key: str) -> None:
        self._sent[client] += 1
        spot = self._cast.spots[(self._sent[client] * len(self._sent) + client) % len(self._cast.spots)]
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"{self._name} {client}-{self._sent[client]}"}
        self._connections[client].post(PATH, self._words[client].opening(spot), headers=headers, expect=201)


def _told(samples: list[Sample]) -> str:
    written = ", ".join(f"{name} {count:g}" for name, count in rows_written(samples).items())
    commits = fmean(len(sample.transactions) for sample in samples)
    return f"an opening makes {commits:g} commits and writes, in rows: {written}"
