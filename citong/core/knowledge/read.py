"""Looking law up by words, by the number of an article, by statute and day; an article with those beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from citong.core.knowledge.everyday import asked
from citong.core.knowledge.models import Article, Statute, held_on
from citong.core.knowledge.ranking import Suggested, ranked
from citong.core.search.index import every_word
from citong.kit.statutes import NUMERAL, numeral
from citong.kit.text import query_words

MOST = 30
ROWS = 50
LONGEST_QUESTION = 200
CITED = re.compile(rf"《?(?P<name>[^《》]*?)》?\s*第?\s*(?P<no>\d+|{NUMERAL})\s*条?(?:之(?P<sub>{NUMERAL}))?")


@dataclass(frozen=True)
class Found:
    """What was found. `nearest`: no article holds every word, so these hold the rarest of them."""

    hits: Sequence[Suggested]
    nearest: bool = False


@dataclass(frozen=True)
class Opened:
    """An article with those before and after it, and the versions of its law that have an article of this number."""

    article: Article
    before: Article | None
    after: Article | None
    versions: Sequence[tuple[Statute, Article | None]]


def look_up(words: str, *, on: date, short: str = "") -> Found:
    """Articles in force on the day: the one that is cited, else those with every word, else the nearest."""
    words = words[:LONGEST_QUESTION]
    if cited := _cited(words, on=on, short=short):
        return Found([Suggested(article, (), 0.0) for article in cited])
    every = every_word(words)
    if every and (hits := ranked(query_words(words), on=on, most=MOST, every=every, short=short)):
        return Found(hits)
    return Found(ranked(asked(words), on=on, most=MOST, short=short), nearest=True)


def listed(short: str, *, on: date, after: int = -1) -> tuple[list[Article], int | None]:
    """The articles of a statute as it was on that day, `ROWS` at a time; and the place after which more follow."""
    rows = _of(short, on).filter(place__gt=after).order_by("place")[: ROWS + 1]
    found = list(rows)
    return found[:ROWS], found[ROWS - 1].place if len(found) > ROWS else None


def statute_called(name: str, *, on: date) -> str:
    """The short name of the statute in force whose name holds this, the shortest; else nothing."""
    name = name.strip("《》 ").removeprefix("中华人民共和国")
    held = Statute.objects.filter(held_on(on), short__contains=name) if name else Statute.objects.none()
    return min(held.values_list("short", flat=True), key=len, default="")


def statutes(*, on: date, most: int = 300) -> list[str]:
    """Short names of the statutes in force, to choose from; laws before what ranks below them."""
    held = Statute.objects.filter(held_on(on)).order_by("level", "short")
    return list(held.values_list("short", flat=True)[:most])


def opened(article_id: int) -> Opened | None:
    """The article, or None; five queries."""
    article = Article.objects.select_related("statute").defer("tokens").filter(pk=article_id).first()
    if article is None:
        return None
    beside = Article.objects.filter(statute=article.statute).only("id", "number", "place")
    before = beside.filter(place__lt=article.place).order_by("-place").first()
    after = beside.filter(place__gt=article.place).order_by("place").first()
    return Opened(article, before, after, _versions(article))


def _versions(article: Article) -> list[tuple[Statute, Article | None]]:
    law = article.statute
    versions = list(Statute.objects.filter(short=law.short, area=law.area).order_by("-in_force_from", "-issued_on"))
    same = Article.objects.filter(statute__in=versions, place=article.place).only("id", "statute_id", "number")
    by_version = {one.statute_id: one for one in same}
    return [(version, by_version.get(version.pk)) for version in versions]


def _of(short: str, on: date) -> QuerySet[Article]:
    held = held_on(on, of="statute__")
    return Article.objects.filter(held, statute__short=short).select_related("statute").defer("tokens")


def _cited(words: str, *, on: date, short: str) -> list[Article]:
    """The article somebody names: 民法典第二百八十八条, 《民法典》288; one number alone within a chosen statute."""
    said = CITED.fullmatch(words.strip())
    if said is None or not (said["name"] or short):
        return []
    law = short or statute_called(said["name"], on=on)
    place = numeral(said["no"]) * 100 + (numeral(said["sub"]) if said["sub"] else 0)
    return list(_of(law, on).filter(Q(place=place))[:2]) if law else []
