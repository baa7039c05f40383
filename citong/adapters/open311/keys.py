"""Who may write: clients with one of the city's keys."""

import hashlib
import hmac

from django.conf import settings
from django.http import HttpRequest

from citong.adapters.open311.answer import Fault
from citong.web.throttle import spend


def client_of(request: HttpRequest) -> str:
    """The key the client brought. Fault 403 without one, with a wrong one, and where the city gave out none.

    Raises TooMany for a key that writes too often.
    """
    given = request.POST.get("api_key", "").strip()
    fits = [hmac.compare_digest(given.encode(), key.encode()) for key in settings.OPEN311_KEYS]
    if not any(fits):
        spend(request, "open311")
        raise Fault(403, "api_key is not one of this city's." if given else "api_key is missing.")
    spend(request, "open311 key", who=given)
    return given


def command_key(client: str, kind: str, name: str) -> str:
    """What names a client's command for good, apart from all others and without telling its key."""
    return f"open311:{hashlib.sha256(f'{client} {kind} {name}'.encode()).hexdigest()}"
