"""A junction is learnt from the plan it runs."""

from citong.core.signals.model import Plan, Span
from citong.core.signals.tests.crossroads import CROSSING, FOOTWAY, GERMAN, PARTIAL


def test_stages_another_one_contains_are_merged() -> None:
    assert [stage.state for stage in PARTIAL.stages] == ["GGGrrr", "rrrGGG"]


def test_a_protected_turn_stays_a_stage_beside_the_one_where_it_yields() -> None:
    assert [stage.state for stage in CROSSING.stages] == ["GgrrGgrr", "rGrrrGrr", "rrGgrrGg"]
    assert CROSSING.stages[0].permissive == {1, 5}


def test_ambers_and_all_reds_are_those_the_plan_shows() -> None:
    clearance = CROSSING.clearance
    assert clearance.amber == (3, 3, 4, 4, 3, 3, 4, 4)
    assert clearance.between[0][1] == 5, "a turn becomes protected after the opposing stream has cleared"
    assert clearance.between[1][2] == 4
    assert clearance.between[2][0] == 6


def test_groups_never_shown_in_turn_take_the_longest_all_red_of_the_junction() -> None:
    assert CROSSING.clearance.between[0][2] == 5


def test_pedestrians_keep_the_clearance_their_plan_gives_them() -> None:
    assert FOOTWAY.clearance.pedestrian[3] == 12
    assert FOOTWAY.clearance.between[3][0] == 12
    assert FOOTWAY.clearance.amber[3] == 0


def test_red_and_amber_is_learnt_where_it_is_shown() -> None:
    assert GERMAN.clearance.red_amber == (2, 1)


def test_letters_that_yield_are_part_of_the_conflicts() -> None:
    allowed = CROSSING.conflicts.allowed
    assert allowed[0][5] == {"Gg", "gg"}
    assert CROSSING.conflicts.apart(0, 2)
    assert CROSSING.conflicts.clash("GGrrrGrr") == (0, 1), "they are never shown so"


def test_a_plan_repeats_from_its_offset() -> None:
    plan = Plan("own", (Span("Gr", 20), Span("rG", 10)), offset=5)
    assert [plan.state_at(clock) for clock in (4.9, 5, 24.9, 25, 35)] == ["rG", "Gr", "Gr", "rG", "Gr"]


def test_stages_that_serve_groups_put_the_protected_first() -> None:
    assert CROSSING.serving([1]) == (1, 0)
    assert CROSSING.serving([0, 2]) == ()
