"""Files that spreadsheet programs and map programs read, made part by part."""

import csv
import gzip
import io
import json
import tracemalloc
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import repeat
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citong.kit.export import cell, csv_parts, geojson_parts, gzipped

AT = datetime(2026, 1, 31, 8, 5, 9, 123456, timezone(timedelta(hours=8)))
ROW = {"number": "26-0000001-1", "name": "井盖", "lon": 118.6, "lat": 24.9, "at": AT, "late": False, "rating": None}
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


def read(parts: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(parts).decode("utf-8-sig"), newline="")))


def test_a_csv_file_begins_with_the_mark_of_utf_8_and_ends_each_line_as_the_standard_says() -> None:
    whole = b"".join(csv_parts([[ROW]], columns=list(ROW)))
    assert whole.startswith(b"\xef\xbb\xbfnumber,name,lon,lat,at,late,rating\r\n")
    assert whole.decode().endswith("26-0000001-1,井盖,118.6,24.9,2026-01-31T08:05:09+08:00,false,\r\n")


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_whatever_stands_in_a_cell_comes_back_and_no_program_runs_it(rows: list[tuple[str, str]]) -> None:
    found = read(csv_parts([[{"a": a, "b": b} for a, b in rows]], columns=("a", "b")))[1:]
    assert [tuple(one.removeprefix("'") for one in row) for row in found] == [
        tuple(one.removeprefix("'") for one in row) for row in rows
    ]
    assert not [one for row in found for one in row if one.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_is_disarmed(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_a_number_below_zero_is_no_formula() -> None:
    assert (cell(-73.9), cell(0), cell(True), cell(None)) == ("-73.9", "0", "true", "")


@pytest.mark.parametrize("batches", [[], [[]], [[ROW]], [[ROW, ROW], [ROW]], [[ROW], [], [ROW]]])
def test_a_geojson_file_is_whole_however_the_rows_come(batches: list[list[dict[str, Any]]]) -> None:
    made = json.loads(b"".join(geojson_parts(batches, about={"datum": "WGS84"})))
    assert (made["type"], made["datum"]) == ("FeatureCollection", "WGS84")
    assert len(made["features"]) == sum(map(len, batches))
    for feature in made["features"]:
        assert feature["geometry"] == {"type": "Point", "coordinates": [118.6, 24.9]}
        assert feature["id"] == ROW["number"] and feature["properties"]["at"] == "2026-01-31T08:05:09+08:00"


def test_a_row_without_a_place_has_no_geometry() -> None:
    (feature,) = json.loads(b"".join(geojson_parts([[ROW | {"lon": None, "lat": None}]], about={})))["features"]
    assert feature["geometry"] is None


def test_what_is_packed_is_one_stream_that_begins_before_the_last_row_is_there() -> None:
    parts = [f"{number * 7919 % 100_003}\n".encode() * 50 for number in range(5_000)]
    assert gzip.decompress(b"".join(gzipped(parts))) == b"".join(parts)
    assert next(gzipped(repeat(b"x" * 1000)))


@pytest.mark.parametrize("form", ["csv", "geojson", "packed"])
def test_ten_times_the_rows_take_no_more_memory(form: str) -> None:
    def parts(count: int) -> Iterator[bytes]:
        batches = ([{**ROW, "number": f"{at}-{row}"} for row in range(200)] for at in range(count))
        plain = geojson_parts(batches, about={}) if form == "geojson" else csv_parts(batches, columns=list(ROW))
        return gzipped(plain) if form == "packed" else plain

    def peak(count: int) -> int:
        tracemalloc.start()
        size = sum(len(part) for part in parts(count))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert size > 0
        return most

    peak(2)
    assert peak(40) < 1.5 * peak(4)
