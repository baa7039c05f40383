"""From a route to a way with gates; another way when a road is blocked; points for officers."""

import pytest

from citong.core.escort.conductor import Conductor, Escort
from citong.core.escort.position import Fix
from citong.core.escort.relief import reliefs
from citong.core.escort.route import approaches_of, officers_points, planned_anew, way_of
from citong.core.escort.tests.lights import lights
from citong.core.roads.graph import Position, Roads
from citong.core.roads.route import NoWay, Route, Router
from citong.core.roads.tests.towns import raster
from citong.core.roads.traffic import Traffic


def route(roads: Roads, start: str, goal: str) -> Route:
    own = [Position(roads.index(start), 0.0)], [Position(roads.index(goal), 1.0)]
    return Router.over(roads).fastest(*own, traffic=Traffic.free(roads))


def test_a_way_has_a_gate_at_each_light_and_ends_where_the_route_does() -> None:
    roads = raster(4)
    way = way_of(roads, route(roads, "0/0>1/0", "2/0>3/0"), lights(roads))
    assert [gate.junction for gate in way.gates] == ["s1/0", "s3/0"]
    assert [round(gate.line_m) for gate in way.gates] == [100, 300]
    assert way.gates[-1].exit is None
    assert way.length_m == pytest.approx(300)


def test_a_point_on_the_way_is_told_in_metres_and_one_off_it_is_not() -> None:
    roads = raster(4)
    way = way_of(roads, route(roads, "0/0>1/0", "2/0>3/0"), lights(roads))
    assert way.along("1/0>2/0", 30) == pytest.approx(130)
    assert way.along("0/1>1/1", 30) is None


def test_crossings_without_lights_are_points_for_officers() -> None:
    roads = raster(4)
    points = officers_points(roads, route(roads, "0/0>1/0", "2/0>3/0"))
    assert [(point.edge, point.roads) for point in points] == [("1/0>2/0", 3)]


def test_when_a_road_is_blocked_another_way_is_taken_and_the_old_lights_are_let_go() -> None:
    roads = raster(4)
    junctions = lights(roads)
    goal = Router.over(roads).towards([Position(roads.index("2/0>3/0"), 1.0)])
    free = Traffic.free(roads)
    start = Position(roads.index("0/0>1/0"), 0.5)
    conductor = Conductor(junctions)
    conductor.begin(Escort("one", planned_anew(goal, start, traffic=free, junctions=junctions)), now=0)
    conductor.report("one", Fix(0, 10.0, 1.0, 10.0))
    assert {wish.junction for wish in conductor.decide(0, {}, {})} >= {"s1/0"}
    blocked = [roads.index("1/0>2/0")]
    way = planned_anew(goal, start, traffic=free, junctions=junctions, blocked=blocked)
    assert all(stretch.edge != "1/0>2/0" for stretch in way.stretches)
    conductor.change_way("one", way, Fix(1, 0.0, 1.0, 10.0))
    wishes = conductor.decide(1, {}, {})
    assert {wish.junction for wish in wishes} <= {gate.junction for gate in way.gates}
    assert way.gates[0].stage in {wish.stage for wish in wishes}


def test_no_way_left_is_said() -> None:
    roads = raster(3)
    goal = Router.over(roads).towards([Position(roads.index("1/0>2/0"), 1.0)])
    every = [edge for edge in range(roads.edge_count) if edge != roads.index("0/0>0/1")]
    with pytest.raises(NoWay):
        planned_anew(
            goal, Position(roads.index("0/0>0/1"), 0.5), traffic=Traffic.free(roads), junctions={}, blocked=every
        )


def test_a_jam_beside_the_way_is_let_out_where_something_still_flows() -> None:
    roads = raster(5)
    junctions = lights(roads)
    full = ["0/0>1/0", "1/0>2/0", "2/0>3/0"]
    found = list(reliefs(full[:1], full=full, leads=approaches_of(junctions), junctions=junctions, depth=5, most=9))
    assert [relief.junction for relief in found][:1] == ["s1/0"]
    everything = set(roads.edge_refs)
    assert not list(
        reliefs(full[:1], full=everything, leads=approaches_of(junctions), junctions=junctions, depth=5, most=9)
    )
