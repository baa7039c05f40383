"""Writing down a new record, changing one, ending one: by the form of its kind, with a source and a day."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from citong.core.people.access import Actor, Purpose, may_write_record, reaches_record
from citong.core.people.posts import Post
from citong.core.people.refusal import Invalid, Refusal
from citong.core.register import read, write
from citong.core.register.declare import RecordKind
from citong.core.register.kinds import ANYWHERE, KINDS, TIES
from citong.core.register.models import Proposal, Record
from citong.core.register.place import spot
from citong.core.register.twins import Twin, twins_of
from citong.kit.ids import uuid7
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.register.forms import EndForm, PlaceForm, SourceForm
from citong.web.register.found import record_for
from citong.web.register.records import Row, homes_of, row_of
from citong.web.register.words import kind_of, label_of, title_of

WRITERS = {Post.CLERK, Post.GRID_WORKER}
CLEAR = "clear_"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff("register")
def record_new(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The form of the kind; sent, the new record's page. Twins are shown first, once.

    With `tie` and `to` in the address the new record belongs in this way to that one.
    """
    actor, declared = actor_of_request(request), _kind(kind)
    to = _tied_to(request, actor)
    if not actor.posts() & WRITERS:
        raise Http404
    form, said, where = _forms(declared, request.POST if request.method == "POST" else None)
    twins: list[Twin] = []
    if request.method == "POST" and all([form.is_valid(), said.is_valid(), where.is_valid()]):
        twins = [] if "sure" in request.POST else twins_of(form.cleaned_data, kind, actor=actor)
        if not twins and (made := _write(request, kind, form, said, where, actor, to)):
            messages.success(request, _("Written down."))
            return redirect("record", made.id)
    shown = {
        "kind": declared, "form": form, "said": said, "where": where, "twins": _shown(twins), "key": uuid7().hex,
        "to": to, "warned": bool(twins), "beats": _beats(actor),
        "faults": bool(form.errors or said.errors or where.errors),
    }  # fmt: skip
    return render(request, "web/register/new.html", shown, status=422 if shown["faults"] else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff("register")
def record_edit(request: HttpRequest, record: UUID) -> HttpResponseBase:
    """What is known, to be changed; an empty sealed field stays as it is. What changed meanwhile goes to a person.

    An office can put a dwelling or a place elsewhere, together with its address.
    """
    actor = actor_of_request(request)
    found = _writable(actor, record)
    kind, shown = kind_of(found), read.shown(found, actor)
    posted = request.POST if request.method == "POST" else None
    form, said = _editing(found, kind, shown, posted), SourceForm(posted, prefix="said")
    where = PlaceForm(posted, prefix="where") if _may_move(actor, found) else None
    asked = [one for one in (form, said, where) if one is not None]
    valid = [one.is_valid() for one in asked]
    if posted is not None and all(valid) and _change(request, found, form, said, where, actor):
        found.refresh_from_db()
        return redirect("record", found.id) if reaches_record(actor, found, Purpose.HANDLING) else redirect("register")
    context = {
        "record": found, "kind": kind, "title": title_of(found), "form": form, "said": said,
        "fields": _with_masks(form, kind, shown), "base": posted.get("base", "") if posted else found.version,
        "where": where, "faults": any(one.errors for one in asked),
    }  # fmt: skip
    return render(request, "web/register/edit.html", context, status=422 if context["faults"] else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff("register")
def record_end(request: HttpRequest, record: UUID) -> HttpResponseBase:
    """Moved away, died, pulled down, closed, no longer so: from a day on, with a reason."""
    actor = actor_of_request(request)
    found = _writable(actor, record)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            write.end(found.id, on=data["on"], reason=data["reason"], actor=actor, at=timezone.now())
        except Refusal as refusal:
            put_faults(form, refusal)
        else:
            messages.success(request, _("The record has ended. It stays, with its history."))
            return redirect("record", found.id)
    shown = {"record": found, "title": title_of(found), "form": form}
    return render(request, "web/register/end.html", shown, status=422 if form.errors else 200)


@never_cache
@require_POST
@staff("register")
def twins_hint(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Records that may be the same as what is being typed, with reasons; for htmx, nothing where there are none."""
    actor, declared = actor_of_request(request), _kind(kind)
    form = declared.form(request.POST)
    form.is_valid()
    twins = twins_of(form.cleaned_data, kind, actor=actor) if form.cleaned_data else []
    return render(request, "web/register/twins.html", {"twins": _shown(twins), "kind": declared})


def put_faults(form: forms.Form, refusal: Refusal) -> None:
    """The form says what stands in the way, each fault at its field."""
    for name, faults in refusal.errors.items():
        for sentence in faults:
            form.add_error(name if name in form.fields else None, sentence)
    if not refusal.errors:
        form.add_error(None, str(refusal))


def _kind(code: str) -> type[RecordKind]:
    if code not in KINDS:
        raise Http404
    return KINDS[code]


def _writable(actor: Actor, record: UUID) -> Record:
    found = record_for(actor, record)
    if may_write_record(actor, found) is None or found.merged_into_id:
        raise Http404(_("There is no such record."))
    return found


def _forms(kind: type[RecordKind], posted: QueryDict | None) -> tuple[forms.Form, SourceForm, PlaceForm]:
    return kind.form(posted), SourceForm(posted, prefix="said"), PlaceForm(posted, prefix="where")


def _tied_to(request: HttpRequest, actor: Actor) -> tuple[str, Record] | None:
    """The way and the record to which the new one is to belong, as the address says; None where it says none."""
    tie = TIES.get(request.GET.get("tie", ""))
    try:
        to = UUID(request.GET.get("to", ""))
    except ValueError:
        return None
    return (tie.code, record_for(actor, to)) if tie else None


def _write(
    request: HttpRequest, kind: str, form: forms.Form, said: SourceForm, where: PlaceForm, actor: Actor,
    to: tuple[str, Record] | None,
) -> Record | None:  # fmt: skip
    """The new record, tied where it is to be; None when something stands in the way, and the form says what."""
    now, source, on = timezone.now(), said.cleaned_data["source"], said.cleaned_data["on"]
    key, place = request.POST.get("key", "")[:40], where.cleaned_data
    if to is not None:  # what belongs to another record is where that one is
        place = {"grid": to[1].grid}
    try:
        made = write.record(kind, form.cleaned_data, actor=actor, source=source, on=on, at=now, key=key, **place)
        if to is not None:
            write.tie(to[0], made.id, to[1].id, since=None, source=source, actor=actor, at=now)
    except Refusal as refusal:
        put_faults(form, refusal)
        return None
    return made


def _shown(twins: list[Twin]) -> list[tuple[Row, list[str]]]:
    """Each twin as a line, with what tells it from its namesakes, and the reasons."""
    homes = homes_of([twin.record for twin in twins]) if twins else {}
    return [(row_of(twin.record, homes.get(twin.record.id, "")), twin.reasons) for twin in twins]


def _editing(
    found: Record, kind: type[RecordKind], shown: Mapping[str, Any], posted: QueryDict | None
) -> forms.Form:  # fmt: skip
    """The form of the kind; sealed fields are empty, and may stay so."""
    initial = {name: value for name, value in shown.items() if not kind.known[name].sealed}
    form = kind.form(posted, initial=initial)
    for name, known in kind.known.items():
        if known.sealed:
            form.fields[name].required = False
            if shown.get(name):
                form.fields[f"{CLEAR}{name}"] = forms.BooleanField(required=False, label=_("No longer so: clear it"))
    return form


def _with_masks(form: forms.Form, kind: type[RecordKind], shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each field with the masked value that stands there, and the box that clears it."""
    return [
        {"field": form[name], "mask": shown.get(name, "") if known.sealed else "",
         "clear": form[f"{CLEAR}{name}"] if f"{CLEAR}{name}" in form.fields else None}
        for name, known in kind.known.items()
    ]  # fmt: skip


def _said(form: forms.Form, kind: type[RecordKind]) -> dict[str, Any]:
    """What was changed: fields that differ from what stood there, sealed ones that were filled in or cleared."""
    given: dict[str, Any] = {}
    for name, known in kind.known.items():
        value = form.cleaned_data.get(name)
        if not known.sealed:
            if name in form.changed_data:
                given[name] = value
        elif value:
            given[name] = value
        elif form.cleaned_data.get(f"{CLEAR}{name}"):
            given[name] = ""
    return given


def _may_move(actor: Actor, found: Record) -> bool:
    """Whether the record has a place of its own, and the actor is an office that may write to it."""
    seat = may_write_record(actor, found)
    return found.kind in ANYWHERE and seat is not None and seat.post == Post.CLERK


def _change(
    request: HttpRequest, found: Record, form: forms.Form, said: SourceForm, where: PlaceForm | None, actor: Actor
) -> bool:  # fmt: skip
    """Whether it could be written; else the form says why not."""
    kind, now = kind_of(found), timezone.now()
    given = _said(form, kind)
    place = where.cleaned_data if where and where.changed_data else None
    if not given and not place:
        messages.info(request, _("Nothing was different from what is known already."))
        return True
    try:
        with transaction.atomic():
            done = write.change(
                found.id, given, base=_base(request, found), actor=actor, source=said.cleaned_data["source"],
                on=said.cleaned_data["on"], at=now, to=spot(**place, actor=actor) if place else None,
            )  # fmt: skip
            if place:
                write.move(found.id, actor=actor, at=now, **place)
    except Invalid as refusal:
        put_faults(form, refusal)
        return False
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    _tell(request, kind, done.proposals, given or place or {})
    return True


def _tell(request: HttpRequest, kind: type[RecordKind], proposals: list[Proposal], given: Mapping[str, Any]) -> None:
    """What was written, and what goes to a person instead."""
    for one in proposals:
        fields = "、".join(label_of(kind, name) for name in one.values)
        if one.why == Proposal.Why.OVER:
            told = _("Written. Somebody changed %(fields)s meanwhile: both values wait in the proposals.")
        else:
            told = _("%(fields)s: your change waits for a decision.")
        messages.warning(request, told % {"fields": fields})
    waiting = {name for one in proposals if one.why != Proposal.Why.OVER for name in one.values}
    if set(given) - waiting and not proposals:
        messages.success(request, _("Written down."))


def _base(request: HttpRequest, found: Record) -> int:
    said = request.POST.get("base", "")
    return min(int(said), found.version) if said.isdecimal() and len(said) < 9 else found.version


def _beats(actor: Actor) -> list[str]:
    """The grids a grid worker chooses among; none for an office, which may name any."""
    return [grid for seat in actor.seats for grid in seat.grids]
