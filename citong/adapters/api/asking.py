"""Who asks through the JSON doors, and how their commands are told apart."""

import hashlib

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from citong.adapters.api import keys
from citong.adapters.api.problem import Turned
from citong.core.flow.receipt import receipt_actor
from citong.core.people.access import ANYBODY, Actor
from citong.web.asking import actor_of_request
from citong.web.throttle import address, give_back, spend

BROUGHT = ("bearer", "receipt")


def asking(request: HttpRequest, *, needs: str) -> Actor:
    """The holder of `Authorization: Bearer KEY` or `Receipt NUMBER SECRET`, else the signed-in account or anybody.

    `needs` is the scope a key must have. Raises Turned for a key that opens nothing and for a forged session, TooMany
    for a key, an account or an address that asks too often.
    """
    kind, rest = _brought(request)
    if kind == "bearer":
        return keys.holder(rest.strip(), needs=needs)
    spend(request, "api", who=str(request.user.pk or ""))
    if kind == "receipt":
        return _holder(request, rest.split())
    if request.method == "POST" and request.user.is_authenticated:
        _assert_unforged(request)
    return actor_of_request(request)


def _holder(request: HttpRequest, brought: list[str]) -> Actor:
    """The receipt's holder, or anybody; wrong codes are counted together with those of the pages."""
    if len(brought) != 2:
        return ANYBODY
    spend(request, "receipt")
    held = receipt_actor(*brought)
    if held is None:
        return ANYBODY
    give_back("receipt", address(request))
    return held[1]


def by_session(request: HttpRequest) -> bool:
    """Whether the browser's cookie says who asks, not a header the client wrote itself."""
    return _brought(request)[0] not in BROUGHT


def command_key(request: HttpRequest, actor: Actor, data: QueryDict) -> str:
    """The client's Idempotency-Key, apart from those of other senders and for other addresses.

    Nobody in particular can be told from nobody else: there what is sent belongs to the key, too.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return ""
    sender = str(actor.account or actor.receipt or data.urlencode())
    return hashlib.sha256("\n".join((sender, request.path, key)).encode("utf-8", "replace")).hexdigest()


def _brought(request: HttpRequest) -> tuple[str, str]:
    kind, _blank, rest = request.headers.get("Authorization", "").partition(" ")
    return kind.lower(), rest


def _assert_unforged(request: HttpRequest) -> None:
    """A browser's session must bring its token; a client without a session has nothing to forge."""
    if csrf_protect(lambda _request: HttpResponse())(request).status_code == 403:
        raise Turned(403, _("The page's token is missing."), mend=_("Load the page again, or send X-CSRFToken."))
