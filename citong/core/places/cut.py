"""Cutting base grids where a city has none yet: nested Voronoi cells inside the real outlines of districts.

The cells of streets, communities and grids are made up. They let screens, routing and tests work; they are no
boundaries. Every random choice comes from the seed and the division's code, so a second run gives the same file.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from citong.core.places.city import DivisionRow, GridRow, Places, rounded

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

STEP = 1e-5  # degrees, about a metre: every corner lies on this raster, so neighbours share it exactly
SHARES = {"community": 7.0, "village": 4.5}  # grids by kind of community; urban ones are more finely cut
OTHER_SHARE = 5.0
SAMPLES, ROUNDS = 30, 4  # points a cell is shaped by; steps of evening out
CROWDING, FLOOR = 0.25, 0.2  # streets are denser within a quarter of their width around the seat


@dataclass(frozen=True)
class Cell:
    """A cut grid before its corners are settled."""

    community: DivisionRow
    number: int
    outline: BaseGeometry


def cut(places: Places, *, grids: int, seed: int) -> list[GridRow]:
    """Exactly `grids` base grids over all covered districts: no gap, no overlap, corners on a metre's raster.

    Every community gets at least one. ValueError when there are fewer grids than communities.
    """
    layer = next(row.code for row in places.layers if row.base)
    cells = list(_cells(places, grids=grids, seed=seed))
    outlines = settle([cell.outline for cell in cells], [one.geometry for one in places.districts.values()])
    return [rounded(_grid(layer, cell, outline)) for cell, outline in zip(cells, outlines, strict=True)]


def write(places: Places, *, grids: int, seed: int) -> int:
    """The base layer's file holds freshly cut grids; returns how many."""
    layer = next(row.code for row in places.layers if row.base)
    rows = cut(places, grids=grids, seed=seed)
    path = places.folder.path / "grids" / f"{layer}.geojson"
    path.parent.mkdir(exist_ok=True)
    path.write_text(as_geojson(rows, properties={"generated": True, "seed": seed}), "utf-8")
    return len(rows)


