"""Homes and people in the tiny town, and the week's plan of its grid worker."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from citong.core.places.current import day_of
from citong.core.register.models import Source
from citong.core.register.write import record, tie
from citong.services.visits.plan import plan_week, week_of
from citong.services.visits.refresh import refresh
from tests.cast import Cast

IN_E10 = {"lon": 118.605, "lat": 24.905}
PHONE = "0595-02345670"  # no local number begins with a zero


@dataclass(frozen=True)
class Neighbours:
    """Ids of three homes in grid e10, and of one person in each."""

    homes: list[UUID]
    people: list[UUID]


@pytest.fixture
def neighbours(cast: Cast) -> Neighbours:
    """Three homes with a person each, in the plans of the grid worker for this week and the last."""
    now = timezone.now()
    homes, people = [], []
    for number, name in enumerate(("周大爷", "吴阿姨", "郑小妹"), start=1):
        said = {"actor": cast.actor("clerk"), "source": Source.OFFICE, "on": day_of(now), "at": now, **IN_E10}
        home = record("dwelling", {"address": f"涂门街{number}号", "use": "home"}, **said)  # type: ignore[arg-type]
        person = record("person", {"name": name, "phone": PHONE}, **said)  # type: ignore[arg-type]
        tie("lives_in", person.id, home.id, source=Source.OFFICE, actor=cast.actor("clerk"), at=now)
        homes.append(home.id)
        people.append(person.id)
    refresh(at=now)
    for week in {week_of(now - timedelta(days=7)), week_of(now)}:
        plan_week(week)
    return Neighbours(homes, people)
