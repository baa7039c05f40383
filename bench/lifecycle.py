"""Whole lifecycles of six acts through the API: open, accept, dispatch, take, report as done, verify and close."""

import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from bench import processes
from bench.cast import Cast, Spot, Words
from bench.client import Connection, drive
from bench.figures import Figure, Target
from bench.house import Server
from bench.meter import Meter
from bench.opening import PATH
from bench.run import BESIDE, WORK, Run

CLIENTS = 8
WARM_SECONDS = 3
ALONE = 20
PER_SECOND = Target(least=60, unit="/s")
OF_SMALLEST = Target(least=0.9, of_ratio=True)
NAME = f"lifecycle of six acts, {CLIENTS} connections"


def measure(run: Run) -> Iterator[Figure]:
    """Lifecycles a second; at a larger size in turns with the smallest, each on a server of its own."""
    with ExitStack() as stack:
        server = stack.enter_context(Server(run.house, WORK))
        walkers = [Walker(server, Cast.read(run.cast))]
        meters = [Meter(server.groups(), run.house.postmaster)]
        if run.size != run.smallest:
            other = stack.enter_context(Server(run.house, BESIDE, folder=run.home / "beside"))
            walkers.append(Walker(other, Cast.read(run.cast_beside)))
            meters.append(Meter(other.groups(), run.house.postmaster))
        for walker in walkers:
            drive(walker.one, clients=CLIENTS, seconds=WARM_SECONDS)
        for _round in range(run.rounds):
            for walker, meter in zip(walkers, meters, strict=True):
                meter.round(walker.one, clients=CLIENTS, seconds=run.seconds)
    told = meters[0].told() | _alone(run)
    yield Figure(NAME, run.size, meters[0].rate, "/s", target=PER_SECOND, details=told)
    for meter in meters[1:]:
        named = f"/s at {run.smallest:,}"
        yield Figure(NAME, run.size, meters[0].rate, "/s", meter.rate, named, OF_SMALLEST, details=meter.told())


class Walker:
    """Clients that each take one case after another through its whole life, every act by the one whose it is."""

    def __init__(self, server: Server, cast: Cast) -> None:
        self._cast = cast
        self._connections = [Connection(server.base) for _ in range(CLIENTS)]
        self._words = [Words(seed=100 + number) for number in range(CLIENTS)]
        self._done = [0] * CLIENTS
        self._name = secrets.token_hex(4)  # a second walker sends other commands, not the same again

    def one(self, client: int) -> None:
        """That client's next case has been opened, handled, checked and closed."""
        self._done[client] += 1
        spot = self._cast.spots[(self._done[client] * CLIENTS + client) % len(self._cast.spots)]
        body = self._words[client].opening(spot)
        number = self._send(client, PATH, self._cast.openers[client], body, expect=201)["number"]
        state = ""
        for act, unit, post, data in acts(spot):
            state = self._send(client, act_path(number, act), self._cast.keys[unit, post], data)["state"]
        if state != "closed":
            raise RuntimeError(f"after its last act the case {number} is {state}")

    def _send(self, client: int, path: str, key: str, body: dict[str, Any], *, expect: int = 200) -> Any:
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"{self._name} {client}-{self._done[client]}"}
        return self._connections[client].post(path, body, headers=headers, expect=expect).json()


def acts(spot: Spot) -> list[tuple[str, str, str, dict[str, str]]]:
    """(act, unit, post, data) of the five acts that follow the opening."""
    return [
        ("accept", spot.desk, "clerk", {"category": spot.category}),
        ("dispatch", spot.desk, "dispatcher", {"unit": spot.unit}),
        ("take", spot.unit, "handler", {}),
        ("feed_back", spot.unit, "handler", {"result": "已到现场处理完毕，恢复正常。"}),
        ("close", spot.desk, "verifier", {"way": "site", "note": "现场核查属实。"}),
    ]


def act_path(number: str, act: str) -> str:
    return f"/api/v1/cases/{number}/acts/{act}"


def _alone(run: Run) -> dict[str, float]:
    """CPU of one lifecycle without a server around it: this process runs the same requests, one after another."""
    from django.test import Client

    cast, words = Cast.read(run.cast), Words(seed=7)

    def send(path: str, key: str, body: dict[str, Any], name: str) -> Any:
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": name, "Host": "127.0.0.1"}
        return Client(headers=headers).post(path, body, content_type="application/json").json()

    def one(number: int) -> None:
        spot = cast.spots[number]
        case = send(PATH, cast.openers[0], words.opening(spot), f"alone {number}")["number"]
        for act, unit, post, data in acts(spot):
            send(act_path(case, act), cast.keys[unit, post], data, f"alone {number}")

    one(0)
    began, before = time.process_time(), processes.database_cpu_seconds(run.house.postmaster)
    for number in range(1, ALONE + 1):
        one(number)
    spent = {"alone_python_ms": time.process_time() - began}
    spent["alone_postgresql_ms"] = processes.database_cpu_seconds(run.house.postmaster) - before
    return {name: seconds * 1000 / ALONE for name, seconds in spent.items()}
