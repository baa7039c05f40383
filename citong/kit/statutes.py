"""A statute as Markdown: its title, what happened to it and when, its articles under their headings.

The layout is that of public collections of Chinese law: one `#` title; lines of a date and an event (通过, 修正, 公布,
施行, 失效); `<!-- INFO END -->`; parts as deeper headings; each article begins a line with 第…条, or with 一、 where a
text has no articles. `<!-- EXCERPT -->` among the events says that only some of the articles are there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "[零〇一二三四五六七八九十百千两]+"
ARTICLE = re.compile(rf"(第(?P<no>{NUMERAL}|\d+)条(?:之(?P<sub>{NUMERAL}))?)(?P<gap>[\s　:：]*)(?P<text>.*)", re.DOTALL)
ITEM = re.compile(rf"((?P<no>{NUMERAL})、)(?P<sub>)(?P<gap>)(?P<text>.*)", re.DOTALL)
PART = re.compile(rf"第{NUMERAL}(?P<kind>分编|编|章|节)(?=[\s　]|$)")
DEPTHS = {"编": 2, "分编": 3, "章": 3, "节": 4}
DATE = re.compile(r"(?P<y>\d{4})(?:年|-)(?P<m>\d{1,2})(?:月|-)(?P<d>\d{1,2})日?")
NUMBER = re.compile(
    r"(?:主席令|国务院令|公告)\s*(?:〔\d{4}〕)?第?[^\s，。）)]{1,12}?号|(?:法释|法发|高检发\w*)〔\d{4}〕\d+号"
)
IN_FORCE = re.compile(rf"自\s*{DATE.pattern}\s*起\s*(?:施行|实施|生效)")
AT_ONCE = re.compile(r"自(?:公布|发布|颁布|通过)之日起(?:施行|实施|生效)")
AFTER = re.compile(r"(附件|附表|附录|附)[\s　]*[0-9一二三四五六七八九十]*[\s　]*[:：]?")
LONGEST_HEADING = 40
LONGEST_WHOLE = 5_000  # signs of a text without articles that is taken as one
WHOLE = "全文"


@dataclass(frozen=True)
class Event:
    """What happened to a statute on a day: 通过, 修正, 公布, 施行, 失效, as the text says it."""

    on: date
    words: str

    def is_start(self) -> bool:
        return any(word in self.words for word in ("施行", "实施", "生效"))

    def is_end(self) -> bool:
        return any(word in self.words for word in ("失效", "废止"))


@dataclass(frozen=True)
class ArticleText:
    """One article: its number as written and as a sort key, the headings above it, its words."""

    number: str
    place: int
    headings: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class StatuteText:
    """A whole text. `faults` are lines that were not understood, in sentences of an operator."""

    title: str
    events: Sequence[Event]
    articles: Sequence[ArticleText]
    excerpt: bool = False
    faults: Sequence[str] = ()
    number: str = ""

    @property
    def short(self) -> str:
        """The name as people say it: versions of one law have the same."""
        return short_name(self.title)

    @property
    def issued_on(self) -> date | None:
        """The last day on which this wording was passed or made known."""
        days = [event.on for event in self.events if not event.is_start() and not event.is_end()]
        return max(days, default=min((event.on for event in self.events), default=None))

    @property
    def in_force_from(self) -> date | None:
        """The day this wording came into force, where the text says one that is not before it was issued."""
        issued = self.issued_on
        said = [event.on for event in self.events if event.is_start()] or _said_at_the_end(self.articles)
        if fit := [day for day in said if issued is None or day >= issued]:
            return max(fit)
        last = self.articles[-1].text if self.articles else ""
        return issued if AT_ONCE.search(last) else None

    @property
    def in_force_to(self) -> date | None:
        """The first day on which it was no longer in force."""
        return min((event.on for event in self.events if event.is_end()), default=None)


def short_name(title: str) -> str:
    """A title without the state's name and without a year in brackets at its end."""
    bare = re.sub(r"[（(][^（()）]*\d{4}[^（()）]*[)）]$", "", re.sub(r"[\s　]+", "", title))
    return bare.removeprefix("中华人民共和国") or bare


def numeral(written: str) -> int:
    """A number of Chinese or Arabic numerals below ten thousand: 一千二百五十四, 二十, 1254."""
    if written.isdigit() and written.isascii():
        return int(written)
    total = digit = 0
    for sign in written:
        if sign in TENS:
            total, digit = total + (digit or 1) * TENS[sign], 0
        else:
            digit = DIGITS[sign]
    return total + digit


