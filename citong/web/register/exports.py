"""A list as a file: what for, as which file, with which sealed fields and why; the ledger keeps the mark."""

import io
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from citong.core.cases.forms import LineField
from citong.core.people.access import Purpose
from citong.core.people.refusal import Refusal
from citong.core.places.current import zone
from citong.core.register import sheet_export as engine
from citong.core.register.kinds import KINDS
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.public.names import purpose_words
from citong.web.register.records import Wanted, counted, listed
from citong.web.register.words import label_of

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8",
}  # fmt: skip


class ExportForm(forms.Form):
    """What a list is for, and what it holds besides what that needs."""

    purpose = forms.ChoiceField(label=gettext_lazy("What is the list for?"), widget=forms.RadioSelect)
    sealed = forms.MultipleChoiceField(
        label=gettext_lazy("Values kept under seal"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only what the purpose can not do without. Not for statistics."),
    )  # fmt: skip
    reason = LineField(label=gettext_lazy("Why does the list need them?"), max_length=200, required=False)
    form = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=[("xlsx", "Excel"), ("csv", "CSV")],
        widget=forms.RadioSelect,
        initial="xlsx",
    )

    def __init__(self, *args: Any, kind: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        purposes = [(one.value, purpose_words(one.value)) for one in engine.PURPOSES]
        sealed = [(name, label_of(KINDS[kind], name)) for name in engine.sealed_for(kind, Purpose.HANDLING)]
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]
        self.fields["sealed"].choices = sealed  # type: ignore[attr-defined]
        if not sealed:
            del self.fields["sealed"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """Sealed values need a reason, and a purpose that may have them."""
        data = super().clean() or {}
        if data.get("sealed") and not data.get("reason"):
            self.add_error("reason", _("Say why the list needs values that are kept under seal."))
        if data.get("sealed") and data.get("purpose") == engine.NAMES_NOBODY:
            self.add_error("sealed", _("Statistics need no person's values."))
        return data


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff("register_export")
def export(request: HttpRequest) -> HttpResponseBase:
    """The questions; answered, the file. Up to twenty thousand records of the list, in its order."""
    actor, wanted = actor_of_request(request), Wanted.read(request.GET)
    form = ExportForm(request.POST or None, kind=wanted.kind)
    if request.method == "POST" and form.is_valid():
        answer = _file(request, form, wanted)
        if answer is not None:
            return answer
    rows = counted(wanted, actor, purpose=Purpose.EXPORTING, most=engine.MOST_ROWS + 1)
    shown = {
        "form": form, "wanted": wanted, "kind": KINDS[wanted.kind], "rows": min(rows, engine.MOST_ROWS),
        "more": rows > engine.MOST_ROWS,
        "most": engine.MOST_ROWS,
    }  # fmt: skip
    return render(request, "web/register/export.html", shown, status=422 if form.errors else 200)


def _file(request: HttpRequest, form: ExportForm, wanted: Wanted) -> HttpResponseBase | None:
    """The list as a file; None when it may not be taken, and the form says why."""
    actor, now, said = actor_of_request(request), timezone.now(), form.cleaned_data
    asked = engine.Export(
        wanted.kind, Purpose(said["purpose"]), said.get("sealed", ()), said.get("reason", ""), wanted.query()
    )
    found, _more = listed(wanted, actor, purpose=Purpose.EXPORTING, most=engine.MOST_ROWS)
    try:
        mark = engine.take_out(found, asked, actor=actor, at=now)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    write = engine.as_csv if said["form"] == "csv" else engine.as_excel
    content = write(found, asked, mark, by=actor.name)
    name = f"{wanted.kind}-{now.astimezone(zone()):%Y%m%d-%H%M}.{said['form']}"
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=MEDIA[said["form"]])
