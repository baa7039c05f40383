"""Memory of a web process that has the whole city loaded and has worked for a while."""

import random
from collections.abc import Iterator
from itertools import islice

from bench import processes
from bench.cast import Cast, signed_in
from bench.client import Connection
from bench.figures import Figure, Target
from bench.house import Server
from bench.opening import Opener
from bench.run import WORK, Run
from citong.core.cases.models import Case
from citong.core.people.models import Unit
from citong.core.people.posts import Post

REQUESTS = 500
CONNECTIONS = 8  # spread over both web processes
TARGET = Target(most=250, unit="MB")
PAGES = (
    "/desk/",
    "/desk/map/",
    "/desk/map/cases.geojson",
    "/desk/supervision/",
    "/desk/search?q=%E4%BA%95%E7%9B%96",
    "/",
)


def measure(run: Run) -> Iterator[Figure]:
    """The larger of two web processes after 500 mixed requests."""
    cast = Cast.read(run.cast)
    centre = Unit.objects.get(function="centre", level="city", ends_on=None).code
    cookie = signed_in(cast.account(centre, Post.SUPERVISOR))
    numbers = list(islice(Case.objects.order_by("-id").values_list("number", flat=True), 50))
    chance = random.Random(1)
    with Server(run.house, WORK) as server:
        opener = Opener(server, cast)
        browsers = [Connection(server.base, headers={"Cookie": cookie}) for _ in range(CONNECTIONS)]
        fresh = max(processes.memory_mb(pid)["rss"] for pid in server.groups()["web"])
        for number in range(REQUESTS):
            if number % 2:
                opener.one(number // 2 % CONNECTIONS)
                continue
            pages = [*PAGES, *(f"/desk/case/{chance.choice(numbers)}/" for _ in PAGES if numbers)]
            browsers[number // 2 % CONNECTIONS].get(chance.choice(pages))
        held = [processes.memory_mb(pid) for pid in server.groups()["web"]]
    most = max(held, key=lambda one: one["rss"])
    details = {"pss_mb": most["pss"], "fresh_rss_mb": fresh, "other_rss_mb": min(one["rss"] for one in held)}
    yield Figure("memory of a web process", run.size, most["rss"], "MB RSS", target=TARGET, details=details)
