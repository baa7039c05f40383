"""From a point to the grids it lies in: an index in the memory of each process, renewed when the city changes."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from citong.core.places.addresses import Candidate, Gazetteer, Named
from citong.core.places.city import DISTRICTS, LEVELS, Places
from citong.core.places.models import City, Division, Grid, Layer

Numbers = NDArray[np.int64]
NOWHERE = -1
METRES_A_DEGREE = 111_320
EDGE_METRES = 15.0  # outlines are kept to about a metre, a phone's place to about ten
LOOK_EVERY_SECONDS = 3.0
AT_ONCE = 50_000  # points looked up in one go: enough to be fast, few enough to stay small


@dataclass(frozen=True)
class GridRef:
    """A current grid: row id, code, name and the path of its division."""

    id: int
    code: str
    name: str
    division_path: str


@dataclass(frozen=True)
class Located:
    """What a point lies in. `division_path` goes as deep as is known; `inside` says whether the city serves it."""

    division_path: str = ""
    district: str = ""
    base: GridRef | None = None
    professional: Mapping[str, GridRef] = field(default_factory=dict)
    inside: bool = False


@dataclass(frozen=True)
class Cells:
    """The grids of one layer in the order of their codes, which decides on shared edges."""

    refs: Sequence[GridRef]
    outlines: NDArray[Any]

    def __post_init__(self) -> None:
        shapely.prepare(self.outlines)
        object.__setattr__(self, "tree", shapely.STRtree(self.outlines))

    tree: shapely.STRtree = field(init=False)

    def at(self, point: shapely.Point, *, edge_degrees: float = 0.0) -> int:
        """Position of the grid that holds the point, or of the nearest within the edge; `NOWHERE` if none."""
        near = sorted(self.tree.query(point))
        for position in near:
            if shapely.intersects_xy(self.outlines[position], point.x, point.y):
                return int(position)
        if edge_degrees:
            found = self.tree.query_nearest(point, max_distance=edge_degrees)
            return int(min(found, default=NOWHERE))
        return NOWHERE

    def at_all(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> Numbers:
        """Position of the grid for each point, `NOWHERE` where there is none."""
        starts = range(0, len(lons), AT_ONCE)
        parts = [self._batch(lons[start : start + AT_ONCE], lats[start : start + AT_ONCE]) for start in starts]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    def _batch(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> Numbers:
        found = np.full(len(lons), len(self.refs), dtype=np.int64)
        points, grids = self.tree.query(shapely.points(lons, lats))
        held = shapely.intersects_xy(self.outlines[grids], lons[points], lats[points])
        np.minimum.at(found, points[held], grids[held])
        return np.where(found == len(self.refs), NOWHERE, found)


class Locator:
    """Answers where points lie, from memory alone; the same point always gets the same answer."""

    def __init__(
        self,
        layers: Mapping[str, Cells], *, base: str, version: int = 0, edge_metres: float = EDGE_METRES,
        divisions: Sequence[Named] = (),
    ) -> None:  # fmt: skip
        self.version, self.base_code, self.base = version, base, layers[base]
        self.districts = layers.get(DISTRICTS)
        self.professional = {code: cells for code, cells in layers.items() if code not in (base, DISTRICTS)}
        self._edge = edge_metres / METRES_A_DEGREE
        self._nested = {code: _nesting(self.base, cells) for code, cells in self.professional.items()}
        self._by_code = {ref.code: ref for ref in self.base.refs}
        self._gazetteer = Gazetteer(divisions)
        self._root = divisions[0].path if divisions else ""

    def find(self, lon: float, lat: float) -> Located:
        """The grids at this WGS-84 point; outside the city `inside` is false and only the district may be known."""
        point = shapely.Point(lon, lat)
        if not point.is_valid or (position := self.base.at(point, edge_degrees=self._edge)) == NOWHERE:
            return self._outside(point)
        base = self.base.refs[position]
        found: dict[str, GridRef] = {}
        for code, cells in self.professional.items():
            inner = int(self._nested[code][position])
            inner = cells.at(point, edge_degrees=self._edge) if inner == NOWHERE else inner
            if inner != NOWHERE:
                found[code] = cells.refs[inner]
        return Located(base.division_path, district_of(base.division_path), base, found, True)

    def find_many(
        self, lons: NDArray[np.float64], lats: NDArray[np.float64]
    ) -> dict[str, tuple[Numbers, Sequence[GridRef]]]:
        """Layer code to the position of each point's grid in the list beside it; -1 outside. No nearest grid."""
        base = self.base.at_all(lons, lats)
        found = {self.base_code: (base, self.base.refs)}
        inner = {code: self._inner(code, base, lons, lats) for code in self.professional}
        return found | {code: (inner[code], cells.refs) for code, cells in self.professional.items()}

    def find_by_code(self, code: str) -> GridRef | None:
        """The current base grid of this code."""
        return self._by_code.get(code)

    def find_address(self, text: str) -> list[Candidate]:
        """The divisions this text may mean, each with a point in it; several when it is ambiguous."""
        return self._gazetteer.find(text)

    def elsewhere(self, text: str, codes: Sequence[str]) -> str:
        """The name of a division that the text names and that the place lies outside of; see `Gazetteer.elsewhere`."""
        return self._gazetteer.elsewhere(text, codes)

    def _inner(self, code: str, base: Numbers, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> Numbers:
        found = np.where(base == NOWHERE, NOWHERE, self._nested[code][base])
        open_ = np.flatnonzero((found == NOWHERE) & (base != NOWHERE))
        if open_.size:
            found[open_] = self.professional[code].at_all(lons[open_], lats[open_])
        return found

    def _outside(self, point: shapely.Point) -> Located:
        position = self.districts.at(point) if self.districts and point.is_valid else NOWHERE
        if position == NOWHERE or self.districts is None:
            return Located(self._root)
        path = self.districts.refs[position].division_path
        return Located(path, district_of(path))


def district_of(path: str) -> str:
    """Code of the district in a division path; empty for the city's own."""
    parts = path.strip("/").split("/")
    return parts[1] if len(parts) > 1 else ""


def _nesting(base: Cells, cells: Cells) -> Numbers:
    """For each base grid the grid of the other layer that covers it wholly: no geometry is needed there again."""
    found = np.full(len(base.refs), NOWHERE, dtype=np.int64)
    points = shapely.get_coordinates(shapely.point_on_surface(base.outlines))
    inside = cells.at_all(points[:, 0], points[:, 1])
    some = np.flatnonzero(inside != NOWHERE)
    whole = shapely.covers(cells.outlines[inside[some]], base.outlines[some])
    found[some[whole]] = inside[some[whole]]
    return found


def of_folder(places: Places) -> Locator:
    """A locator over a folder as it lies on disk, for checks before anything is loaded."""
    layers = {
        code: Cells(
            [GridRef(0, row.code, row.name, places.paths.get(row.division, "")) for row in rows],
            np.array([row.outline for row in rows], dtype=object),
        )
        for code, rows in places.grids.items()
    }
    named = [
        Named(row.code, places.paths[row.code], row.name, row.level, *places.labels.get(row.code, (0.0, 0.0)))
        for row in places.divisions.values()
        if row.code in places.paths
    ]
    base = next(layer.code for layer in places.layers if layer.base)
    return Locator(layers, base=base, divisions=named)


_current: Locator | None = None
_looked_at = 0.0
_lock = threading.Lock()


def locator(*, fresh: bool = False) -> Locator:
    """The locator of the loaded city; one query every few seconds, all places again when the version has grown.

    `fresh` looks at once. City.DoesNotExist when no city is loaded.
    """
    global _current, _looked_at
    if _current is not None and not fresh and time.monotonic() - _looked_at < LOOK_EVERY_SECONDS:
        return _current
    with _lock:
        version, parameters = City.objects.values_list("version", "parameters").get()
        if _current is None or _current.version != version or fresh:
            _current = _load(version, float(parameters.get("edge_metres", EDGE_METRES)))
        _looked_at = time.monotonic()
        return _current


def forget_locator() -> None:
    """The next look reads all places again: after a load, and between tests."""
    global _current
    _current = None


def _load(version: int, edge_metres: float) -> Locator:
    rows = Grid.objects.filter(ends_at=None).order_by("layer", "code")
    columns = rows.values_list("layer_id", "id", "code", "name", "division__path", "outline")
    refs: dict[str, list[GridRef]] = {code: [] for code in Layer.objects.values_list("code", flat=True)}
    outlines: dict[str, list[bytes]] = {code: [] for code in refs}
    for layer, pk, code, name, path, outline in columns.iterator(chunk_size=5_000):
        refs[layer].append(GridRef(pk, code, name, path))
        outlines[layer].append(bytes(outline))
    layers = {code: Cells(refs[code], shapely.from_wkb(np.array(outlines[code], dtype=object))) for code in refs}
    base = Layer.objects.values_list("code", flat=True).get(base=True)
    return Locator(layers, base=base, version=version, edge_metres=edge_metres, divisions=_named())


def _named() -> list[Named]:
    rows = Division.objects.filter(ends_on=None).values_list("code", "path", "name", "level", "label_lon", "label_lat")
    return sorted(
        (Named(code, path, name, level, lon or 0.0, lat or 0.0) for code, path, name, level, lon, lat in rows),
        key=lambda one: (LEVELS.index(one.level), one.code),
    )
