"""The fastest way, ways that differ, planning anew, and who is nearest."""

from heapq import heappop, heappush
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citong.core.roads.draft import Draft, DraftEdge, TurnCosts
from citong.core.roads.graph import Frame, Position, RoadFault, Roads
from citong.core.roads.reach import nearest, times_from
from citong.core.roads.route import TIE_S, NoWay, Router, rejoined, signals_on
from citong.core.roads.tests.towns import raster
from citong.core.roads.traffic import Traffic


def at(roads: Roads, ref: str, share: float = 0.5) -> list[Position]:
    return [Position(roads.index(ref), share)]


def refs(roads: Roads, edges: list[int]) -> list[str]:
    return [roads.edge_refs[edge] for edge in edges]


def test_a_straight_street_takes_its_length_over_its_speed() -> None:
    roads = raster(4)
    route = Router.over(roads).fastest(at(roads, "0/0>1/0"), at(roads, "2/0>3/0"), traffic=Traffic.free(roads))
    assert refs(roads, route.edges) == ["0/0>1/0", "1/0>2/0", "2/0>3/0"]
    assert (route.length_m, route.seconds) == pytest.approx((200, 20))
    assert [leg.enters_s for leg in route.legs] == pytest.approx([0, 5, 15])
    assert [leg.leaves_s for leg in route.legs] == pytest.approx([5, 15, 20])


def test_a_goal_ahead_on_the_same_edge_is_reached_along_it_and_one_behind_around_the_block() -> None:
    roads = raster(3)
    router, free = Router.over(roads), Traffic.free(roads)
    ahead = router.fastest(at(roads, "0/0>1/0", 0.2), at(roads, "0/0>1/0", 0.7), traffic=free)
    behind = router.fastest(at(roads, "0/0>1/0", 0.7), at(roads, "0/0>1/0", 0.2), traffic=free)
    assert ahead.seconds == pytest.approx(5) and len(ahead.legs) == 1
    assert behind.seconds == pytest.approx(3 + 30 + 2) and len(behind.legs) == 5


def test_a_forbidden_turn_is_never_driven_and_a_costly_one_only_where_it_pays() -> None:
    draft = Draft(frame=Frame.PLANE)
    for ref, x, y in (("a", 0, 0), ("b", 100, 0), ("c", 200, 0), ("d", 100, 100), ("e", 200, 100)):
        draft.add_node(ref, x, y)
    for tail, head in ("ab", "bc", "bd", "ce", "ed"):
        a, b = draft.nodes[tail], draft.nodes[head]
        draft.add_edge(DraftEdge(tail + head, tail, head, [a, b], 10))
    free = draft.finish(costs=TurnCosts(left_s=7))
    draft.forbidden.add(("ab", "bd"))
    bound = draft.finish(costs=TurnCosts(left_s=7))
    ends = [Position(0, 0.0)], [Position(2, 1.0)]
    assert refs(free, Router.over(free).fastest(*ends, traffic=Traffic.free(free)).edges) == ["ab", "bd"]
    with pytest.raises(NoWay):
        Router.over(bound).fastest(*ends, traffic=Traffic.free(bound))


def test_live_speeds_and_closed_edges_move_the_route_and_a_new_plan_starts_where_the_car_is() -> None:
    roads = raster(5)
    free = Traffic.free(roads)
    towards = Router.over(roads).towards(at(roads, "3/0>4/0"))
    first = towards.fastest(at(roads, "0/0>1/0"), traffic=free)
    jammed = Traffic.live(roads, speeds={roads.index("1/0>2/0"): 1.0})
    around = towards.fastest(at(roads, "0/0>1/0"), traffic=jammed)
    assert roads.index("1/0>2/0") in first.edges and roads.index("1/0>2/0") not in around.edges
    again = towards.fastest(at(roads, "1/0>2/0", 0.5), traffic=free.closing(roads.index("2/0>3/0")))
    assert refs(roads, again.edges)[0] == "1/0>2/0" and roads.index("2/0>3/0") not in again.edges
    assert again.legs[0].length_m == pytest.approx(50)


def test_who_stands_on_a_closed_edge_may_leave_it_but_nobody_is_led_to_one() -> None:
    roads = raster(3)
    shut = Traffic.free(roads).closing(roads.index("0/0>1/0"))
    router = Router.over(roads)
    out = router.fastest(at(roads, "0/0>1/0"), at(roads, "1/0>2/0"), traffic=shut)
    assert out.seconds == pytest.approx(10)
    with pytest.raises(NoWay):
        router.fastest(at(roads, "1/0>2/0"), at(roads, "0/0>1/0"), traffic=shut)


def test_a_destination_behind_closed_roads_is_no_way_at_once_unless_one_stands_inside() -> None:
    roads = raster(9)
    shut = Traffic.free(roads).closing(*(roads.index(ref) for ref in ("7/8>8/8", "8/7>8/8", "8/6>8/7", "7/7>8/7")))
    towards = Router.over(roads).towards(at(roads, "8/8>8/7"))
    with pytest.raises(NoWay, match="All roads to the destination are closed"):
        towards.fastest(at(roads, "0/0>1/0"), traffic=shut)
    assert towards.fastest(at(roads, "7/8>8/8"), traffic=shut).seconds == pytest.approx(10)
    assert towards.fastest(at(roads, "8/8>8/7", 0.1), traffic=shut).seconds == pytest.approx(4)


