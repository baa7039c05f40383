"""How long it is kept where somebody drove: places for the days the city sets, then counts and seconds alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from citong.core.cases.models import Case
from citong.services.escort.city import keep_days
from citong.services.escort.kinds import Run
from citong.services.escort.models import Escort, OfficerPoint, Position, Step

A_TIME = 200
NOWHERE = {"lon": None, "lat": None}
GONE: dict[str, Any] = {
    "origin_lon": None, "origin_lat": None, "goal_lon": None, "goal_lat": None, "route": {}, "line": [], "present": {},
    "blocked": [],
}  # fmt: skip


def erase(*, at: datetime) -> int:
    """Places of escorts that ended so many days ago are gone; how many escorts it were. Safe to run twice."""
    until = at - timedelta(days=keep_days())
    due = Escort.objects.filter(run=Run.OVER, ended_at__lt=until, erased_at=None)
    found = list(due.values_list("pk", flat=True)[:A_TIME])
    _erase(found, at=at)
    return len(found)


def forget(case: Case) -> None:
    """What the service knows of a drive is gone."""
    _erase([case.pk], at=case.changed_at)


def _erase(escorts: Sequence[UUID], *, at: datetime) -> None:
    """What was a place is none any more; seconds and counts stay for the measures."""
    Position.objects.filter(escort__in=escorts).delete()
    Step.objects.filter(escort__in=escorts).update(**NOWHERE, label="", junction="")
    OfficerPoint.objects.filter(escort__in=escorts).update(**NOWHERE, label="")
    Escort.objects.filter(pk__in=escorts).update(**GONE, erased_at=at)
