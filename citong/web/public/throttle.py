"""So many tries an hour from one address, then a pause. The address itself is kept nowhere."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR_SECONDS = 3600


def exhausted(request: HttpRequest, what: str, *, most: int) -> bool:
    """Whether this address has used up its tries of this hour."""
    return int(cache.get(_key(request, what), 0)) >= most


def count(request: HttpRequest, what: str) -> None:
    """One more try of this address is counted; the hour begins with the first."""
    key = _key(request, what)
    if not cache.add(key, 1, HOUR_SECONDS):
        cache.incr(key)


def _key(request: HttpRequest, what: str) -> str:
    return salted_hmac("citong.throttle", f"{what} {request.META.get('REMOTE_ADDR', '')}").hexdigest()
