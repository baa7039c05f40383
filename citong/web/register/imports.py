"""Tables that are moved in: sent, mapped, looked at, brought in by a job, and what became of each row."""

import io
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citong.core.people.access import Actor
from citong.core.places.current import today, zone
from citong.core.register import sheet_columns, sheets
from citong.core.register.kinds import KINDS
from citong.core.register.models import TableImport
from citong.core.register.sheet_columns import Unfit
from citong.core.register.sheet_kinds import table_kind
from citong.core.register.sheet_repair import repair_file
from citong.core.register.sheet_store import Gone
from citong.core.register.tasks import carry_table
from citong.web.asking import actor_of_request
from citong.web.desk.door import is_part, staff
from citong.web.register.exports import MEDIA
from citong.web.register.forms import day_field

State = TableImport.State
COLUMN = "column-"
OPEN = (State.WAITING, State.RUNNING)


class TableForm(forms.Form):
    """A table: which kind of records its rows are, the file, and the day of which it speaks."""

    kind = forms.ChoiceField(label=gettext_lazy("What is each row?"), choices=[(c, k.label) for c, k in KINDS.items()])
    file = forms.FileField(
        label=gettext_lazy("Excel or CSV file"),
        help_text=gettext_lazy("One header line, then one row for each record."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )  # fmt: skip
    sheet = forms.CharField(label=gettext_lazy("Sheet"), max_length=100, required=False,
                            help_text=gettext_lazy("Its name; the first sheet otherwise."))  # fmt: skip
    on = day_field(
        gettext_lazy("As of which day?"), initial=today,
        help_text=gettext_lazy("What somebody has said of a later day is not changed by the table."),
    )  # fmt: skip

    def clean_on(self) -> Any:
        if self.cleaned_data["on"] > today():
            raise forms.ValidationError(_("Choose a day that is not to come."))
        return self.cleaned_data["on"]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff("register_import")
def imports(request: HttpRequest) -> HttpResponseBase:
    """The own imports, and the form that takes a new table."""
    actor = actor_of_request(request)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = sheets.take(
                said["file"].read(), kind=said["kind"], name=said["file"].name, sheet=said["sheet"], on=said["on"],
                actor=actor, at=timezone.now(),
            )  # fmt: skip
        except Unfit as fault:
            form.add_error("file", str(fault))
        else:
            return redirect("table_import", made.id)
    rows = [(one, table_kind(one.kind), _tone(one)) for one in sheets.tables_of(actor)]
    return render(
        request, "web/register/imports.html", {"form": form, "rows": rows}, status=422 if form.errors else 200
    )


@never_cache
@require_GET
@staff("register_import")
def table(request: HttpRequest, table: UUID) -> HttpResponseBase:
    """One import: its columns and first rows before it begins, then how far it is, then what became of it."""
    actor = actor_of_request(request)
    found = _own(actor, table)
    kind = table_kind(found.kind)
    shown = {"table": found, "kind": kind, "tone": _tone(found), "open": found.state in OPEN, "page": kind.page(found)}
    shown |= {"counts": [(name, label, getattr(found, name)) for name, label in kind.counts]}
    shown |= {"share": round(100 * found.read / found.rows) if found.rows else 0, "left": _left(found)}
    if is_part(request):
        return render(request, "web/register/progress.html", shown)
    if found.state == State.DRAFT:
        shown |= _before(found, actor, request.GET)
    return render(request, "web/register/table.html", shown)


@never_cache
@require_POST
@staff("register_import")
def table_columns(request: HttpRequest, table: UUID) -> HttpResponseBase:
    """The columns mean what was chosen; or, by the name of a kept mapping, what they meant then."""
    actor = actor_of_request(request)
    found = _own(actor, table)
    if found.state != State.DRAFT:
        raise Http404
    kept = next((m for m in sheets.mappings_for(actor, found.kind) if str(m.pk) == request.POST.get("kept")), None)
    said = kept.columns if kept else _chosen(found, request.POST)
    try:
        sheets.map_columns(found, {name: to for name, to in said.items() if name in found.header},
                           keep_as=" ".join(request.POST.get("keep_as", "").split()))  # fmt: skip
    except Unfit as fault:
        messages.error(request, str(fault))
        TableImport.objects.filter(pk=found.id).update(mapping={k: v for k, v in said.items() if v})
    return redirect("table_import", found.id)


@never_cache
@require_POST
@staff("register_import")
def table_start(request: HttpRequest, table: UUID) -> HttpResponseBase:
    """The import begins, or goes on where it was stopped."""
    found = _own(actor_of_request(request), table)
    try:
        sheets.begin(found)
        carry_table.defer(table=str(found.id))
    except Unfit as fault:
        messages.error(request, str(fault))
    return redirect("table_import", found.id)


@never_cache
@require_POST
@staff("register_import")
def table_stop(request: HttpRequest, table: UUID) -> HttpResponseBase:
    """The import stops after the rows it has in hand; it can go on later."""
    found = _own(actor_of_request(request), table)
    sheets.ask_to_stop(found)
    messages.info(request, _("It stops after the rows it has in hand. What came in stays."))
    return redirect("table_import", found.id)


@never_cache
@require_POST
@staff("register_import")
def table_forget(request: HttpRequest, table: UUID) -> HttpResponseBase:
    """The file and the refused rows are gone; what came in stays."""
    found = _own(actor_of_request(request), table)
    if found.state == State.DRAFT:
        sheets.forget(found)
        found.delete()
    else:
        sheets.forget(found)
    messages.success(request, _("The file and the refused rows are deleted."))
    return redirect("table_imports")


@never_cache
@require_GET
@staff("register_import")
def table_repair(request: HttpRequest, table: UUID) -> HttpResponseBase:
    """The refused rows with a column that says why, to be mended and sent again."""
    found = _own(actor_of_request(request), table)
    try:
        content = repair_file(found)
    except Gone as fault:
        raise Http404 from fault
    name = f"{_('to-mend')}-{timezone.now().astimezone(zone()):%Y%m%d-%H%M}.xlsx"
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=MEDIA["xlsx"])


