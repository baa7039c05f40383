"""The planner calls each light in time for the queue before it to go, and downstream first."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citong.core.escort.plan import plan
from citong.core.escort.position import Fix, Whereabouts, whereabouts
from citong.core.escort.seen import GateSeen, LoopCount
from citong.core.escort.settings import PRESET
from citong.core.escort.tests.ways import BLOCK, SPEED, street

NOW = 1000.0


def at(metres: float, age: float = 0.0) -> Whereabouts:
    return Whereabouts(metres, metres, metres, age, SPEED)


def test_on_an_empty_road_each_light_is_green_shortly_before_the_escort_comes() -> None:
    way, _ = street(5)
    windows = plan(way, at(0), {}, now=NOW)
    for window, gate in zip(windows, way.gates, strict=True):
        assert window.expected == pytest.approx(NOW + gate.line_m / SPEED)
        assert 8 < window.expected - window.call_at < 16


def test_a_queue_is_given_the_time_it_takes_to_leave() -> None:
    way, _ = street(5)
    free = plan(way, at(0), {}, now=NOW)[4]
    queued = plan(way, at(0), {4: GateSeen(ahead=6, standing=6)}, now=NOW)[4]
    assert free.call_at - queued.call_at == pytest.approx(PRESET.startup + 6 * PRESET.headway)


def test_who_leaves_one_light_is_reckoned_with_at_the_next() -> None:
    way, _ = street(5)
    free = plan(way, at(0), {}, now=NOW)
    flushed = plan(way, at(0), {2: GateSeen(ahead=8, standing=8)}, now=NOW)
    assert flushed[3].call_at < free[3].call_at
    assert free[3].call_at - flushed[3].call_at < free[2].call_at - flushed[2].call_at


def test_where_a_queue_let_go_would_not_find_room_the_light_behind_is_called_before_the_road_is_full() -> None:
    way, _ = street(5)
    queue = {1: GateSeen(ahead=20, standing=20, change=0.0)}
    roomy = plan(way, at(0), queue | {2: GateSeen(ahead=15, standing=15)}, now=NOW)
    tight = plan(way, at(0), queue | {2: GateSeen(ahead=25, standing=25)}, now=NOW)
    assert tight[2].call_at < roomy[2].call_at - 10 * PRESET.headway
    assert tight[2].expected - tight[2].call_at <= PRESET.reach


def test_behind_a_queue_that_cannot_go_in_time_the_lights_after_it_are_called_later() -> None:
    way, _ = street(5)
    free = plan(way, at(0), {}, now=NOW)
    stuck = plan(way, at(0), {0: GateSeen(ahead=25, standing=25)}, now=NOW)
    assert stuck[4].expected > free[4].expected + 20


def test_a_full_exit_is_cleared_from_the_light_behind_it() -> None:
    way, _ = street(5)
    windows = plan(way, at(0), {1: GateSeen(ahead=5, standing=5, exit_stands=True)}, now=NOW)
    assert windows[1].blocked
    assert windows[2].flushed
    assert windows[2].call_at <= NOW


def test_no_light_is_called_longer_before_than_the_limit() -> None:
    way, _ = street(20)
    windows = plan(way, at(0), {n: GateSeen(ahead=40) for n in range(20)}, now=NOW)
    assert all(window.expected - window.call_at <= PRESET.reach + 1 for window in windows)


def test_without_reports_the_window_grows_on_both_sides() -> None:
    way, _ = street(10)
    curve = way.curve()
    fixes = [Fix(NOW, 300.0, 5.0, SPEED)]
    fresh, old = whereabouts(fixes, curve, NOW + 1), whereabouts(fixes, curve, NOW + 20)
    one, other = plan(way, fresh, {}, now=NOW + 1), plan(way, old, {}, now=NOW + 20)
    assert old.likely_m == pytest.approx(300 + 20 * SPEED)
    assert other[-1].latest - other[-1].earliest > one[-1].latest - one[-1].earliest + 15


def test_a_light_is_before_the_escort_until_it_surely_has_passed() -> None:
    way, _ = street(3)
    line = way.gates[0].clear_m
    unsure = Whereabouts(line - 5, line + 20, line + 40, 3.0, SPEED)
    assert plan(way, unsure, {}, now=NOW)[0].gate == 0
    assert plan(way, at(line + 1), {}, now=NOW)[0].gate == 1


@given(
    st.lists(st.tuples(st.floats(0, 60), st.booleans()), min_size=8, max_size=8),
    st.floats(0, 8 * BLOCK),
    st.floats(0, 200),
)
def test_windows_are_ordered_and_bounded_whatever_is_seen(
    queues: list[tuple[float, bool]], metres: float, spread: float
) -> None:
    way, _ = street(8)
    seen = {n: GateSeen(ahead=q, standing=q, exit_stands=full) for n, (q, full) in enumerate(queues)}
    where = Whereabouts(max(metres - spread, 0), metres, metres + spread, 2.0)
    windows = plan(way, where, seen, now=NOW)
    expected = [window.expected for window in windows]
    assert expected == sorted(expected)
    for window in windows:
        assert window.earliest <= window.expected <= window.latest <= window.release_at
        assert window.call_at <= window.earliest


def test_loops_that_miss_vehicles_find_back_to_nought_when_the_line_is_free() -> None:
    loop = LoopCount()
    for _ in range(10):
        loop.second(came=1, left=0, at_line=True, green=False)
    assert loop.count == 10
    for _ in range(5):
        loop.second(came=0, left=1, at_line=True, green=True)
    for _ in range(4):
        loop.second(came=0, left=0, at_line=False, green=True)
    assert loop.count == 0


def test_a_slow_road_moves_the_windows_behind_it() -> None:
    way, _ = street(5)
    slow = plan(way, at(0), {}, now=NOW, curve=way.curve({"r2": 3.0}))
    free = plan(way, at(0), {}, now=NOW)
    assert slow[1].expected == free[1].expected
    assert slow[3].expected == pytest.approx(free[3].expected + BLOCK / 3 - BLOCK / SPEED)


def test_settings_can_be_other_ones() -> None:
    way, _ = street(2)
    early = plan(way, at(0), {}, now=NOW, settings=replace(PRESET, margin=30.0))
    assert early[1].call_at == pytest.approx(plan(way, at(0), {}, now=NOW)[1].call_at - 30 + PRESET.margin)
