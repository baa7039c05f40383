"""A city's folder as it lies on disk: settings, tables and outlines, read with every fault named by file and line."""

import datetime as dt
import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, get_type_hints
from zoneinfo import ZoneInfo

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from citong.core.places.tables import Cells, read_cells
from citong.kit.geometry import Datum, transform

Row = TypeVar("Row")
SETTINGS = "city.toml"
FILES = (SETTINGS, "*.csv", "*.geojson", "grids/*.csv", "grids/*.geojson")
LONGEST_EDGE = 0.005  # degrees: the offset of a datum bends a longer edge away from its neighbour's corners
PLAIN_DATUMS = (Datum.WGS84, Datum.CGCS2000)


class Severity(StrEnum):
    """An error keeps the folder from being loaded; a warning is likely a mistake; a note is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing about a folder: how grave, where (file and line, or place), what, and what to do."""

    severity: Severity
    where: str
    what: str
    mend: str


@dataclass(frozen=True)
class Settings:
    """What `city.toml` says. `limits` are the city's own spans; `uncovered` are divisions not served, and why."""

    code: str = ""
    name: str = ""
    name_en: str = ""
    zone: str = "Asia/Shanghai"
    datum: Datum = Datum.WGS84
    parameters: Mapping[str, Any] | None = None
    limits: Mapping[str, str] | None = None
    uncovered: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Feature:
    """A polygon of a GeoJSON file in WGS-84, with its properties and its place in the file."""

    where: str
    properties: Mapping[str, Any]
    geometry: BaseGeometry


