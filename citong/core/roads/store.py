"""A built graph as one compact file: arrays and words in a compressed archive, nothing that could run."""

import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citong.core.roads.graph import Frame, RoadFault, Roads
from citong.core.roads.landmarks import Landmarks

VERSION = 1
INTS = ("node_signal", "tail", "head", "lanes", "kind", "name", "shape_start", "turn_start", "turn_to")
PLACES = ("node_x", "node_y", "shape_x", "shape_y")  # kept in double precision: a float would be metres off
MEASURES = ("length", "speed", "turn_seconds", "turn_length")
WORDS = ("node_refs", "signals", "edge_refs", "kinds", "names")


@dataclass(frozen=True, eq=False)
class Stored:
    """What a file holds: the graph, and the landmarks so that a router needs no second to start."""

    roads: Roads
    landmarks: Landmarks


def save(path: Path, roads: Roads, landmarks: Landmarks) -> None:
    """The file holds the graph; an older one of that name is replaced at once or not at all."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(roads, name) for name in INTS + PLACES}
    arrays |= {name: getattr(roads, name).astype(np.float32) for name in MEASURES}
    words: dict[str, Any] = {name: list(getattr(roads, name)) for name in WORDS}
    words |= {"version": VERSION, "frame": roads.frame.value}
    arrays["words"] = np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), dtype=np.uint8)
    arrays |= {"onward": landmarks.onward, "back": landmarks.back}
    memory = io.BytesIO()
    np.savez_compressed(memory, allow_pickle=False, **arrays)
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(memory.getvalue())
    beside.replace(path)


def load(path: Path) -> Stored:
    """The graph of a file; RoadFault when it is none, damaged, or of another version."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        words = json.loads(arrays.pop("words").tobytes())
        if words["version"] != VERSION:
            raise RoadFault(f"{path.name} is a road graph of version {words['version']}: build it anew.")
        tables: dict[str, Any] = {name: tuple(words[name]) for name in WORDS}
        tables |= {name: arrays[name] for name in INTS + PLACES}
        tables |= {name: arrays[name].astype(np.float64) for name in MEASURES}
        roads = Roads(frame=Frame(words["frame"]), **tables)
        stored = Stored(roads, Landmarks(arrays["onward"], arrays["back"]))
    except (OSError, EOFError, KeyError, TypeError, zipfile.BadZipFile, zlib.error, json.JSONDecodeError) as fault:
        raise RoadFault(f"{path.name} is no road graph, or a damaged one: {type(fault).__name__}.") from None
    except ValueError as fault:
        raise fault if isinstance(fault, RoadFault) else RoadFault(f"{path.name} is a damaged road graph.") from None
    if not _sound(stored):
        raise RoadFault(f"{path.name} is a damaged road graph: its tables do not fit each other.")
    return stored


def _sound(stored: Stored) -> bool:
    """Whether every number that points into a table stays inside it."""
    roads, edges, nodes = stored.roads, stored.roads.edge_count, len(stored.roads.node_refs)
    inside = [
        (roads.tail, 0, nodes, edges), (roads.head, 0, nodes, edges),
        (roads.kind, 0, len(roads.kinds), edges), (roads.name, 0, len(roads.names), edges),
        (roads.node_signal, -1, len(roads.signals), nodes), (roads.turn_to, 0, edges, len(roads.turn_seconds)),
        (roads.turn_start, 0, len(roads.turn_to) + 1, edges + 1),
        (roads.shape_start, 0, len(roads.shape_x) + 1, edges + 1),
    ]  # fmt: skip
    ordered = all((np.diff(starts) >= 0).all() for starts in (roads.turn_start, roads.shape_start))
    landmarks = stored.landmarks.onward.shape == stored.landmarks.back.shape
    return ordered and landmarks and stored.landmarks.onward.shape[1:] == (edges,) and all(
        len(table) == size and bool(((table >= low) & (table < high)).all()) for table, low, high, size in inside
    )  # fmt: skip
