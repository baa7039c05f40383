"""Enrolling a device, and giving its share again: by a signed-in browser that brings its token."""

import base64
import binascii
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from citong.adapters.field.auth import refused
from citong.adapters.field.shell import told
from citong.core.people.models import Account
from citong.core.people.refusal import Refusal
from citong.core.sync import devices
from citong.web.asking import actor_of_request
from citong.web.throttle import spend

View = Callable[..., HttpResponse]


def for_accounts(view: View) -> View:
    """The view is for whoever is signed in; its refusals are JSON {sentence, errors}."""

    @never_cache
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not isinstance(request.user, Account):
            return refused(401, _("Sign in first."))
        try:
            spend(request, "enrolment", who=str(request.user.pk))
            return view(request, *args, **named)
        except Refusal as refusal:
            return JsonResponse({"sentence": str(refusal), "errors": refusal.errors}, status=refusal.status)

    return guarded


@for_accounts
def enrol(request: HttpRequest) -> HttpResponse:
    """201 with the device's id and its share of the key; the device's public key is its proof from now on."""
    account, said = request.user, _said(request)
    assert isinstance(account, Account)
    name, key, app = (str(said.get(field) or "").replace("\0", "") for field in ("name", "key", "app"))
    now = timezone.now()
    device, share = devices.enrol(account, actor=actor_of_request(request), name=name, key=_bytes(key), app=app, at=now)
    body = {"device": str(device.id), "share": _text(share), "account": told(account), "now": now.timestamp()}
    return JsonResponse(body, status=201)


@for_accounts
def share(request: HttpRequest, device: UUID) -> HttpResponse:
    """The share of one's own device once more: its PIN was forgotten, and one has signed in anew."""
    found = devices.share_again(device, actor=actor_of_request(request), at=timezone.now())
    return JsonResponse({"share": _text(found)})


def _said(request: HttpRequest) -> dict[str, Any]:
    """The body's object; nothing of a body that has none, which is found wanting then."""
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
