"""The map of a phone: the outlines of its own grids, and of those around them."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely

from citong.core.people.access import Actor
from citong.core.places.locate import Cells, locator
from citong.core.sync.scopes import GRID, scopes_of, sort_of

DIGITS = 6  # of a degree: about a decimetre
MARGIN = 0.003  # degrees around the own grids: about 300 metres
MOST_AROUND = 60
Told = dict[str, Any]


def map_of(actor: Actor) -> Told:
    """{grids, around: GeoJSON in WGS-84, bounds: [west, south, east, north] or None}; no query."""
    mine = {key for sort, key in map(sort_of, scopes_of(actor)) if sort == GRID}
    cells = locator().base
    own = [at for at, ref in enumerate(cells.refs) if ref.code in mine]
    if not own:
        return {"grids": _collection(cells, []), "around": _collection(cells, []), "bounds": None}
    west, south, east, north = shapely.total_bounds(cells.outlines[own])
    window = shapely.box(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    around = [at for at in np.sort(cells.tree.query(window)).tolist() if at not in set(own)][:MOST_AROUND]
    bounds = [round(float(one), DIGITS) for one in (west, south, east, north)]
    return {"grids": _collection(cells, own), "around": _collection(cells, around), "bounds": bounds}


def _collection(cells: Cells, places: Iterable[int]) -> Told:
    return {"type": "FeatureCollection", "features": [_feature(cells, at) for at in places]}


def _feature(cells: Cells, at: int) -> Told:
    ref = cells.refs[at]
    outline = shapely.get_parts(cells.outlines[at])
    rings = [[_ring(part.exterior), *(_ring(hole) for hole in part.interiors)] for part in outline]
    geometry = {"type": "MultiPolygon", "coordinates": rings}
    return {"type": "Feature", "properties": {"code": ref.code, "name": ref.name}, "geometry": geometry}


def _ring(ring: Any) -> list[list[float]]:
    return [[round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in ring.coords]
