"""Tables of mediators at the desk: sent, mapped, looked at, brought in; and the register as a table."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citong.core.ledger.write import Head, append
from citong.core.people.access import Actor, body_area, may_open
from citong.core.places.current import zone
from citong.core.places.models import Division
from citong.core.register import sheet_store as store
from citong.core.register.sheet_columns import Unfit
from citong.core.register.sheet_repair import to_mend
from citong.core.register.sheets import SAMPLE, read_table
from citong.kit.export import csv_parts
from citong.kit.ids import uuid7
from citong.services.mediation import bodies as reading
from citong.services.mediation import tables
from citong.services.mediation.desk.bodies import PAGE, led
from citong.services.mediation.models import Body, Mediator
from citong.services.mediation.register_forms import FilterForm
from citong.web.asking import actor_of_request
from citong.web.office.door import only_for
from citong.web.register.exports import MEDIA

HELD = "mediator_table"
COLUMN = "column-"
TONES = {"fresh": "good", "changed": "calm", "same": "", "refused": "late"}
WORDS = {
    "fresh": gettext_lazy("new"), "changed": gettext_lazy("changes an entry"), "same": gettext_lazy("says what stands"),
    "refused": gettext_lazy("refused"),
}  # fmt: skip


class TableForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Excel or CSV file"),
        help_text=gettext_lazy("One header line, then one row for each person."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )  # fmt: skip
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"), max_length=100, required=False,
        help_text=gettext_lazy("Its name; the first sheet otherwise."),
    )  # fmt: skip


@dataclass
class Held:
    """The one table a person has in hand; it goes with their session, its file lies sealed in the home."""

    name: str
    sheet: str
    header: list[str]
    rows: int
    mapping: dict[str, str]
    body: str = ""
    counts: dict[str, int] = field(default_factory=dict)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only_for(PAGE)
def table_new(request: HttpRequest) -> HttpResponseBase:
    """The form that takes a table, for one body with `?body=`, else for all of the actor's."""
    actor, form = actor_of_request(request), TableForm(request.POST or None, request.FILES or None)
    body = _body(actor, request.GET.get("body", ""))
    if request.method == "POST" and form.is_valid():
        try:
            held = _taken(actor, form.cleaned_data["file"], form.cleaned_data["sheet"], body)
        except Unfit as fault:
            form.add_error("file", str(fault))
        else:
            request.session[HELD] = asdict(held)
            return redirect("mediation_table")
    shown = {"form": form, "body": body, "targets": tables.targets().values(), "most": tables.MOST_ROWS}
    return render(request, "mediation/table_new.html", shown, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only_for(PAGE)
def table_look(request: HttpRequest) -> HttpResponseBase:
    """What the columns mean and what would become of the first rows; after it was brought in, what became of it."""
    actor, held = actor_of_request(request), _held(request)
    if held is None:
        return redirect("mediation_table_new")
    if request.method == "POST":
        held.mapping = {name: request.POST.get(f"{COLUMN}{at}", "") for at, name in enumerate(held.header)}
        request.session[HELD] = asdict(held)
        return redirect("mediation_table")
    if held.counts:
        return render(request, "mediation/table_done.html", {"table": held, "body": _body(actor, held.body)})
    fault = ""
    lines: Sequence[tables.Line] = ()
    try:
        lines = _lines(actor, held, most=SAMPLE)
    except (Unfit, store.Gone) as unfit:
        fault = str(unfit) if isinstance(unfit, Unfit) else _("The file is gone: send it again.")
    known = tables.targets()
    read = [(at, str(known[held.mapping[name]])) for at, name in enumerate(held.header) if held.mapping.get(name)]
    shown = {
        "table": held, "body": _body(actor, held.body), "fault": fault, "titles": [label for _at, label in read],
        "targets": [(name, str(label)) for name, label in known.items() if name != tables.BODY or not held.body],
        "columns": [(at, name, held.mapping.get(name, "")) for at, name in enumerate(held.header)],
        "seen": [(line, TONES[line.what], WORDS[line.what], [line.cells[at] for at, _label in read])
                 for line in lines],
    }  # fmt: skip
    return render(request, "mediation/table.html", shown)


@never_cache
@require_POST
@only_for(PAGE)
def table_bring(request: HttpRequest) -> HttpResponseBase:
    """The rows are in the registers, the refused ones in a file to be mended; the table itself is gone."""
    actor, held = actor_of_request(request), _held(request)
    if held is None or held.counts:
        return redirect("mediation_table_new")
    assert actor.account is not None
    try:
        lines = _lines(actor, held, most=tables.MOST_ROWS)
    except (Unfit, store.Gone) as fault:
        messages.error(request, str(fault) if isinstance(fault, Unfit) else _("The file is gone: send it again."))
        return redirect("mediation_table")
    held.counts = tables.bring(lines, actor=actor, at=timezone.now())
    refused = [(line.number, list(line.cells), " ".join(line.faults)) for line in lines if line.faults]
    if refused:
        store.keep(tables.identity(actor.account, "repair"), to_mend(held.header, refused))
    store.forget(tables.identity(actor.account, "file"))
    request.session[HELD] = asdict(held)
    return redirect("mediation_table")


@never_cache
@require_GET
@only_for(PAGE)
def table_repair(request: HttpRequest) -> HttpResponseBase:
    """The refused rows with a column that says why."""
    actor = actor_of_request(request)
    assert actor.account is not None
    try:
        content = store.kept(tables.identity(actor.account, "repair"))
    except store.Gone as fault:
        raise Http404 from fault
    name = f"{_('to-mend')}-{timezone.now().astimezone(zone()):%Y%m%d-%H%M}.xlsx"
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=MEDIA["xlsx"])


