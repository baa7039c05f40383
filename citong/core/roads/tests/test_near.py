"""Points are set on the roads nearest to them."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from citong.core.roads.draft import Draft, DraftEdge
from citong.core.roads.near import Near
from citong.core.roads.tests.towns import raster

TOWN = raster(6)
NEAR = Near.over(TOWN)


def test_a_place_beside_a_street_is_on_both_its_directions_and_on_nothing_else() -> None:
    found = NEAR.street(130, 108)
    assert {TOWN.edge_refs[one.edge]: round(one.share, 2) for one in found} == {"1/1>2/1": 0.3, "2/1>1/1": 0.7}
    assert {round(one.away_m) for one in found} == {8}


def test_a_course_picks_the_direction_of_travel() -> None:
    east = NEAR.positions(130, 108, bearing=90, within_m=20)
    assert [TOWN.edge_refs[one.edge] for one in east] == ["1/1>2/1"]
    assert NEAR.positions(130, 108, bearing=0, within_m=20) == []


def test_nothing_is_near_a_point_far_away() -> None:
    assert NEAR.street(9_000, 9_000) == [] and NEAR.positions(50, 50, within_m=20) == []


@settings(deadline=None)
@given(st.floats(-60, 560), st.floats(-60, 560))
def test_no_road_is_nearer_than_the_one_found(x: float, y: float) -> None:
    best = min(_away(TOWN.shape(edge), x, y) for edge in range(TOWN.edge_count))
    found = NEAR.positions(x, y, within_m=200)
    assert math.isclose(found[0].away_m, best, abs_tol=1e-3)
    away = [round(one.away_m, 3) for one in found]
    assert away == sorted(away)


def test_on_the_earth_a_point_comes_back_to_within_a_hand() -> None:
    draft = Draft()
    shape = [(118.60, 24.90), (118.605, 24.902), (118.61, 24.90)]
    draft.add_node("a", *shape[0])
    draft.add_node("b", *shape[-1])
    draft.add_edge(DraftEdge("ab", "a", "b", shape, 10))
    roads = draft.finish()
    (found,) = Near.over(roads).positions(118.6075, 24.901)
    lon, lat = roads.place_of(found)
    assert (abs(lon - 118.6075) < 1e-6, abs(lat - 24.901) < 1e-6, found.share > 0.7) == (True, True, True)
    assert abs(float(roads.length[0]) - 1_101) < 3


def _away(shape: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", x: float, y: float) -> float:
    (ax, ay), (bx, by) = shape.tolist()
    share = min(1.0, max(0.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)))
    return math.hypot(ax + share * (bx - ax) - x, ay + share * (by - ay) - y)
