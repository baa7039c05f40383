"""A plan is looked at before it is proposed, and each fault is named with its group, its span and its seconds."""

import pytest

from citong.core.signals.guard import Rule
from citong.core.signals.lawful import Fault, Wrong, faults
from citong.core.signals.model import Junction, Plan, Span
from citong.core.signals.tests.crossroads import ALL, CROSSING, FOOTWAY, GERMAN


def plan(*spans: tuple[str, float]) -> Plan:
    return Plan("new", tuple(Span(state, seconds) for state, seconds in spans))


def found(junction: Junction, *spans: tuple[str, float]) -> dict[object, Fault]:
    return {fault.rule: fault for fault in faults(junction, plan(*spans))}


@pytest.mark.parametrize("junction", ALL, ids=lambda one: one.name)
def test_the_plan_a_junction_runs_has_no_fault(junction: Junction) -> None:
    assert faults(junction, junction.plan) == []


def test_a_short_green_is_told_with_what_it_has_and_needs() -> None:
    fault = found(GERMAN, ("Gr", 3), ("yr", 3), ("ru", 1), ("rG", 20), ("ry", 3), ("ur", 2))[Rule.SHORT_GREEN]
    assert (fault.group, fault.has, fault.needs) == (0, 3, 5)


def test_a_short_amber_a_missing_red_and_amber_and_a_cut_clearance_are_told() -> None:
    told = found(GERMAN, ("Gr", 20), ("yr", 2), ("rG", 20), ("ry", 3), ("ur", 2))
    assert {Rule.SHORT_AMBER, Rule.RED_AMBER, Rule.CLEARANCE} <= told.keys()
    assert (told[Rule.SHORT_AMBER].has, told[Rule.SHORT_AMBER].needs) == (2, 3)


def test_pedestrians_keep_their_clearance() -> None:
    told = found(FOOTWAY, ("GGrr", 30), ("yyrr", 3), ("rrrr", 1), ("rrGG", 10), ("rrGr", 3), ("rryr", 3), ("rrrr", 1))
    assert told[Rule.PEDESTRIAN].other == 3


def test_greens_that_meet_are_told_with_both_groups() -> None:
    told = found(CROSSING, ("GGrrGGrr", 30), ("yyrryyrr", 3), ("rrrrrrrr", 2), ("rrGgrrGg", 25), ("rryyrryy", 4),
                 ("rrrrrrrr", 2))  # fmt: skip
    assert Rule.CONFLICT in told and told[Rule.CONFLICT].other is not None


def test_nobody_is_forgotten_and_nobody_waits_for_ever() -> None:
    assert Wrong.NEVER_GREEN in found(GERMAN, ("Gr", 20), ("yr", 3), ("rr", 9))
    assert Rule.ENDLESS_RED in found(GERMAN, ("Gr", 130), ("yr", 3), ("ru", 1), ("rG", 20), ("ry", 3), ("ur", 2))


def test_what_is_no_plan_of_this_junction_is_told_first() -> None:
    assert list(found(GERMAN)) == [Wrong.EMPTY]
    assert {Wrong.GROUPS, Wrong.LETTERS, Wrong.SECONDS} == found(GERMAN, ("Gr?", 20), ("yr", 0)).keys()
    assert Wrong.CYCLE in found(GERMAN, ("Gr", 200), ("rG", 200))
