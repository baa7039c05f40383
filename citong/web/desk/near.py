"""Open cases of the same kind close by: perhaps the same matter told twice."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from citong.core.cases.declare import Does, State
from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.people.access import Actor, Purpose, scope
from citong.core.places.current import parameter
from citong.kit.geometry import Point, metres_between
from citong.web.desk.rows import state_of

METRES_A_DEGREE = 111_320
NEARBY_METRES = 150
MOST_READ, MOST_SHOWN = 100, 5


@dataclass(frozen=True)
class Near:
    """An open case of the same kind and how far away it is."""

    case: Case
    state: State
    metres: int


def nearby(case: Case, actor: Actor) -> list[Near]:
    """Up to five open cases of the same kind within the city's `nearby_metres`, nearest first; one query at most."""
    if case.lon is None or case.lat is None or case.category_id is None or not case.open:
        return []
    reach = float(parameter("nearby_metres", NEARBY_METRES))
    high = reach / METRES_A_DEGREE
    wide = high / max(math.cos(math.radians(case.lat)), 0.01)
    boxed = Case.objects.filter(
        scope(actor, Purpose.HANDLING), open=True, service=case.service, category_id=case.category_id,
        lat__range=(case.lat - high, case.lat + high), lon__range=(case.lon - wide, case.lon + wide),
    ).exclude(pk=case.pk)  # fmt: skip
    here = Point(case.lon, case.lat)
    found = [Near(one, state_of(one), round(metres_between(here, _point(one)))) for one in boxed[:MOST_READ]]
    return sorted((one for one in found if one.metres <= reach), key=lambda one: one.metres)[:MOST_SHOWN]


def merging(case: Case, possible: Sequence[str]) -> str:
    """Name of the act by which this case can end in another one now, or nothing."""
    acts = case_type(case.service).acts.values()
    return next((act.name for act in acts if act.does == Does.MERGE and act.name in possible), "")


def _point(case: Case) -> Point:
    assert case.lon is not None and case.lat is not None
    return Point(case.lon, case.lat)
