"""Statutes come in from Markdown, file by file; brought in again, only what changed is written."""

import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from citong.core.knowledge.models import Article, Rank, Statute
from citong.kit.statutes import StatuteText, parse
from citong.kit.text import token_counts

SHIPPED = Path(__file__).parent / "seed"
SHIPPED_SOURCE = "Citong, citong/core/knowledge/seed"
ISSUED = re.compile(r"[(（](\d{4}-\d{2}-\d{2})[)）]$")
NOT_STATUTES = re.compile(r"(^|/)(案例|scripts)/|(^|/)(_index|README|SOURCE)\.md$|^\.")
LOCAL = re.compile(r"地方性?法规(?:/[^/]*地方性?法规)?/(?P<area>[^/]+)/")
AMENDMENT = re.compile(r"关于修改.*的(决定|决议)")
MOST_TIMES = 8  # that often a word counts in one article
LONGEST_WORD = 200
RANKS: Mapping[str, Rank] = {
    "宪法": Rank.CONSTITUTION, "行政法规": Rank.REGULATION, "司法解释": Rank.INTERPRETATION, "部门规章": Rank.RULE,
    "地方": Rank.LOCAL,
}  # fmt: skip
SUCCESSION = """
UPDATE knowledge_statute AS statute SET in_force_to = ends.day
FROM (SELECT id, least(repealed_on, lead(in_force_from) OVER versions) AS day FROM knowledge_statute
      WINDOW versions AS (PARTITION BY short, area ORDER BY in_force_from, issued_on)) AS ends
WHERE statute.id = ends.id AND statute.in_force_to IS DISTINCT FROM ends.day
"""
COUNT_WORDS = """
TRUNCATE knowledge_word;
INSERT INTO knowledge_word (token, articles)
SELECT word, ndoc FROM ts_stat('SELECT tokens FROM knowledge_article');
DELETE FROM knowledge_collection;
INSERT INTO knowledge_collection (id, articles, mean_length, counted_at)
SELECT 1, count(*), coalesce(avg(length), 0), now() FROM knowledge_article;
ANALYZE knowledge_article
"""


@dataclass
class Report:
    """What became of the files: how many were new, changed, the same, left_out, refused; and what was strange."""

    files: Counter[str] = field(default_factory=Counter)
    articles: int = 0
    strange: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Listed:
    """What a collection's own list says of one text."""

    in_force_from: date | None
    lapsed: bool


def load_shipped() -> Report:
    """The articles for everyday disputes that come with the program are there."""
    return load(SHIPPED, source=SHIPPED_SOURCE, common=True)


def load(
    folder: Path, *, source: str, areas: Collection[str] = (), common: bool = False,
    told: Callable[[int], None] = lambda done: None,
) -> Report:  # fmt: skip
    """Every statute below the folder is there. Local rules come in for the named areas alone, cases never.

    Each file is a transaction of its own, so an interrupted load is simply run again. `told` hears of each file.
    """
    report, seen = Report(), set[tuple[str, str, date]]()
    listed = _listed(folder)
    for path in sorted(folder.rglob("*.md"), key=lambda one: (not ISSUED.search(one.stem), str(one))):
        where = path.relative_to(folder).as_posix()
        if not NOT_STATUTES.search(where):
            report.files[_bring(_File(where, path, source, common), areas, listed, seen, report)] += 1
            told(1)
    if report.files["new"] or report.files["changed"] or not Statute.objects.exists():
        settle()
    return report


