"""Whatever is commanded, by whatever clock, with whatever losses: no rule is broken."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citong.core.signals.guard import WATCHDOG, Guard, Rule, Violation, Watch
from citong.core.signals.model import Junction
from citong.core.signals.tests.crossroads import ALL, CROSSING, FOOTWAY, GERMAN, LEADING, PARTIAL, SWAPPED

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
junctions = st.sampled_from(ALL)
ticks = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(-1, 5)),  # the stage asked for, if anything is
        st.booleans(),  # whether the command is lost
        st.sampled_from([0, 1, 5, 30, 10_000]),  # how long it is to live
        st.integers(0, 255),  # who waits
    ),
    min_size=50,
    max_size=150,
)
clocks = st.lists(st.sampled_from([1.0] * 20 + [0.0, 0.3, -3600.0, 3600.0, 7.0]), min_size=50, max_size=150)


def led(junction: Junction, commands: list[tuple[int | None, bool, int, int]]) -> list[Violation]:
    """What a watch sees while these commands arrive, one a second."""
    guard = Guard(junction, now=0, state="r" * junction.groups)
    watch, found = Watch(junction), []
    for second, (stage, lost, life, _) in enumerate(commands):
        if not lost:
            guard.ask(stage, now=second, until=second + life)
        found += watch.see(second, guard.step(second, clock=second))
    return found


@unhurried
@given(junctions, ticks)
def test_no_order_of_commands_breaks_a_rule(
    junction: Junction, commands: list[tuple[int | None, bool, int, int]]
) -> None:
    assert led(junction, commands) == []


@unhurried
@given(junctions, ticks, clocks)
def test_no_jump_of_the_clock_shortens_anything(
    junction: Junction, commands: list[tuple[int | None, bool, int, int]], jumps: list[float]
) -> None:
    guard, watch = Guard(junction, now=0, state="r" * junction.groups), Watch(junction)
    clock = true = 0.0
    for (stage, _, life, _), jump in zip(commands, jumps, strict=False):
        clock, true = clock + jump, true + max(min(jump, 1.0), 0.0 if jump < 1 else 1.0)
        guard.ask(stage, now=clock, until=clock + life)
        state = guard.step(clock, clock=clock)
        assert junction.conflicts.clash(state) is None
        if jump <= 1.0 and jump >= 0:
            watch.see(true, state)


@unhurried
@given(junctions, ticks, st.sets(st.integers(1, 140), max_size=6))
def test_a_restart_goes_on_from_what_the_lamps_show(
    junction: Junction, commands: list[tuple[int | None, bool, int, int]], restarts: set[int]
) -> None:
    guard, watch, found = Guard(junction, now=0, state="r" * junction.groups), Watch(junction), []
    for second, (stage, _, life, _) in enumerate(commands):
        if second in restarts:
            guard = Guard(junction, now=second, state=guard.state)
        guard.ask(stage, now=second, until=second + life)
        found += watch.see(second, guard.step(second, clock=second))
    assert found == []


@settings(unhurried, max_examples=50)
@given(junctions, st.text("rgGyu", min_size=8, max_size=8), ticks)
def test_lamps_found_in_conflict_are_parted_at_once(
    junction: Junction, letters: str, commands: list[tuple[int | None, bool, int, int]]
) -> None:
    guard = Guard(junction, now=0, state=letters[: junction.groups])
    for second, (stage, _, life, _) in enumerate(commands):
        guard.ask(stage, now=second, until=second + life)
        assert junction.conflicts.clash(guard.step(second, clock=second)) is None


def slack(junction: Junction) -> float:
    """What serving everybody else who is overdue may add to a wait."""
    times = junction.clearance
    change = max(times.min_green) + max(max(row) for row in times.between) + max(times.amber) + max(times.red_amber)
    return (change + 2) * (junction.groups + 1)


@settings(unhurried, max_examples=40)
@given(junctions, st.integers(0, 2), st.integers(1, 255))
def test_nobody_waits_for_ever_while_one_stage_is_held(junction: Junction, stage: int, waiting: int) -> None:
    guard = Guard(junction, now=0, state="r" * junction.groups)
    watch, found, held = Watch(junction), [], stage % len(junction.stages)
    for second in range(1200):
        guard.ask(held, now=second, until=second + 20)
        state = guard.step(second, clock=second, waiting=waiting)
        found += watch.see(second, state, waiting=waiting, slack=slack(junction))
    assert found == []


def test_somebody_no_detector_sees_is_served_all_the_same() -> None:
    guard, greens = Guard(CROSSING, now=0, state="r" * 8), 0
    for second in range(600):
        guard.ask(0, now=second, until=second + 20)
        greens += guard.step(second, clock=second)[2] == "G"
    assert greens >= 10


@pytest.mark.parametrize("junction", ALL, ids=lambda junction: junction.name)
def test_a_dead_centre_leaves_each_junction_on_its_own_plan(junction: Junction) -> None:
    guard = Guard(junction, now=0, state=junction.plan.state_at(0))
    guard.ask(0, now=0, until=10_000)
    states = {second: guard.step(second, clock=second) for second in range(400)}
    late = range(int(WATCHDOG + 2 * junction.plan.cycle), 400)
    assert [states[second] for second in late] == [junction.plan.state_at(second) for second in late]


@pytest.mark.parametrize("junction", ALL, ids=lambda junction: junction.name)
def test_the_plan_a_junction_was_learnt_from_breaks_nothing(junction: Junction) -> None:
    watch = Watch(junction)
    states = [junction.plan.state_at(second) for second in range(500)]
    assert [fault for second, state in enumerate(states) for fault in watch.see(second, state)] == []


def test_a_turn_green_again_and_yielding_does_not_shorten_its_own_clearance() -> None:
    guard, watch, found = Guard(CROSSING, now=0, state="r" * 8), Watch(CROSSING), []
    for second in range(40):
        guard.ask(1 if second < 8 else 2 if second < 12 else 0, now=second, until=second + 5)
        found += watch.see(second, guard.step(second, clock=second))
    assert found == []


def seconds_between(junction: Junction, old: int, new: int) -> tuple[str, list[str]]:
    """The state of the old stage, and those shown until the new one is complete."""
    guard = Guard(junction, now=0, state="r" * junction.groups)
    for second in range(20):
        guard.ask(old, now=second, until=second + 5)
        before = guard.step(second, clock=second)
    states = []
    for second in range(20, 40):
        guard.ask(new, now=second, until=second + 5)
        states.append(guard.step(second, clock=second))
    return before, states[: states.index(junction.stages[new].state)]


def test_a_turn_that_loses_its_right_of_way_is_cleared_before_the_stream_against_it_starts() -> None:
    assert seconds_between(LEADING, 0, 1) == ("GGrrr", ["Ggrrr"] * 4)
    assert seconds_between(SWAPPED, 0, 1) == ("Ggr", ["ggr"] * 3)


def test_where_no_plan_shows_how_long_that_takes_the_whole_clearance_is_kept() -> None:
    unshown = replace(LEADING, clearance=replace(LEADING.clearance, yielding=()))
    assert LEADING.clearance.between[1][2] == 5
    assert seconds_between(unshown, 0, 1) == ("GGrrr", ["Ggrrr"] * 5)


@unhurried
@given(
    st.sampled_from([LEADING, SWAPPED]), st.booleans(), st.lists(st.tuples(st.integers(0, 2), st.integers(1, 12)),
                                                                max_size=40)
)  # fmt: skip
def test_no_order_of_stages_starts_a_green_on_whoever_just_had_the_right_of_way(
    junction: Junction, shown: bool, stages: list[tuple[int, int]]
) -> None:
    """Reckoned here from the letters alone: when each group last showed `G`, and what stands against it."""
    if not shown:
        junction = replace(junction, clearance=replace(junction.clearance, yielding=()))
    times, allowed = junction.clearance, junction.conflicts.allowed
    guard, before, second = Guard(junction, now=0, state="r" * junction.groups), "r" * junction.groups, 0
    strong = [-99.0] * junction.groups
    for stage, length in stages:
        for _ in range(length):
            second += 1
            guard.ask(stage, now=second, until=second + 5)
            state = guard.step(second, clock=second)
            begun = [g for g in range(junction.groups) if state[g] in "Gg" and state[g] != before[g]]
            for other, group in product(range(junction.groups), begun):
                if other != group and "G" + state[group] not in allowed[other][group]:
                    least = min(times.since_yield(other, group), times.between[other][group])
                    assert second - strong[other] >= least
            strong = [second + 1.0 if letter == "G" else last for letter, last in zip(state, strong, strict=True)]
            before = state


def test_unknown_stages_and_dead_commands_are_refused() -> None:
    guard = Guard(CROSSING, now=0, state="r" * 8)
    assert not guard.ask(7, now=0, until=9)
    assert not guard.ask(-1, now=0, until=9)
    assert not guard.ask(1, now=5, until=5)
    assert guard.ask(1, now=0, until=9)


def test_too_many_changes_in_a_minute_are_refused() -> None:
    guard = Guard(CROSSING, now=0, state="r" * 8)
    taken = [guard.ask(second % 2, now=second, until=second + 5) for second in range(30) if guard.step(second, clock=0)]
    assert taken.count(False) == 9, "what is already wanted may be asked for again"


def broken(junction: Junction, *states: str) -> set[Rule]:
    """The rules these states break, a second each."""
    watch = Watch(junction)
    return {fault.rule for second, state in enumerate(states) for fault in watch.see(second, state)}


def test_the_watch_sees_each_kind_of_fault() -> None:
    assert broken(CROSSING, "GgGrrrrr") == {Rule.CONFLICT}
    assert broken(LEADING, *["GGrrr"] * 9, *["Ggrrr"] * 3, "GgGgr") == {Rule.CLEARANCE}
    assert broken(LEADING, *["GGrrr"] * 9, *["Ggrrr"] * 4, "GgGgr") == set()
    assert broken(SWAPPED, *["Ggr"] * 9, "gGr") == {Rule.CLEARANCE}
    assert Rule.SHORT_GREEN in broken(GERMAN, "rr", "ur", "ur", "Gr", "Gr", "yr")
    assert broken(CROSSING, *["GrrrGrrr"] * 9, "rrrrrrrr") == {Rule.SHORT_AMBER}
    assert broken(CROSSING, *["GrrrGrrr"] * 9, "yrrryrrr", "rrrrrrrr") == {Rule.SHORT_AMBER}
    assert broken(PARTIAL, *["GGGrrr"] * 9, *["yyyrrr"] * 3, "rrrGGG") == {Rule.CLEARANCE}
    assert broken(FOOTWAY, *["rrGG"] * 9, *["rrGr"] * 2, *["rryr"] * 3, "rrrr", "GGrr") == {Rule.PEDESTRIAN}
    assert broken(GERMAN, "yr", "yr", "yr", "yr", "rG") == {Rule.RED_AMBER}


def test_the_watch_sees_an_endless_red() -> None:
    watch = Watch(CROSSING)
    faults = [watch.see(second, "GgrrGgrr", waiting=0b100) for second in range(200)]
    assert {fault.rule for found in faults for fault in found} == {Rule.ENDLESS_RED}
