"""Who may write: clients with one of the city's keys."""

import hashlib
import hmac

from django.conf import settings
from django.http import HttpRequest

from citong.adapters.open311.answer import Fault


def client_of(request: HttpRequest) -> str:
    """The key the client brought. Fault 403 without one, with a wrong one, and where the city gave out none."""
    given = request.POST.get("api_key", "").strip()
    if not given:
        raise Fault(403, "api_key is missing.")
    fits = [hmac.compare_digest(given.encode(), key.encode()) for key in settings.OPEN311_KEYS]
    if not any(fits):
        raise Fault(403, "api_key is not one of this city's.")
    return given


def command_key(client: str, kind: str, name: str) -> str:
    """What names a client's command for good, apart from all others and without telling its key."""
    return f"open311:{hashlib.sha256(f'{client} {kind} {name}'.encode()).hexdigest()}"