def parse(text: str) -> StatuteText:
    """The statute of a Markdown text; never fails, what was not understood is among its faults."""
    lines = [line.strip().strip("\u3000") for line in text.replace("\ufeff", "").splitlines()]
    title = next((line[2:].strip() for line in lines if line.startswith("# ")), "")
    end = next((at for at, line in enumerate(lines) if line == "<!-- INFO END -->"), None)
    head, body = (lines[:end], lines[end + 1 :]) if end is not None else _without_end(lines)
    events, strange = _events(head)
    articles, faults = _articles(body)
    if not title:
        faults.append("There is no title: a line that begins with “# ”.")
    number = next((found[0] for line in reversed(head) if (found := NUMBER.search(line))), "")
    return StatuteText(title, events, articles, "<!-- EXCERPT -->" in head, [*strange, *faults], number)


def _without_end(lines: list[str]) -> tuple[list[str], list[str]]:
    """Events and body of a text that does not say where its events end: at the first heading or article."""
    starts = (at for at, line in enumerate(lines) if line.startswith("##") or ARTICLE.match(line))
    first = next(starts, len(lines))
    return lines[:first], lines[first:]


def _events(head: Sequence[str]) -> tuple[list[Event], list[str]]:
    events, faults = [], []
    for line in head:
        if not line or line.startswith(("#", "<!--")):
            continue
        if (found := DATE.search(line)) and (day := _day(found)):
            events.append(Event(day, line[found.end() :].strip(" 　起自）)")))
        else:
            faults.append(f"Not a date with an event: {line[:40]}")
    return events, faults


def _articles(body: Sequence[str]) -> tuple[list[ArticleText], list[str]]:
    pattern = ARTICLE if any(ARTICLE.match(line) for line in body) else ITEM
    found: dict[int, ArticleText] = {}
    faults: list[str] = []
    for article in _read(body, pattern):
        if article.place in found:
            faults.append(f"{article.number} is there twice; the first was kept.")
        else:
            found[article.place] = article
    if not found:
        faults.append("No line begins with 第…条 or 一、.")
        found = _as_one(body)
    empty = [article.number for article in found.values() if not article.text]
    faults += [f"{number} has no words." for number in empty]
    return [article for article in found.values() if article.text], faults


def _as_one(body: Sequence[str]) -> dict[int, ArticleText]:
    """A short answer of a court has no articles: it is one."""
    words = "\n".join(line for line in body if line and not line.startswith("#"))
    return {0: ArticleText(WHOLE, 0, (), words)} if 0 < len(words) <= LONGEST_WHOLE else {}


@dataclass
class _Open:
    """An article whose end has not come yet."""

    number: str
    place: int
    headings: tuple[str, ...]
    lines: list[str]

    def closed(self) -> ArticleText:
        return ArticleText(self.number, self.place, self.headings, "\n".join(line for line in self.lines if line))


def _read(body: Sequence[str], pattern: re.Pattern[str]) -> Iterator[ArticleText]:
    headings: dict[int, str] = {}
    now: _Open | None = None
    for line in takewhile(lambda line: not AFTER.fullmatch(line.lstrip("# ")), body):
        begins = pattern.match(line)
        if begins and (now is None or _is_next(begins, now.place)):
            if now:
                yield now.closed()
            now = _Open(begins[1], _place(begins), tuple(headings.values()), [begins["text"].strip()])
        elif heading := _heading(line):
            if now:
                yield now.closed()
            now, headings = None, {depth: said for depth, said in headings.items() if depth < heading[0]}
            headings[heading[0]] = heading[1]
        elif now:
            now.lines.append(line)
    if now:
        yield now.closed()


def _heading(line: str) -> tuple[int, str] | None:
    """(depth, words) of a line that is a heading, by its signs or by its words."""
    if line.startswith("##"):
        return len(line) - len(line.lstrip("#")), " ".join(line.lstrip("# ").split())
    if len(line) <= LONGEST_HEADING and (found := PART.match(line)):
        return DEPTHS[found["kind"]], " ".join(line.split())
    return None


def _is_next(begins: re.Match[str], place: int) -> bool:
    """Whether it is an article, and no line that begins with the number of another one: 第三条规定的…"""
    return bool(begins["gap"]) or not begins["text"] or begins.re is ITEM or _place(begins) in (place + 100, place + 1)


def _place(begins: re.Match[str]) -> int:
    """第二十条之一 lies between 第二十条 and 第二十一条."""
    return numeral(begins["no"]) * 100 + (numeral(begins["sub"]) if begins["sub"] else 0)


def _said_at_the_end(articles: Sequence[ArticleText]) -> list[date]:
    """Days on which the last articles say that they begin to hold."""
    said = (found for article in articles[-3:] for found in IN_FORCE.finditer(article.text))
    return [day for found in said if (day := _day(found))]


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None
