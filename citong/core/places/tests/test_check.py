from pathlib import Path

import numpy as np
import pytest
import shapely

from citong.core.places.check import check_places
from citong.core.places.city import Places
from citong.core.places.folder import Finding, Folder
from citong.core.places.tests.small_city import GRIDS, change, strip, write_features, write_small_city
from citong.kit.geometry import Datum, from_wgs84


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_city(tmp_path / "small")


def findings(folder: Path) -> list[Finding]:
    reading = Folder(folder)
    found = list(check_places(Places(reading)))
    return reading.findings + found


def said(folder: Path) -> str:
    return "\n".join(f"{one.severity} {one.where} {one.what} {one.mend}" for one in findings(folder))


def redraw(folder: Path, **outlines: shapely.Polygon | None) -> None:
    """The base grids again, some with another outline or left out; names are `g` and the grid's code."""
    drawn = [(code, division, outlines.get(f"g{code}", strip(at, at + 1))) for code, division, at in GRIDS]
    write_features(folder / "grids/base.geojson", [row for row in drawn if row[2]])


def test_a_sound_folder_has_no_findings(folder: Path) -> None:
    assert findings(folder) == []


def test_a_gap_is_found_with_its_place_and_area(folder: Path) -> None:
    redraw(folder, g9010101002=strip(1.5, 2))
    text = said(folder)
    assert "no grid covers 5" in text and "东区" in text and "(118.612" in text


def test_an_overlap_is_found_with_both_codes(folder: Path) -> None:
    redraw(folder, g9010101002=strip(0.5, 2))
    assert "9010101001 and 9010101002" in said(folder)


def test_a_grid_outside_its_district_is_found(folder: Path) -> None:
    redraw(folder, g9010101001=strip(5, 6), g9020102001=strip(0, 1))
    assert "Grid 9010101001 lies outside 东区" in said(folder)


def test_a_metre_left_by_rounding_is_no_finding(folder: Path) -> None:
    redraw(folder, g9020102001=strip(5, 5.9992))
    assert findings(folder) == []


def test_grids_in_another_datum_than_the_outlines_are_told(folder: Path) -> None:
    def move(vertices: np.ndarray) -> np.ndarray:
        return np.column_stack(from_wgs84(vertices[:, 0], vertices[:, 1], Datum.GCJ02))

    redraw(folder, **{f"g{code}": shapely.transform(strip(at, at + 1), move) for code, _division, at in GRIDS})
    assert "shifted as if they were GCJ02" in said(folder)


def test_outlines_of_another_datum_leave_the_known_seats_outside(folder: Path) -> None:
    change(folder, "city.toml", "WGS84", "BD09")
    assert "The seat of 池店镇 lies outside" in said(folder)


def test_swapped_coordinates_are_told(folder: Path) -> None:
    flipped = [("901", "", shapely.transform(strip(0, 3), lambda xy: xy[:, ::-1]))]
    write_features(folder / "districts.geojson", flipped)
    assert "lies outside the country" in said(folder)


def test_a_community_in_no_professional_grid_is_a_gap(folder: Path) -> None:
    change(folder, "grids/fire.csv", "9020101 9020102", "9020101")
    assert "Gap in layer fire: 后村 (9020102) is in 0 grids" in said(folder)


def test_a_community_in_two_professional_grids_is_an_overlap(folder: Path) -> None:
    change(folder, "grids/fire.csv", "9020101 9020102", "9020101 9020102 9010101")
    assert "Overlap in layer fire: 池店村" in said(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("divisions.csv", "90101,901,", "90101,909,", "divisions.csv:5 池店镇 names the parent 909"),
        ("divisions.csv", "902,9,西区", "901,9,西区", "Division 901 appears twice"),
        ("divisions.csv", "level", "rank", "Missing columns: level"),
        ("divisions.csv", "118.605", "east", "“east” does not fit column lon"),
        ("city.toml", "WGS84", "Beijing54", "Unknown datum: Beijing54"),
        ("city.toml", "code =", "codes =", "Unknown key: codes"),
        ("city.toml", "Asia/Shanghai", "Asia/Nowhere", "Unknown time zone"),
        ("city.toml", "[parameters]", "[parameters", "This is not TOML"),
        ("layers.csv", "yes,0", "no,0", "Exactly one layer must be the base"),
        ("grids/base.geojson", '"9010102"', '"9019999"', "names 9019999"),
        ("grids/base.geojson", '"code": "9010101002"', '"code": "9010101001"', "appears more than once"),
        ("grids/base.geojson", "FeatureCollection", "Nothing", "not a GeoJSON"),
        ("grids/fire.csv", "9020102", "777", "unknown divisions: 777"),
    ],
)
def test_a_fault_names_its_file_and_line(folder: Path, name: str, old: str, new: str, told: str) -> None:
    change(folder, name, old, new)
    assert told in said(folder)


def test_a_table_in_gbk_is_told_from_utf_8(folder: Path) -> None:
    text = (folder / "divisions.csv").read_text("utf-8")
    (folder / "divisions.csv").write_bytes(text.encode("gbk"))
    assert "divisions.csv The file is not UTF-8 text" in said(folder)


def test_a_missing_file_is_told(folder: Path) -> None:
    (folder / "districts.geojson").unlink()
    assert "districts.geojson The file is missing" in said(folder)


def test_a_district_without_grids_must_be_named_with_the_reason(folder: Path) -> None:
    redraw(folder, g9020101001=None, g9020101002=None, g9020102001=None)
    change(folder, "grids/fire.csv", "F2,西消防网格,9020101 9020102\n", "")
    assert "西区 has no grid in layer base" in said(folder)
    change(folder, "city.toml", "[limits]", '[uncovered]\n902 = "Served by its neighbour."\n\n[limits]')
    assert findings(folder) == []