class Folder:
    """Reads the files of one city. Faults are gathered in `findings`; rows that cannot be read are left out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings: list[Finding] = []

    def error(self, where: str, what: str, mend: str) -> None:
        self.findings.append(Finding(Severity.ERROR, where, what, mend))

    def has(self, name: str) -> bool:
        return (self.path / name).is_file()

    def digests(self) -> dict[str, str]:
        """SHA-256 of every data file: what a later load compares with."""
        files = sorted(path for path in self.path.rglob("*") if path.suffix in {".toml", ".csv", ".geojson"})
        return {path.relative_to(self.path).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    @cached_property
    def settings(self) -> Settings:
        try:
            said = tomllib.loads(self._text(SETTINGS) or "")
        except tomllib.TOMLDecodeError as fault:
            self.error(SETTINGS, _("This is not TOML: %s") % fault, _("Mend the line named here."))
            said = {}
        known = {field.name for field in fields(Settings)}
        for name in said.keys() - known:
            self.error(SETTINGS, _("Unknown key: %s") % name, _("Remove it, or put it under [parameters]."))
        for name in {"code", "name", "name_en", "datum"} - said.keys():
            self.error(SETTINGS, _("Missing key: %s") % name, _("Add it; docs/city-format.md explains each."))
        said = {name: value for name, value in said.items() if name in known}
        return Settings(**(said | {"datum": self._datum(said), "zone": self._zone(said)}))

    def rows(self, name: str, kind: type[Row], *, required: bool = True) -> list[Row]:
        """Every row of a CSV file as `kind`, a dataclass whose fields name the columns; `where` is file and line."""
        if not self.has(name) and not required:
            return []
        text = self._text(name)
        if text is None:
            return []
        wanted = [field.name for field in fields(kind) if field.default is field.default_factory is MISSING]  # type: ignore[arg-type]
        columns, lines = read_cells(text)
        missing = [column for column in wanted if column != "where" and column not in columns]
        if missing:
            self.error(name, _("Missing columns: %s") % ", ".join(missing), _("Add them to the first line."))
            return []
        read = [self._row(f"{name}:{line}", cells, kind) for line, cells in lines]
        return [row for row in read if row is not None]

    def features(self, name: str) -> list[Feature]:
        """Every polygon of a GeoJSON file, moved to WGS-84."""
        text = self._text(name)
        if text is None:
            return []
        try:
            listed = json.loads(text)["features"]
            shapes = _shapes(text, listed)
        except (ValueError, KeyError, TypeError, shapely.GEOSException) as fault:
            self.error(
                name,
                _("This is not a GeoJSON FeatureCollection of polygons: %s") % fault,
                _("Export it again."),
            )
            return []
        found = [
            Feature(f"{name}#{number}", one.get("properties") or {}, shape)
            for number, (one, shape) in enumerate(zip(listed, shapes, strict=True), start=1)
        ]
        return [feature for feature in map(self._placed, found) if self._usable(feature)]

    def _placed(self, feature: Feature) -> Feature:
        if self.settings.datum in PLAIN_DATUMS:
            return feature
        fine = shapely.segmentize(feature.geometry, LONGEST_EDGE)
        return Feature(feature.where, feature.properties, transform(fine, self.settings.datum))

    def _usable(self, feature: Feature) -> bool:
        shape = feature.geometry
        if shape.geom_type not in {"Polygon", "MultiPolygon"} or shape.is_empty:
            self.error(feature.where, _("This is not a polygon."), _("Draw an area, not a point or a line."))
            return False
        if not shape.is_valid:
            self.error(feature.where, shapely.is_valid_reason(shape), _("Repair the outline in the map program."))
        return True

    def _row(self, where: str, cells: Cells, kind: type[Row]) -> Row | None:
        values: dict[str, Any] = {"where": where}
        for name, read in _readers(kind).items():
            if name not in cells:
                continue
            try:
                values[name] = read(cells[name])
            except ValueError:
                self.error(
                    where,
                    _("“%(value)s” does not fit column %(column)s.") % {"value": cells[name], "column": name},
                    _("docs/city-format.md says what it may hold."),
                )
                return None
        schemes = {name[5:]: value for name, value in cells.items() if name.startswith("code_") and value}
        return kind(**values, **({"other_codes": schemes} if schemes else {}))

    def _text(self, name: str) -> str | None:
        try:
            return (self.path / name).read_text("utf-8-sig")
        except FileNotFoundError:
            self.error(name, _("The file is missing."), _("docs/city-format.md shows what it holds."))
        except UnicodeDecodeError:
            self.error(name, _("The file is not UTF-8 text."), _("Save it as “CSV UTF-8”; GBK is not read."))
        return None

    def _datum(self, said: Mapping[str, Any]) -> Datum:
        try:
            return Datum(said.get("datum", Datum.WGS84))
        except ValueError:
            self.error(SETTINGS, _("Unknown datum: %s") % said["datum"], _("Use one of: %s.") % ", ".join(Datum))
            return Datum.WGS84

    def _zone(self, said: Mapping[str, Any]) -> str:
        name = str(said.get("zone", Settings.zone))
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self.error(SETTINGS, _("Unknown time zone: %s") % name, _("Use a name such as Asia/Shanghai."))
        return name


def _shapes(text: str, listed: Sequence[Any]) -> Sequence[BaseGeometry]:
    """All at once where possible; one by one when a feature has no geometry of its own."""
    shapes = shapely.get_parts(shapely.from_geojson(text))
    if len(shapes) == len(listed):
        return list(shapes)
    return [shapely.from_geojson(json.dumps(one.get("geometry") or {})) for one in listed]


def _flag(text: str) -> bool:
    return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}[text.lower()]


def _flag_or_fault(text: str) -> bool:
    try:
        return _flag(text)
    except KeyError as fault:
        raise ValueError(text) from fault


def _number(text: str) -> float | None:
    return float(text) if text else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_READERS: Mapping[Any, Callable[[str], Any]] = {
    str: str, int: int, bool: _flag_or_fault, float: float, float | None: _number, tuple[str, ...]: _words,
    dt.date: dt.date.fromisoformat,
}  # fmt: skip


def _readers(kind: type) -> dict[str, Callable[[str], Any]]:
    return {name: _READERS[hint] for name, hint in get_type_hints(kind).items() if hint in _READERS and name != "where"}
