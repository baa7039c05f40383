"""Whether the platform itself is well: clocks that ran out, the ledger, jobs and outbox; and what was changed."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods
from procrastinate.contrib.django.models import ProcrastinateJob

from citong.core.cases.declare import Words
from citong.core.cases.registry import case_types
from citong.core.clocks.models import Clock
from citong.core.ledger.models import Entry
from citong.core.ledger.read import Recorded, faults, history
from citong.core.ledger.stamp import anchoring, unstamped_since
from citong.core.notices.models import Notice
from citong.core.people.models import Account
from citong.core.people.roster import city_subject
from citong.core.places.current import city
from citong.core.places.models import Division
from citong.web.office.administration.pages import frame
from citong.web.office.door import only_for

STAMPED_WITHIN = timedelta(minutes=30)  # three tries of the job
MOST_SUBJECTS = 200
MOST_ENTRIES = 2_000
MOST_CHANGES = 100
JOB_STATES = ("todo", "doing", "succeeded", "failed")
CHANGES: Mapping[str, Words] = {
    "change_threshold": _("Threshold changed"),
    "change_limit": _("Time limit changed"),
    "add_duty": _("Duty added"),
    "change_duty": _("Duty changed"),
    "move_duty": _("Duty moved"),
    "end_duty": _("Duty ended"),
    "add_category": _("Kind added"),
    "change_category": _("Kind changed"),
    "end_category": _("Kind ended"),
    "set_day": _("Day of the calendar set"),
    "elevate": _("Administrator rights taken"),
    "create_account": _("Account made"),
    "activate_account": _("Account opened again"),
    "deactivate_account": _("Account closed"),
    "set_password": _("New first password"),
    "appoint": _("Appointed"),
    "end_appointment": _("Appointment ended"),
    "set_beats": _("Beat changed"),
    "add_absence": _("Absence added"),
    "end_absence": _("Absence ended"),
}


@require_GET
@only_for("administration")
def late_clocks(request: HttpRequest) -> HttpResponse:
    """Running clocks that are past their time, by step and district. Which cases they are, their desks see."""
    now = timezone.now()
    late = Clock.objects.filter(state=Clock.State.RUNNING, due_at__lt=now)
    rows = late.values("code", "district").annotate(n=Count("pk"), oldest=Min("due_at")).order_by("-n")
    names = dict(Division.objects.filter(level="district").values_list("code", "name"))
    labels = {code: spec.label for kind in case_types().values() for code, spec in kind.clocks().items()}
    found = [(labels.get(r["code"], r["code"]), names.get(r["district"], "–"), r["n"], r["oldest"]) for r in rows]
    waking = Clock.objects.filter(wake_at__lt=now).aggregate(n=Count("pk"), oldest=Min("wake_at"))
    shown = {"rows": found, "in_all": sum(row[2] for row in found), "waking": waking}
    return render(request, "web/office/admin/clocks.html", frame(request, "late_clocks") | shown)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for("administration")
def ledger_check(request: HttpRequest) -> HttpResponse:
    """The newest histories are whole, or what is wrong with them and where; at most `MOST_SUBJECTS`."""
    shown = _checked() if request.method == "POST" else {}
    shown |= {"authority": settings.TIMESTAMP_URL, "newest": anchoring().newest, "unstamped": unstamped_since()}
    shown["stamps_late"] = bool(shown["unstamped"] and timezone.now() - shown["unstamped"] > STAMPED_WITHIN)
    return render(request, "web/office/admin/ledger.html", frame(request, "ledger_check") | shown)


@require_GET
@only_for("administration")
def changes(request: HttpRequest) -> HttpResponse:
    """What was changed in the city's settings, newest first: who, when, what."""
    told = history(city_subject(city().code))[-MOST_CHANGES:][::-1]
    people = Account.objects.in_bulk([one.entry.actor for one in told if one.entry.actor])
    rows = [_change(one, people) for one in told]
    return render(request, "web/office/admin/changes.html", frame(request, "changes") | {"rows": rows})


@require_GET
@only_for("administration")
def jobs(request: HttpRequest) -> HttpResponse:
    """Jobs by name and state, and what waits in the outbox."""
    counted: dict[str, Counter[str]] = {}
    for row in ProcrastinateJob.objects.values("task_name", "status").annotate(n=Count("id")).order_by("task_name"):
        counted.setdefault(row["task_name"], Counter())[row["status"]] += row["n"]
    table = [(name, *(found[state] for state in JOB_STATES)) for name, found in counted.items()]
    waiting = Notice.objects.filter(next_at__isnull=False).order_by().values("channel")
    outbox = waiting.annotate(n=Count("pk"), oldest=Min("made_at"), tries=Max("tries")).order_by("channel")
    labelled = [(Notice.Channel(one["channel"]).label, one["n"], one["oldest"], one["tries"]) for one in outbox]
    shown = {"rows": table, "outbox": labelled}
    return render(request, "web/office/admin/jobs.html", frame(request, "jobs") | shown)


def _checked() -> dict[str, Any]:
    newest = Entry.objects.order_by("-id").values_list("subject", flat=True)[:MOST_ENTRIES]
    subjects = list(dict.fromkeys(newest))[:MOST_SUBJECTS]
    entries = Entry.objects.filter(subject__in=subjects).order_by("subject", "position")
    histories = [list(of) for _subject, of in groupby(entries, key=lambda entry: entry.subject)]
    found = [fault for one in histories for fault in faults(one)]
    return {"checked": len(histories), "entries": sum(map(len, histories)), "faults": found, "at": timezone.now()}


def _change(one: Recorded, people: Mapping[Any, Account]) -> dict[str, Any]:
    entry = one.entry
    said = {**entry.facts, **(one.words or {})}
    words = "; ".join(f"{name}: {value}" for name, value in said.items() if value not in (None, "", {}, []))
    who = people.get(entry.actor)
    return {
        "at": entry.at,
        "what": CHANGES.get(entry.act, entry.act),
        "who": str(who or ""),
        "unit": entry.unit,
        "words": words,
    }
