"""A graph comes back from its file as it was, and no other file passes for one."""

from pathlib import Path

import numpy as np
import pytest

from citong.core.roads.graph import Position, RoadFault
from citong.core.roads.landmarks import choose
from citong.core.roads.route import Router
from citong.core.roads.store import load, save
from citong.core.roads.tests.towns import raster
from citong.core.roads.traffic import Traffic


def test_a_saved_graph_comes_back_as_it_was_and_plans_the_same(tmp_path: Path) -> None:
    roads = raster(5)
    save(tmp_path / "town.roads", roads, choose(roads))
    back = load(tmp_path / "town.roads")
    assert [path.name for path in tmp_path.iterdir()] == ["town.roads"]
    assert [back.roads.edge(edge) for edge in range(roads.edge_count)] == [
        roads.edge(edge) for edge in range(roads.edge_count)
    ]
    assert all((back.roads.shape(edge) == roads.shape(edge)).all() for edge in range(roads.edge_count))
    ends = [Position(0, 0.5)], [Position(30, 0.5)]
    before = Router.over(roads).fastest(*ends, traffic=Traffic.free(roads))
    after = Router(back.roads, back.landmarks).fastest(*ends, traffic=Traffic.free(back.roads))
    assert before.edges == after.edges and before.seconds == pytest.approx(after.seconds, rel=1e-6)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a file", b"\x93NUMPY", b"roads"])
def test_a_file_that_is_no_graph_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "town.roads"
    path.write_bytes(content)
    with pytest.raises(RoadFault, match=r"is no road graph|damaged"):
        load(path)


def test_a_cut_or_changed_file_is_refused(tmp_path: Path) -> None:
    roads, path = raster(4), tmp_path / "town.roads"
    save(path, roads, choose(roads))
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(RoadFault):
        load(path)


def test_numbers_that_point_out_of_a_table_are_refused(tmp_path: Path) -> None:
    roads, path = raster(4), tmp_path / "town.roads"
    roads.turn_to[0] = 5_000
    save(path, roads, choose(raster(4)))
    with pytest.raises(RoadFault, match="do not fit"):
        load(path)


def test_nothing_in_a_file_is_run(tmp_path: Path) -> None:
    path = tmp_path / "town.roads"
    with path.open("wb") as file:
        np.savez(file, words=np.array([{"version": 1}], dtype=object))
    with pytest.raises(RoadFault):
        load(path)
