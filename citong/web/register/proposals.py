"""Proposals of one's area: a change that waits for a decision, with the value that stands and the one that was said."""

from collections.abc import Mapping, Sequence
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
from django.views.decorators.http import require_GET, require_POST

from citong.core.cases.declare import Words
from citong.core.people.access import Actor, may_decide
from citong.core.people.refusal import NotAllowed, NotThere, Refusal
from citong.core.register import read, write
from citong.core.register.deciding import proposed
from citong.core.register.declare import RecordKind
from citong.core.register.models import Proposal, Record
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.register.words import kind_of, label_of, source_words, title_of, value_words

ROWS = 30


@dataclass(frozen=True)
class Both:
    """One field of a proposal: what stands, and what was said."""

    label: str
    now: str
    said: str


@dataclass(frozen=True)
class Shown:
    """A proposal as the page shows it; `decides` whether this reader may."""

    proposal: Proposal
    record: Record
    title: str
    icon: str
    why: Words
    author: str
    source: str
    fields: Sequence[Both]
    decides: bool


@never_cache
@require_GET
@staff("proposals")
def proposals(request: HttpRequest) -> HttpResponseBase:
    """What waits in the reader's area, oldest first; paged by key."""
    actor = actor_of_request(request)
    only = _id(request.GET.get("record", ""))
    waiting = read.proposals_for(actor, after=_id(request.GET.get("after", "")), most=ROWS + 1)
    rows = [one for one in waiting if only in (None, one.record_id)]
    shown = [_shown(one, actor) for one in rows[:ROWS]]
    older = f"{reverse('proposals')}?after={rows[ROWS - 1].id}" if len(rows) > ROWS else ""
    return render(request, "web/register/proposals.html", {"rows": shown, "older": older, "only": only})


@never_cache
@require_POST
@staff("proposals")
def proposal_decide(request: HttpRequest, proposal: UUID) -> HttpResponseBase:
    """Taken or left, with a reason where one was given; never by whoever proposed it."""
    actor = actor_of_request(request)
    take, reason = request.POST.get("take") == "yes", " ".join(request.POST.get("reason", "").split())[:200]
    try:
        write.decide(proposal, take=take, reason=reason, actor=actor, at=timezone.now())
    except (NotThere, NotAllowed) as refusal:
        raise Http404(str(refusal)) from refusal
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken: the record says so now.") if take else _("Left as it was."))
    back = request.POST.get("back", "")
    return redirect(back if _inside(back) else "proposals")


def _shown(one: Proposal, actor: Actor) -> Shown:
    record, kind = one.record, kind_of(one.record)
    now, said = read.shown(record, actor), _masked(kind, proposed(one))
    fields = [
        Both(label_of(kind, name), value_words(kind, name, now.get(name)), value_words(kind, name, said.get(name)))
        for name in one.values
    ]
    return Shown(
        one, record, title_of(record), kind.icon, Proposal.Why(one.why).label,
        one.author.get_full_name() if one.author else "", source_words(one.source), fields,
        may_decide(actor, record, author=one.author_id) is not None,
    )  # fmt: skip


def _masked(kind: type[RecordKind], values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: kind.known[name].mask(value) if value and kind.known[name].sealed else value
        for name, value in values.items()
    }  # fmt: skip


def _inside(address: str) -> bool:
    return address.startswith(reverse("proposals"))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
