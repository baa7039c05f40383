from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from citong.core.places.city import Places
from citong.core.places.folder import Folder
from citong.core.places.locate import NOWHERE, Locator, of_folder
from citong.core.places.tests.small_city import SIDE, SOUTH, WEST, write_small_city

MIDDLE = SOUTH + SIDE / 2


@pytest.fixture(scope="module")
def locator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locator]:
    folder: Path = write_small_city(tmp_path_factory.mktemp("small"))
    yield of_folder(Places(Folder(folder)))


def test_a_point_is_found_in_its_grids_and_divisions(locator: Locator) -> None:
    found = locator.find(WEST + 0.5 * SIDE, MIDDLE)
    assert found.inside and found.base is not None
    assert (found.base.code, found.division_path, found.district) == ("9010101001", "9/901/90101/9010101/", "901")
    assert found.professional["fire"].code == "F1"


def test_a_point_on_a_shared_edge_belongs_to_the_lower_code(locator: Locator) -> None:
    found = locator.find(round(WEST + 3 * SIDE, 5), MIDDLE)
    assert found.base is not None and found.base.code == "9010102001"
    assert found.professional["fire"].code == "F1"


def test_a_point_a_few_metres_outside_is_given_to_the_nearest_grid(locator: Locator) -> None:
    assert locator.find(WEST - 0.00005, MIDDLE).inside
    assert not locator.find(WEST - 0.001, MIDDLE).inside


@pytest.mark.parametrize("point", [(0, 0), (float("nan"), 24.9), (1e9, -1e9), (24.9, 118.6)])
def test_a_point_elsewhere_is_outside(locator: Locator, point: tuple[float, float]) -> None:
    found = locator.find(*point)
    assert (found.inside, found.base, found.division_path) == (False, None, "9/")


def test_many_points_get_the_answers_of_one_by_one(locator: Locator) -> None:
    rng = np.random.default_rng(1)
    lons, lats = rng.uniform(WEST - SIDE, WEST + 7 * SIDE, 500), rng.uniform(SOUTH - SIDE, SOUTH + 2 * SIDE, 500)
    found = locator.find_many(lons, lats)
    for i, (lon, lat) in enumerate(zip(lons, lats, strict=True)):
        one = locator.find(lon, lat)
        for layer, (positions, refs) in found.items():
            single = one.base if layer == "base" else one.professional.get(layer)
            if positions[i] != NOWHERE:
                assert refs[positions[i]] == single


def test_a_grid_is_found_by_its_code(locator: Locator) -> None:
    found = locator.find_by_code("9020102001")
    assert found is not None and found.division_path.endswith("9020102/")
    assert locator.find_by_code("none") is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("池店镇新店村路灯不亮", ["9010102"]),
        ("新店村路灯不亮", ["9010102", "9020101"]),
        ("东区池店", ["90101"]),
        ("海滨街道后村", ["9020102"]),
        ("以后村里的灯", []),
        ("西区新店村", ["9020101"]),
        ("池店", ["90101"]),
        ("哪里都不是", []),
        ("", []),
    ],
)
def test_an_address_names_divisions_and_stays_open_where_it_is_ambiguous(
    locator: Locator, text: str, codes: list[str]
) -> None:
    assert [one.code for one in locator.find_address(text)] == codes


def test_a_found_address_comes_with_a_point_inside_it(locator: Locator) -> None:
    (one,) = locator.find_address("池店镇新店村")
    assert (one.precision, one.name) == ("community", "东区池店镇新店村")
    assert locator.find(one.lon, one.lat).division_path == one.path
