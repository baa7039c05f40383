"""Controllers want what serves most, the supervisor notices when the plan would do better."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citong.core.signals.control.actuated import Actuated, Timing
from citong.core.signals.control.adaptive import Adaptive
from citong.core.signals.control.crowd import PLAN, decide_crowd
from citong.core.signals.control.seen import Controller, ExitSeen, LaneSeen, LaneShape, Seen, Shape, each, reported
from citong.core.signals.control.shadow import Shadow
from citong.core.signals.control.simple import (
    FixedPlan,
    discharge_pressure,
    queue_pressure,
    simple_pressure,
    wave,
)
from citong.core.signals.control.supervised import DISTRICT, Phase, Verdict, supervised
from citong.core.signals.guard import Guard, Watch
from citong.core.signals.port import Detected
from citong.core.signals.tests.crossroads import CROSSING

SHAPE = Shape(
    CROSSING,
    tuple(LaneShape(f"lane{group}", 200.0, 13.9, (group,), (group,)) for group in range(8)),
    tuple(f"out{group}" for group in range(8)),
)
EVERYONE = [queue_pressure, simple_pressure, wave, discharge_pressure, Adaptive, Actuated, FixedPlan]


def standing(queues: dict[int, int], *, full: tuple[int, ...] = ()) -> Seen:
    """So many stand on these lanes; these exits are full."""
    lanes = [LaneSeen() for _ in range(8)]
    for lane, count in queues.items():
        lanes[lane] = LaneSeen([2 + 7.5 * place for place in range(count)], [0.0] * count, count, 10.0)
    exits = [ExitSeen(20, 20, 0.0) if place in full else ExitSeen(space=40) for place in range(8)]
    return Seen(0.0, lanes, exits)


def wanted(controller: Controller, seen: Seen, *, stage: int = 0, seconds: int = 40) -> int | None:
    """What the controller wants after a stage has stood for a while."""
    guard = Guard(CROSSING, now=0, state="r" * 8)
    for second in range(seconds):
        guard.ask(stage, now=second, until=second + 5)
        guard.step(second, clock=second)
    return controller.decide(seen, guard)


@pytest.mark.parametrize("make", EVERYONE[:-1])
def test_a_long_queue_gets_its_green(make: type[Adaptive]) -> None:
    assert wanted(make(SHAPE), standing({2: 12, 6: 12, 0: 1})) == 2


def test_a_single_car_does_not_break_a_platoon_under_way() -> None:
    seen = standing({2: 1})
    seen.lanes[0] = LaneSeen([5.0 + 25 * place for place in range(8)], [13.0] * 8)
    seen.lanes[4] = LaneSeen([8.0 + 25 * place for place in range(8)], [13.0] * 8)
    assert wanted(Adaptive(SHAPE), seen) == 0


def test_a_green_nobody_uses_is_given_away() -> None:
    assert wanted(Adaptive(SHAPE), standing({2: 1})) == 2


def test_cars_that_could_not_leave_earn_no_green() -> None:
    seen = standing({2: 12, 6: 12}, full=(2, 6))
    seen.lanes[0] = LaneSeen([5.0, 30.0, 60.0], [13.0] * 3)
    assert wanted(Adaptive(SHAPE), seen) == 0


def test_whoever_stands_at_green_is_no_reason_to_keep_it() -> None:
    seen = standing({1: 8, 2: 2})
    controller = Adaptive(SHAPE)
    assert wanted(controller, seen, stage=0) in (1, 2), "the turn that finds no gap is not served by waiting on"


def test_actuated_green_lasts_while_somebody_comes_and_no_longer() -> None:
    seen = standing({2: 1})
    seen.lanes[0] = LaneSeen([30.0], [13.0])
    assert wanted(Actuated(SHAPE), seen) == 0, "two seconds away"
    seen.lanes[0] = LaneSeen([60.0], [13.0])
    assert wanted(Actuated(SHAPE), seen) == 2, "a gap"


def test_actuated_green_ends_at_its_longest_though_somebody_comes() -> None:
    seen = standing({2: 1})
    seen.lanes[0] = LaneSeen([30.0], [13.0])
    assert wanted(Actuated(SHAPE), seen, seconds=70) == 2


def test_an_actuated_stage_nobody_asks_for_is_left_out_and_the_present_one_rests() -> None:
    assert wanted(Actuated(SHAPE), standing({2: 1})) == 2, "not the turn between them"
    assert wanted(Actuated(SHAPE), standing({})) == 0


def test_an_actuated_turn_that_finds_no_gap_gets_a_green_that_yields_to_nobody() -> None:
    assert wanted(Actuated(SHAPE), standing({1: 2}), seconds=12) == 0
    assert wanted(Actuated(SHAPE), standing({1: 2}), seconds=25) == 1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sets(st.integers(0, 7), min_size=1), min_size=1, max_size=6), st.integers(20, 60))
def test_actuated_serves_everybody_within_the_longest_wait_without_being_made_to(
    pictures: list[set[int]], change: int
) -> None:
    controller, guard = Actuated(SHAPE, Timing(longest=100)), Guard(CROSSING, now=0, state="r" * 8)
    for second in range(900):
        seen = standing(dict.fromkeys(pictures[second // change % len(pictures)], 6))
        waiting = sum(1 << place for place, lane in enumerate(seen.lanes) if lane.halted)
        guard.ask(controller.decide(seen, guard), now=second, until=second + 5)
        guard.step(second, clock=second, waiting=waiting)
        assert max(guard.waits().values(), default=0) <= CROSSING.clearance.max_wait


def test_controllers_can_be_led_by_what_the_detectors_of_a_port_say() -> None:
    said = {"lane2": Detected(count=9, halted=9, occupancy=0.4, longest_wait=31.0), "out0": Detected(3, 2, 0.1)}
    seen = reported(SHAPE, said, now=7.0)
    assert (seen.lanes[2].halted, seen.lanes[2].wait, seen.lanes[2].distances[:2]) == (9, 31.0, [2.0, 9.5])
    assert (seen.lanes[0].distances, seen.exits[0].halted) == ([], 2)
    assert reported(SHAPE, {"lane0": Detected(2, 0, 0.1)}, now=0).lanes[0].speeds == [13.9, 13.9]
    assert wanted(Actuated(SHAPE), seen) == wanted(Adaptive(SHAPE), seen) == 2


def test_the_plan_is_none() -> None:
    assert wanted(FixedPlan(SHAPE), standing({2: 5})) is None


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(EVERYONE), st.lists(st.dictionaries(st.integers(0, 7), st.integers(0, 20)), min_size=3, max_size=9)
)
def test_no_controller_breaks_a_rule_or_lets_anybody_wait_for_ever(
    make: type[Adaptive], pictures: list[dict[int, int]]
) -> None:
    controller, watch, found = make(SHAPE), Watch(CROSSING), []
    guard = Guard(CROSSING, now=0, state="r" * 8)
    for second in range(600):
        seen = standing(pictures[second // 20 % len(pictures)])
        waiting = sum(1 << place for place, lane in enumerate(seen.lanes) if lane.halted)
        guard.ask(controller.decide(seen, guard), now=second, until=second + 5)
        found += watch.see(second, guard.step(second, clock=second, waiting=waiting), waiting=waiting, slack=90)
    assert found == []


def test_the_shadow_reckons_the_queue_the_plan_would_have() -> None:
    shadow = Shadow(SHAPE)
    for second in range(30):
        seen = standing({})
        seen.lanes[2] = LaneSeen([115.0], [13.9])
        seen.now = second
        shadow.look(seen)
    assert shadow.planned > 15, "the plan has this lane red for the first 49 seconds"
    assert shadow.standing == 0


def run(verdict: Verdict, *, seconds: int, leading: float, plan: float, reckoned: float) -> list[Phase]:
    """Phases gone through, while queues are so long leading, on the plan, and as reckoned for the plan."""
    phases = [verdict.phase]
    for _ in range(seconds):
        verdict.second(standing=plan if verdict.on_plan else leading, planned=reckoned, came=0.5)
        if verdict.phase is not phases[-1]:
            phases.append(verdict.phase)
    return phases


def test_while_queues_are_shorter_than_the_plans_nothing_is_tried() -> None:
    assert run(Verdict(DISTRICT), seconds=7200, leading=4, plan=1, reckoned=10) == [Phase.LEADING]


def test_a_plan_that_does_better_is_kept_and_seldom_tried_again() -> None:
    phases = run(Verdict(DISTRICT), seconds=7200, leading=12, plan=8, reckoned=10)
    assert phases[:3] == [Phase.LEADING, Phase.TRYING_PLAN, Phase.ON_PLAN]
    assert phases.count(Phase.TRYING_TO_LEAD) <= 3


def test_a_plan_that_does_worse_is_left_after_one_trial() -> None:
    phases = run(Verdict(DISTRICT), seconds=1500, leading=12, plan=20, reckoned=10)
    assert phases == [Phase.LEADING, Phase.TRYING_PLAN, Phase.LEADING]


def test_short_queues_are_not_doubted() -> None:
    assert run(Verdict(DISTRICT), seconds=3600, leading=0.5, plan=0.1, reckoned=0.1) == [Phase.LEADING]


def test_junctions_led_together_fall_back_together() -> None:
    shapes = {"one": SHAPE, "two": SHAPE}
    controllers = supervised(shapes)
    guards = {name: Guard(CROSSING, now=0, state="r" * 8) for name in shapes}
    seen, last = standing({0: 9, 2: 9, 4: 9, 6: 9}), {}
    for second in range(500):
        seen.now = second
        last = {name: controllers[name].decide(seen, guards[name]) for name in shapes}
    assert last == {"one": None, "two": None}, "queues stand though nobody came: the plan is tried"


def test_each_makes_one_controller_a_junction() -> None:
    assert set(each(queue_pressure)({"one": SHAPE, "two": SHAPE})) == {"one", "two"}


def test_a_crowd_of_junctions_is_decided() -> None:
    assert decide_crowd(junctions=3, seconds=5).mean > 0
    assert PLAN.cycle == 88
