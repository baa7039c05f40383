"""Looking law up at the desk: by words, statute and day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from citong.core.knowledge.models import Article
from citong.core.knowledge.ranking import Suggested
from citong.core.knowledge.read import LONGEST_QUESTION, listed, look_up, opened, statute_called, statutes
from citong.core.places.current import today
from citong.web.desk.door import staff


@dataclass(frozen=True)
class Wanted:
    """What is looked up, as the address says it; whatever is said wrongly is as if it were not said."""

    q: str
    law: str
    on: date
    after: int

    @classmethod
    def read(cls, request: HttpRequest) -> "Wanted":
        said = request.GET
        on = today()
        after = said.get("after", "")
        return cls(
            " ".join(said.get("q", "").split())[:LONGEST_QUESTION],
            " ".join(said.get("law", "").split())[:LONGEST_QUESTION],
            _day(said.get("on", "")) or on,
            int(after) if after.isdecimal() and len(after) < 10 else -1,
        )

    def query(self, **other: str) -> str:
        """The same question with something else in it, as the end of an address."""
        said = {"q": self.q, "law": self.law, "on": self.on.isoformat()} | other
        return "?" + urlencode({name: value for name, value in said.items() if value})


@require_GET
@staff("law")
def law(request: HttpRequest) -> HttpResponseBase:
    """Articles that hold the words, in one statute or all, as the law was on the day."""
    wanted = Wanted.read(request)
    short = statute_called(wanted.law, on=wanted.on) if wanted.law else ""
    unknown = bool(wanted.law and not short)
    hits: Sequence[Suggested] = []
    nearest, more = False, None
    if wanted.q and not unknown:
        found = look_up(wanted.q, on=wanted.on, short=short)
        hits, nearest = found.hits, found.nearest
    elif short:
        rows, more = listed(short, on=wanted.on, after=wanted.after)
        hits = [Suggested(article, (), 0.0) for article in rows]
    shown = {
        "wanted": wanted, "short": short, "unknown": unknown, "hits": hits, "nearest": nearest and bool(hits),
        "more": wanted.query(after=str(more)) if more is not None else "", "laws": statutes(on=wanted.on),
        "first": wanted.query() if wanted.after >= 0 else "",
    }  # fmt: skip
    return render(request, "web/knowledge/search.html", shown)


@require_GET
@staff("law")
def law_article(request: HttpRequest, article: int) -> HttpResponseBase:
    """One article: where it stands, since when it holds, what was there before."""
    found = opened(article)
    if found is None:
        raise Http404
    on = today()
    versions = [(version, same, version.holds_on(on)) for version, same in found.versions]
    shown = {"found": found, "article": found.article, "versions": versions, "holds": _holds(found.article, on)}
    shown["lines"] = found.article.text.splitlines()
    return render(request, "web/knowledge/article.html", shown)


def _holds(article: Article, on: date) -> str:
    """ "now", "later" or "ended": whether this wording is law."""
    if article.statute.holds_on(on):
        return "now"
    return "later" if on < article.statute.in_force_from else "ended"


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
