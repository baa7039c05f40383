from pathlib import Path

import pytest
import shapely

from citong.core.places.check import check_places
from citong.core.places.city import Places
from citong.core.places.cut import cut, write
from citong.core.places.folder import Folder
from citong.core.places.tests.small_city import write_small_city


def places(folder: Path) -> Places:
    return Places(Folder(folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_city(tmp_path)


def test_cut_grids_cover_every_district_without_gap_or_overlap(folder: Path) -> None:
    assert write(places(folder), grids=40, seed=7) == 40
    fresh = places(folder)
    assert list(check_places(fresh)) == [] and len(fresh.base) == 40
    assert shapely.coverage_is_valid([grid.outline for grid in fresh.base])


def test_the_same_seed_cuts_the_same_grids_and_another_seed_others(folder: Path) -> None:
    first, again = (cut(places(folder), grids=20, seed=7) for _turn in range(2))
    other = cut(places(folder), grids=20, seed=8)
    assert [one.outline for one in first] == [one.outline for one in again]
    assert [one.outline for one in first] != [one.outline for one in other]


def test_every_community_gets_a_grid_and_fewer_are_refused(folder: Path) -> None:
    assert {one.division for one in cut(places(folder), grids=4, seed=1)} == {
        "9010101",
        "9010102",
        "9020101",
        "9020102",
    }
    with pytest.raises(ValueError, match="4 communities"):
        cut(places(folder), grids=3, seed=1)


def test_a_file_says_that_its_grids_are_generated(folder: Path) -> None:
    write(places(folder), grids=8, seed=1)
    assert '"generated": true' in (folder / "grids/base.geojson").read_text("utf-8").splitlines()[0]
