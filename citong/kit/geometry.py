"""Places on the earth: the datums met in Chinese data, checks a clerk understands, distances and areas.

Everything inside Citong is WGS-84 longitude and latitude in degrees. The offset formulas of GCJ-02 and BD-09
are the widely published approximations, good to a metre or so; no official formula is public.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Degrees = TypeVar("Degrees", float, Floats)
Shift = Callable[[Floats, Floats], tuple[Floats, Floats]]

MEAN_RADIUS = 6_371_008.8  # metres, IUGG mean radius of the earth
WGS84_AXIS, WGS84_E2 = 6_378_137.0, 0.00669437999014  # metres; first eccentricity squared
GCJ_AXIS, GCJ_E2 = 6_378_245.0, 0.00669342162296594323  # Krasovsky 1940, as in the published formula
GCJ_WEST, GCJ_EAST, GCJ_SOUTH, GCJ_NORTH = 72.004, 137.8347, 0.8293, 55.8271  # no offset outside
BD_WAVE = math.pi * 3000 / 180
INVERSE_STEPS = 8  # each step gains at least two digits; 8 reach the end of double precision


class Datum(StrEnum):
    """CGCS2000 counts as WGS-84: they differ by less than a metre (flattening, epoch), a phone by several."""

    WGS84 = "WGS84"
    CGCS2000 = "CGCS2000"
    GCJ02 = "GCJ02"
    BD09 = "BD09"


@dataclass(frozen=True)
class Point:
    """WGS-84 longitude and latitude, degrees."""

    lon: float
    lat: float


def check(lon: float, lat: float) -> Point:
    """The point of these coordinates; ValueError is a sentence for the person who entered them."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise ValueError("A coordinate is missing: give longitude and latitude as numbers.")
    if lon == lat == 0:
        raise ValueError("Longitude and latitude are both 0: the device had no position, set it on the map.")
    if _in_china(lat, lon) and not _in_china(lon, lat):
        raise ValueError("Longitude and latitude are swapped: give the longitude first.")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("The point is not on the earth: longitude is -180 to 180, latitude is -90 to 90.")
    return Point(lon, lat)


def to_wgs84(lon: Degrees, lat: Degrees, datum: Datum) -> tuple[Degrees, Degrees]:
    """Longitude and latitude moved from `datum` to WGS-84; floats or arrays of one shape, degrees."""
    x, y = _arrays(lon, lat)
    if datum is Datum.BD09:
        x, y = _undo(_bd09_from_gcj02, x, y)
    if datum in (Datum.BD09, Datum.GCJ02):
        x, y = _undo(_gcj02_from_wgs84, x, y)
    return _like(lon, x, y)


def from_wgs84(lon: Degrees, lat: Degrees, datum: Datum) -> tuple[Degrees, Degrees]:
    """Longitude and latitude moved from WGS-84 to `datum`; floats or arrays of one shape, degrees."""
    x, y = _arrays(lon, lat)
    if datum in (Datum.BD09, Datum.GCJ02):
        x, y = _gcj02_from_wgs84(x, y)
    if datum is Datum.BD09:
        x, y = _bd09_from_gcj02(x, y)
    return _like(lon, x, y)


def transform(geometry: BaseGeometry, datum: Datum) -> BaseGeometry:
    """A copy of the geometry, every vertex moved from `datum` to WGS-84."""

    def move(vertices: Floats) -> Floats:
        return np.column_stack(to_wgs84(vertices[:, 0], vertices[:, 1], datum))

    return shapely.transform(geometry, move)


def metres_between(a: Point, b: Point) -> float:
    """Great-circle distance (haversine) in metres; within 0.6 % of the ellipsoid's."""
    north, east = math.radians(b.lat - a.lat), math.radians(b.lon - a.lon)
    lats = math.cos(math.radians(a.lat)) * math.cos(math.radians(b.lat))
    half_chord = math.sin(north / 2) ** 2 + lats * math.sin(east / 2) ** 2
    return 2 * MEAN_RADIUS * math.asin(min(1.0, math.sqrt(half_chord)))


def area_m2(geometry: BaseGeometry) -> float:
    """Square metres of a polygon or multipolygon in WGS-84, holes left out; 0 for points and lines.

    Computed on the sphere of the ellipsoid's area at authalic latitudes; errs by far less than 0.5 %.
    """
    polygons = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return sum(_ring_m2(part.exterior) - sum(map(_ring_m2, part.interiors)) for part in polygons)


def _ring_m2(ring: BaseGeometry) -> float:
    """The area between ring and equator, strip by strip: north and south borders cancel outside the ring."""
    lon, lat = np.radians(shapely.get_coordinates(ring)).T
    height = _authalic(np.sin(lat))
    strips = np.diff(lon) * (height[1:] + height[:-1]) / 2
    return float(abs(strips.sum())) * WGS84_AXIS**2 * float(_authalic_q(np.float64(1))) / 2


def _authalic(sin_lat: Floats) -> Floats:
    """Sine of the authalic latitude (Snyder, Map Projections: A Working Manual, 3-11 and 3-12)."""
    return np.asarray(_authalic_q(sin_lat) / _authalic_q(np.float64(1)))


def _authalic_q(sin_lat: Floats | np.float64) -> Floats | np.float64:
    e = math.sqrt(WGS84_E2)
    curved = sin_lat / (1 - WGS84_E2 * sin_lat**2)
    return (1 - WGS84_E2) * (curved + np.arctanh(e * sin_lat) / e)


def _in_china(lon: float, lat: float) -> bool:
    return bool(_offset_applies(np.float64(lon), np.float64(lat)))


def _offset_applies(lon: Floats | np.float64, lat: Floats | np.float64) -> NDArray[np.bool_] | np.bool_:
    return (lon >= GCJ_WEST) & (lon <= GCJ_EAST) & (lat >= GCJ_SOUTH) & (lat <= GCJ_NORTH)


def _gcj02_from_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    east, north = _gcj02_waves(lon - 105, lat - 35)
    phi = np.radians(lat)
    magic = 1 - GCJ_E2 * np.sin(phi) ** 2
    east = np.degrees(east / (GCJ_AXIS / np.sqrt(magic) * np.cos(phi)))
    north = np.degrees(north / (GCJ_AXIS * (1 - GCJ_E2) / magic**1.5))
    inside = _offset_applies(lon, lat)
    return lon + np.where(inside, east, 0), lat + np.where(inside, north, 0)


def _gcj02_waves(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Metres east and north of the published offset, from degrees east of 105 and north of 35."""

    def waves(angle: Floats, *terms: tuple[float, float]) -> Floats:
        return np.asarray(sum(height * np.sin(angle * pace * math.pi) for height, pace in terms) * 2 / 3)

    root = np.sqrt(np.abs(x))
    common = waves(x, (20, 6), (20, 2))
    east = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * root
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * root
    return (
        east + common + waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30)),
        north + common + waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30)),
    )


def _bd09_from_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BD_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BD_WAVE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _undo(shift: Shift, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """The point that `shift` moves to (lon, lat), by fixed-point steps."""
    x, y = lon, lat
    for _ in range(INVERSE_STEPS):
        moved_x, moved_y = shift(x, y)
        x, y = x + lon - moved_x, y + lat - moved_y
    return x, y


def _arrays(lon: Degrees, lat: Degrees) -> tuple[Floats, Floats]:
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def _like(example: Degrees, x: Floats, y: Floats) -> tuple[Degrees, Degrees]:
    return (x, y) if isinstance(example, np.ndarray) else (float(x), float(y))
