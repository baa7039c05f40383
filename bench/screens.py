"""The pages a whole staff has open all day: inbox, case page, map and the supervisor's figures, signed in."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import median

from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.cast import Cast, signed_in
from bench.client import Connection, quantile
from bench.figures import Figure, Target
from bench.house import Server
from bench.meter import Meter
from bench.run import WORK, Run
from citong.core.cases.models import Case
from citong.core.people.models import Unit
from citong.core.people.posts import Post

SECONDS = 4
PAGES = 100
WARM_REQUESTS = 10
COUNTED = 5
QUICK = Target(most=60, unit="ms")


@dataclass(frozen=True)
class Screen:
    """Addresses of one kind of page, asked in turn by one person."""

    name: str
    cookie: str
    paths: Sequence[str]
    target: Target | None = None


def measure(run: Run) -> Iterator[Figure]:
    """Per page the time at the client, on one loopback connection, and its number of queries."""
    screens = _screens(Cast.read(run.cast))
    with Server(run.house, WORK, workers=1) as server, server.resting():
        for screen in screens:
            yield figure(run, server, screen)


def figure(run: Run, server: Server, screen: Screen) -> Figure:
    """How long the page takes at the client, and how many queries it makes."""
    browser = Connection(server.base, headers={"Cookie": screen.cookie})
    for number in range(WARM_REQUESTS):
        browser.get(screen.paths[number % len(screen.paths)])
    meter, asked, sizes = Meter(server.groups(), run.house.postmaster), count(WARM_REQUESTS), list[int]()

    def ask(_client: int) -> None:
        sizes.append(len(browser.get(screen.paths[next(asked) % len(screen.paths)]).body))

    meter.round(ask, clients=1, seconds=SECONDS)
    told = meter.told() | {"queries": _queries(screen), "kB": median(sizes) / 1024}
    p95 = quantile(meter.loads[0].each, 0.95) * 1000
    return Figure(screen.name, run.size, p95, "ms p95", target=screen.target, details=told)


def _queries(screen: Screen) -> int:
    """The most queries that the page made, of some of its addresses, in a process that had shown it before."""
    client = Client(headers={"Cookie": screen.cookie, "Host": "127.0.0.1"})
    made = []
    for number in range(COUNTED):
        with CaptureQueriesContext(connection) as captured:
            client.get(screen.paths[number % len(screen.paths)])
        made.append(sum(not query["sql"].startswith(("BEGIN", "COMMIT")) for query in captured.captured_queries))
    return max(made[1:])


def _screens(cast: Cast) -> list[Screen]:
    """Of the district and the handling unit with most open cases, and of the whole city's supervisor."""
    desk = _busiest("desk__code", [unit for unit, post in cast.accounts if post == Post.CLERK])
    hands = _busiest("unit__code", [unit for unit, post in cast.accounts if post == Post.HANDLER])
    centre = Unit.objects.get(function="centre", level="city", ends_on=None).code
    seats = {
        "clerk": (desk, Post.CLERK), "dispatcher": (desk, Post.DISPATCHER), "handler": (hands, Post.HANDLER),
        "supervisor": (centre, Post.SUPERVISOR), "leader": (desk, Post.SUPERVISOR),
    }  # fmt: skip
    cookies = {name: signed_in(cast.account(*seat)) for name, seat in seats.items()}
    cases = [f"/desk/case/{number}/" for number in _some_numbers(desk)]
    return [
        *(Screen(f"inbox of a {who}", cookies[who], ["/desk/"], QUICK) for who in ("clerk", "dispatcher", "handler")),
        Screen("case page", cookies["clerk"], cases, QUICK),
        Screen("inbox of the whole city", cookies["supervisor"], ["/desk/"]),
        Screen("map page of the whole city", cookies["supervisor"], ["/desk/map/"]),
        Screen("map: cases of a district", cookies["clerk"], ["/desk/map/cases.geojson"]),
        Screen("map: cases of the whole city", cookies["supervisor"], ["/desk/map/cases.geojson"]),
        Screen("supervision of a district, 30 days", cookies["leader"], ["/desk/supervision/"]),
        Screen("supervision of the whole city, 30 days", cookies["supervisor"], ["/desk/supervision/"]),
    ]  # fmt: skip


def _busiest(column: str, codes: list[str]) -> str:
    counted = Case.objects.filter(open=True, **{f"{column}__in": codes}).values_list(column).annotate(Count("pk"))
    code: str = max(counted, key=lambda row: row[1], default=(codes[0], 0))[0]
    return code


def _some_numbers(desk: str) -> list[str]:
    """Numbers of cases of that desk, drawn from the whole time."""
    ids = list(Case.objects.filter(desk__code=desk).values_list("number", flat=True))
    if not ids:
        raise RuntimeError("there is no case whose page could be shown")
    return random.Random(1).sample(ids, min(len(ids), PAGES + WARM_REQUESTS))
