"""Who asks at the phones' doors: a device that signed the request with its own key, and the account it speaks for."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from math import ceil
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from citong.core.ledger import prepared
from citong.core.people.access import Actor, actor_of
from citong.core.people.models import Account
from citong.core.people.refusal import Refusal
from citong.core.sync.devices import signed_by
from citong.core.sync.given import uuid_of
from citong.web.short import short
from citong.web.throttle import LIMITS, digest

SKEW = 300  # seconds
SCHEME = "citong"
# One statement knows the device and takes a try of it, as citong.web.throttle does.
USE = """
WITH known AS (
    SELECT d.*, a.name AS holder, a.username, a.language, a.is_active FROM sync_device d
    JOIN people_account a ON a.id = d.account_id WHERE d.id = %(device)s
), taken AS (
    INSERT INTO web_fleeting AS held (key, until) SELECT %(key)s, %(at)s + %(step)s::interval FROM known
    ON CONFLICT (key) DO UPDATE SET until = GREATEST(held.until, %(at)s) + %(step)s::interval
    WHERE GREATEST(held.until, %(at)s) + %(step)s::interval <= %(at)s + %(span)s::interval
    RETURNING key
)
SELECT account_id, username, holder, language, is_active AND revoked_at IS NULL, key, waiting, oldest_at, app, seen_at,
       ARRAY(SELECT scope FROM sync_grant WHERE device_id = known.id AND ended_at IS NOT NULL AND forgotten_at IS NULL),
       EXISTS (SELECT FROM taken)
FROM known
"""


class Known(NamedTuple):
    """A device as it stands, and whether it comes in time."""

    account: UUID
    username: str
    name: str
    language: str
    good: bool
    key: bytes
    waiting: int
    oldest_at: datetime | None
    app: str
    seen_at: datetime
    owed: list[str]
    in_time: bool


@dataclass(frozen=True)
class Asking:
    """A signed request: from which device, for whom, when, and what its body says."""

    device: UUID
    known: Known
    actor: Actor
    at: datetime
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body's object. Raises Unread."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            raise Unread(_("The request can not be read.")) from None
        if not isinstance(found, dict):
            raise Unread(_("The request can not be read."))
        return found


class Unread(Refusal):
    """Not what the protocol says."""


View = Callable[..., HttpResponseBase]


def signed(*methods: str) -> Callable[[View], View]:
    """The view `(request, asking, …)` is for devices in force, by these methods; its refusals are JSON {sentence}."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
            if request.method not in methods:
                return refused(405, _("This address knows no such method."), Allow=", ".join(methods))
            try:
                asking = _asking(request)
                if isinstance(asking, HttpResponse):
                    return asking
                with override(asking.known.language):
                    return view(request, asking, *args, **named)
            except RequestDataTooBig:
                return refused(413, _("This is too large."))
            except Refusal as refusal:
                return refused(refusal.status, str(refusal))

        return csrf_exempt(short(guarded))

    return guard


def refused(status: int, sentence: str, **headers: str) -> HttpResponse:
    """An answer that says in a sentence why not."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JsonResponse({"sentence": sentence}, status=status, headers=named)


def _asking(request: HttpRequest) -> Asking | HttpResponse:
    """Who asks; or the answer to a request that is not signed as it should be, or comes too often or too late."""
    at = timezone.now()
    scheme, _blank, rest = request.headers.get("Authorization", "").partition(" ")
    parts = rest.split()
    device = uuid_of(parts[0].lower()) if scheme.lower() == SCHEME and len(parts) == 3 else None
    if device is None or not _in_time(parts[1], at):
        return _unknown(at)
    known = _use(device, at)
    if known is None:
        return _unknown(at, unknown=True)
    body = request.body
    if not signed_by(bytes(known.key), _message(request, parts[1], body), _unbased(parts[2])):
        return _unknown(at)
    if not known.good:
        return JsonResponse({"revoked": True}, status=410)
    if settings.THROTTLE and not known.in_time:
        wait = str(ceil(LIMITS["phone"].step.total_seconds()))
        return refused(429, _("Too many tries at once: wait %(seconds)s seconds, then go on.") % {"seconds": wait},
                       Retry_After=wait)  # fmt: skip
    account = Account(pk=known.account, username=known.username, name=known.name, language=known.language)
    return Asking(device, known, actor_of(account, at=at), at, body)


def _use(device: UUID, at: datetime) -> Known | None:
    limit = LIMITS["phone"]
    given = {"device": device, "key": digest(f"phone {device}"), "at": at, "step": limit.step, "span": limit.span}
    found = prepared.run(USE, given)
    return Known(*found[0]) if found else None


def _message(request: HttpRequest, seconds: str, body: bytes) -> bytes:
    """What a device signs: the method, the address, the moment and a hash of the body, each on its line."""
    query = request.META.get("QUERY_STRING", "")
    address = f"{request.path}?{query}" if query else request.path
    return "\n".join((request.method or "", address, seconds, hashlib.sha256(body).hexdigest())).encode()


def _in_time(seconds: str, at: datetime) -> bool:
    return seconds.isascii() and seconds.isdigit() and len(seconds) < 12 and abs(at.timestamp() - int(seconds)) <= SKEW


def _unbased(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _unknown(at: datetime, **more: bool) -> HttpResponse:
    """401 with our time, by which a phone sets its clock right. A device we do not know keeps what it has to say."""
    return JsonResponse({"now": at.timestamp()} | more, status=401, headers={"WWW-Authenticate": "Citong"})
