"""Records of an area that may be one and the same: found with reasons, set side by side, merged, taken apart again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citong.core.people.access import Actor, may_decide
from citong.core.people.refusal import NotAllowed, NotThere, Refusal
from citong.core.register import read, write
from citong.core.register.checking import opened
from citong.core.register.declare import RecordKind
from citong.core.register.kinds import KINDS
from citong.core.register.models import Record
from citong.core.register.pairs import Pair, pairs
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.register.found import record_for
from citong.web.register.records import Wanted, areas
from citong.web.register.words import kind_of, label_of, place_words, source_words, title_of, value_words

ROWS = 30
WIDE = ("city", "district")  # too many records to be looked through at once


@dataclass(frozen=True)
class Side:
    """One field of two records: what each says and from where, and whether they differ."""

    name: str
    label: str
    first: str
    first_from: str
    second: str
    second_from: str
    differs: bool
    takes: bool  # whether the second's value is the likelier one: the first has none, or an older one


@never_cache
@require_GET
@staff("proposals")
def duplicates(request: HttpRequest) -> HttpResponseBase:
    """Pairs of one kind in an area, the strongest reason first; paged by key."""
    actor, wanted = actor_of_request(request), Wanted.read(request.GET)
    must_choose = any(seat.level in WIDE for seat in actor.seats)
    found: list[Pair] = []
    after = ""
    if wanted.area or not must_choose:
        found, after = pairs(wanted.kind, actor=actor, within=wanted.within(), after=wanted.after, most=ROWS)
    rows = [
        {"first": one.first, "second": one.second, "titles": (title_of(one.first), title_of(one.second)),
         "reason": one.reason, "places": (place_words(one.first), place_words(one.second))}
        for one in found
    ]  # fmt: skip
    older = f"{reverse('duplicates')}{wanted.query(after=after)}" if after else ""
    shown = {"rows": rows, "wanted": wanted, "areas": areas(actor, wanted), "older": older, "must_choose": must_choose}
    return render(request, "web/register/duplicates.html", shown | {"kinds": _kinds(wanted)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff("proposals")
def compare(request: HttpRequest, one: UUID, other: UUID) -> HttpResponseBase:
    """Both side by side; sent, the second is merged into the first, which takes the chosen fields from it."""
    actor = actor_of_request(request)
    first, second = _mine(actor, one), _mine(actor, other)
    if first.kind != second.kind or first.id == second.id:
        raise Http404
    kind = kind_of(first)
    if request.method == "POST" and _merge(request, first, second, kind, actor):
        return redirect("record", first.id)
    shown = {
        "first": first, "second": second, "kind": kind, "titles": (title_of(first), title_of(second)),
        "places": (place_words(first), place_words(second)), "sides": _sides(first, second, kind, actor),
        "ties": (len(read.ties_of(first, ended=False)), len(read.ties_of(second, ended=False))),
    }  # fmt: skip
    return render(request, "web/register/compare.html", shown)


@never_cache
@require_POST
@staff("proposals")
def record_unmerge(request: HttpRequest, record: UUID) -> HttpResponseBase:
    """The two are two again."""
    actor = actor_of_request(request)
    found = _mine(actor, record)
    try:
        write.unmerge(found.id, actor=actor, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("record", found.merged_into_id or found.id)
    messages.success(request, _("Taken apart: these are two records again."))
    return redirect("record", found.id)


def _mine(actor: Actor, record: UUID) -> Record:
    found = record_for(actor, record)
    if may_decide(actor, found, author=None) is None:
        raise Http404(_("There is no such record."))
    return found


def _merge(request: HttpRequest, first: Record, second: Record, kind: type[RecordKind], actor: Actor) -> bool:
    take = [name for name in request.POST.getlist("take") if name in kind.known]
    try:
        write.merge(second.id, into=first.id, take=take, actor=actor, at=timezone.now())
    except (NotThere, NotAllowed) as refusal:
        raise Http404(str(refusal)) from refusal
    except Refusal as refusal:
        messages.error(request, " ".join([str(refusal), *(s for many in refusal.errors.values() for s in many)]))
        return False
    messages.success(request, _("Merged. It can be taken apart again on this page."))
    return True


def _sides(first: Record, second: Record, kind: type[RecordKind], actor: Actor) -> Sequence[Side]:
    """Every field either of them says; whether sealed ones differ is told, what they say is masked."""
    shown, clear = (read.shown(first, actor), read.shown(second, actor)), (opened(first), opened(second))
    return [
        _side(name, kind, (first, second), shown, clear)
        for name in kind.known if shown[0].get(name) or shown[1].get(name)
    ]  # fmt: skip


def _side(
    name: str, kind: type[RecordKind], records: tuple[Record, Record], shown: tuple[Any, Any], clear: tuple[Any, Any]
) -> Side:
    said = [one.said.get(name, [0, "", "", ""]) for one in records]
    words = [value_words(kind, name, one.get(name)) for one in shown]
    origins = [f"{source_words(one[2])} · {one[3]}" if value else "" for one, value in zip(said, words, strict=True)]
    differs = clear[0].get(name, "") != clear[1].get(name, "")
    takes = differs and bool(words[1]) and (not words[0] or said[1][3] > said[0][3])
    return Side(name, label_of(kind, name), words[0], origins[0], words[1], origins[1], differs, takes)


def _kinds(wanted: Wanted) -> list[tuple[type[RecordKind], str]]:
    return [(kind, wanted.query(kind=code, after="")) for code, kind in KINDS.items() if kind.twins]
