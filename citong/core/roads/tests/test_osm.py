"""OpenStreetMap files become graphs, and what is doubtful in them is said."""

import sys
from pathlib import Path
from typing import Any

import pytest

from citong.core.roads.doubts import DoubtKind
from citong.core.roads.graph import Position, RoadFault, Roads
from citong.core.roads.osm import Loaded, load_osm
from citong.core.roads.route import NoWay, Router
from citong.core.roads.tests.towns import CROSS, Rules, Ways, osm_text, written
from citong.core.roads.traffic import Traffic
from citong.kit.geometry import Datum, from_wgs84

osmium: Any = pytest.importorskip("osmium", reason="the extra signals is not installed")

MAIN = {"highway": "primary", "maxspeed": "60", "name": "Rose Road", "lanes": "4"}
SIDE = {"highway": "residential", "maxspeed": "30"}
STREETS: Ways = {10: ([1, 2, 3], MAIN), 20: ([5, 2], SIDE), 21: ([2, 4], SIDE)}


def town(tmp_path: Path, ways: Ways = STREETS, rules: Rules | None = None, **more: Any) -> Loaded:
    return load_osm(written(tmp_path / "town.osm", osm_text(CROSS, ways, rules, **more)))


def drives(roads: Roads, before: str, after: str) -> bool:
    return roads.turn(roads.index(before), roads.index(after)) is not None


def test_ways_are_cut_where_they_meet_and_run_both_ways(tmp_path: Path) -> None:
    roads = town(tmp_path).roads
    assert set(roads.edge_refs) == {"10:0+", "10:0-", "10:1+", "10:1-", "20:0+", "20:0-", "21:0+", "21:0-"}
    edge = roads.edge(roads.index("10:0+"))
    assert (edge.tail, edge.head, edge.lanes, edge.kind, edge.name) == ("1", "2", 2, "primary", "Rose Road")
    assert edge.speed_ms == pytest.approx(60 / 3.6) and edge.length_m == pytest.approx(111.2, abs=0.3)


def test_a_pbf_file_gives_the_same_graph(tmp_path: Path) -> None:
    text = town(tmp_path, signals=(2,)).roads
    writer = osmium.SimpleWriter(str(tmp_path / "town.osm.pbf"))
    for thing in osmium.FileProcessor(str(tmp_path / "town.osm")):
        writer.add(thing)
    writer.close()
    packed = load_osm(tmp_path / "town.osm.pbf").roads
    assert packed.edge_refs == text.edge_refs and packed.signals == text.signals == ("2",)
    assert (packed.shape_x == text.shape_x).all() and packed.turn_to.tolist() == text.turn_to.tolist()


def test_one_way_streets_and_roundabouts_run_one_way(tmp_path: Path) -> None:
    roads = town(
        tmp_path,
        {10: ([1, 2, 3], MAIN | {"oneway": "yes"}), 20: ([5, 2], SIDE | {"oneway": "-1"}), 21: ([2, 4], SIDE)},
    ).roads
    assert set(roads.edge_refs) == {"10:0+", "10:1+", "20:0-", "21:0+", "21:0-"}


def test_turn_restrictions_hold(tmp_path: Path) -> None:
    from_south = [("way", 10, "from"), ("node", 2, "via")]
    no_left: Rules = {1: ({"type": "restriction", "restriction": "no_left_turn"}, [*from_south, ("way", 20, "to")])}
    only: Rules = {1: ({"type": "restriction", "restriction": "only_right_turn"}, [*from_south, ("way", 21, "to")])}
    for members in (no_left, only):
        loaded = town(tmp_path, rules=members)
        assert not drives(loaded.roads, "10:0+", "20:0-") and drives(loaded.roads, "10:0+", "21:0+")
        assert loaded.doubts.of(DoubtKind.RESTRICTION) == []
    assert not drives(town(tmp_path, rules=only).roads, "10:0+", "10:1+")


def test_a_restriction_that_spares_the_rescue_service_binds_cars_alone(tmp_path: Path) -> None:
    tags = {"type": "restriction", "restriction": "no_left_turn", "except": "emergency;psv"}
    rule: Rules = {1: (tags, [("way", 10, "from"), ("node", 2, "via"), ("way", 20, "to")])}
    path = written(tmp_path / "town.osm", osm_text(CROSS, STREETS, rule))
    assert drives(load_osm(path, emergency=True).roads, "10:0+", "20:0-")
    assert not drives(load_osm(path, emergency=False).roads, "10:0+", "20:0-")


def test_restrictions_nobody_can_apply_are_reported(tmp_path: Path) -> None:
    ends = [("way", 10, "from"), ("node", 2, "via"), ("way", 20, "to")]
    rules: Rules = {
        1: ({"type": "restriction", "restriction": "no_fun"}, ends),
        2: ({"type": "restriction", "restriction": "no_left_turn"}, ends[:2]),
        3: ({"type": "restriction", "restriction": "no_u_turn"}, [ends[0], ("way", 21, "via"), ends[2]]),
        4: ({"type": "restriction", "restriction": "no_left_turn"}, [("way", 99, "from"), *ends[1:]]),
        5: ({"type": "restriction", "restriction:conditional": "no_left_turn @ (Mo-Fr)"}, ends),
    }
    found = town(tmp_path, rules=rules).doubts.of(DoubtKind.RESTRICTION)
    assert sorted(one.ref for one in found) == ["1", "2", "3", "4", "5"]


