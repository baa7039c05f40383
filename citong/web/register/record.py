"""The page of a record: what is known and from where, how it belongs to others, what was said before, who looked."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from citong.core.people.access import Actor, Purpose, may_decide, may_write_record
from citong.core.people.administration import look
from citong.core.people.models import Look
from citong.core.people.posts import Post
from citong.core.people.refusal import Refusal
from citong.core.register import read
from citong.core.register.models import Proposal, Record
from citong.core.register.slip import issue_slip
from citong.web.asking import actor_of_request
from citong.web.desk.door import is_part, staff
from citong.web.register.forms import PurposeForm
from citong.web.register.found import record_for
from citong.web.register.panels import panels_for
from citong.web.register.ties import housed_by
from citong.web.register.told import Told, looks_of, steps_of, ties_shown
from citong.web.register.words import facts_of, kind_of, place_words, title_of

SAME_LOOK = timedelta(minutes=10)


@never_cache
@require_GET
@staff("register")
def record(request: HttpRequest, record: UUID) -> HttpResponseBase:
    """The page; opening it leaves a look. A record that was merged leads to the one it went into."""
    actor, now = actor_of_request(request), timezone.now()
    found = record_for(actor, record)
    if found.merged_into_id and "merged" not in request.GET:
        messages.info(request, _("This record was merged: this is the one it went into."))
        return redirect("record", found.merged_into_id)
    return _page(request, found, actor, now)


@never_cache
@require_POST
@staff("register")
def record_show(request: HttpRequest, record: UUID) -> HttpResponseBase:
    """Sealed values whole, in this answer alone, for those who said what for; it leaves a look with that purpose."""
    actor, now = actor_of_request(request), timezone.now()
    found, form = record_for(actor, record), PurposeForm(request.POST)
    if not form.is_valid():
        return _answer(request, found, actor, now, asked=form, status=422)
    fields = [name for name, known in kind_of(found).known.items() if known.sealed and name in found.values]
    try:
        whole = read.reveal(found.id, fields, actor=actor, purpose=Purpose(form.cleaned_data["purpose"]), at=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _answer(request, found, actor, now, status=refusal.status)
    return _answer(request, found, actor, now, revealed=whole, asked=form)


@never_cache
@require_GET
@staff("register")
def record_looks(request: HttpRequest, record: UUID) -> HttpResponseBase:
    """Who looked at the record, on a sheet of paper for the person."""
    actor = actor_of_request(request)
    found = record_for(actor, record)
    shown = {"record": found, "title": title_of(found), "kind": kind_of(found), "looks": looks_of(found)}
    return render(request, "web/register/looks_print.html", shown)


@never_cache
@require_POST
@staff("register")
def record_slip(request: HttpRequest, record: UUID) -> HttpResponseBase:
    """A new slip on a page to print, once: with it the person sees by themselves who looked."""
    actor = actor_of_request(request)
    found = record_for(actor, record)
    try:
        number, secret = issue_slip(found.id, actor=actor, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("record", found.id)
    shown = {"record": found, "title": title_of(found), "number": number, "secret": secret}
    return render(request, "web/register/slip.html", shown)


def _answer(
    request: HttpRequest, found: Record, actor: Actor, now: datetime, *, revealed: Mapping[str, Any] | None = None,
    asked: PurposeForm | None = None, status: int = 200,
) -> HttpResponseBase:  # fmt: skip
    """For htmx the facts alone, else the whole page."""
    if not is_part(request):
        return _page(request, found, actor, now, revealed=revealed, asked=asked, status=status)
    shown = _facts(found, actor, Told(read.history(found)), revealed or {}, asked)
    return render(request, "web/register/facts.html", shown, status=status)


def _page(
    request: HttpRequest, found: Record, actor: Actor, now: datetime, *, revealed: Mapping[str, Any] | None = None,
    asked: PurposeForm | None = None, status: int = 200,
) -> HttpResponseBase:  # fmt: skip
    told, looks = Told(read.history(found)), looks_of(found)
    _leave_look(found, actor, now)
    shown = _facts(found, actor, told, revealed or {}, asked) | {
        "title": title_of(found), "kind": kind_of(found), "place": place_words(found), "looks": looks,
        "ties": ties_shown(found, actor), "steps": steps_of(found, told), "panels": panels_for(found, actor),
        "merged": list(Record.objects.filter(merged_into=found.id).order_by("id")),
        "waiting": found.proposals.filter(state=Proposal.State.WAITING).count(),
        "writes": may_write_record(actor, found) is not None and found.merged_into_id is None,
        "adds": housed_by(found), "merges": may_decide(actor, found, author=None) is not None,
    }  # fmt: skip
    return render(request, "web/register/record.html", shown, status=status)


def _facts(
    found: Record, actor: Actor, told: Told, revealed: Mapping[str, Any], asked: PurposeForm | None
) -> dict[str, Any]:
    facts = facts_of(found, read.shown(found, actor), revealed=revealed, by=told.by)
    hidden = any(fact.sealed and fact.value and not fact.whole for fact in facts)
    return {"record": found, "facts": facts, "hidden": hidden, "asked": asked or PurposeForm(), "whole": bool(revealed)}


def _leave_look(found: Record, actor: Actor, now: datetime) -> None:
    """The look is on record; coming back within ten minutes is the same look."""
    purpose = Purpose.SUPERVISION if actor.posts() <= {Post.SUPERVISOR} else Purpose.HANDLING
    assert actor.account is not None
    same = Look.objects.filter(subject=found.id, account=actor.account, purpose=purpose, at__gt=now - SAME_LOOK)
    if not same.exists():
        look(found.id, actor=actor, purpose=purpose, at=now)
