"""Where a record is: of a point, of a grid, of the record it is housed in, or of whoever wrote it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _

from citong.core.ledger.rows import Rows
from citong.core.people.access import Actor, Seat
from citong.core.people.posts import Post
from citong.core.people.refusal import Invalid
from citong.core.places.locate import NOWHERE, GridRef, locator
from citong.core.places.models import Division
from citong.core.register.kinds import TIES
from citong.core.register.models import Record, Tie

LEVELS = ("district", "street", "community")
HOUSING = [kind.code for kind in TIES.values() if kind.houses]


@dataclass(frozen=True)
class Spot:
    """A place as records carry it: codes of the divisions and of the base grid, and a WGS-84 point if one is known."""

    district: str = ""
    street: str = ""
    community: str = ""
    grid: str = ""
    lon: float | None = None
    lat: float | None = None


def spot_at(lon: float, lat: float) -> Spot:
    """The place of a WGS-84 point; no query. Raises Invalid for one outside the city."""
    found = locator().find(lon, lat)
    if not found.inside:
        raise _invalid("place", _("This place lies outside the city: choose a place inside it."))
    return _spot(found.base, found.division_path, round(lon, 7), round(lat, 7))


def spot_in(grid: str) -> Spot:
    """The place of a base grid, without a point; no query. Raises Invalid for an unknown code."""
    found = locator().find_by_code(grid)
    if found is None:
        raise _invalid("grid", _("There is no grid %(code)s in this city.") % {"code": grid})
    return _spot(found, found.division_path)


def spots_at(points: Sequence[tuple[float, float]]) -> list[Spot | None]:
    """The places of many points (longitude, latitude) at once; None for one outside the city. No query."""
    here = locator()
    lons, lats = (np.array([point[axis] for point in points], dtype=np.float64) for axis in (0, 1))
    positions, refs = here.find_many(lons, lats)[here.base_code] if points else (np.empty(0, dtype=np.int64), [])
    return [
        _at_edge(*point) if position == NOWHERE else _spot(refs[position], refs[position].division_path, *point)
        for position, point in zip(positions, points, strict=True)
    ]


def spot_of(actor: Actor) -> Spot:
    """Where something without a place belongs: the only beat of a grid worker, or the area of the actor's office."""
    beats = [grid for seat in actor.seats if seat.post == Post.GRID_WORKER for grid in seat.grids]
    if len(beats) == 1:
        return spot_in(beats[0])
    seat = next((seat for seat in actor.seats if seat.post == Post.CLERK), None)
    return _of_office(seat) if seat else Spot()


def spot(grid: str, lon: float | None, lat: float | None, *, actor: Actor) -> Spot:
    """The place that somebody gave: by the point if there is one, else by the grid, else the actor's own."""
    if lon is not None and lat is not None:
        return spot_at(lon, lat)
    return spot_in(grid) if grid else spot_of(actor)


def inside(record: Record) -> Spot:
    """Where whatever is housed in a record is: in its grid, at no point of its own."""
    return Spot(record.district, record.street, record.community, record.grid)


def put(record: Record, at: Spot) -> bool:
    """The record is there; whether that is elsewhere than before. Without a new point it keeps its own in its grid."""
    stays = at.lon is None and at.grid == record.grid
    given = {name: value for name, value in vars(at).items() if not (stays and name in ("lon", "lat"))}
    moved = any(getattr(record, name) != value for name, value in given.items())
    for name, value in given.items():
        setattr(record, name, value)
    return moved


def fits_address(values: Mapping[str, Any], at: Spot) -> None:
    """The address among these values names no division that the place lies outside of; no query. Raises Invalid."""
    codes = [code for level in LEVELS if (code := getattr(at, level))]
    if other := locator().elsewhere(str(values.get("address", "")), codes):
        sentence = _("The address names %(division)s, and the place lies elsewhere: one of the two is wrong.")
        raise _invalid("address", sentence % {"division": other})


def housed_in(record: UUID, *, rows: Rows) -> set[UUID]:
    """Records that are found where this one is, or one that was merged into it, by a tie that holds; two queries."""
    places = family([record])
    ties = {tie.id: tie for tie in Tie.objects.filter(object__in=places, kind__in=HOUSING, until=None)}
    ties |= rows.held(Tie)
    return {
        tie.subject_id for tie in ties.values()
        if tie.object_id in places and tie.kind in HOUSING and tie.until is None
    } - {record}  # fmt: skip


def family(ids: Sequence[UUID]) -> list[UUID]:
    """These records and all that were merged into them; a query for each step of merging, mostly one."""
    found, last = list(ids), list(ids)
    while last:
        last = list(Record.objects.filter(merged_into__in=last).values_list("id", flat=True))
        found += last
    return found


def _at_edge(lon: float, lat: float) -> Spot | None:
    try:
        return spot_at(lon, lat)
    except Invalid:
        return None


def _spot(grid: GridRef | None, path: str, lon: float | None = None, lat: float | None = None) -> Spot:
    parts = [*path.strip("/").split("/")[1:], "", "", ""]
    return Spot(parts[0], parts[1], parts[2], grid.code if grid else "", lon, lat)


def _of_office(seat: Seat) -> Spot:
    path = Division.objects.filter(code=seat.division).values_list("path", flat=True).first() or ""
    return _spot(None, path)


def _invalid(name: str, sentence: str) -> Invalid:
    return Invalid(sentence, {name: [sentence]})
