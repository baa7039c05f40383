"""SUMO networks become graphs: turns as connected, degrees where the net knows them, metres where not."""

import gzip
import subprocess
from pathlib import Path

import numpy as np
import pytest

from citong.core.roads.doubts import DoubtKind
from citong.core.roads.graph import Frame, RoadFault
from citong.core.roads.projection import Mercator, back_from
from citong.core.roads.route import Router
from citong.core.roads.sumo import load_sumo
from citong.core.roads.tests.towns import written
from citong.core.roads.traffic import Traffic

UTM50 = "+proj=utm +zone=50 +ellps=WGS84 +datum=WGS84 +units=m +no_defs"
NET = """<net version="1.20">
<location netOffset="-600000.00,-2700000.00" projParameter="{projection}"/>
<edge id=":B_0" function="internal"><lane id=":B_0_0" index="0" speed="5.00" length="10.00" shape="95,0 105,0"/></edge>
<edge id=":B_1" function="internal"><lane id=":B_1_0" index="0" speed="5.00" length="5.00" shape="99,0 105,0"/></edge>
<edge id="AB" from="A" to="B" name="Rose Road" type="highway.primary"><lane id="AB_0" index="0" allow="pedestrian"
 speed="1.00" length="95.00" shape="0,-4 95,-4"/><lane id="AB_1" index="1" disallow="pedestrian" speed="10.00"
 length="95.00" shape="0,0 95,0"/></edge>
<edge id="BC" from="B" to="C"><lane id="BC_0" index="0" length="95.00" shape="105,0 200,0"/></edge>
<edge id="BD" from="B" to="D"><lane id="BD_0" index="0" allow="bus" speed="10" length="95" shape="100,5 100,99"/></edge>
<edge id="BE" from="B" to="E"><lane id="BE_0" index="0" speed="10" length="400" shape="100,-5 100,-100"/></edge>
<edge id="BE" from="B" to="E"><lane id="BE_0" index="0" speed="10" length="95" shape="100,-5 100,-100"/></edge>
<junction id="A" type="dead_end" x="0" y="0"/><junction id="B" type="traffic_light" x="100" y="0"/>
<junction id="C" type="dead_end" x="200" y="0"/><junction id="D" type="dead_end" x="100" y="100"/>
<junction id="E" type="dead_end" x="100" y="-100"/>
<connection from="AB" to="BC" fromLane="1" toLane="0" via=":B_0_0" tl="cluster" linkIndex="0" dir="s"/>
<connection from=":B_0" to="BC" fromLane="0" toLane="0" via=":B_1_0" dir="s"/>
<connection from=":B_1" to="BC" fromLane="0" toLane="0" dir="s"/>
<connection from="AB" to="BE" fromLane="0" toLane="0" dir="r"/>
</net>"""


def net(tmp_path: Path, projection: str = "!") -> Path:
    return written(tmp_path / "town.net.xml", NET.format(projection=projection))


def test_a_net_without_projection_stays_in_metres_and_says_so(tmp_path: Path) -> None:
    loaded = load_sumo(net(tmp_path))
    assert loaded.roads.frame is Frame.PLANE and loaded.roads.shape(0).tolist() == [[0, 0], [95, 0]]
    assert len(loaded.doubts.of(DoubtKind.PROJECTION)) == 1


def test_edges_are_those_open_to_cars_and_turns_those_connected(tmp_path: Path) -> None:
    roads = load_sumo(net(tmp_path)).roads
    assert roads.edge_refs == ("AB", "BC", "BE")
    edge = roads.edge(0)
    assert (edge.length_m, edge.speed_ms, edge.lanes, edge.name) == (95, 10, 1, "Rose Road")
    turn = roads.turn(0, 1)
    assert turn is not None  # over both lanes inside the junction
    assert [roads.turn_seconds[turn], roads.turn_length[turn]] == pytest.approx([3, 15])
    assert roads.turn(0, 2) is None  # the connection leaves from a lane for pedestrians
    assert roads.signal_after(0) == "cluster"


def test_doubtful_things_are_said(tmp_path: Path) -> None:
    doubts = load_sumo(net(tmp_path)).doubts
    said = {(one.kind, one.ref) for one in doubts.found}
    expected = {(DoubtKind.NO_SPEED, "BC"), (DoubtKind.TWICE, "BE"), (DoubtKind.STRAIGHT_LENGTH, "BE")}
    assert expected <= said


def test_a_net_with_projection_lies_on_the_earth(tmp_path: Path) -> None:
    roads = load_sumo(net(tmp_path, UTM50)).roads
    assert roads.frame is Frame.WGS84
    assert roads.shape(0)[0].tolist() == pytest.approx([117.98630, 24.41022], abs=1e-5)
    assert roads.length[0] == 95


def test_known_points_of_the_projection() -> None:
    """A tower in Toronto (43.642567 N, 79.387139 W is 630084 E, 4833438 N in zone 17), and the meridian's length."""
    lon, lat = Mercator(-81).back(np.array([630_084.0]), np.array([4_833_438.0]))
    assert (lon[0], lat[0]) == pytest.approx((-79.387139, 43.642567), abs=1e-5)
    half = 4_984_944.378 * 0.9996  # metres from the equator to 45 degrees north on WGS-84
    assert Mercator(9).back(np.array([500_000.0]), np.array([half]))[1][0] == pytest.approx(45, abs=1e-7)


@pytest.mark.parametrize("parameter", ["+proj=lcc", "+proj=utm +zone=33 +ellps=bessel", "DHDN"])
def test_a_projection_nobody_knows_keeps_metres(tmp_path: Path, parameter: str) -> None:
    with pytest.raises(RoadFault):
        back_from(parameter)
    assert load_sumo(net(tmp_path, parameter)).roads.frame is Frame.PLANE


def test_a_packed_net_reads_the_same(tmp_path: Path) -> None:
    plain = net(tmp_path)
    packed = tmp_path / "town.net.xml.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert load_sumo(packed).roads.edge_refs == load_sumo(plain).roads.edge_refs


BOMB = '<!DOCTYPE net [<!ENTITY a "aaaa">]><net>&a;</net>'


@pytest.mark.parametrize("text", ["", "<net>", "<net/>", BOMB, '<net><edge id="a"><lane length="far"/></edge></net>'])
def test_a_file_that_is_no_net_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(RoadFault):
        load_sumo(written(tmp_path / "town.net.xml", text))


def test_a_generated_net_is_one_part_and_routes_exist_between_all_its_edges(tmp_path: Path) -> None:
    sumo = pytest.importorskip("sumo", reason="the extra signals is not installed")
    path = tmp_path / "grid.net.xml"
    command = [str(Path(sumo.SUMO_HOME) / "bin" / "netgenerate"), "--grid", "--grid.number=4", "--grid.length=150"]
    subprocess.run([*command, "-j", "traffic_light", "-o", str(path)], check=True, capture_output=True)
    loaded = load_sumo(path)
    assert loaded.doubts.of(DoubtKind.APART) == [] and len(loaded.roads.signals) >= 4
    from citong.core.roads.graph import Position

    router, free = Router.over(loaded.roads), Traffic.free(loaded.roads)
    for edge in range(0, loaded.roads.edge_count, 3):
        route = router.fastest([Position(0, 0.5)], [Position(edge, 0.6)], traffic=free)
        assert route.length_m > 0
