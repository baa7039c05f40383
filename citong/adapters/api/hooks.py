"""Webhooks through the JSON doors: their owner makes them, sees what was sent, and has it sent again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citong.adapters.api.asking import asking
from citong.adapters.api.given import given
from citong.adapters.api.models import ApiKey
from citong.adapters.api.problem import Turned, answering
from citong.core.flow.refusal import Invalid, NotThere, WrongState
from citong.core.hooks import owner
from citong.core.hooks.forms import HookForm, ReplayForm
from citong.core.hooks.models import Hook
from citong.core.hooks.secret import shown_secret
from citong.core.hooks.shown import PAGE, Told, page_of
from citong.core.notices.hook import told_key
from citong.core.people.access import Actor

VERBS: dict[str, Callable[..., Any]] = {
    "pause": owner.pause, "resume": owner.resume, "end": owner.end, "turn": owner.turn, "test": owner.test,
}  # fmt: skip


@answering
@require_http_methods(["GET", "POST"])
def hooks(request: HttpRequest) -> HttpResponse:
    """GET: the sender's own webhooks. POST: a new one, with its secret."""
    actor = _asking(request)
    if request.method == "GET":
        return JsonResponse({"hooks": [_hook(hook) for hook in owner.hooks_of(actor)], "public_key": told_key()})
    form = _valid(request, HookForm, owner=actor.account)
    hook = owner.make(form.cleaned_data, actor=actor, at=timezone.now())
    return JsonResponse(_hook(hook) | {"secret": shown_secret(hook)}, status=201)


@answering
@require_GET
def hook(request: HttpRequest, hook: str) -> HttpResponse:
    """One webhook of the sender's own."""
    return JsonResponse(_hook(_own(_asking(request), hook)))


@answering
@require_GET
def deliveries(request: HttpRequest, hook: str) -> HttpResponse:
    """Up to 50 deliveries after `cursor`, newest first: what, how often tried, how answered, when again."""
    actor = _asking(request)
    told = page_of(_own(actor, hook), actor, before=_cursor(request))
    after = str(told[PAGE - 1].delivery.id) if len(told) > PAGE else None
    return JsonResponse({"deliveries": [_delivery(one) for one in told[:PAGE]], "next": after})


@answering
@require_POST
def hook_do(request: HttpRequest, hook: str, verb: str) -> HttpResponse:
    """The webhook is paused, resumed or ended, has another secret, or is sent a message to try the way."""
    own = _own(_asking(request), hook)
    if verb not in VERBS:
        raise NotThere(_("There is no such act."))
    given(request, None)
    _done(VERBS[verb], own)
    return JsonResponse(_hook(own) | ({"secret": shown_secret(own)} if verb == "turn" else {}))


@answering
@require_POST
def hook_replay(request: HttpRequest, hook: str) -> HttpResponse:
    """All that happened since a moment of the last thirty days is sent again, within minutes."""
    own = _own(_asking(request), hook)
    form = _valid(request, ReplayForm)
    _done(owner.replay, own, since=form.cleaned_data["since"])
    return JsonResponse(_hook(own))


@answering
@require_POST
def delivery_again(request: HttpRequest, hook: str, delivery: str) -> HttpResponse:
    """The same message is sent once more, with the same webhook-id."""
    actor = _asking(request)
    own = _own(actor, hook)
    id = _id(delivery)
    found = own.deliveries.filter(pk=id).first() if id else None
    if found is None:
        raise NotThere(_("There is no such delivery."))
    given(request, None)
    made = _done(owner.again, found)
    return JsonResponse(_delivery(page_of(own, actor, only=made.pk)[0]), status=201)


def _asking(request: HttpRequest) -> Actor:
    """Somebody with an account; a receipt's holder and anybody else have no webhooks."""
    actor = asking(request, needs=ApiKey.Scope.HOOK)
    if actor.account is None:
        mend = _("Sign in, or send a key with the scope `hook`: Authorization: Bearer ct_…")
        raise Turned(401, _("Webhooks belong to an account."), mend=mend, WWW_Authenticate="Bearer")
    return actor


def _own(actor: Actor, hook: str) -> Hook:
    id = _id(hook)
    found = owner.hooks_of(actor).filter(pk=id).first() if id else None
    if found is None:
        raise NotThere(_("There is no such webhook."))
    return found


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _cursor(request: HttpRequest) -> UUID | None:
    text = request.GET.get("cursor", "")
    found = _id(text)
    if text and found is None:
        raise Invalid(_("This cursor is not one of ours."), {"cursor": [_("Send `next` of the page before.")]})
    return found


def _valid(request: HttpRequest, kind: type[forms.Form], **more: Any) -> forms.Form:
    """The form with what was sent. Raises Invalid with a sentence for each field."""
    data, _files = given(request, kind)
    form = kind(data, **more)
    if not form.is_valid():
        errors = {name: [str(one) for one in told] for name, told in form.errors.items()}
        raise Invalid(_("Some answers need another look."), errors)
    return form


def _done(do: Callable[..., Any], on: Any, **more: Any) -> Any:
    try:
        return do(on, at=timezone.now(), **more)
    except owner.HasEnded as fault:
        raise WrongState(str(fault)) from fault
    except ValueError as fault:
        raise Invalid(str(fault), {"since": [str(fault)]}) from fault


def _hook(hook: Hook) -> dict[str, Any]:
    moments: dict[str, datetime | None] = {
        name: getattr(hook, name) for name in ("made_at", "paused_at", "ended_at", "failing_since", "turned_at")
    }
    return {
        "id": str(hook.id), "name": hook.name, "address": hook.address, "services": hook.services, "acts": hook.acts,
        "state": hook.state(), "reason": hook.reason, **moments,
    }  # fmt: skip


def _delivery(told: Told) -> dict[str, Any]:
    one = told.delivery
    return {
        "id": str(one.id), "webhook_id": one.webhook_id(), "type": told.kind, "number": told.number,
        "state": one.state(), "made_at": one.made_at, "tries": one.tries, "next_at": one.next_at,
        "sent_at": one.sent_at, "status": one.status, "fault": one.fault,
    }  # fmt: skip
