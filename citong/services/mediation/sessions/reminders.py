"""Everybody is reminded of a session a day before and again two hours before: once each, however often the job runs."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from citong.core.cases.models import Case, Party
from citong.core.notices import outbox
from citong.core.notices.models import Notice
from citong.core.places.current import day_of
from citong.services.mediation.models import Session
from citong.services.mediation.parameters.sessions import DAY_BEFORE, HOURS_BEFORE
from citong.services.mediation.sessions.dropping import tell
from citong.services.mediation.sessions.reading import MEETS
from citong.services.mediation.sessions.words import facts_of

SOON, TOMORROW = "session_soon", "session_tomorrow"


def remind(*, at: datetime, limit: int = 200) -> int:
    """Those whose session comes near were reminded, the nearer ones first. Returns of how many sessions.

    Each session in a transaction of its own; one that another worker has in hand is left to it.
    """
    soon = at + timedelta(hours=HOURS_BEFORE.at(day_of(at)))
    tomorrow = at + timedelta(hours=DAY_BEFORE.at(day_of(at)))
    near = _standing(at).filter(begins_at__lte=soon, hours_told_at=None).values_list("pk", flat=True)[:limit]
    done = sum(_remind(one, SOON, at) for one in list(near))
    far = _standing(at).filter(begins_at__lte=tomorrow, begins_at__gt=soon, day_told_at=None)
    return done + sum(_remind(one, TOMORROW, at) for one in list(far.values_list("pk", flat=True)[:limit]))


def _standing(at: datetime) -> QuerySet[Session]:
    """Sessions to come that can be held: their dispute is at the table, not suspended, with the same mediator."""
    return Session.objects.filter(
        cancelled_at=None,
        held_at=None,
        begins_at__gt=at,
        case__state__in=MEETS - {"suspended"},
        case__holder=F("mediator"),
    ).order_by("begins_at")


@transaction.atomic
def _remind(session_id: UUID, code: str, at: datetime) -> int:
    mark = "hours_told_at" if code == SOON else "day_told_at"
    held = _standing(at).select_for_update(skip_locked=True, of=("self",)).filter(pk=session_id, **{mark: None})
    session = held.select_related("case").first()
    if session is None:
        return 0
    case: Case = session.case
    parties = list(Party.objects.filter(case=case).select_related("account"))
    mine = outbox.to_unit(case.id, case.unit_id, facts_of(session, case, code), account=session.mediator_id, at=at)
    Notice.objects.bulk_create([*tell(session, case, parties, code, at=at), mine])
    session.day_told_at = session.day_told_at or at  # who hears that it begins soon needs not hear that it is tomorrow
    session.hours_told_at = at if code == SOON else None
    session.save(update_fields=["day_told_at", "hours_told_at"])
    return 1