def settle() -> None:
    """Each wording ends where the next begins, and words are counted anew."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SUCCESSION)
        for statement in COUNT_WORDS.split(";"):
            cursor.execute(statement)


@dataclass(frozen=True)
class _File:
    where: str
    path: Path
    source: str
    common: bool

    @property
    def issued_on(self) -> date | None:
        said = ISSUED.search(self.path.stem)
        return date.fromisoformat(said[1]) if said else None

    @property
    def area(self) -> str:
        said = LOCAL.search(self.where)
        return said["area"] if said else ""


def _bring(
    file: _File, areas: Collection[str], listed: Mapping[tuple[str, date], Listed], seen: set[tuple[str, str, date]],
    report: Report,
) -> str:  # fmt: skip
    if file.area and file.area not in areas:
        return "left_out"
    try:
        written = file.path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        report.strange.append((file.where, f"Not readable: {fault}"))
        return "refused"
    text = parse(written)
    if AMENDMENT.search(text.title):
        return "left_out"
    report.strange += [(file.where, fault) for fault in text.faults]
    issued = file.issued_on or text.issued_on
    if not text.title or not text.articles or issued is None:
        if issued is None:
            report.strange.append((file.where, "No day on which it was issued, in its name or its text."))
        return "refused"
    key = (text.short, file.area, issued)
    if key in seen:
        report.strange.append((file.where, "The same statute of the same day came before; that one was kept."))
        return "left_out"
    seen.add(key)
    return _write(_row(file, text, issued, listed.get((text.short, issued)), written), text, file.common, report)


def _row(file: _File, text: StatuteText, issued: date, listed: Listed | None, written: str) -> Statute:
    starts = (listed and listed.in_force_from) or text.in_force_from
    digest = hashlib.sha256(f"{file.common}{listed}{written}".encode()).hexdigest()
    return Statute(
        name=text.title, short=text.short, level=_rank(file, text), area=file.area, number=text.number,
        issued_on=issued, in_force_from=max(starts or issued, issued), start_said=starts is not None,
        repealed_on=text.in_force_to, lapsed=bool(listed and listed.lapsed), excerpt=text.excerpt,
        source=file.source, digest=digest,
    )  # fmt: skip


@transaction.atomic
def _write(row: Statute, text: StatuteText, common: bool, report: Report) -> str:
    held = Statute.objects.filter(short=row.short, area=row.area, issued_on=row.issued_on).first()
    if held is not None and held.digest == row.digest:
        return "same"
    if held is not None and row.excerpt and not held.excerpt:
        return _mark(held, text) if common else "left_out"
    if held is not None:
        row.pk = held.pk
        if held.start_said and not row.start_said:  # an excerpt may know what the whole text leaves unsaid
            row.in_force_from, row.start_said = held.in_force_from, True
    row.save()
    articles = [_article(row, one.number, one.place, one.headings, one.text, common) for one in text.articles]
    kept = ["number", "headings", "text", "length", "tokens", *(["common"] if common else [])]
    Article.objects.bulk_create(
        articles, update_conflicts=True, unique_fields=["statute", "place"], update_fields=kept, batch_size=500
    )
    row.articles.exclude(place__in=[one.place for one in articles]).delete()
    report.articles += len(articles)
    return "changed" if held else "new"


def _mark(held: Statute, text: StatuteText) -> str:
    """Of a statute that is here as a whole, an excerpt only says which articles are the common ones."""
    fresh = held.articles.filter(place__in=[one.place for one in text.articles], common=False).update(common=True)
    return "changed" if fresh else "same"


def _article(row: Statute, number: str, place: int, headings: tuple[str, ...], text: str, common: bool) -> Article:
    counts = token_counts(text)
    length = counts.total()
    counts.update(token_counts("\n".join((row.short, *headings))).keys())
    return Article(
        statute=row, number=number, place=place, headings=[one[:200] for one in headings], text=text, common=common,
        length=length, tokens=" ".join(_marked(token, times) for token, times in counts.items()),
    )  # fmt: skip


def _marked(token: str, times: int) -> str:
    places = ",".join(str(one) for one in range(1, min(times, MOST_TIMES) + 1))
    return f"'{token[:LONGEST_WORD]}':{places}"


def _rank(file: _File, text: StatuteText) -> Rank:
    """By the folder it lies in, else by who made it."""
    for name, rank in RANKS.items():
        if name in file.where:
            return rank
    said = f"{text.number} {' '.join(event.words for event in text.events)}"
    if "国务院" in said:
        return Rank.REGULATION
    return Rank.INTERPRETATION if "最高人民" in said + text.title or "法释" in said else Rank.LAW


def _listed(folder: Path) -> dict[tuple[str, date], Listed]:
    """What the list of LawRefBook/Laws says, if it lies there: when a text came into force, whether it lapsed."""
    path = folder / "db.sqlite3"
    if not path.exists():
        return {}
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as listed:
        return dict(_rows(listed))


def _rows(listed: sqlite3.Connection) -> Iterator[tuple[tuple[str, date], Listed]]:
    for name, publish, valid_from, expired in listed.execute("SELECT name, publish, valid_from, expired FROM law"):
        if (issued := _day(publish)) is not None:
            yield (str(name).removeprefix("中华人民共和国"), issued), Listed(_day(valid_from), bool(expired))


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return None
