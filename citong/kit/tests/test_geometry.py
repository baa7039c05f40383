import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box
from shapely import Point as Spot

from citong.kit.geometry import Datum, Point, area_m2, check, from_wgs84, metres_between, to_wgs84, transform

# One vertex each of the outlines of Licheng, Anxi and Shishi, in GCJ-02 and in WGS-84.
VERTICES = [
    ((118.578574, 24.888227), (118.574114, 24.891220)),
    ((118.154050, 25.247957), (118.149096, 25.250609)),
    ((118.704118, 24.663510), (118.699539, 24.666393)),
]
QUANZHOU = Point(118.589, 24.908)
datums = st.sampled_from(list(Datum))


@pytest.mark.parametrize(("gcj02", "wgs84"), VERTICES)
def test_known_vertices_move_between_gcj02_and_wgs84(gcj02: tuple[float, float], wgs84: tuple[float, float]) -> None:
    assert to_wgs84(*gcj02, Datum.GCJ02) == pytest.approx(wgs84, abs=1e-6, rel=0)
    assert from_wgs84(*wgs84, Datum.GCJ02) == pytest.approx(gcj02, abs=1e-6, rel=0)


@given(datums, st.floats(73, 135), st.floats(3, 53.5))
def test_there_and_back_is_the_same_point(datum: Datum, lon: float, lat: float) -> None:
    assert to_wgs84(*from_wgs84(lon, lat, datum), datum) == pytest.approx((lon, lat), abs=1e-9, rel=0)
    assert from_wgs84(*to_wgs84(lon, lat, datum), datum) == pytest.approx((lon, lat), abs=1e-9, rel=0)


def test_cgcs2000_counts_as_wgs84() -> None:
    assert to_wgs84(118.6, 24.9, Datum.CGCS2000) == (118.6, 24.9)


def test_gcj02_has_no_offset_outside_china() -> None:
    assert to_wgs84(2.35, 48.86, Datum.GCJ02) == (2.35, 48.86)


def test_bd09_lies_some_hundred_metres_from_gcj02() -> None:
    gcj02 = Point(*from_wgs84(QUANZHOU.lon, QUANZHOU.lat, Datum.GCJ02))
    bd09 = Point(*from_wgs84(QUANZHOU.lon, QUANZHOU.lat, Datum.BD09))
    assert 500 < metres_between(gcj02, bd09) < 1500


def test_arrays_move_as_their_points_do() -> None:
    lon, lat = np.array([[118.6, 119.3], [2.35, 118.1]]), np.array([[24.9, 26.1], [48.86, 25.2]])
    moved_lon, moved_lat = to_wgs84(lon, lat, Datum.BD09)
    assert moved_lon.shape == lon.shape
    for at in np.ndindex(2, 2):
        alone = to_wgs84(float(lon[at]), float(lat[at]), Datum.BD09)
        assert alone == (float(moved_lon[at]), float(moved_lat[at]))


def test_a_shape_moves_with_its_holes() -> None:
    shape = box(118.5, 24.8, 118.7, 25.0).difference(box(118.55, 24.85, 118.6, 24.9))
    moved = transform(shape, Datum.GCJ02)
    assert moved.interiors and moved.is_valid
    lon, lat = shape.exterior.coords[0]
    assert moved.exterior.coords[0] == to_wgs84(lon, lat, Datum.GCJ02)


@pytest.mark.parametrize(
    ("lon", "lat", "sentence"),
    [
        (24.9, 118.6, "swapped"),
        (39.4, 75.9, "swapped"),
        (0, 0, "had no position"),
        (math.nan, 24.9, "missing"),
        (118.6, math.inf, "missing"),
        (200, 24.9, "not on the earth"),
        (118.6, -90.1, "not on the earth"),
    ],
)
def test_a_wrong_coordinate_is_told_what_is_wrong(lon: float, lat: float, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        check(lon, lat)


def test_a_right_coordinate_becomes_a_point() -> None:
    assert check(118.589, 24.908) == QUANZHOU


def test_distances_are_metres() -> None:
    assert metres_between(QUANZHOU, QUANZHOU) == 0
    assert metres_between(Point(118, 25), Point(118, 26)) == pytest.approx(110_770, rel=0.006)
    assert metres_between(Point(118, 25), Point(119, 25)) == pytest.approx(100_950, rel=0.006)
    assert metres_between(Point(179.9, 0), Point(-179.9, 0)) == pytest.approx(22_264, rel=0.006)


def test_areas_are_those_of_the_ellipsoid() -> None:
    # The whole ellipsoid has 510.0656 million km2 (Snyder, authalic radius 6 371 007.2 m).
    assert area_m2(box(-180, -90, 180, 90)) == pytest.approx(4 * math.pi * 6_371_007.1809**2, rel=1e-9)
    # A hectare near Quanzhou, by the lengths of a degree there.
    assert area_m2(box(118.6, 24.9, 118.6 + 100 / 101_028, 24.9 + 100 / 110_768)) == pytest.approx(1e4, rel=0.001)


def test_holes_are_left_out_and_parts_are_added() -> None:
    outer, hole, other = box(118, 24, 119, 25), box(118.2, 24.2, 118.4, 24.4), box(120, 24, 121, 25)
    ring = Polygon(outer.exterior.coords, [hole.exterior.coords])
    assert area_m2(ring) == pytest.approx(area_m2(outer) - area_m2(hole))
    assert area_m2(MultiPolygon([ring, other])) == pytest.approx(area_m2(ring) + area_m2(other))
    assert area_m2(Spot(118, 24)) == 0
