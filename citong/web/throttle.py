"""So many tries in a time, then a pause: counted once for all processes. Who tries is kept as a digest alone.

Each limit is a bucket of `most` tries that fills again evenly over `seconds` (the generic cell rate algorithm of
ITU-T I.371): one row holds the moment at which the bucket is full again, and one statement takes a try from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from citong.core.flow.refusal import Refusal
from citong.web.errors import too_many

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Limit:
    """At most `most` tries at once, and as many again in `seconds`."""

    most: int
    seconds: int

    @property
    def step(self) -> timedelta:
        """How long one try needs to come back; rounded down, so that `most` of them fit into the time."""
        return timedelta(microseconds=self.seconds * 1_000_000 // max(1, int(self.most * settings.THROTTLE)))

    @property
    def span(self) -> timedelta:
        return timedelta(seconds=self.seconds)


# For one address, key or account. Many people share an address behind a carrier or in an office.
LIMITS: Mapping[str, Limit] = {
    "report": Limit(60, HOUR),  # reports sent from the public page
    "own act": Limit(120, HOUR),  # what reporters do with their own cases
    "receipt": Limit(20, HOUR),  # wrong codes of receipts and slips, on pages and in the API
    "follow": Limit(20, HOUR),  # addresses that want to hear of a case
    "hint": Limit(300, MINUTE),  # proposals while somebody writes, and the public map
    "download": Limit(60, HOUR),  # open data, whole files
    "api": Limit(300, MINUTE),  # the JSON API without a key; with one, the key has its own limit
    "phone": Limit(300, MINUTE),  # each device: a photo comes in eight pieces, a week's work in twenty pushes
    "enrolment": Limit(30, HOUR),  # devices enrolled, and their shares asked for again, by each account
    "open311": Limit(300, MINUTE),  # reading
    "open311 key": Limit(600, MINUTE),  # writing, each key
}

TAKE = """
INSERT INTO web_fleeting AS held (key, until) VALUES (%(key)s, %(at)s + %(step)s)
ON CONFLICT (key) DO UPDATE SET until = GREATEST(held.until, %(at)s) + %(step)s
WHERE GREATEST(held.until, %(at)s) + %(step)s <= %(at)s + %(span)s
"""
GIVE_BACK = "UPDATE web_fleeting SET until = until - %(step)s WHERE key = %(key)s"


class TooMany(Refusal):
    """The limit is used up; the header Retry-After says when a try has come back."""

    status = 429

    def __init__(self, wait: int) -> None:
        super().__init__(_("Too many tries at once: wait %(seconds)s seconds, then go on.") % {"seconds": wait})
        self.wait = wait
        self.headers: Mapping[str, str] = {"Retry-After": str(wait)}

    def on(self, answer: HttpResponse) -> HttpResponse:
        """The page, which keeps what was typed, as the answer to a try too many."""
        answer.status_code = self.status
        answer.headers["Retry-After"] = str(self.wait)
        return answer


def take(what: str, who: str, *, at: datetime | None = None) -> int:
    """One try is taken; the seconds after which one comes back when none was left, else 0. One statement.

    Taken outside of a transaction it counts at once and whatever happens next.
    """
    limit = LIMITS[what]
    if not settings.THROTTLE:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(TAKE, _row(what, who) | {"at": at or timezone.now(), "span": limit.span})
        taken = cursor.rowcount == 1
    return 0 if taken else ceil(limit.step.total_seconds())


def give_back(what: str, who: str) -> None:
    """The try that was taken does not count. One statement."""
    if settings.THROTTLE:
        with connection.cursor() as cursor:
            cursor.execute(GIVE_BACK, _row(what, who))


def spend(request: HttpRequest, what: str, *, who: str = "") -> None:
    """One try of this address, or of `who`, is taken. Raises TooMany when none was left."""
    if wait := take(what, who or address(request)):
        raise TooMany(wait)


def address(request: HttpRequest) -> str:
    """Where a request comes from: an IPv4 address, or the network of an IPv6 one, which one person has whole."""
    given = str(request.META.get("REMOTE_ADDR", ""))
    try:
        found = ip_address(given)
    except ValueError:
        return given
    return str(IPv6Network((found, 64), strict=False)) if isinstance(found, IPv6Address) else given


def digest(text: str) -> bytes:
    """What stands for a text in the table: 32 bytes that nobody without the home's secret can trace back."""
    return salted_hmac("citong.throttle", text, algorithm="sha256").digest()


def _row(what: str, who: str) -> dict[str, Any]:
    return {"key": digest(f"{what} {who}"), "step": LIMITS[what].step}


class Throttled:
    """A page that may not be asked so often says when it may be again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Doors for programs answer in their own format and let nothing through to here."""
        return too_many(request, exception.wait) if isinstance(exception, TooMany) else None
