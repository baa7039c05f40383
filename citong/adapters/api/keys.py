"""Keys of programs: made, used and counted, revoked. The text of a key is shown once and never kept."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from math import ceil
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from citong.adapters.api.models import ApiKey
from citong.adapters.api.problem import OutOfScope, Turned
from citong.core.ledger import prepared
from citong.core.people.access import Actor, actor_of
from citong.core.people.models import Account

PREFIX = "ct_"
BYTES = 24

# One statement finds the key with its account and takes a use of it, as citong.web.throttle does: the count lies in an
# unlogged table, so no use waits for the disk; the key's own row is written once a minute.
USE = """
WITH known AS (
    SELECT k.*, interval '1 minute' / k.per_minute AS step FROM api_apikey k
    WHERE digest = %(digest)s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %(at)s)
), taken AS (
    INSERT INTO web_fleeting AS held (key, until) SELECT digest, %(at)s + step FROM known
    ON CONFLICT (key) DO UPDATE SET until = GREATEST(held.until, %(at)s) + (SELECT step FROM known)
    WHERE GREATEST(held.until, %(at)s) + (SELECT step FROM known) <= %(at)s + interval '1 minute'
    RETURNING key
), noted AS (
    UPDATE api_apikey SET minute = %(minute)s FROM known
    WHERE api_apikey.id = known.id AND known.minute IS DISTINCT FROM %(minute)s
)
SELECT a.id, a.username, a.name, a.language, a.is_active, known.scopes, known.per_minute, EXISTS (SELECT FROM taken)
FROM known JOIN people_account a ON a.id = known.account_id
"""


class Used(NamedTuple):
    """A use of a key: its account, what it is for, and whether it came in time."""

    account: UUID
    username: str
    name: str
    language: str
    is_active: bool
    scopes: list[str]
    per_minute: int
    in_time: bool


def make(
    name: str,
    *,
    account: Account,
    scopes: Sequence[str],
    per_minute: int,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its text. ValueError when a key in force has that name or a scope is unknown."""
    if unknown := set(scopes) - set(ApiKey.Scope.values):
        raise ValueError(f"There is no scope {', '.join(sorted(unknown))}: use {', '.join(ApiKey.Scope.values)}.")
    if ApiKey.objects.filter(name=name, revoked_at=None).exists():
        raise ValueError(f"There is a key {name} already: revoke it first, or choose another name.")
    text = PREFIX + secrets.token_urlsafe(BYTES)
    key = ApiKey.objects.create(
        name=name, digest=digest(text), account=account, scopes=list(scopes), per_minute=per_minute,
        created_at=timezone.now(), expires_at=expires_at,
    )  # fmt: skip
    return key, text


def revoke(name: str) -> None:
    """No key of that name opens a door any more. ValueError when there was none."""
    if not ApiKey.objects.filter(name=name, revoked_at=None).update(revoked_at=timezone.now()):
        raise ValueError(f"There is no key {name} in force: `citong key list` shows them.")


def holder(text: str, *, needs: str, at: datetime | None = None) -> Actor:
    """The actor a key stands for; the use is counted. Never with the administrator's hour.

    Raises Turned (401 unknown, expired, revoked; 429 used up) or OutOfScope.
    """
    at = at or timezone.now()
    key = _used(text, at)
    if key is None or not key.is_active:
        mend = _("Ask the city for a key and send it as: Authorization: Bearer ct_…")
        raise Turned(401, _("This key is not one of ours, or no longer."), mend=mend, WWW_Authenticate="Bearer")
    if not key.in_time:
        wait = str(ceil(60 / key.per_minute))
        mend = _("Wait %(seconds)s seconds; the header Retry-After says so, too.") % {"seconds": wait}
        raise Turned(429, _("This key is used up for this minute."), mend=mend, Retry_After=wait)
    if needs not in key.scopes:
        raise OutOfScope(_("This key was not made for that: its scopes are %s.") % ", ".join(key.scopes))
    account = Account(pk=key.account, username=key.username, name=key.name, language=key.language)
    return replace(actor_of(account, at=at), elevated=False)


def digest(text: str) -> bytes:
    """HMAC-SHA256 of a key's text, 32 bytes, apart from those of receipts."""
    return hmac.new(settings.RECEIPT_PEPPER, b"api key " + text.encode("utf-8", "replace"), hashlib.sha256).digest()


def _used(text: str, at: datetime) -> Used | None:
    given: dict[str, Any] = {"minute": at.replace(second=0, microsecond=0), "digest": digest(text), "at": at}
    found = prepared.run(USE, given)
    return Used(*found[0]) if found else None
