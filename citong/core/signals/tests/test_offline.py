"""Plans made off line are lawful, give green where the traffic is, and make waves along a road."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citong.core.signals.control.crowd import PLAN, _shape
from citong.core.signals.control.offline import NoPlan, Offline, common_cycle, flows_from_lanes, plan_for, with_waves
from citong.core.signals.control.waves import Stop, green_bits, wave
from citong.core.signals.lawful import faults, greens_of
from citong.core.signals.model import Junction
from citong.core.signals.streets import RoadStop, Street
from citong.core.signals.tests.crossroads import ALL, CROSSING, FOOTWAY

FOUR_ROADS = _shape("four roads").junction


def green(junction: Junction, group: int, lanes: dict[str, float], cycle: int | None = None) -> float:
    """Share of the cycle that a group gets for these vehicles an hour by lane."""
    plan = plan_for(junction, flows_from_lanes(junction, lanes), cycle=cycle)
    return sum(end - start for start, end in greens_of(plan, group)) / plan.cycle


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([*ALL, FOUR_ROADS]), st.lists(st.integers(0, 900), min_size=12, max_size=12))
def test_every_plan_is_lawful_whatever_the_traffic(junction: Junction, counts: list[int]) -> None:
    lanes = {lane: float(count) for lane, count in zip(junction.by_lane, counts, strict=False)}
    plan = plan_for(junction, flows_from_lanes(junction, lanes))
    assert faults(junction, plan) == []
    assert plan.cycle <= 120


def test_people_on_foot_keep_their_green_and_their_clearance() -> None:
    plan = plan_for(FOOTWAY, flows_from_lanes(FOOTWAY, {"lane0": 900.0, "lane1": 900.0}))
    (start, end), *_ = greens_of(plan, 3)
    assert end - start >= 5
    assert plan.cycle - end + greens_of(plan, 0)[0][0] >= FOOTWAY.clearance.between[3][0] == 12


def test_green_goes_where_the_traffic_is() -> None:
    busy = green(FOUR_ROADS, 0, {"lane0": 800.0, "lane3": 200.0})
    quiet = green(FOUR_ROADS, 0, {"lane0": 200.0, "lane3": 800.0})
    assert busy > 1.5 * quiet


def test_more_traffic_takes_a_longer_cycle() -> None:
    little, much = (
        plan_for(FOUR_ROADS, flows_from_lanes(FOUR_ROADS, dict.fromkeys(FOUR_ROADS.by_lane, vehicles))).cycle
        for vehicles in (80.0, 260.0)
    )
    assert little < much


def test_the_greens_found_are_those_with_the_least_delay() -> None:
    flows = flows_from_lanes(FOUR_ROADS, {"lane0": 700.0, "lane3": 400.0, "lane2": 150.0, "lane5": 90.0})
    one = Offline(FOUR_ROADS, flows)
    split = min(one.splits(90), key=lambda split: split.delay)
    changes = one.rings[split.stages]
    streams = list(one._streams(split.stages, changes, 90))
    for gets in range(len(split.greens)):
        for gives in range(len(split.greens)):
            other = [green + (gets == at) - (gives == at) for at, green in enumerate(split.greens)]
            if min(other) >= 5:
                assert sum(stream.delay(other) for stream in streams) >= split.delay - 1e-6


def test_a_plan_has_the_cycle_it_is_asked_for_or_there_is_none() -> None:
    flows = flows_from_lanes(CROSSING, {"lane0": 300.0})
    assert plan_for(CROSSING, flows, cycle=90).cycle == 90
    with pytest.raises(NoPlan):
        plan_for(CROSSING, flows, cycle=20)


def test_a_common_cycle_fits_every_junction() -> None:
    some = [Offline(one, flows_from_lanes(one, {"lane0": 500.0, "lane2": 400.0})) for one in (CROSSING, FOUR_ROADS)]
    cycle = common_cycle(some)
    assert cycle is not None
    assert [one.plan(cycle).cycle for one in some] == [cycle, cycle]


def street(*metres: float) -> Street:
    return Street(tuple(RoadStop(str(place), at, (0,), (6,)) for place, at in enumerate(metres)))


def test_offsets_along_a_road_make_a_wave_and_the_first_road_has_its_way() -> None:
    plans = {str(place): replace(PLAN, name=str(place)) for place in range(3)}
    first, second = street(0, 400, 800), Street(street(0, 250, 600).stops[::-1])
    done = with_waves(plans, [first, second], speed=12)
    assert done == with_waves(plans, [first], speed=12)
    stops = [
        Stop(name, at, green_bits(PLAN, [0]), green_bits(PLAN, [6]), round(done[name].offset))
        for name, at in zip(done, (0, 400, 800), strict=True)
    ]
    assert wave(stops, cycle=88, speed=12).share > wave([replace(s, offset=0) for s in stops], cycle=88, speed=12).share
    assert all(faults(FOUR_ROADS, plan) == [] for plan in done.values())


def test_roads_whose_signals_have_no_common_cycle_are_left_alone() -> None:
    plans = {"0": PLAN, "1": CROSSING.plan, "2": PLAN}
    assert with_waves(plans, [street(0, 400, 800)], speed=12) == plans