def test_a_live_speed_above_the_free_one_counts_as_the_free_one() -> None:
    roads = raster(2)
    assert Traffic.live(roads, speeds={0: 99.0}).seconds == Traffic.free(roads).seconds


@pytest.mark.parametrize("speeds", [{999: 1.0}, {0: float("nan")}, {0: -1.0}])
def test_speeds_that_make_no_sense_are_refused(speeds: dict[int, float]) -> None:
    with pytest.raises(RoadFault):
        Traffic.live(raster(2), speeds=speeds)


def test_alternatives_differ_and_the_first_is_the_fastest() -> None:
    roads = raster(8)
    towards = Router.over(roads).towards(at(roads, "6/7>7/7"))
    routes = towards.alternatives(at(roads, "0/0>1/0"), traffic=Traffic.free(roads), count=3)
    assert len(routes) == 3
    assert [route.seconds for route in routes] == sorted(route.seconds for route in routes)
    for place, route in enumerate(routes):
        for other in routes[:place]:
            assert len(set(route.edges) & set(other.edges)) < 0.8 * len(route.edges)


def test_a_route_names_the_signals_it_passes_and_when() -> None:
    roads = raster(4)
    route = Router.over(roads).fastest(at(roads, "0/0>1/0"), at(roads, "2/0>3/0"), traffic=Traffic.free(roads))
    ((signal, seconds),) = signals_on(route)
    assert signal == "s1/0" and seconds == pytest.approx(5)
    assert [leg.edge for leg in rejoined(route, Position(roads.index("1/0>2/0"), 0.1)) or ()] == route.edges[1:]
    assert rejoined(route, Position(roads.index("1/1>2/1"), 0.1)) is None


class Counting(tuple[tuple[tuple[int, float], ...], ...]):
    """The turns of a graph, and how often an edge was looked at."""

    looked = 0

    def __getitem__(self, edge: Any) -> Any:
        self.looked += 1
        return super().__getitem__(edge)


def test_where_nearly_every_way_is_as_fast_as_the_fastest_few_edges_are_looked_at() -> None:
    roads = raster(20)
    towards, free = Router.over(roads).towards(at(roads, "18/19>19/19")), Traffic.free(roads)
    closed = roads.index("0/9>0/10")
    roads.__dict__["turns"] = turns = Counting(roads.turns)
    route = towards.fastest(at(roads, "0/0>0/1"), traffic=free.closing(closed))
    assert route.seconds == pytest.approx(5 + 36 * 10 + 5)
    assert turns.looked < roads.edge_count / 2


def test_positions_that_are_on_no_edge_are_refused() -> None:
    roads = raster(2)
    with pytest.raises(RoadFault, match="not on an edge"):
        Router.over(roads).towards([Position(roads.edge_count, 0.5)])
    with pytest.raises(NoWay, match="not near any road"):
        Router.over(roads).towards([])


def test_the_nearest_are_those_by_road_time_not_by_air() -> None:
    roads = raster(5, without=("2/0>2/1",))
    close_by_air, down_the_road = Position(roads.index("2/0>1/0"), 0.0), Position(roads.index("0/1>1/1"), 0.5)
    place = at(roads, "2/1>3/1", 0.1)
    found = nearest(roads, [close_by_air, down_the_road], place, traffic=Traffic.free(roads), within_s=600)
    assert [(one.index, round(one.seconds, 3)) for one in found] == [(1, 16.0), (0, 31.0)]
    assert [one.index for one in nearest(roads, [close_by_air], place, traffic=Traffic.free(roads), within_s=30)] == []


def slow(roads: Roads, start: Position, goal: Position, seconds: list[float]) -> float:
    """Dijkstra with nothing clever: what the router has to equal."""
    if start.edge == goal.edge and goal.share >= start.share:
        return (goal.share - start.share) * seconds[start.edge]
    heap, done = [((1 - start.share) * seconds[start.edge], start.edge)], set[int]()
    best = float("inf")
    while heap:
        time, edge = heappop(heap)
        if edge in done:
            continue
        done.add(edge)
        for next_, cost in roads.turns[edge]:
            if next_ == goal.edge:
                best = min(best, time + cost + goal.share * seconds[next_])
            heappush(heap, (time + cost + seconds[next_], next_))
    return best


TOWN = raster(7, costs=TurnCosts(), without=("1/1>2/1", "3/3>3/4", "5/5>4/5", "0/6>1/6"))
ROUTER = Router.over(TOWN)
positions = st.builds(Position, st.integers(0, TOWN.edge_count - 1), st.floats(0, 1))


@settings(deadline=None, max_examples=200)
@given(positions, positions, st.dictionaries(st.integers(0, TOWN.edge_count - 1), st.floats(0.5, 12), max_size=60))
def test_whatever_the_traffic_the_router_is_as_fast_as_the_plainest_search(
    start: Position, goal: Position, speeds: dict[int, float]
) -> None:
    traffic = Traffic.live(TOWN, speeds=speeds)
    expected = slow(TOWN, start, goal, list(traffic.seconds))
    route = ROUTER.fastest([start], [goal], traffic=traffic)
    assert expected - 1e-6 <= route.seconds <= expected + TIE_S
    (arrival,) = nearest(TOWN, [start], [goal], traffic=traffic, within_s=1e6)
    assert arrival.seconds == pytest.approx(expected, abs=1e-6)
    ends = times_from(TOWN, [start], traffic=traffic, within_s=1e6)
    assert ends[start.edge] >= 0 and len(ends) == TOWN.edge_count
