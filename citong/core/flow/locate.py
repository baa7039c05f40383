"""From a place as it was given to divisions and grids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from citong.core.flow.refusal import Invalid
from citong.core.places.locate import NOWHERE, Located, Locator, district_of, locator
from citong.core.places.models import Grid
from citong.kit.geometry import Datum, check, to_wgs84


@dataclass(frozen=True)
class GivenPlace:
    """A place as somebody gave it: a point with its datum, a grid code, or words."""

    lon: float | None = None
    lat: float | None = None
    datum: Datum = Datum.WGS84
    grid: str = ""
    address: str = ""

    def as_given(self) -> dict[str, Any]:
        """What is kept beside the result, so that a mistake in conversion can be undone later."""
        return {k: v for k, v in vars(self).items() if v not in (None, "")}


@dataclass(frozen=True)
class FoundPlace:
    """Where it is: WGS-84 point if there is one, and the divisions and grids around it."""

    lon: float | None = None
    lat: float | None = None
    located: Located | None = None
    levels: dict[str, str] = field(default_factory=dict)


def locate(place: GivenPlace) -> FoundPlace:
    """The place with its divisions and grids. Words that name no division are kept, and found nowhere.

    Raises Invalid for a point that can not be or lies outside the city, and for an unknown grid code.
    """
    if place.lon is not None and place.lat is not None:
        return _by_point(place.lon, place.lat, place.datum)
    if place.grid:
        grid = Grid.objects.filter(code=place.grid, layer__base=True, ends_at=None).first()
        if grid is None:
            raise _invalid("grid", _("There is no grid %(code)s in this city.") % {"code": place.grid})
        return _by_point(grid.centre_lon, grid.centre_lat, Datum.WGS84)
    candidates = locator().find_address(place.address) if place.address else []
    if len(candidates) != 1:
        return FoundPlace()
    located = Located(candidates[0].path, district_of(candidates[0].path), None, {}, True)
    return FoundPlace(None, None, located, levels(located))


def locate_many(points: Sequence[tuple[float, float]]) -> list[FoundPlace]:
    """Places of many WGS-84 points at once (longitude, latitude), each as `locate` finds it; outside the city
    `located` says so."""
    lons, lats = (np.array([point[axis] for point in points]) for axis in (0, 1))
    here = locator()
    found = here.find_many(lons, lats)
    return [_found(here, found, at, float(lons[at]), float(lats[at])) for at in range(len(points))]


def _found(here: Locator, found: Mapping[str, Any], at: int, lon: float, lat: float) -> FoundPlace:
    if any(positions[at] == NOWHERE for positions, _refs in found.values()):  # at an edge the nearest grid counts
        located = here.find(lon, lat)
    else:
        hit = {layer: refs[positions[at]] for layer, (positions, refs) in found.items()}
        base = hit.pop(here.base_code)
        located = Located(base.division_path, district_of(base.division_path), base, hit, True)
    return FoundPlace(round(lon, 7), round(lat, 7), located, levels(located))


def levels(located: Located) -> dict[str, str]:
    """Codes of district, street and community of a located place; empty where it is not known so closely."""
    parts = located.division_path.strip("/").split("/")[1:]
    return dict(zip(("district", "street", "community"), [*parts, "", "", ""], strict=False))


def _by_point(lon: float, lat: float, datum: Datum) -> FoundPlace:
    try:
        check(lon, lat)
    except ValueError as fault:
        raise _invalid("place", _(str(fault))) from fault
    lon, lat = to_wgs84(lon, lat, datum)
    located = locator().find(lon, lat)
    if not located.inside:
        raise _invalid("place", _("This place lies outside the city: choose a place inside it."))
    return FoundPlace(round(lon, 7), round(lat, 7), located, levels(located))


def _invalid(name: str, sentence: str) -> Invalid:
    return Invalid(sentence, {name: [sentence]})
