"""Signed plan changes come into force when their time has come."""

import logging
from datetime import datetime
from uuid import UUID

from citong.core.flow.act import act
from citong.core.flow.refusal import Refusal
from citong.core.people.access import SYSTEM
from citong.services.signals.models import PlanChange

log = logging.getLogger(__name__)


def due(at: datetime) -> list[UUID]:
    """Signed changes whose time has come, the earliest first."""
    rows = PlanChange.objects.filter(case__state="approved", begins_at__lte=at).order_by("begins_at")
    return list(rows.values_list("pk", flat=True))


def put_due_in_force(*, at: datetime) -> int:
    """They are in force, each in a transaction of its own. Returns how many."""
    return sum(_put(one, at) for one in due(at))


def _put(case: UUID, at: datetime) -> bool:
    try:
        act(case, "put_in_force", actor=SYSTEM, at=at)
    except Refusal as refusal:
        log.warning("a signed plan was not put in force: %s", refusal)
        return False
    return True
