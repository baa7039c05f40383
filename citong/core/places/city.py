"""The places of a city's folder: divisions, outlines of districts, layers and their grids, tied together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from citong.core.places.folder import Feature, Folder, Settings

LEVELS = ("city", "district", "street", "community")
DISTRICTS = "district"  # the layer that keeps the outlines of districts


@dataclass(frozen=True)
class DivisionRow:
    """A line of divisions.csv. `lon`, `lat`: a known point of it, WGS-84, such as the seat of its office."""

    where: str
    code: str
    parent: str
    name: str
    level: str
    kind: str = ""
    lon: float | None = None
    lat: float | None = None
    other_codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LayerRow:
    """A line of layers.csv. Exactly one layer is the base."""

    where: str
    code: str
    name: str
    name_en: str
    base: bool = False
    order: int = 0
    generated: bool = False


@dataclass(frozen=True)
class GridRow:
    """A grid with its outline in WGS-84; `division` is the community of a base grid, the district of others."""

    where: str
    layer: str
    code: str
    name: str
    division: str
    outline: BaseGeometry


@dataclass(frozen=True)
class UnionRow:
    """A line of grids/<layer>.csv: a grid that is the sum of these divisions."""

    where: str
    code: str
    name: str
    divisions: tuple[str, ...]


class Places:
    """All places of one folder. Reading is lazy; faults land in `folder.findings`."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    @property
    def settings(self) -> Settings:
        return self.folder.settings

    @cached_property
    def divisions(self) -> dict[str, DivisionRow]:
        found: dict[str, DivisionRow] = {}
        for row in self.folder.rows("divisions.csv", DivisionRow):
            if row.code in found:
                self.folder.error(row.where, _("Division %s appears twice.") % row.code, _("Keep one of the lines."))
            elif row.level not in LEVELS:
                self.folder.error(row.where, _("Unknown level: %s") % row.level, ", ".join(LEVELS))
            else:
                found[row.code] = row
        return found

    @cached_property
    def paths(self) -> dict[str, str]:
        """Division code to path, each ending in a slash; orphans and circles are left out and found."""
        known = {"": ""}
        for row in sorted(self.divisions.values(), key=lambda row: LEVELS.index(row.level)):
            if row.parent in known:
                known[row.code] = f"{known[row.parent]}{row.code}/"
            else:
                self.folder.error(
                    row.where,
                    _("%(name)s names the parent %(parent)s, which is not above it in the file.")
                    % {"name": row.name, "parent": row.parent or "—"},
                    _("Add the parent, or name the right one."),
                )
        return known

    @cached_property
    def districts(self) -> dict[str, Feature]:
        """District code to its outline, as districts.geojson says."""
        found: dict[str, Feature] = {}
        for feature in self.folder.features("districts.geojson"):
            code = str(feature.properties.get("code", ""))
            if code not in self.divisions or self.divisions[code].level != "district" or code in found:
                self.folder.error(
                    feature.where, _("%s is not a district, or appears twice.") % (code or "—"),
                    _("Give each outline the `code` of one district in divisions.csv."),
                )  # fmt: skip
            else:
                found[code] = feature
        return found

    @cached_property
    def covered(self) -> dict[str, BaseGeometry]:
        """Outlines of the districts the platform serves."""
        left_out = self.settings.uncovered or {}
        return {code: one.geometry for code, one in self.districts.items() if code not in left_out}

    @cached_property
    def layers(self) -> list[LayerRow]:
        rows = self.folder.rows("layers.csv", LayerRow)
        if sum(row.base for row in rows) != 1 or DISTRICTS in {row.code for row in rows}:
            self.folder.error(
                "layers.csv", _("Exactly one layer must be the base, and none may be called “district”."),
                _("Write yes in column base of one layer."),
            )  # fmt: skip
        return rows

    @cached_property
    def base(self) -> list[GridRow]:
        """The base grids, in the order of their codes."""
        code = next((layer.code for layer in self.layers if layer.base), "")
        return sorted(self._drawn(code, "community"), key=lambda row: row.code) if code else []

    @cached_property
    def grids(self) -> dict[str, list[GridRow]]:
        """Layer code to its grids, with the outlines of districts as a layer of their own."""
        read = {layer.code: self.base if layer.base else self._layer(layer.code) for layer in self.layers}
        outlines = [
            GridRow(one.where, DISTRICTS, code, self.divisions[code].name, code, one.geometry)
            for code, one in sorted(self.districts.items())
        ]
        return read | {DISTRICTS: outlines}

    @cached_property
    def unions(self) -> dict[str, list[UnionRow]]:
        """Layer code to its lines, of the layers that are given as sums of divisions."""
        return {
            layer.code: self.folder.rows(f"grids/{layer.code}.csv", UnionRow)
            for layer in self.layers
            if not layer.base and self.folder.has(f"grids/{layer.code}.csv")
        }

    @cached_property
    def communities(self) -> dict[str, list[int]]:
        """Community code to the positions of its base grids."""
        found: dict[str, list[int]] = defaultdict(list)
        for position, grid in enumerate(self.base):
            found[grid.division].append(position)
        return found

    @cached_property
    def labels(self) -> dict[str, tuple[float, float]]:
        """Division code to a point inside it: the given one, else the middle base grid's, else its outline's."""
        points = shapely.get_coordinates(shapely.point_on_surface([grid.outline for grid in self.base]))
        under: dict[str, list[int]] = defaultdict(list)
        for code, positions in self.communities.items():
            for above in self.paths.get(code, "").strip("/").split("/"):
                under[above] += positions
        found = {code: _middle(points[positions]) for code, positions in under.items()}
        for code, one in self.districts.items():
            found.setdefault(code, tuple(shapely.get_coordinates(shapely.point_on_surface(one.geometry))[0]))
        given = {row.code: (row.lon, row.lat) for row in self.divisions.values() if row.lon and row.lat}
        return found | given

    def below(self, codes: Iterable[str]) -> set[str]:
        """The communities with base grids in any of these divisions."""
        wanted = set(codes)
        return {code for code in self.communities if not wanted.isdisjoint(self.paths.get(code, "").split("/"))}

    def district_of(self, codes: Iterable[str]) -> str:
        """The one district that holds all these divisions, else the city."""
        found = {self.paths.get(code, "").split("/")[1:2][0] for code in codes if "/" in self.paths.get(code, "")}
        return found.pop() if len(found) == 1 else next(iter(self.divisions), "")

    def _layer(self, code: str) -> list[GridRow]:
        if code in self.unions:
            return sorted((self._union(code, row) for row in self.unions[code]), key=lambda row: row.code)
        return sorted(self._drawn(code, "district"), key=lambda row: row.code)

    def _union(self, layer: str, row: UnionRow) -> GridRow:
        outlines = [self.base[i].outline for code in sorted(self.below(row.divisions)) for i in self.communities[code]]
        whole = shapely.coverage_union_all(outlines) if outlines else shapely.Polygon()
        return GridRow(row.where, layer, row.code, row.name, self.district_of(row.divisions), whole)

    def _drawn(self, layer: str, level: str) -> list[GridRow]:
        rows = []
        for one in self.folder.features(f"grids/{layer}.geojson"):
            code, name, division = (str(one.properties.get(key, "")) for key in ("code", "name", "division"))
            rows.append(GridRow(one.where, layer, code, name, division, one.geometry))
        return [row for row in rows if self._known(row, level)]

    def _known(self, row: GridRow, level: str) -> bool:
        division = self.divisions.get(row.division)
        if row.code and division and division.level == level:
            return True
        self.folder.error(
            row.where,
            _("Grid %(code)s names %(division)s, which is not a %(level)s.")
            % {"code": row.code or "—", "division": row.division or "—", "level": level},
            _("Give it `code`, `name` and the `division` it lies in."),
        )
        return False


def rounded(row: GridRow) -> GridRow:
    """The row with five decimals, about a metre: what a file keeps."""
    return replace(row, outline=shapely.transform(row.outline, lambda vertices: np.round(vertices, 5)))


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Of these points the one nearest to their mean."""
    all_of = np.asarray(points)
    lon, lat = all_of[np.square(all_of - all_of.mean(0)).sum(1).argmin()]
    return float(lon), float(lat)
