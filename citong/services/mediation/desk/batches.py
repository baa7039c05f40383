"""Batches at the desk: brought in, looked over, and acted on many disputes at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citong.core.cases.forms import LineField, WordsField
from citong.core.cases.models import Case, Party
from citong.core.cases.registry import case_type
from citong.core.flow.reading import reads_all
from citong.core.people.access import Actor, Purpose
from citong.core.people.administration import look_all
from citong.core.people.refusal import Refusal
from citong.core.places.current import today
from citong.core.places.tables import write_cells
from citong.core.register.sheet_columns import Unfit
from citong.kit.checks import credit_code_fault
from citong.kit.money import yuan_of
from citong.services.mediation import batch_acts, batches
from citong.services.mediation.desk.doing import done
from citong.services.mediation.forms.opening import AT_COURT
from citong.services.mediation.kinds import Kind
from citong.services.mediation.models import Batch, BatchAct
from citong.services.mediation.tasks import carry_batch_act
from citong.web.asking import actor_of_request
from citong.web.desk.door import is_part
from citong.web.office.door import only_for
from citong.web.register.forms import day_field

PAGE = "mediation_batches"
ROWS = 100
TONES = {BatchAct.State.DONE: "good", BatchAct.State.STOPPED: "near"}


class TableForm(forms.Form):
    """A table of respondents."""

    file = forms.FileField(
        label=gettext_lazy("Excel or CSV file"),
        help_text=gettext_lazy(
            "One header line, then one row for each respondent: name, phone, identity number, address, contract, "
            "amount, due since."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )  # fmt: skip
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"), max_length=100, required=False,
        help_text=gettext_lazy("Its name; the first sheet otherwise."),
    )  # fmt: skip
    on = day_field(gettext_lazy("As of which day?"), initial=today)


class BatchForm(TableForm):
    """An organisation with its table."""

    name = LineField(label=gettext_lazy("Organisation"), max_length=60)
    credit_code = LineField(label=gettext_lazy("Credit code"), max_length=18, required=False)
    phone = LineField(label=gettext_lazy("Phone"), max_length=30, required=False)
    address = LineField(
        label=gettext_lazy("Its address"), max_length=200,
        help_text=gettext_lazy("District and street: the disputes lie there."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("What are they about?"), choices=Kind, initial=Kind.LOAN)
    line = forms.ChoiceField(label=gettext_lazy("At court"), choices=AT_COURT, required=False)
    about = WordsField(
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy("What is the same in all of them. Contract, amount and day come from each row."),
    )  # fmt: skip
    wish = WordsField(label=gettext_lazy("What do you want?"), required=False)
    field_order = ("name", "credit_code", "phone", "address", "kind", "line", "about", "wish", "file", "sheet", "on")

    def clean_credit_code(self) -> str:
        code: str = self.cleaned_data["credit_code"].upper()
        if code and credit_code_fault(code):
            raise forms.ValidationError(_("This number can not be right: compare it once more."))
        return code

    def told(self) -> dict[str, Any]:
        """The values of a Batch."""
        return {name: value for name, value in self.cleaned_data.items() if name not in TableForm.base_fields}


@never_cache
@require_GET
@only_for(PAGE)
def batch_list(request: HttpRequest) -> HttpResponseBase:
    """The batches in the actor's reach, newest first."""
    actor = actor_of_request(request)
    found = list(batches.batches_for(actor)[:ROWS])
    counts = batches.sums_of(found, actor)
    rows = [(batch, counts.get(batch.pk, {}), yuan_of(counts.get(batch.pk, {}).get("amount", 0))) for batch in found]
    return render(request, "mediation/batches.html", {"rows": rows, "brings": _brings(actor)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only_for(PAGE)
def batch_new(request: HttpRequest) -> HttpResponseBase:
    """A batch is brought in: its table is looked at next, and no dispute is open before somebody lets it run."""
    actor, now = actor_of_request(request), timezone.now()
    if not _brings(actor):
        raise Http404
    form, status = BatchForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status, made = _sent(form, lambda: batches.bring(
            form.cleaned_data["file"].read(), form.told(), name=form.cleaned_data["file"].name,
            sheet=form.cleaned_data["sheet"], on=form.cleaned_data["on"], actor=actor, at=now,
        ))  # fmt: skip
        if made is not None:
            return redirect("table_import", made[1].pk)
    return render(request, "mediation/batch_new.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only_for(PAGE)
def batch_more(request: HttpRequest, batch: UUID) -> HttpResponseBase:
    """One more table for a batch: rows that were mended, or that are new."""
    actor, now = actor_of_request(request), timezone.now()
    found = _batch(actor, batch)
    if not _brings(actor):
        raise Http404
    form, status = TableForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status, table = _sent(form, lambda: batches.add_table(
            found, form.cleaned_data["file"].read(), name=form.cleaned_data["file"].name,
            sheet=form.cleaned_data["sheet"], on=form.cleaned_data["on"], actor=actor, at=now,
        ))  # fmt: skip
        if table is not None:
            return redirect("table_import", table.pk)
    return render(request, "mediation/batch_new.html", {"form": form, "batch": found}, status=status)


@never_cache
@require_GET
@only_for(PAGE)
def batch_page(request: HttpRequest, batch: UUID) -> HttpResponseBase:
    """The disputes of a batch with state, clock, amount and outcome, and what can be done with many of them at once.

    Names are shown on demand, to whoever reads the dispute; each leaves a look. Queries do not grow with the batch.
    """
    actor, now = actor_of_request(request), timezone.now()
    found = _batch(actor, batch)
    reach, asked = batches.cases_of(found, actor), _asked(request)
    shown = list(_narrowed(reach, asked).filter(number__gt=asked["after"])[: ROWS + 1])
    cases, names = shown[:ROWS], {}
    if asked["names"]:
        names = _names(cases, actor, Purpose.HANDLING, now)
    counts, kind = batches.counts_of(reach), case_type(batch_acts.SERVICE)
    states = [(name, state.label, counts[name]) for name, state in kind.states.items() if name in counts]
    return render(request, "mediation/batch.html", {
        "batch": found, "counts": counts, "states": states, "asked": asked, "now": now, "brings": _brings(actor),
        "amount": yuan_of(counts["amount"]), "total": counts.get(asked["state"] or "cases", 0),
        "rows": [(case, kind.states[case.state], _amount(case), names.get(case.pk, "")) for case in cases],
        "more": urlencode(_said(asked) | {"after": cases[-1].number}) if shown[ROWS:] else "",
        "reads": any(reads_all(case, actor) for case in cases), "acts": batch_acts.offered(cases, actor),
        "past": [(one, kind.acts[one.act], _tone(one)) for one in found.acts.order_by("-pk")[:20]],
        "query": urlencode(_said(asked)),
    })  # fmt: skip


@never_cache
@require_GET
@only_for(PAGE)
def batch_export(request: HttpRequest, batch: UUID) -> HttpResponseBase:
    """The disputes as CSV; the respondents' names for whoever reads them, which leaves looks."""
    actor, now = actor_of_request(request), timezone.now()
    found = _batch(actor, batch)
    cases, kind = list(_narrowed(batches.cases_of(found, actor), _asked(request))), case_type(batch_acts.SERVICE)
    names = _names(cases, actor, Purpose.EXPORTING, now)
    heads = [_("Number"), _("Respondent"), _("State"), _("Amount (yuan)"), _("Opened"), _("Due"), _("Late"),
             _("Mediator"), _("Ended")]  # fmt: skip
    rows: list[list[object]] = [
        [case.number, _plain(names.get(case.pk, "")), str(kind.states[case.state].label), _amount(case),
         _day(case.opened_at), _day(case.due_at if case.open else None), _("yes") if case.late else "",
         _plain(_mediator(case)), _day(case.closed_at)]
        for case in cases
    ]  # fmt: skip
    name = quote(f"{found.name} {now:%Y-%m-%d}.csv")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    body = "\ufeff" + write_cells(heads, rows)
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers=headers)


@never_cache
@require_POST
@only_for(PAGE)
def batch_choose(request: HttpRequest, batch: UUID) -> HttpResponseBase:
    """One act for the chosen disputes, or for all that the list shows; its form comes next, and nothing is done yet."""
    actor = actor_of_request(request)
    found = _batch(actor, batch)
    reach = _narrowed(batches.cases_of(found, actor), _asked(request))
    every = list(reach.order_by().values_list("pk", flat=True))
    chosen = every if "all" in request.POST else [pk for pk in every if str(pk) in set(request.POST.getlist("case"))]
    one = batch_acts.prepare(found, request.POST.get("act", ""), chosen, actor=actor, at=timezone.now())
    if one is None:
        messages.error(request, _("Choose an act and the disputes it is for: it fits none of those chosen."))
        return redirect("mediation_batch", found.pk)
    return redirect("mediation_batch_act", found.pk, one.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only_for(PAGE)
def batch_act(request: HttpRequest, batch: UUID, one: UUID) -> HttpResponseBase:
    """The form of an act on many disputes; once begun, how far it is and which disputes refused it."""
    actor = actor_of_request(request)
    held = _act(actor, batch, one)
    shown: dict[str, Any] = {
        "one": held, "batch": held.batch, "act": case_type(batch_acts.SERVICE).acts[held.act], "tone": _tone(held),
        "open": held.state in batch_acts.OPEN, "number": len(held.cases), "left": _left(held),
    }  # fmt: skip
    if held.state != BatchAct.State.DRAFT:
        shown["refused"] = batch_acts.refused(held)
        part = is_part(request)
        return render(request, "mediation/batch_progress.html" if part else "mediation/batch_act.html", shown)
    shown["form"], status = batch_acts.form_of(held, actor), 200
    if request.method == "POST":
        try:
            batch_acts.begin(held, request.POST, actor=actor)
        except Refusal as refusal:
            shown["form"], status = batch_acts.form_of(held, actor, request.POST), refusal.status
        else:
            carry_batch_act.defer(batch_act=str(held.pk))
            return redirect("mediation_batch_act", held.batch_id, held.pk)
    return render(request, "mediation/batch_act.html", shown, status=status)


@never_cache
@require_POST
@only_for(PAGE)
def batch_act_stop(request: HttpRequest, batch: UUID, one: UUID) -> HttpResponseBase:
    """It stops after the disputes it has in hand; or goes on where it was stopped."""
    held = _act(actor_of_request(request), batch, one)
    if held.state == BatchAct.State.STOPPED:
        batch_acts.go_on(held)
        carry_batch_act.defer(batch_act=str(held.pk))
    else:
        batch_acts.ask_to_stop(held)
        messages.info(request, _("It stops after the disputes it has in hand. What is done stays."))
    return redirect("mediation_batch_act", held.batch_id, held.pk)


def _batch(actor: Actor, batch: UUID) -> Batch:
    found = batches.batches_for(actor).filter(pk=batch).first()
    if found is None:
        raise Http404
    return found


def _act(actor: Actor, batch: UUID, one: UUID) -> BatchAct:
    found = batch_acts.act_for(one, actor)
    if found is None or found.batch_id != batch:
        raise Http404
    return found


def _sent(form: forms.Form, do: Any) -> tuple[int, Any]:
    try:
        return done(form, do)
    except Unfit as fault:
        form.add_error("file", str(fault))
        return 422, None


def _brings(actor: Actor) -> bool:
    try:
        return bool(batches.may_bring(actor))
    except Refusal:
        return False


def _asked(request: HttpRequest) -> dict[str, str]:
    said = request.POST if request.method == "POST" else request.GET
    states = case_type(batch_acts.SERVICE).states
    state = said.get("state", "")
    return {
        "state": state if state in states or state == "late" else "", "names": "1" if said.get("names") else "",
        "after": said.get("after", "")[:20],
    }  # fmt: skip


def _said(asked: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value and name != "after"}


def _narrowed(cases: QuerySet[Case], asked: dict[str, str]) -> QuerySet[Case]:
    if asked["state"] == "late":
        return cases.filter(late=True)
    return cases.filter(state=asked["state"]) if asked["state"] else cases


def _names(cases: Sequence[Case], actor: Actor, purpose: Purpose, at: datetime) -> dict[UUID, str]:
    """The respondents of the cases that the actor reads; each leaves a look. Two queries."""
    readable = [case.pk for case in cases if reads_all(case, actor)]
    people = Party.objects.filter(case__in=readable, side=Party.Side.RESPONDENT, role=Party.Role.PARTY)
    named: dict[UUID, list[str]] = {}
    for case, name in people.order_by("pk").values_list("case_id", "name"):
        named.setdefault(case, []).append(name)
    look_all(named, actor=actor, purpose=purpose, at=at)
    return {case: "、".join(names) for case, names in named.items()}


def _amount(case: Case) -> str:
    return yuan_of(case.dispute.amount) if case.dispute.amount is not None else ""


def _mediator(case: Case) -> str:
    return case.dispute.mediator.account.get_full_name() if case.dispute.mediator else ""


def _day(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _tone(one: BatchAct) -> str:
    return TONES.get(BatchAct.State(one.state), "calm")


def _left(one: BatchAct) -> int:
    """Seconds it may still take, by what the cases so far took; 0 where nothing can be said."""
    if not one.position or one.state not in batch_acts.OPEN:
        return 0
    return round((len(one.cases) - one.position) * one.seconds / one.position)


def _plain(text: str) -> str:
    """A name that begins like a formula is none."""
    return f"'{text}" if text[:1] in "=+-@\t" else text
