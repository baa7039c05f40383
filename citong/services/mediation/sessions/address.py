"""The secret address of a mediator's calendar: made, made anew, taken back, and what stands there."""

import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from citong.core.people.access import actor_of
from citong.core.people.models import Account
from citong.core.people.posts import Post
from citong.core.places.current import day_of
from citong.services.mediation.models import CalendarAddress, Session
from citong.services.mediation.parameters.sessions import KEPT
from citong.services.mediation.sessions import ics

SECRET_BYTES = 24


def make(account: Account, *, at: datetime) -> str:
    """The address, shown now and never again; one that was made before leads nowhere any more."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    CalendarAddress.objects.update_or_create(account=account, defaults={"digest": _digest(secret), "made_at": at})
    return f"{settings.ORIGIN}{reverse('calendar_feed', args=[secret])}"


def take_back(account: Account) -> None:
    """The address leads nowhere."""
    CalendarAddress.objects.filter(account=account).delete()


def read(secret: str, *, at: datetime) -> bytes | None:
    """The calendar at this address; None where there is none, or whose mediator serves no more."""
    held = CalendarAddress.objects.filter(digest=_digest(secret)).select_related("account").first()
    if held is None or not held.account.is_active or Post.MEDIATOR not in actor_of(held.account, at=at).posts():
        return None
    since = at - timedelta(days=KEPT.at(day_of(at)))
    rows = Session.objects.filter(mediator=held.account, begins_at__gte=since).order_by("begins_at", "id")
    told = [
        (one, one.case.number, f"{settings.ORIGIN}{reverse('case', args=[one.case.number])}")
        for one in rows.select_related("case", "room__body")
    ]
    return ics.feed(told, name=_("Sessions"))


def _digest(secret: str) -> bytes:
    return hmac.digest(settings.RECEIPT_PEPPER, secret.encode(), "sha256")
