"""From the metres of a map back to degrees: the transverse Mercator projection (UTM among it), and SUMO's simple one.

Krüger's series as in Karney, Transverse Mercator with an accuracy of a few nanometers (2011), to the third order:
good to a millimetre within a city's zone. On the ellipsoid of WGS-84; GRS80 differs from it by less than that.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from citong.core.roads.graph import Floats, RoadFault
from citong.kit.geometry import WGS84_AXIS, WGS84_E2

FLATTENING = 1 - math.sqrt(1 - WGS84_E2)
THIRD = FLATTENING / (2 - FLATTENING)
RADIUS = WGS84_AXIS / (1 + THIRD) * (1 + THIRD**2 / 4 + THIRD**4 / 64)
INVERSE = (THIRD / 2 - 2 * THIRD**2 / 3 + 37 * THIRD**3 / 96, THIRD**2 / 48 + THIRD**3 / 15, 17 * THIRD**3 / 480)
FORWARD = (THIRD / 2 - 2 * THIRD**2 / 3 + 5 * THIRD**3 / 16, 13 * THIRD**2 / 48 - 3 * THIRD**3 / 5, 61 * THIRD**3 / 240)
ELLIPSOIDS = ("WGS84", "GRS80")
SIMPLE_EAST, SIMPLE_NORTH = 111_320.0, 111_136.0  # metres a degree in SUMO's simple projection (GeoConvHelper.cpp)
Back = Callable[[Floats, Floats], tuple[Floats, Floats]]


@dataclass(frozen=True)
class Mercator:
    """A transverse Mercator projection: its middle meridian and parallel (degrees), scale and false origin (m)."""

    lon: float
    lat: float = 0.0
    scale: float = 0.9996
    east: float = 500_000.0
    north: float = 0.0

    def back(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Longitude and latitude of these metres."""
        level = _meridian(self.lat)
        xi, eta = ((y - self.north) / self.scale + level) / RADIUS, (x - self.east) / (self.scale * RADIUS)
        xi_, eta_ = xi.copy(), eta.copy()
        for place, weight in enumerate(INVERSE, start=1):
            xi_ -= weight * np.sin(2 * place * xi) * np.cosh(2 * place * eta)
            eta_ -= weight * np.cos(2 * place * xi) * np.sinh(2 * place * eta)
        conformal = np.sin(xi_) / np.cosh(eta_)
        lat = _geodetic(np.arcsin(conformal))
        return self.lon + np.degrees(np.arctan2(np.sinh(eta_), np.cos(xi_))), np.degrees(lat)


def back_from(parameter: str) -> Back | None:
    """How metres become degrees under SUMO's `projParameter`; None when the net has no place on the earth."""
    words = dict(_words(parameter))
    if parameter.strip() in ("", "!"):
        return None
    if parameter.strip() == "-":
        return _simple
    if not {words.get("ellps", "WGS84"), words.get("datum", "WGS84")} <= set(ELLIPSOIDS) or "towgs84" in words:
        raise RoadFault(f"The projection {parameter!r} rests on another ellipsoid than WGS-84.")
    if words.get("proj") == "utm" and "zone" in words:
        return Mercator(6 * int(words["zone"]) - 183, north=10_000_000.0 if "south" in words else 0.0).back
    if words.get("proj") == "tmerc":
        value = {key: float(words.get(key, default)) for key, default in TMERC.items()}
        return Mercator(value["lon_0"], value["lat_0"], value["k"], value["x_0"], value["y_0"]).back
    raise RoadFault(f"The projection {parameter!r} is not known: utm and tmerc are.")


TMERC = {"lon_0": "0", "lat_0": "0", "k": "1", "x_0": "0", "y_0": "0"}


def _words(parameter: str) -> list[tuple[str, str]]:
    pairs = [word.lstrip("+").partition("=") for word in parameter.split()]
    return [("k" if key == "k_0" else key, value) for key, _, value in pairs]


def _simple(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    lat = y / SIMPLE_NORTH
    return x / (SIMPLE_EAST * np.cos(np.radians(lat))), lat


def _meridian(lat: float) -> float:
    """Metres along the meridian from the equator."""
    phi, e = math.radians(lat), math.sqrt(WGS84_E2)
    t = math.sinh(math.atanh(math.sin(phi)) - e * math.atanh(e * math.sin(phi)))
    xi = math.atan(t)
    return RADIUS * (xi + sum(weight * math.sin(2 * place * xi) for place, weight in enumerate(FORWARD, start=1)))


def _geodetic(conformal: Floats) -> Floats:
    """The latitude whose conformal latitude this is, by fixed-point steps (radians)."""
    e, isometric = math.sqrt(WGS84_E2), np.arctanh(np.sin(conformal))
    phi = conformal
    for _ in range(6):
        phi = np.arcsin(np.tanh(isometric + e * np.arctanh(e * np.sin(phi))))
    return np.asarray(phi)
