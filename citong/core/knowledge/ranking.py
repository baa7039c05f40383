"""Which articles fit a text best: BM25 over the articles' tokens, in the database.

S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009). A long text asks for many
tokens; only the rarest are asked, and those by which articles are found at all are so rare that the cost stays bounded
however large the collection grows.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from citong.core.knowledge.models import Article, Collection, Word

MOST_TOKENS = 30
MOST_FOUND = 2_000  # articles that the rarest tokens together lead to
LOOKED_AT = 200  # of these, the best by a rough count are weighed exactly
MOST_TEXT = 2_000  # signs read from the start of a text
SATURATION, SHORTNESS = 1.2, 0.75  # k1 and b of BM25
BESIDE = 0.5  # a word that is asked for no word of the text counts that much
COMMON = 1.3  # an article chosen for everyday disputes counts that much more
SHOWN_WORDS = 5

RANKED = """
WITH asked AS MATERIALIZED (
  SELECT token, weight, quote_literal(token)::tsquery AS query
  FROM unnest(%(tokens)s::text[], %(weights)s::float8[]) AS one(token, weight)),
near AS MATERIALIZED (
  SELECT article.id, article.tokens || ''::tsvector AS tokens, article.length, article.common  -- unpacked once, here
  FROM knowledge_article AS article JOIN knowledge_statute AS statute ON statute.id = article.statute_id
  WHERE article.tokens @@ %(near)s::tsquery
    AND statute.in_force_from <= %(day)s
    AND (statute.in_force_to > %(day)s OR statute.in_force_to IS NULL AND NOT statute.lapsed)
    AND (%(short)s = '' OR statute.short = %(short)s)),
rough AS MATERIALIZED (
  SELECT near.id FROM near JOIN asked ON near.tokens @@ asked.query
  GROUP BY near.id, near.length, near.common
  ORDER BY sum(asked.weight) * CASE WHEN near.common THEN %(common)s ELSE 1 END
           / (1 + %(k)s * (1 - %(b)s + %(b)s * near.length / %(mean)s)) DESC, near.id
  LIMIT %(looked_at)s),
held AS (
  SELECT near.id, near.common, word.lexeme,
         asked.weight * times.n * (%(k)s + 1) / (times.n + %(k)s * (1 - %(b)s + %(b)s * near.length / %(mean)s)) AS part
  FROM rough JOIN near USING (id), unnest(near.tokens) AS word JOIN asked ON asked.token = word.lexeme,
       LATERAL (SELECT cardinality(word.positions)::float8 AS n) AS times)
SELECT id, sum(part) * CASE WHEN common THEN %(common)s ELSE 1 END AS score, array_agg(lexeme ORDER BY part DESC)
FROM held GROUP BY id, common ORDER BY score DESC, id LIMIT %(most)s
"""


@dataclass(frozen=True)
class Suggested:
    """An article that may fit: the words of the text that speak for it, strongest first, and how strongly."""

    article: Article
    words: tuple[str, ...]
    score: float


def ranked(asked: Mapping[str, str], *, on: date, most: int, every: str = "", short: str = "") -> list[Suggested]:
    """At most `most` articles in force on the day that hold what is asked, best first; four queries.

    `asked` is each token with the word it stands for, empty for one that nobody said. With `every`, a text query, only
    articles that fit it; with `short`, only of that statute.
    """
    whole = Collection.objects.first()
    times = dict(Word.objects.filter(token__in=list(asked)).values_list("token", "articles"))
    if whole is None or not times:
        return []
    weights = {token: (1 if asked[token] else BESIDE) * rarity(n, whole.articles) for token, n in times.items()}
    rarest = sorted(weights, key=lambda token: (-weights[token], token))[:MOST_TOKENS]
    given: dict[str, Any] = {
        "tokens": rarest, "weights": [weights[token] for token in rarest], "near": every or _near(rarest, times),
        "day": on, "short": short, "mean": whole.mean_length, "k": SATURATION, "b": SHORTNESS, "common": COMMON,
        "looked_at": LOOKED_AT, "most": most,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(RANKED, given)
        rows = cursor.fetchall()
    found = Article.objects.select_related("statute").defer("tokens").in_bulk([row[0] for row in rows])
    return [Suggested(found[id], _words(tokens, asked), score) for id, score, tokens in rows if id in found]


def rarity(times: int, of: int) -> float:
    """What a token says that stands in `times` of so many texts."""
    return math.log(1 + (of - times + 0.5) / (times + 0.5))


def _near(rarest: Sequence[str], times: Mapping[str, int]) -> str:
    """The text query by which articles are found at all: the rarest tokens that lead to few enough."""
    chosen: list[str] = []
    found = 0
    for token in rarest:
        found += times[token]
        if chosen and found > MOST_FOUND:
            break
        chosen.append(token)
    return " | ".join(f"'{token}'" for token in chosen)


def _words(tokens: Sequence[str], asked: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(asked[token] for token in tokens))[:SHOWN_WORDS]