def settle(cells: Sequence[BaseGeometry], districts: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """The cells as a valid coverage: all lines noded together on the raster, each face given to its cell."""
    shapes: Shapes = np.array(cells, dtype=object)
    lines = shapely.union_all(np.concatenate([shapely.boundary(shapes), shapely.boundary(districts)]), grid_size=STEP)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    face, cell = shapely.STRtree(shapes).query(shapely.point_on_surface(faces), predicate="intersects")
    parts: dict[int, list[BaseGeometry]] = defaultdict(list)
    for one, owner in dict(zip(face[::-1], cell[::-1], strict=True)).items():
        parts[owner].append(faces[one])
    if len(parts) != len(shapes):
        raise ValueError("A cell was smaller than the raster: cut fewer grids.")
    return [shapely.coverage_union_all(parts[owner]) for owner in range(len(shapes))]


def _cells(places: Places, *, grids: int, seed: int) -> Iterator[Cell]:
    children: dict[str, list[DivisionRow]] = defaultdict(list)
    for row in places.divisions.values():
        if row.code not in (places.settings.uncovered or {}):
            children[row.parent].append(row)
    streets = [street for code in places.covered for street in children[code]]
    counts = _counts([row for street in streets for row in children[street.code]], grids)
    for code, outline in places.covered.items():
        for street, area in _shared(outline, children[code], seed=[seed, int(code)]):
            inside = _shared(area, children[street.code], seed=[seed, int(street.code)], seat=_seat(street))
            for community, part in inside:
                rng = np.random.default_rng([seed, int(community.code)])
                centres = _centres(part, counts[community.code], rng)
                for number, cell in enumerate(_voronoi(part, centres), start=1):
                    yield Cell(community, number, cell)


def _counts(communities: Sequence[DivisionRow], grids: int) -> dict[str, int]:
    """How many grids each community gets, by largest remainder, never none."""
    if grids < len(communities):
        raise ValueError(f"{len(communities)} communities need at least as many grids.")
    weights = np.array([SHARES.get(row.kind, OTHER_SHARE) for row in communities])
    shares = weights / weights.sum() * (grids - len(communities))
    counts = np.floor(shares).astype(int)
    counts[np.argsort(counts - shares, kind="stable")[: grids - len(communities) - counts.sum()]] += 1
    return {row.code: int(count) + 1 for row, count in zip(communities, counts, strict=True)}


def _shared(
    outline: BaseGeometry, rows: Sequence[DivisionRow], *, seed: Sequence[int], seat: Floats | None = None
) -> Iterator[tuple[DivisionRow, BaseGeometry]]:
    """The outline divided among the rows; those with a known seat inside it keep it in their cell."""
    shapely.prepare(outline)
    seated = [row for row in rows if row.lon and row.lat and shapely.contains_xy(outline, row.lon, row.lat)]
    ordered = [*seated, *(row for row in rows if row not in seated)]
    fixed = np.array([(row.lon, row.lat) for row in seated], dtype=float).reshape(-1, 2)
    centres = _centres(outline, len(rows), np.random.default_rng(seed), seat=seat, fixed=fixed)
    return zip(ordered, _voronoi(outline, centres), strict=True)


def _seat(row: DivisionRow) -> Floats | None:
    return np.array([row.lon, row.lat]) if row.lon and row.lat else None


def _voronoi(outline: BaseGeometry, centres: Floats) -> Sequence[BaseGeometry]:
    if len(centres) == 1:
        return [outline]
    cells = shapely.voronoi_polygons(shapely.MultiPoint(centres), extend_to=shapely.envelope(outline), ordered=True)
    return list(shapely.intersection(shapely.get_parts(cells), outline))


def _centres(
    outline: BaseGeometry,
    count: int,
    rng: np.random.Generator,
    *,
    seat: Floats | None = None,
    fixed: Floats | None = None,
) -> Floats:
    """`count` points inside the outline, evened out; the fixed ones stay where they are."""
    points = _sample(outline, max(40, SAMPLES * count), rng, seat)
    centres = points[:count].copy()
    kept = 0 if fixed is None else len(fixed)
    if fixed is not None:
        centres[:kept] = fixed
    for _round in range(ROUNDS):
        near = np.square(points[:, None] - centres[None]).sum(2).argmin(1)
        for i in range(kept, count):
            if (near == i).any():
                centres[i] = _innermost(points[near == i])
    return centres


def _innermost(points: Floats) -> Floats:
    """The point nearest to the mean: unlike the mean it always lies inside a bent outline."""
    return np.asarray(points[np.square(points - points.mean(0)).sum(1).argmin()])


def _sample(outline: BaseGeometry, count: int, rng: np.random.Generator, seat: Floats | None) -> Floats:
    shapely.prepare(outline)
    west, south, east, north = outline.bounds
    found: Floats = np.empty((0, 2))
    while len(found) < count:
        points = rng.uniform((west, south), (east, north), (4 * count, 2))
        points = points[shapely.contains_xy(outline, points)]
        if seat is not None:
            away = np.hypot(*(points - seat).T) / np.sqrt(outline.area)
            points = points[rng.random(len(points)) < np.exp(-np.square(away / CROWDING)) + FLOOR]
        found = np.vstack([found, points])
    return found[:count]


def _grid(layer: str, cell: Cell, outline: BaseGeometry) -> GridRow:
    code = f"{cell.community.code}{cell.number:03}"
    return GridRow("", layer, code, f"{cell.community.name}第{cell.number}网格", cell.community.code, outline)


def as_geojson(grids: Sequence[GridRow], *, properties: Mapping[str, object]) -> str:
    """A FeatureCollection with one grid a line, so that a changed outline is one changed line."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": {"code": row.code, "name": row.name, "division": row.division}},
            ensure_ascii=False, separators=(",", ":"),
        )[:-1] + f',"geometry":{shapely.to_geojson(row.outline)}}}'
        for row in grids
    ]  # fmt: skip
    head = json.dumps({"type": "FeatureCollection", **properties}, ensure_ascii=False)[:-1]
    return f'{head},"features":[\n' + ",\n".join(lines) + "\n]}\n"
