"""How a record belongs to another: the search for the other one, the tie with its days, and its end."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from citong.core.people.access import Actor, may_write_record
from citong.core.people.refusal import Refusal
from citong.core.register import read, write
from citong.core.register.declare import RecordKind
from citong.core.register.kinds import KINDS, TIES
from citong.core.register.models import Record, Tie
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.register.forms import TieForm, UntieForm
from citong.web.register.found import record_for, records_for
from citong.web.register.words import title_of
from citong.web.register.writing import put_faults

MOST_FOUND = 20
BACK = "~"  # after the code of a tie that is told from its other end


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff("register")
def tie_new(request: HttpRequest, record: UUID) -> HttpResponseBase:
    """First how it belongs and a search, then the record found; sent, the tie holds."""
    actor = actor_of_request(request)
    found = record_for(actor, record)
    if may_write_record(actor, found) is None:
        raise Http404(_("There is no such record."))
    ways = ways_of(found)
    way, q = request.GET.get("kind", ""), " ".join(request.GET.get("q", "").split())[:100]
    form = TieForm(request.POST or None, kinds=ways, initial={"kind": way})
    if request.method == "POST" and form.is_valid() and _tie(found, form, actor):
        messages.success(request, _("Tied."))
        return redirect("record", found.id)
    hits = _hits(way, q, found, actor) if way in dict(ways) and q else []
    shown = {
        "record": found, "title": title_of(found), "form": form, "ways": ways, "way": way, "q": q, "hits": hits,
        "way_label": dict(ways).get(way, ""),
    }  # fmt: skip
    return render(request, "web/register/tie.html", shown, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff("register")
def tie_end(request: HttpRequest, tie: UUID) -> HttpResponseBase:
    """From a day on the tie is no more; it stays in the history of both."""
    actor = actor_of_request(request)
    held = Tie.objects.filter(pk=tie, until=None).first()
    ends = records_for(actor, [held.subject_id, held.object_id]) if held else {}
    mine = next((one for one in ends.values() if may_write_record(actor, one)), None)
    if held is None or mine is None:
        raise Http404(_("There is no such record."))
    form = UntieForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            write.untie(held.id, until=form.cleaned_data["until"], actor=actor, at=timezone.now())
        except Refusal as refusal:
            put_faults(form, refusal)
        else:
            messages.success(request, _("The tie has ended."))
            return redirect("record", mine.id)
    names = {one.id: title_of(one) for one in ends.values()}
    shown = {
        "record": mine, "form": form, "kind": TIES[held.kind], "outside": _("a record outside your area"),
        "subject": names.get(held.subject_id), "object": names.get(held.object_id),
    }  # fmt: skip
    return render(request, "web/register/untie.html", shown, status=422 if form.errors else 200)


def ways_of(record: Record) -> list[tuple[str, str]]:
    """How a record of this kind can belong to another, from either end, in words."""
    onward = [(tie.code, str(tie.label)) for tie in TIES.values() if record.kind in tie.subject]
    back = [(f"{tie.code}{BACK}", str(tie.back)) for tie in TIES.values() if record.kind in tie.object]
    return onward + back


def housed_by(record: Record) -> list[tuple[type[RecordKind], str, str]]:
    """(Kind, code and words of the tie) of what can be written down as being here, or as concerning this record."""
    return [
        (KINDS[kind], tie.code, str(tie.label))
        for tie in TIES.values() if tie.houses and record.kind in tie.object for kind in tie.subject
    ]  # fmt: skip


def _hits(way: str, q: str, record: Record, actor: Actor) -> list[tuple[Record, str]]:
    """Records at the other end that the words find, each with its name in words."""
    tie = TIES[way.removesuffix(BACK)]
    kinds = tie.subject if way.endswith(BACK) else tie.object
    found = [one for kind in kinds for one in read.find(q, kind=kind, actor=actor, most=MOST_FOUND)]
    return [(one, title_of(one)) for one in found if one.id != record.id][:MOST_FOUND]


def _tie(record: Record, form: TieForm, actor: Actor) -> bool:
    """Whether the tie holds now; else the form says what stands in the way."""
    data = form.cleaned_data
    way = data["kind"]
    other = record_for(actor, data["other"])
    subject, object_ = (other, record) if way.endswith(BACK) else (record, other)
    try:
        write.tie(
            way.removesuffix(BACK), subject.id, object_.id, since=data["since"], source=data["source"], actor=actor,
            at=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        put_faults(form, refusal)
        return False
    return True
