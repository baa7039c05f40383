"""The secret a hook shares with its receiver. It is never kept: it follows from the city's pepper whenever needed."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings

from citong.core.hooks.models import Hook
from citong.core.notices.hook import told_secret

BOTH_HOLD = timedelta(days=1)


def shown_secret(hook: Hook) -> str:
    """The secret that holds now, as its owner copies it: `whsec_` and 32 bytes in Base64."""
    return told_secret(_secret(hook, hook.secret))


def secrets_of(hook: Hook, *, at: datetime) -> list[bytes]:
    """The secrets to sign with: the one that holds, and for a day after turning the one before it."""
    held = [_secret(hook, hook.secret)]
    if hook.turned_at is not None and at < hook.turned_at + BOTH_HOLD:
        held.append(_secret(hook, hook.secret - 1))
    return held


def _secret(hook: Hook, number: int) -> bytes:
    return hmac.new(settings.RECEIPT_PEPPER, f"webhook {hook.id} {number}".encode(), hashlib.sha256).digest()
