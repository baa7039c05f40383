"""Another way while it drives: a blocked road, a turn nobody planned, a road that stands; a silent phone."""

import pytest

from citong.core.cases.models import Case
from citong.core.signals.port import Detected
from citong.services.escort.models import Step
from citong.services.escort.tests.street import BYPASS, SPEED, Street

pytestmark = pytest.mark.django_db
STREET = ["j0", "j1", "j2", "j3", "j4"]
AROUND = ["j3", "j4"]
"""Lights of the way over the bypass: the first one is passed, two are driven around."""


def lights(street: Street, case: Case) -> list[str]:
    return [gate["junction"] for gate in street.escort(case).route["gates"]]


def drive_around(street: Street, case: Case, seconds: int, *, north: float = BYPASS) -> None:
    """Along the bypass, told each second."""
    for _second in range(seconds):
        street.metres[str(case.pk)] += SPEED
        street.tell(case, SPEED, north=north)
        street.second()


def test_where_the_road_ahead_is_blocked_the_way_leads_around_it_and_old_lights_are_let_go(
    street_with_bypass: Street,
) -> None:
    street = street_with_bypass
    case = street.under_way()
    assert lights(street, case) == STREET
    street.drive(case, 8)
    assert "j0" in street.asked()
    street.does(case, "blocked", "officer")
    street.drive(case, 1)
    escort = street.escort(case)
    assert (escort.plans, escort.fault, lights(street, case)) == (2, "", AROUND)
    assert not {"j0", "j1", "j2"} & street.asked()
    first = Step.objects.filter(escort=case.pk, plan=1).exclude(asked_at=None)
    assert first and all(step.released_at for step in first)


def test_on_the_other_way_its_lights_are_green_when_it_comes_and_it_arrives(street_with_bypass: Street) -> None:
    street = street_with_bypass
    case = street.under_way()
    street.drive(case, 8)
    street.does(case, "blocked", "officer")
    street.drive(case, 9)
    drive_around(street, case, 39)
    street.drive(case, 80)
    steps = Step.objects.filter(escort=case.pk, plan=2)
    assert [step.junction for step in steps.order_by("number")] == AROUND
    for step in steps:
        assert step.green_since and step.passed_at and step.green_since <= step.passed_at
    assert street.does(case, "arrive", "officer").state == "arrived"
    assert street.port.violations == 0


def test_who_turns_off_without_a_word_has_another_way_from_where_it_drives(street_with_bypass: Street) -> None:
    street = street_with_bypass
    case = street.under_way()
    street.drive(case, 17)
    drive_around(street, case, 6)
    escort = street.escort(case)
    assert (escort.plans, lights(street, case)) == (2, AROUND)
    assert [stretch["edge"] for stretch in escort.route["stretches"]][:2] == ["by", "down"]


def test_a_place_badly_measured_once_changes_no_way(street_with_bypass: Street) -> None:
    street = street_with_bypass
    case = street.under_way()
    street.drive(case, 10)
    drive_around(street, case, 2, north=0.0009)
    street.drive(case, 5)
    assert street.escort(case).plans == 1


def test_a_road_that_stands_full_is_driven_around_from_the_beginning(street_with_bypass: Street) -> None:
    street = street_with_bypass
    street.port.counted["j1"] = {"r1_0": Detected(40, 38, 0.95)}
    assert lights(street, street.ask()) == AROUND


def test_one_that_stands_where_there_is_no_other_way_is_driven_all_the_same(street: Street) -> None:
    street.port.counted["j1"] = {"r1_0": Detected(40, 38, 0.95)}
    escort = street.escort(street.ask())
    assert (escort.fault, [gate["junction"] for gate in escort.route["gates"]]) == ("", STREET)


def test_a_phone_that_is_silent_for_ten_seconds_loses_no_light_and_goes_on_where_it_is(street: Street) -> None:
    case = street.under_way()
    street.drive(case, 10)
    held = street.asked()
    assert held
    street.drive(case, 3, silent=True)
    assert held <= street.asked()
    street.drive(case, 7, silent=True)
    street.drive(case, 105)
    assert street.escort(case).plans == 1
    assert all(step.passed_at for step in Step.objects.filter(escort=case.pk))
    assert street.port.violations == 0
