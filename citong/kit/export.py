"""Rows as CSV or GeoJSON, part by part: any number of them in the memory of one batch."""

import csv
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]
MARK = "\ufeff"  # tells spreadsheet programs that this is UTF-8
FORMULA = ("=", "+", "-", "@", "\t", "\r")
GZIP = 16 + zlib.MAX_WBITS


def csv_parts(batches: Iterable[Sequence[Row]], *, columns: Sequence[str]) -> Iterator[bytes]:
    """The rows as CSV (RFC 4180, UTF-8 with its mark), a part for the header and one for each batch.

    A text that a spreadsheet program would run as a formula has an apostrophe before it.
    """
    yield (MARK + _lines([columns])).encode()
    for batch in batches:
        yield _lines([[cell(row[name]) for name in columns] for row in batch]).encode()


def geojson_parts(batches: Iterable[Sequence[Row]], *, about: Mapping[str, Any]) -> Iterator[bytes]:
    """The rows as a GeoJSON FeatureCollection (RFC 7946) that carries `about`; a row without a place has no geometry.

    `number` is the id of a feature, `lon` and `lat` its point (WGS-84), everything else a property.
    """
    head = json.dumps({"type": "FeatureCollection", **about}, ensure_ascii=False)
    yield f'{head[:-1]}, "features": ['.encode()
    between = ""
    for batch in batches:
        features = ",\n".join(json.dumps(_feature(row), ensure_ascii=False) for row in batch)
        if features:
            yield f"{between}\n{features}".encode()
            between = ","
    yield b"\n]}\n"


def gzipped(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts as one gzip stream."""
    packer = zlib.compressobj(wbits=GZIP)
    for part in parts:
        if packed := packer.compress(part):
            yield packed
    yield packer.flush()


def cell(value: Any) -> str:
    """The value as the text of a cell: nothing for None, true or false, a moment with its offset."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, bool) else str(plain(value))


def plain(value: Any) -> Any:
    """The value as JSON has it; a moment as ISO 8601 in whole seconds with its offset."""
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _lines(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _feature(row: Row) -> dict[str, Any]:
    placed = row["lon"] is not None and row["lat"] is not None
    return {
        "type": "Feature",
        "id": row["number"],
        "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]} if placed else None,
        "properties": {name: plain(value) for name, value in row.items() if name not in ("lon", "lat")},
    }
