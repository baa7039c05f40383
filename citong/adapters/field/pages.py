"""The page of phones, for the workers themselves and for those who lead; and the box of what could not be done."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from citong.core.cases.declare import Words
from citong.core.people.refusal import Invalid, NotThere
from citong.core.sync import box
from citong.core.sync import devices as known
from citong.core.sync.models import Operation
from citong.core.sync.overview import PAGE, devices_of
from citong.core.sync.registry import kinds
from citong.web.asking import actor_of_request
from citong.web.office.door import only_for

STATES: Mapping[str, tuple[Words, str]] = {
    "good": (gettext_lazy("in order"), "good"),
    "behind": (gettext_lazy("something waits"), "near"),
    "owes": (gettext_lazy("has yet to forget"), "late"),
    "revoked": (gettext_lazy("revoked"), "calm"),
}
KINDS: Mapping[str, Words] = {
    "record": gettext_lazy("New record"), "change": gettext_lazy("Change of a record"),
    "end": gettext_lazy("End of a record"), "tie": gettext_lazy("New tie"), "untie": gettext_lazy("End of a tie"),
    "open": gettext_lazy("New report"), "act": gettext_lazy("Act on a case"),
}  # fmt: skip


@never_cache
@require_safe
@only_for("phones")
def devices(request: HttpRequest) -> HttpResponse:
    """One's own phones, and those of the people one leads: what waits on them, and what they should have forgotten."""
    actor = actor_of_request(request)
    lines = devices_of(actor, at=timezone.now(), before=_id(request.GET.get("before", "")))
    rows = [{"line": line, "state": STATES[line.state][0], "tone": STATES[line.state][1]} for line in lines[:PAGE]]
    older = lines[PAGE - 1].device.id if len(lines) > PAGE else ""
    return _render(request, "devices", {"rows": rows, "older": older, "refused": len(box.refused(actor))})


@require_POST
@only_for("phones")
def revoke(request: HttpRequest, device: UUID) -> HttpResponseBase:
    """The phone speaks for nobody any more, and wipes itself when it next asks."""
    reason, actor = request.POST.get("reason", ""), actor_of_request(request)
    try:
        known.revoke(device, actor=actor, reason=reason, at=timezone.now())
    except NotThere:
        raise Http404 from None
    except Invalid:
        messages.error(request, _("Say why the phone is revoked."))
    else:
        messages.success(request, _("The phone is revoked. It wipes itself when it next asks for news."))
    return redirect("devices")


@never_cache
@require_safe
@only_for("supervision")
def refused(request: HttpRequest) -> HttpResponse:
    """What workers said and could not be done: oldest first."""
    found = box.refused(actor_of_request(request), after=_id(request.GET.get("after", "")))
    rows = [{"one": one, "kind": _kind(one)} for one in found]
    after = found[-1].id if len(found) == box.PAGE else ""
    return _render(request, "refused", {"rows": rows, "after": after})


@never_cache
@require_safe
@only_for("supervision")
def operation(request: HttpRequest, operation: UUID) -> HttpResponse:
    """One of them, with the words the worker said. The look is on record."""
    return _one(request, operation)


@require_POST
@only_for("supervision")
def again(request: HttpRequest, operation: UUID) -> HttpResponseBase:
    """It is tried once more, for the worker who said it."""
    try:
        found = box.try_refused(operation, actor=actor_of_request(request), at=timezone.now())
    except NotThere:
        raise Http404 from None
    if found.result == Operation.Result.REFUSED:
        messages.error(request, found.answer.get("sentence") or _("It could not be done."))
        return redirect("refused_operation", operation)
    messages.success(request, _("It is done. The worker's phone hears of it."))
    return redirect("refused_operations")


@require_POST
@only_for("supervision")
def settle(request: HttpRequest, operation: UUID) -> HttpResponseBase:
    """It was taken care of otherwise; the worker reads how."""
    actor, reason = actor_of_request(request), request.POST.get("reason", "")
    try:
        box.settle(operation, reason=reason, actor=actor, at=timezone.now())
    except NotThere:
        raise Http404 from None
    except Invalid as fault:
        return _one(request, operation, error=" ".join(fault.errors["reason"]), status=422)
    messages.success(request, _("Settled. The worker's phone hears of it."))
    return redirect("refused_operations")


def _one(request: HttpRequest, operation: UUID, *, error: str = "", status: int = 200) -> HttpResponse:
    try:
        found, said = box.opened(operation, actor=actor_of_request(request), at=timezone.now())
    except NotThere:
        raise Http404 from None
    words = json.dumps(said.get("data", {}), ensure_ascii=False, indent=2)
    context = {"one": found, "kind": _kind(found), "said": words, "error": error, "errors": _errors(found)}
    return _render(request, "operation", context, status=status)


def _errors(found: Operation) -> list[str]:
    told: Mapping[str, list[str]] = found.answer.get("errors", {})
    return [sentence for sentences in told.values() for sentence in sentences]


def _kind(found: Operation) -> Words:
    declared = kinds().get(found.kind)
    return KINDS.get(found.kind) or (declared.label if declared else "") or found.kind


def _id(text: str) -> UUID | None:
    with suppress(ValueError):
        return UUID(text)
    return None


def _render(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, f"field/{name}.html", context, status=status)
