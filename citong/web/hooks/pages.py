"""The pages of an owner's webhooks: what there is, what was sent, and the buttons that go with it."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citong.core.cases.declare import Words
from citong.core.cases.registry import case_types
from citong.core.hooks import owner
from citong.core.hooks.forms import HookForm, ReplayForm, acts, services
from citong.core.hooks.models import Hook
from citong.core.hooks.secret import shown_secret
from citong.core.hooks.shown import PAGE, Told, page_of
from citong.core.notices.hook import told_key
from citong.web.asking import actor_of_request

FRESH = "fresh_hook"
STATES: Mapping[str, tuple[Words, str]] = {
    "active": (gettext_lazy("in order"), "good"),
    "failing": (gettext_lazy("its receiver fails"), "near"),
    "paused": (gettext_lazy("paused"), "near"),
    "ended": (gettext_lazy("has ended"), "calm"),
    "sent": (gettext_lazy("taken"), "good"),
    "waiting": (gettext_lazy("waits"), "calm"),
    "retrying": (gettext_lazy("is tried again"), "near"),
    "given_up": (gettext_lazy("not sent"), "late"),
}
DOES: Mapping[str, tuple[Callable[..., Any], Words]] = {
    "pause": (owner.pause, gettext_lazy("Paused. What happens meanwhile is kept for later.")),
    "resume": (owner.resume, gettext_lazy("Resumed. What waited is sent now.")),
    "end": (owner.end, gettext_lazy("Ended. Nothing is sent any more.")),
    "turn": (owner.turn, gettext_lazy("There is a new secret. For a day messages are signed with the old one, too.")),
    "test": (owner.test, gettext_lazy("A test message is on its way.")),
}


@never_cache
@require_safe
@login_required
def hooks(request: HttpRequest) -> HttpResponse:
    """The own webhooks, or what they are good for where there is none."""
    rows = [(hook, *STATES[hook.state()]) for hook in owner.hooks_of(actor_of_request(request))]
    return _render(request, "list", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hook_new(request: HttpRequest) -> HttpResponseBase:
    """The form; sent, the webhook's page with its secret."""
    actor = actor_of_request(request)
    form = HookForm(request.POST or None, owner=actor.account)
    if request.method != "POST" or not form.is_valid():
        return _render(request, "new", {"form": form}, status=422 if form.is_bound else 200)
    hook = owner.make(form.cleaned_data, actor=actor, at=timezone.now())
    request.session[FRESH] = str(hook.id)
    messages.success(request, _("The webhook is there. Keep its secret now: it is shown only this once."))
    return redirect("hook", hook.id)


@never_cache
@require_safe
@login_required
def hook(request: HttpRequest, hook: UUID) -> HttpResponse:
    """One webhook with what was sent, newest first; `?before=` goes on."""
    return _page(request, _own(request, hook))


@require_POST
@login_required
def hook_do(request: HttpRequest, hook: UUID, what: str) -> HttpResponseBase:
    """Paused, resumed, ended, another secret, or a test message sent."""
    if what not in DOES:
        raise Http404
    own, (do, sentence) = _own(request, hook), DOES[what]
    if _done(request, do, own):
        messages.success(request, str(sentence))
        request.session[FRESH] = str(own.id) if what == "turn" else ""
    return redirect("hook", hook)


@require_POST
@login_required
def hook_replay(request: HttpRequest, hook: UUID) -> HttpResponseBase:
    """All since a moment is sent again, or the form says which moments can be."""
    own, form = _own(request, hook), ReplayForm(request.POST)
    if not form.is_valid():
        return _page(request, own, replay=form, status=422)
    try:
        owner.replay(own, since=form.cleaned_data["since"], at=timezone.now())
    except ValueError as fault:
        form.add_error("since", str(fault))
        return _page(request, own, replay=form, status=422)
    messages.success(request, _("All since then is sent again, beginning within a minute."))
    return redirect("hook", hook)


@require_POST
@login_required
def delivery_again(request: HttpRequest, hook: UUID, delivery: UUID) -> HttpResponseBase:
    """The same message is sent once more."""
    found = get_object_or_404(_own(request, hook).deliveries, pk=delivery)
    if _done(request, owner.again, found):
        messages.success(request, _("The message is on its way once more."))
    return redirect("hook", hook)


def _own(request: HttpRequest, hook: UUID) -> Hook:
    return get_object_or_404(owner.hooks_of(actor_of_request(request)), pk=hook)


def _done(request: HttpRequest, do: Callable[..., Any], on: Any) -> bool:
    """Whether it could be done; if not the page says why."""
    try:
        do(on, at=timezone.now())
    except owner.HasEnded as fault:
        messages.error(request, str(fault))
        return False
    return True


def _page(request: HttpRequest, hook: Hook, *, replay: forms.Form | None = None, status: int = 200) -> HttpResponse:
    told = page_of(hook, actor_of_request(request), before=_id(request.GET.get("before", "")))
    fresh = request.session.pop(FRESH, "") == str(hook.id)
    state, tone = STATES[hook.state()]
    context = {
        "hook": hook, "state": state, "tone": tone, "rows": [_row(one) for one in told[:PAGE]],
        "older": told[PAGE - 1].delivery.id if len(told) > PAGE else "", "replay": replay or ReplayForm(),
        "secret": shown_secret(hook) if fresh else "", "public_key": told_key(),
        "services": [label for code, label in services() if code in hook.services],
        "acts": [label for code, label in acts() if code in hook.acts],
    }  # fmt: skip
    return _render(request, "one", context, status=status)


def _row(told: Told) -> dict[str, Any]:
    state, tone = STATES[told.delivery.state()]
    return {"one": told.delivery, "what": _what(told), "number": told.number, "state": state, "tone": tone}


def _what(told: Told) -> str:
    """The act in words; a test, or a case that is out of reach now."""
    if told.kind == "test":
        return _("Test message")
    if not told.act:
        return _("A case out of your reach now")
    declared = case_types()[told.service].acts.get(told.act)
    return str(dict(acts()).get(told.act, told.act) if declared is None else declared.label)


def _render(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    base = "web/base_staff.html" if actor_of_request(request).seats else "web/base_public.html"
    return render(request, f"web/hooks/{name}.html", context | {"base": base}, status=status)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