def _own(actor: Actor, table: UUID) -> TableImport:
    found = sheets.table_for(table, actor=actor)
    if found is None:
        raise Http404(_("There is no such import."))
    return found


def _chosen(table: TableImport, posted: Mapping[str, str]) -> dict[str, str]:
    return {name: posted.get(f"{COLUMN}{at}", "") for at, name in enumerate(table.header)}


def _before(table: TableImport, actor: Actor, asked: Mapping[str, str]) -> dict[str, Any]:
    """The mapping to be looked at, and what it makes of the first rows."""
    targets = [(name, str(one.label)) for name, one in table_kind(table.kind).targets().items()]
    fault = ""
    try:
        sheet_columns.said(table.kind, table.header, table.mapping)
    except Unfit as unfit:
        fault = str(unfit)
    shown: dict[str, Any] = {
        "targets": targets, "fault": fault, "kept": sheets.mappings_for(actor, table.kind),
        "columns": [(at, name, table.mapping.get(name, "")) for at, name in enumerate(table.header)],
    }  # fmt: skip
    try:
        settled = sheets.preview(table, actor=actor)
    except Gone:
        return shown | {"fault": _("The file is gone: send it again."), "gone": True}
    labels = dict(targets)
    read = [(at, labels[table.mapping[name]]) for at, name in enumerate(table.header) if table.mapping.get(name)]
    shown["titles"] = [label for _at, label in read]
    rows = sorted(settled.outlook(), key=lambda one: one.draft.number)
    shown["seen"] = [(one, [one.draft.cells[at] for at, _label in read]) for one in rows]
    return shown


def _tone(table: TableImport) -> str:
    tones = {State.DONE: "good", State.FAILED: "late", State.STOPPED: "near"}
    return tones.get(State(table.state), "calm")


def _left(table: TableImport) -> str:
    """How long it may still take, by what the rows so far took."""
    if not table.read or not table.seconds or table.state not in OPEN:
        return ""
    minutes = max(round((table.rows - table.read) * table.seconds / table.read / 60), 1)
    return ngettext("about %(n)d minute left", "about %(n)d minutes left", minutes) % {"n": minutes}