@never_cache
@require_POST
@only_for(PAGE)
def register_export(request: HttpRequest) -> HttpResponseBase:
    """The people of the listed bodies as CSV, in columns that can be moved in again; the ledger keeps the mark."""
    actor, now = actor_of_request(request), timezone.now()
    form = FilterForm(request.POST)
    bodies = reading.narrowed(reading.bodies_for(actor), form.asked(), at=now)
    held = Mediator.objects.filter(body__in=bodies, ended_on=None).select_related("account", "body__unit")
    entries = list(held.order_by("body__unit__code", "account__username"))
    seat = next(one for one in actor.seats if may_open(Actor(seats=(one,)), PAGE))
    with transaction.atomic():
        facts = {"kind": "mediators", "rows": len(entries), "filter": form.asked()}
        append(uuid7(now), "export", kind="export", by=actor.signature(seat), at=now, head=Head(), facts=facts)
    columns = {name: str(label) for name, label in tables.targets().items()}
    rows = [{columns[name]: value for name, value in _told(one).items()} for one in entries]
    name = quote(f"{_('Mediators')} {now.astimezone(zone()):%Y-%m-%d}.csv")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    parts = csv_parts([rows], columns=list(columns.values()))
    return StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8", headers=headers)


def _told(one: Mediator) -> Mapping[str, str]:
    """An entry as the cells of a table, by target."""
    return {
        "body": one.body.unit.name, "name": one.account.name, "phone": one.account.phone,
        "username": one.account.username, "sort": str(Mediator.Sort(one.sort).label),
        "fields_": "、".join(reading.field_words(one.fields)), "districts": "、".join(one.districts),
        "languages": "、".join(reading.language_words(one.languages)), "most": str(one.most), "title": one.title,
        "about": one.about, "term_begins": one.term_begins.isoformat(), "published": _("yes") if one.published else "",
        "term_ends": one.term_ends.isoformat() if one.term_ends else "",
    }  # fmt: skip


def _taken(actor: Actor, file: Any, sheet: str, body: Body | None) -> Held:
    """The table lies sealed in the home, its columns mapped as their names suggest. Raises Unfit."""
    assert actor.account is not None
    content = file.read()
    table = read_table(content, sheet)
    rows = sum(1 for _row in islice(table.rows(), tables.MOST_ROWS + 1))
    if not rows:
        raise Unfit(_("There is no row below the header."))
    if rows > tables.MOST_ROWS:
        raise Unfit(_("The table has more than %(most)d rows: cut it into parts.") % {"most": tables.MOST_ROWS})
    store.keep(tables.identity(actor.account, "file"), content)
    mapping = tables.guessed(table.header)
    if body is not None:
        mapping = {column: name for column, name in mapping.items() if name != tables.BODY}
    return Held(file.name[:200], sheet, table.header, rows, mapping, str(body.id) if body else "")


def _held(request: HttpRequest) -> Held | None:
    said = request.session.get(HELD)
    return Held(**said) if said else None


def _lines(actor: Actor, held: Held, *, most: int) -> Sequence[tables.Line]:
    """The first rows, read and settled. Raises Unfit and Gone."""
    assert actor.account is not None
    body = _body(actor, held.body)
    mapping = tables.checked(held.header, held.mapping, one_body=body is not None)
    rows = read_table(store.kept(tables.identity(actor.account, "file")), held.sheet).rows()
    lines = tables.read(islice(rows, most), held.header, mapping)
    tables.settle(lines, actor=actor, body=body)
    return lines


def _body(actor: Actor, id: str) -> Body | None:
    """The one body the table is for; None for all of the area. 404 for one that is not the actor's."""
    if id:
        try:
            return led(actor, UUID(id))
        except ValueError as fault:
            raise Http404 from fault
    if not Division.objects.filter(body_area(actor)).exists():
        raise Http404
    return None