def test_turning_back_is_for_dead_ends(tmp_path: Path) -> None:
    roads = town(tmp_path).roads
    assert drives(roads, "21:0+", "21:0-") and not drives(roads, "10:0+", "10:0-")


def test_signals_of_one_crossing_are_one_junction_and_those_farther_off_another(tmp_path: Path) -> None:
    nodes = CROSS | {6: (118.60, 24.9008), 7: (118.6002, 24.901)}
    ways: Ways = {10: ([1, 6, 2, 3], MAIN), 21: ([2, 7, 4], SIDE)}
    path = written(tmp_path / "town.osm", osm_text(nodes, ways, signals=(6, 2, 7, 3)))
    roads = load_osm(path).roads
    assert roads.signals == ("2", "3")
    assert roads.signal_after(roads.index("10:0+")) == "2" and roads.signal_after(roads.index("10:2+")) == "3"


def test_every_kind_of_doubt_is_said(tmp_path: Path) -> None:
    nodes = CROSS | {30: (118.7, 24.9), 31: (118.71, 24.9), 40: (118.60, 24.9)}
    ways: Ways = {
        10: ([1, 2, 3], {"highway": "primary"}), 20: ([5, 2], SIDE | {"maxspeed": "slow"}),
        21: ([2, 4], SIDE | {"oneway": "yes", "lanes:backward": "1"}), 22: ([4, 3], SIDE | {"oneway": "perhaps"}),
        23: ([30, 31], SIDE), 24: ([1, 40], SIDE), 25: ([2, 99], SIDE), 26: ([1], SIDE),
    }  # fmt: skip
    text = osm_text(nodes, ways).replace("</osm>", "") + osm_text({}, {20: ([1, 3], SIDE)}).split('0.6">')[1]
    doubts = load_osm(written(tmp_path / "town.osm", text)).doubts
    said = {(one.kind, one.ref) for one in doubts.found}
    assert {
        (DoubtKind.NO_SPEED, "10"), (DoubtKind.NO_SPEED, "20"), (DoubtKind.ONE_WAY, "21"), (DoubtKind.ONE_WAY, "22"),
        (DoubtKind.APART, "23:0+"), (DoubtKind.ZERO, "24:0+"), (DoubtKind.MISSING, "25"), (DoubtKind.ZERO, "26"),
        (DoubtKind.TWICE, "20"),
    } <= said  # fmt: skip
    report = list(doubts.lines(each=1))
    assert "one-way contradictions: 2" in report and all("\n" not in line for line in report)


def test_a_trap_of_one_way_streets_is_reported(tmp_path: Path) -> None:
    ways = {**STREETS, 10: ([1, 2], MAIN | {"oneway": "yes"}), 11: ([3, 2], MAIN | {"oneway": "yes"})}
    ways |= {20: ([5, 2], SIDE | {"oneway": "yes"}), 21: ([4, 2], SIDE | {"oneway": "yes"})}
    doubts = town(tmp_path, ways).doubts
    assert [one.ref for one in doubts.of(DoubtKind.ONE_WAY) if "enter this node" in one.sentence] == ["2"]


def test_shifted_coordinates_are_moved_at_the_door(tmp_path: Path) -> None:
    shifted = {id_: from_wgs84(lon, lat, Datum.GCJ02) for id_, (lon, lat) in CROSS.items()}
    path = written(tmp_path / "town.osm", osm_text(shifted, STREETS))
    roads = load_osm(path, datum=Datum.GCJ02).roads
    lon, lat = roads.place_of(Position(roads.index("10:0+"), 0.0))
    assert (lon, lat) == pytest.approx(CROSS[1], abs=2e-7)


@pytest.mark.parametrize("text", ["", "no map", "<osm version='0.6'></osm>", "<osm version='0.6'><node id="])
def test_a_file_without_roads_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(RoadFault, match=r"cannot be read|no road"):
        load_osm(written(tmp_path / "town.osm", text))


def test_without_the_package_the_mend_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(RoadFault, match=r"citong\[signals\]"):
        town(tmp_path)


def test_a_closed_way_can_only_be_used_by_the_rescue_service(tmp_path: Path) -> None:
    ways = {**STREETS, 21: ([2, 4], SIDE | {"access": "private"})}
    path = written(tmp_path / "town.osm", osm_text(CROSS, ways))
    assert "21:0+" in load_osm(path).roads.edge_refs and "21:0+" not in load_osm(path, emergency=False).roads.edge_refs
    roads = load_osm(path).roads
    one_way_out = [Position(roads.index("10:0+"), 0.1)], [Position(roads.index("21:0+"), 0.9)]
    assert Router.over(roads).fastest(*one_way_out, traffic=Traffic.free(roads)).seconds > 0
    with pytest.raises(NoWay):
        shut = Traffic.free(roads).closing(roads.index("21:0+"))
        Router.over(roads).fastest(*one_way_out, traffic=shut)
