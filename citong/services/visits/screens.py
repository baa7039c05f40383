"""The pages of the visits: coverage for who leads, and a worker's own week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from citong.core.cases.declare import Words
from citong.core.people.access import Actor, Purpose, register_scope
from citong.core.people.administration import look
from citong.core.people.refusal import Invalid, NotThere, Refusal
from citong.core.places.tables import write_cells
from citong.core.register.models import Record
from citong.kit.ids import uuid7
from citong.services.visits import coverage
from citong.services.visits.forms import VisitForm
from citong.services.visits.models import Household, Outcome, Plan
from citong.services.visits.parameters import FULL_WEEK
from citong.services.visits.plan import monday_of, quota_of, week_of, working_days
from citong.services.visits.words import WHY
from citong.services.visits.write import Given, visit
from citong.web.asking import actor_of_request
from citong.web.office.door import only_for
from citong.web.register.told import tells

WEEK = timedelta(weeks=1)
tells("visit", gettext_lazy("Visited"), "walk")


@dataclass(frozen=True)
class Home:
    """A household of the plan: where it is, since when due and why, and what became of it this week."""

    dwelling: UUID
    name: str
    due: date
    why: Words
    outcome: Words
    tone: str


@require_GET
@only_for("visits")
def visits_page(request: HttpRequest) -> HttpResponse:
    """Coverage of a week, place by place down to the workers of a station. The same number of queries for any size."""
    actor, now = actor_of_request(request), timezone.now()
    week, area = _week(request, now), coverage.area_of(actor, request.GET.get("area", ""))
    found = coverage.plans(actor, week, area)
    at_bottom = area is not None and area.level == "community"
    lines = coverage.by_worker(found) if at_bottom else coverage.by_place(found, area)
    shown = _frame(week, now) | {
        "area": area, "trail": coverage.trail(area, actor), "total": coverage.total(lines), "lines": lines,
        "at_bottom": at_bottom,
    }  # fmt: skip
    return render(request, "visits/coverage.html", shown)


@require_GET
@only_for("visits")
def visits_export(request: HttpRequest) -> HttpResponse:
    """The same week as CSV, a line for each worker."""
    actor = actor_of_request(request)
    week = _week(request, timezone.now())
    area = coverage.area_of(actor, request.GET.get("area", ""))
    heads = [
        _("Unit code"), _("Unit"), _("Worker"), _("Working days"), _("Quota"), _("Planned"),
        _("Met somebody"), _("Not at home"), pgettext("visit", "Refused"), pgettext("visit", "Missed"),
        _("Outside the plan"), _("Share in %"),
    ]  # fmt: skip
    body = "\ufeff" + write_cells(heads, coverage.table(coverage.plans(actor, week, area)))
    name = quote(f"{_('Visits')} {week}.csv")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
@only_for("my_visits")
def my_visits(request: HttpRequest) -> HttpResponse:
    """The worker's own week: where to go, why, and what became of it."""
    actor, now = actor_of_request(request), timezone.now()
    week = _week(request, now)
    plan = Plan.objects.filter(worker=actor.account, week=week).first() if actor.account else None
    homes = list(_homes(plan, actor)) if plan else []
    shown = _frame(week, now) | {"plan": plan, "homes": homes, "line": _line(plan)}
    return render(request, "visits/mine.html", shown)


@require_http_methods(["GET", "POST"])
@only_for("my_visits")
def visit_form(request: HttpRequest, dwelling: UUID) -> HttpResponseBase:
    """A visit is written down, once however often it is sent. Nothing typed is lost."""
    actor, now = actor_of_request(request), timezone.now()
    reach = Record.objects.filter(register_scope(actor, Purpose.VISITING), kind="dwelling", pk=dwelling)
    record = reach.first()
    if record is None:
        raise Http404
    if request.method == "GET":
        look(record.id, actor=actor, purpose=Purpose.VISITING, at=now)
        return _form(request, record, VisitForm(actor=actor))
    try:
        told = Given(_key(request), record.id, now, request.POST, files=request.FILES)
        visit(told, actor=actor, at=now)
    except NotThere as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        form = VisitForm(request.POST, actor=actor)
        form.is_valid()
        _say(form, refusal)
        return _form(request, record, form, status=refusal.status)
    messages.success(request, _("The visit is written down."))
    return redirect("my_visits")


def _form(request: HttpRequest, record: Record, form: VisitForm, *, status: int = 200) -> HttpResponse:
    home = Household.objects.filter(pk=record.id).first()
    shown = {
        "form": form, "record": record, "home": home, "why": WHY.get(home.why, "") if home else "",
        "key": request.POST.get("key") or uuid7(),
    }  # fmt: skip
    return render(request, "visits/form.html", shown, status=status)


def _say(form: VisitForm, refusal: Refusal) -> None:
    if not isinstance(refusal, Invalid):
        form.add_error(None, str(refusal))
        return
    for name, sentences in refusal.errors.items():
        for sentence in (one for one in sentences if one not in form.errors.get(name, [])):
            form.add_error(name if name in form.fields else None, sentence)


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid7()


def _week(request: HttpRequest, now: datetime) -> date:
    """The Monday that was asked for, else of this week."""
    try:
        return monday_of(date.fromisoformat(request.GET.get("week", "")))
    except (ValueError, OverflowError):
        return week_of(now)


def _frame(week: date, now: datetime) -> dict[str, Any]:
    """What both pages say of the week. A week with holidays says why it has fewer visits."""
    worked, this_week = len(working_days(week)), week_of(now)
    return {
        "week": week, "last": week + WEEK - timedelta(days=1), "before": week - WEEK,
        "after": week + WEEK if week <= this_week else None, "over": week < this_week, "now": week == this_week,
        "worked": worked, "short": worked < FULL_WEEK.at(week), "quota": quota_of(week, worked),
    }  # fmt: skip


def _homes(plan: Plan, actor: Actor) -> Iterable[Home]:
    """The households of the plan, those nobody came to first; three queries."""
    reach = Record.objects.filter(register_scope(actor, Purpose.VISITING), pk__in=plan.households)
    names = dict(reach.values_list("id", "name"))
    present = Household.objects.in_bulk(plan.households)
    homes = [
        _home(dwelling, names.get(dwelling, ""), due, why, present.get(dwelling), plan.week)
        for dwelling, due, why in zip(plan.households, plan.due_on, plan.why, strict=True)
    ]
    return sorted(homes, key=lambda home: home.tone == "calm")


def _home(dwelling: UUID, name: str, due: date, why: str, now: Household | None, week: date) -> Home:
    came = now is not None and now.tried_at is not None and week_of(now.tried_at) == week
    outcome = Outcome(now.outcome).label if came and now else ""
    tone = "" if not came or now is None else "calm" if now.outcome == Outcome.DONE else "near"
    return Home(dwelling, name or _("Not in your grids any more"), due, WHY.get(why, why), outcome, tone)


def _line(plan: Plan | None) -> coverage.Line | None:
    if plan is None:
        return None
    return coverage.Line(
        "", quota=plan.quota, planned=len(plan.households), done=plan.done, absent=plan.absent, refused=plan.refused,
        more=plan.more, days=plan.days,
    )  # fmt: skip
