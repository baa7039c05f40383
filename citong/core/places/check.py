"""Whether the places of a folder hold together: codes, coverage, overlaps, datum; each finding with its place."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from citong.core.places.city import DISTRICTS, GridRow, LayerRow, Places
from citong.core.places.folder import Finding, Severity
from citong.kit.geometry import Datum, Point, area_m2, metres_between, to_wgs84

SLIVER = 0.75e-5  # degrees: half the width of what rounding to five decimals may leave between two outlines
SHOWN = 5  # findings of one sort in one district; more would hide the others
DATUM_LIKENESS = 0.5  # a shift this close to the known offset, as a share of it, is taken for the offset
SEATS_INSIDE = 0.8  # share of known seats that must lie in their own district


def check_places(places: Places) -> Iterator[Finding]:
    """Yield what is wrong with divisions, outlines and grids, in the order a person would mend it."""
    yield from _codes(places)
    if not places.divisions or not places.districts or not places.base:
        return
    yield from _districts(places)
    yield from _seats(places)
    for layer in places.layers:
        if layer.code in places.unions:
            yield from _unions(places, layer)
        else:
            yield from _drawn(places, layer)
    yield from _bare_communities(places)


def _codes(places: Places) -> Iterator[Finding]:
    cities = [row for row in places.divisions.values() if row.level == "city"]
    if [row.code for row in cities] != [places.settings.code]:
        what = _("The code in city.toml is not that of the one division with level city.")
        yield error("city.toml", what, _("Make both the same."))
    for code in set(places.settings.uncovered or {}) - places.divisions.keys():
        yield error("city.toml", _("[uncovered] names %s, which is unknown.") % code, _("Remove or mend the code."))
    for layer, rows in places.grids.items():
        for code, number in Counter(row.code for row in rows).items():
            if number > 1:
                where = next(row.where for row in rows if row.code == code)
                yield error(where, _("Grid %s appears more than once.") % code, _("Give each grid its own code."))
        if not rows and layer != DISTRICTS:
            yield error(f"grids/{layer}", _("The layer has no grids."), _("Draw them, or run citong city cut."))


def _districts(places: Places) -> Iterator[Finding]:
    for row in places.divisions.values():
        if row.level == "district" and row.code not in places.districts:
            what = _("%s has no outline.") % row.name
            yield error(row.where, what, _("Add it to districts.geojson with its code."))
    yield from _overlaps(places.grids[DISTRICTS])
    for grid in places.grids[DISTRICTS]:
        west, south, east, north = grid.outline.bounds
        if not (70 < west < east < 140 and 0 < south < north < 60):
            what = _("The outline of %s lies outside the country.") % grid.name
            yield error(grid.where, what, _("Longitude comes first; check the datum in city.toml."))


def _seats(places: Places) -> Iterator[Finding]:
    """Known points are WGS-84 whatever the datum of the outlines: they show when that datum is named wrongly."""
    known = [(row, places.paths.get(row.code, "").split("/")) for row in places.divisions.values() if row.lon]
    placed = [
        (shapely.contains_xy(places.districts[codes[1]].geometry, row.lon, row.lat), row)
        for row, codes in known
        if len(codes) > 1 and codes[1] in places.districts
    ]
    out = [row for inside, row in placed if not inside]
    severity = Severity.ERROR if len(out) > (1 - SEATS_INSIDE) * len(placed) else Severity.WARNING
    for row in out[:SHOWN]:
        what = _("The seat of %s lies outside its district.") % row.name
        yield Finding(severity, row.where, what, _("Check the point, and the datum named in city.toml."))


def _unions(places: Places, layer: LayerRow) -> Iterator[Finding]:
    """Sums of divisions need no geometry: each community must be named exactly once."""
    holders: Counter[str] = Counter()
    for row in places.unions[layer.code]:
        unknown = [code for code in row.divisions if code not in places.divisions]
        if unknown or not row.divisions:
            what = _("Grid %(code)s names unknown divisions: %(unknown)s.")
            named = {"code": row.code, "unknown": " ".join(unknown) or "—"}
            yield error(row.where, what % named, _("Use codes of divisions.csv, with blanks between."))
        holders.update(places.below(row.divisions))
    for code in sorted(places.communities):
        if holders[code] != 1:
            what = _("Overlap") if holders[code] else _("Gap")
            said = _("%(what)s in layer %(layer)s: %(name)s (%(code)s) is in %(number)d grids.")
            values = {"what": what, "layer": layer.code, "name": places.divisions[code].name, "code": code}
            mend = _("Name each community, or the street it is in, in exactly one grid.")
            yield error(f"grids/{layer.code}.csv", said % {**values, "number": holders[code]}, mend)


def _drawn(places: Places, layer: LayerRow) -> Iterator[Finding]:
    rows = places.grids[layer.code]
    yield from _overlaps(rows)
    of = np.array([places.paths.get(row.division, "//").split("/")[1] for row in rows])
    outlines = np.array([row.outline for row in rows], dtype=object)
    for code, district in places.covered.items():
        mine = np.flatnonzero(of == code)
        name = places.divisions[code].name
        if not mine.size:
            what = _("%(name)s has no grid in layer %(layer)s.") % {"name": name, "layer": layer.code}
            mend = _("Draw its grids, or name it under [uncovered] with the reason.")
            yield error(f"grids/{layer.code}.geojson", what, mend)
            continue
        yield from _outside([rows[i] for i in mine], district, name)
        whole = shapely.union_all(outlines[mine])
        yield from _uncovered(layer.code, name, district, whole)


def _uncovered(layer: str, name: str, district: BaseGeometry, whole: BaseGeometry) -> Iterator[Finding]:
    gaps, over = _pieces(district, whole), _pieces(whole, district)
    if gaps and over and (datum := _shifted_datum(district, whole)):
        what = _("The grids of %(name)s are shifted as if they were %(datum)s.") % {"name": name, "datum": datum}
        mend = _("Name the true datum in city.toml; outlines and grids must share one.")
        yield error(f"grids/{layer}.geojson", what, mend)
        return
    for piece in gaps[:SHOWN]:
        what = _("Gap: no grid covers %(area)s m² of %(name)s.")
        yield _piece(layer, piece, what % {"area": f"{area_m2(piece):,.0f}", "name": name})
    for piece in over[:SHOWN]:
        what = _("Grids of %(name)s reach %(area)s m² beyond its outline.")
        yield _piece(layer, piece, what % {"area": f"{area_m2(piece):,.0f}", "name": name})


def _piece(layer: str, piece: BaseGeometry, what: str) -> Finding:
    return error(f"grids/{layer}.geojson {_place(piece)}", what, _("Move the line so that grids and outline meet."))


def _outside(rows: Sequence[GridRow], district: BaseGeometry, name: str) -> Iterator[Finding]:
    shapely.prepare(district)
    inside = shapely.intersects(district, shapely.point_on_surface([row.outline for row in rows]))
    for position in np.flatnonzero(~inside)[:SHOWN]:
        row = rows[position]
        what = _("Grid %(code)s lies outside %(name)s, the district of its division.")
        mend = _("Name the division it lies in, or move it.")
        yield error(f"{row.where} {_place(row.outline)}", what % {"code": row.code, "name": name}, mend)


def _overlaps(rows: Sequence[GridRow]) -> Iterator[Finding]:
    outlines = np.array([row.outline for row in rows], dtype=object)
    if shapely.coverage_is_valid(outlines):
        return
    first, second = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    pairs = first < second
    shared = shapely.intersection(outlines[first[pairs]], outlines[second[pairs]])
    order = np.argsort(-shapely.area(shared))
    for i in order[: SHOWN * 4]:
        if not _thick(shared[i]):
            continue
        one, other = rows[first[pairs][i]], rows[second[pairs][i]]
        what = _("Overlap: %(one)s and %(other)s share %(area)s m².")
        values = {"one": one.code, "other": other.code, "area": f"{area_m2(shared[i]):,.0f}"}
        yield error(f"{one.where} {_place(shared[i])}", what % values, _("Draw one line between them."))


def _bare_communities(places: Places) -> Iterator[Finding]:
    left_out = set(places.settings.uncovered or {})
    for row in places.divisions.values():
        path = places.paths.get(row.code, "").split("/")
        if row.level == "community" and row.code not in places.communities and left_out.isdisjoint(path):
            what = _("%s has no base grid.") % row.name
            yield Finding(Severity.WARNING, row.where, what, _("Draw its grids, or remove the division."))


def _pieces(one: BaseGeometry, other: BaseGeometry) -> list[BaseGeometry]:
    """Parts of one that the other lacks, biggest first, without what rounding leaves."""
    parts = [part for part in shapely.get_parts(shapely.difference(one, other)) if _thick(part)]
    return sorted(parts, key=lambda part: -part.area)


def _thick(part: BaseGeometry) -> bool:
    return not shapely.buffer(part, -SLIVER).is_empty


def _shifted_datum(outline: BaseGeometry, moved: BaseGeometry) -> Datum | None:
    """The datum whose offset explains how far the middle of `moved` lies from that of the outline."""
    here, there = outline.centroid, moved.centroid
    for datum in (Datum.GCJ02, Datum.BD09):
        back = Point(*to_wgs84(there.x, there.y, datum))
        offset = metres_between(Point(there.x, there.y), back)
        if metres_between(back, Point(here.x, here.y)) < DATUM_LIKENESS * offset:
            return datum
    return None


def _place(piece: BaseGeometry) -> str:
    point = piece.representative_point() if not piece.is_empty else piece.centroid
    return f"({point.x:.5f}, {point.y:.5f})"


def error(where: str, what: str, mend: str) -> Finding:
    """A finding that keeps the folder from being loaded."""
    return Finding(Severity.ERROR, where, what, mend)
