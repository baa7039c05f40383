"""What notices say of a session: its time, never what it is about."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from citong.core.cases.models import Case
from citong.core.notices.words import declare
from citong.core.places.current import zone
from citong.services.mediation.models import Session

SAID: Mapping[str, str] = {
    "session_set": gettext_noop("An appointment was made for %(when)s."),
    "session_moved": gettext_noop("An appointment was moved to %(when)s."),
    "session_cancelled": gettext_noop("The appointment on %(when)s is cancelled."),
    "session_tomorrow": gettext_noop("You have an appointment on %(when)s."),
    "session_soon": gettext_noop("Your appointment begins soon: %(when)s."),
}
declare(SAID)


def facts_of(session: Session, case: Case, code: str) -> dict[str, Any]:
    """The facts of a notice about the session."""
    return {
        "number": case.number, "act": code, "service": case.service, "state": case.state,
        "when": moment(session.begins_at),
    }  # fmt: skip


def moment(at: datetime) -> str:
    """A moment on the city's own clock, to the minute."""
    return at.astimezone(zone()).strftime("%Y-%m-%d %H:%M")
