"""Search in Chinese on the desk, beside ILIKE on the same rows."""

import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.db.models import QuerySet

from bench.cast import Cast, signed_in
from bench.client import Connection, quantile
from bench.figures import Figure
from bench.house import Server
from bench.run import WORK, Run
from citong.core.cases.models import Case, Category
from citong.core.people.access import Purpose, actor_of, scope
from citong.core.people.models import Unit
from citong.core.people.posts import Post
from citong.core.search.index import found

ROWS = 51  # a page, and one more to know whether there is another
REQUESTS = 30
SLOW_SECONDS = 20
SAMPLE = 3000
FREQUENCIES = (0.2, 0.02, 0.002)
WORDS = r"""
SELECT word, ndoc, (SELECT count(*) FROM (SELECT FROM search_document LIMIT {sample}) AS sampled)
FROM ts_stat($$SELECT vector FROM search_document LIMIT {sample}$$)
WHERE word ~ '^[\u4e00-\u9fff]{{2,4}}$' ORDER BY ndoc DESC, word
"""
ILIKE = """
SELECT id FROM cases_case
WHERE {conditions} ORDER BY id DESC LIMIT %s
"""
ONE = "(title ILIKE %s OR text ILIKE %s OR address ILIKE %s)"


def measure(run: Run) -> Iterator[Figure]:
    """Over the whole city, for words of different frequency and two together: the statement for a page of hits.

    The whole page, asked by HTTP, stands in the details.
    """
    centre = Unit.objects.get(function="centre", level="city", ends_on=None).code
    account = Cast.read(run.cast).account(centre, Post.SUPERVISOR)
    reach, asked = scope(actor_of(account), Purpose.HANDLING), _words()
    with Server(run.house, WORK, workers=1) as server, server.resting():
        browser = Connection(server.base, headers={"Cookie": signed_in(account)})
        for words, share in asked.items():
            page = _asked(browser, words)
            hits = Case.objects.filter(reach, pk__in=found(words, "case")).order_by("-id").values_list("id")[:ROWS]
            ours, ilike = _timed(partial(_fetched, hits)), _timed(_ilike(words))
            details = {"page_p50_ms": quantile(page, 0.5) * 1000, "page_p95_ms": quantile(page, 0.95) * 1000}
            named = f"search for {words} (in {share})"
            yield Figure(
                named, run.size, quantile(ours, 0.5) * 1000, "ms p50", quantile(ilike, 0.5) * 1000, "ms p50 ILIKE",
                details=details,
            )  # fmt: skip


def _words() -> dict[str, str]:
    """Words of the city's categories near each frequency, two of them together, and one that nobody wrote."""
    keywords = " ".join(Category.objects.values_list("keywords", flat=True))
    wanted = set(re.split(r"[\s;；,，、]+", keywords))
    with connection.cursor() as cursor:
        cursor.execute(WORDS.format(sample=SAMPLE))
        rows = cursor.fetchall()
    if not rows:
        raise RuntimeError("there are no words to search for")
    known = [(word, count / rows[0][2]) for word, count, _all in rows if word in wanted] or [(rows[0][0], 1.0)]
    chosen = {}
    for frequency in FREQUENCIES:
        word, share = min(known, key=lambda row: abs(row[1] - frequency))
        chosen[word] = f"{share:.1%}"
    first, *_others = chosen
    return chosen | {" ".join(list(chosen)[:2]): "both"} | ({"海市蜃楼": "none"} if first != "海市蜃楼" else {})


def _asked(browser: Connection, words: str) -> list[float]:
    path = f"/desk/search?q={quote(words)}"
    browser.get(path)
    return [browser.get(path).seconds for _ in range(REQUESTS)]


def _ilike(words: str) -> Callable[[], object]:
    """The same question to the same rows without an index of words."""
    parts = words.split()
    query = ILIKE.format(conditions=" AND ".join(ONE for _ in parts))
    given = [f"%{part}%" for part in parts for _ in range(3)]

    def ask() -> object:
        with connection.cursor() as cursor:
            cursor.execute(query, [*given, ROWS])
            return cursor.fetchall()

    return ask


def _fetched(hits: QuerySet[Case, Any]) -> list[Any]:
    return list(hits.all())  # a fresh query each time


def _timed(ask: Callable[[], object]) -> list[float]:
    """Seconds of each of many askings; of fewer where they take long."""
    ask()
    seconds: list[float] = []
    while len(seconds) < REQUESTS and sum(seconds) < SLOW_SECONDS:
        began = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - began)
    return seconds
