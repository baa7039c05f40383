"""The list of records: of one kind, by words or an exact number, in an area; paged by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from citong.core.people.access import Actor, Purpose, may_open
from citong.core.people.posts import Post
from citong.core.places.models import Division
from citong.core.register import read
from citong.core.register.kinds import KINDS
from citong.core.register.models import Record, Tie
from citong.web.asking import actor_of_request
from citong.web.desk.door import is_part, staff
from citong.web.register.forms import ListForm
from citong.web.register.words import kind_of, place_words, title_of, value_words

ROWS = 50
MOST_AREAS = 600
LEVELS = ("district", "street", "community", "grid")


@dataclass(frozen=True)
class Wanted:
    """What a list shows, as its address says it. `area` is a level and a code: `community:350503001001`."""

    kind: str
    q: str
    area: str
    after: str
    ended: bool

    @classmethod
    def read(cls, given: Any) -> "Wanted":
        """Whatever is said wrongly is as if it were not said."""
        form = ListForm(given)
        form.is_valid()
        said = form.cleaned_data
        level, _sign, code = said.get("area", "").partition(":")
        area = said["area"] if level in LEVELS and code else ""
        words = " ".join(said.get("q", "").split())
        return cls(said.get("kind") or "person", words, area, said.get("after", ""), bool(given.get("ended")))

    def within(self) -> dict[str, str]:
        """The area as a condition on records."""
        level, _sign, code = self.area.partition(":")
        return {level: code} if code else {}

    def query(self, **other: str) -> str:
        """The same list with something else in it, as the end of an address."""
        said = {"kind": self.kind, "q": self.q, "area": self.area, "ended": "1" if self.ended else ""} | other
        return "?" + urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True)
class Row:
    """One line: the record, its name in words, what tells it from others of that name, where it is."""

    record: Record
    title: str
    about: Sequence[str]
    place: str


@never_cache
@require_GET
@vary_on_headers("HX-Request")
@staff("register")
def register(request: HttpRequest) -> HttpResponseBase:
    """The list, or for htmx its lines alone."""
    actor, wanted = actor_of_request(request), Wanted.read(request.GET)
    found, after = listed(wanted, actor)
    homes = homes_of(found) if wanted.kind == "person" else {}
    shown = {
        "rows": [row_of(one, homes.get(one.id, "")) for one in found],
        "after": after,
        "wanted": wanted,
        "kind": KINDS[wanted.kind],
    }
    shown |= {"more": wanted.query(after=after), "first": wanted.query()}
    if wanted.after and is_part(request):
        return render(request, "web/register/lines.html", shown)
    shown |= {
        "kinds": [(kind, wanted.query(kind=code)) for code, kind in KINDS.items()], "areas": areas(actor, wanted),
        "writes": bool(actor.posts() & {Post.CLERK, Post.GRID_WORKER}), "imports": may_open(actor, "register_import"),
        "exports": may_open(actor, "register_export"), "duplicates": may_open(actor, "proposals"),
    }  # fmt: skip
    return render(request, "web/register/list.html", shown)


def listed(
    wanted: Wanted, actor: Actor, *, purpose: Purpose = Purpose.HANDLING, most: int = ROWS
) -> tuple[list[Record], str]:  # fmt: skip
    """The records of the list after its key, and the key after which the next ones follow; empty on the last page.

    By words they come in the order of their names, else in the order in which they were written down.
    """
    after = _id(wanted.after)
    last = read.reach(actor, purpose).filter(pk=after).first() if after else None
    if wanted.q:
        found = read.find(
            wanted.q, kind=wanted.kind, actor=actor, purpose=purpose, after=last, most=most + 1, within=wanted.within()
        )  # fmt: skip
    else:
        rows = read.reach(actor, purpose).filter(kind=wanted.kind, **wanted.within()).order_by("id")
        rows = rows if wanted.ended else rows.filter(ended_on=None)
        found = list((rows.filter(id__gt=last.id) if last else rows)[: most + 1])
    return found[:most], str(found[most - 1].id) if len(found) > most else ""


def counted(wanted: Wanted, actor: Actor, *, purpose: Purpose, most: int) -> int:
    """How many records the list has, counted up to `most`."""
    if wanted.q:
        found = read.find(
            wanted.q, kind=wanted.kind, actor=actor, purpose=purpose, most=most, within=wanted.within()
        )  # fmt: skip
        return len(found)
    rows = read.reach(actor, purpose).filter(kind=wanted.kind, **wanted.within())
    return (rows if wanted.ended else rows.filter(ended_on=None))[:most].count()


def homes_of(persons: Sequence[Record]) -> dict[UUID, str]:
    """Person to the address they live at; one query. Namesakes are told apart by it."""
    ties = Tie.objects.filter(subject__in=[one.id for one in persons], kind="lives_in", until=None)
    return dict(ties.order_by("-id").values_list("subject", "object__name"))


def row_of(record: Record, home: str = "") -> Row:
    """The record as a line of a list; `home` is where it lives."""
    kind = kind_of(record)
    open_ = [name for name, known in kind.known.items() if not known.sealed and record.values.get(name)]
    words = [value_words(kind, name, record.values[name]) for name in open_ if name not in ("name", "address")]
    title = title_of(record)
    about = [word for word in (home, *words) if word and word != title]
    return Row(record, title, about[:4] if record.kind != "dwelling" else about[-1:], place_words(record))


def areas(actor: Actor, wanted: Wanted) -> list[tuple[str, str, bool]]:
    """(Value, label, chosen) of the areas to choose from: a worker's grids, or the divisions of an office's area."""
    beats = [(f"grid:{grid}", grid) for seat in actor.seats for grid in seat.grids]
    divisions = [] if beats else _divisions(actor)
    named = [(f"{one.level}:{one.code}", "\u3000" * max(one.path.count("/") - 2, 0) + one.name) for one in divisions]
    known = [*beats, *named]
    if wanted.area and wanted.area not in dict(known):
        known.append((wanted.area, wanted.area.partition(":")[2]))
    return [(value, label, value == wanted.area) for value, label in known]


def _divisions(actor: Actor) -> list[Division]:
    """The divisions below the actor's own; of the whole city districts and streets alone."""
    seat = next((one for one in actor.seats if one.division), None)
    if seat is None:
        return []
    below = Division.objects.filter(ends_on=None).exclude(level="city").order_by("path")
    if seat.level == "city":
        return list(below.filter(level__in=("district", "street"))[:MOST_AREAS])
    return list(below.filter(path__contains=f"{seat.division}/")[:MOST_AREAS])


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
