"""The outlines of a layer as one GeoJSON, made once for each version of the layer and kept on disk, packed."""

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from django.conf import settings

from citong.core.places.current import city
from citong.core.places.models import Grid, Layer

DECIMALS = 5  # about a metre
PACKING = 6


def tag(layer: Layer) -> str:
    """What changes whenever the layer does: for file name and ETag."""
    return f"{city().code}-{layer.code}-{layer.version}"


def packed(layer: Layer) -> bytes:
    """The layer's current grids as gzipped GeoJSON; from disk, or made now with one query."""
    path = settings.HOME / "cache" / "grids" / f"{tag(layer)}.geojson.gz"
    if not path.exists():
        _keep(path, gzip.compress("".join(_parts(layer)).encode(), PACKING, mtime=0))
        _drop_older(path, layer)
    return bytes(path.read_bytes())


def _parts(layer: Layer) -> Iterator[str]:
    rows = Grid.objects.filter(layer=layer, ends_at=None).order_by("code").values_list("code", "name", "outline")
    known = [(code, name, bytes(outline)) for code, name, outline in rows.iterator(chunk_size=5_000)]
    wkb = np.array([outline for _code, _name, outline in known], dtype=object)
    rounded = shapely.transform(shapely.from_wkb(wkb), lambda vertices: np.round(vertices, DECIMALS))
    yield '{"type":"FeatureCollection","features":['
    for place, ((code, name, _wkb), drawn) in enumerate(zip(known, shapely.to_geojson(rounded), strict=True)):
        said = json.dumps({"code": code, "name": name}, ensure_ascii=False, separators=(",", ":"))
        yield f'{"," if place else ""}{{"type":"Feature","properties":{said},"geometry":{drawn}}}'
    yield "]}"


def _keep(path: Path, content: bytes) -> None:
    """The file appears whole or not at all, also when two processes make it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)


def _drop_older(path: Path, layer: Layer) -> None:
    for old in path.parent.glob(f"{city().code}-{layer.code}-*.gz"):
        if old != path:
            old.unlink(missing_ok=True)
