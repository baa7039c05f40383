"""From kind and place to the hands that answer for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Q

from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.flow.locate import FoundPlace
from citong.core.people.duties import router
from citong.core.people.models import Unit
from citong.core.places.current import city
from citong.core.places.locate import Located, locator


@dataclass(frozen=True)
class Routed:
    """Who answers: unit, the person if one is appointed and present, and why."""

    unit: int
    holder: UUID | None
    reason: str
    gap: bool


def route(
    category: str, place: FoundPlace, *, workers: Mapping[str, UUID] | None = None, to: str = ""
) -> Routed:  # fmt: skip
    """The first duty that fits kind and place decides, else the `to` of the service; a gap goes to the city's desk and
    is marked.

    `workers` are those of `grid_workers`, for many routes at once without a query for each.
    """
    found = router().route(category, place.located, workers=workers, to=to)
    return Routed(found.unit_id, found.account_id, found.reason, found.gap)


def desk(place: FoundPlace) -> int:
    """Id of the centre that accepts and checks: the district's, or the city's where the district is not known."""
    desks = _desks(city().code, city().version)
    return desks.get(place.levels.get("district", "")) or desks[""]


@lru_cache(maxsize=4)
def _desks(_city: str, _version: int) -> dict[str, int]:
    centres = Unit.objects.filter(function="centre", level__in=("city", "district"), ends_on=None)
    rows = centres.values_list("level", "division__code", "id")
    return {("" if level == "city" else division): unit for level, division, unit in rows}


def reroute(case: Case) -> None:
    """The rules are asked again for the case's kind and place; who has it now does not change by that."""
    found = FoundPlace(case.lon, case.lat, located_of(case), {"district": case.district})
    routed = route(case.category_id or "", found, to=case_type(case.service).opening.to)
    case.routed_unit_id, case.routed_holder_id = routed.unit, routed.holder
    case.route_reason, case.gap = routed.reason, routed.gap


def located_of(case: Case) -> Located | None:
    """The case's divisions and grids as they were found when it was placed."""
    if case.lon is not None and case.lat is not None:
        return locator().find(case.lon, case.lat)
    parts = [code for code in (case.district, case.street, case.community) if code]
    return Located("/".join([city().code, *parts]) + "/", case.district, None, {}, True) if parts else None


def around(case: Case, level: str) -> Q:
    """The condition on units of this level that are responsible around the case."""
    if level == "city":
        return Q()
    return Q(division__code=getattr(case, "community" if level == "grid" else level))
