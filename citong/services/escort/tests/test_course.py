"""From the request on the road to the report: who approves, what the lights do, how it ends."""

import pytest

from citong.core.cases.models import Case
from citong.core.clocks.models import Clock
from citong.core.flow.refusal import NotAllowed, NotThere, WrongState
from citong.core.flow.watch import tick
from citong.services.escort.kinds import Run
from citong.services.escort.models import Step
from citong.services.escort.tests.street import LIGHTS, SPEED, Street

pytestmark = pytest.mark.django_db


def test_an_officer_asks_and_the_way_is_planned_at_once_with_its_lights(street: Street) -> None:
    escort = street.escort(street.ask())
    assert [gate["junction"] for gate in escort.route["gates"]] == [f"j{number}" for number in range(LIGHTS)]
    assert escort.usual_s > escort.planned_s > 100
    assert escort.fault == ""
    assert [point.label for point in escort.points.all()] == ["东街 / 小巷"]


def test_the_operator_approves_with_one_key_and_only_then_it_sets_off(street: Street) -> None:
    case = street.ask()
    with pytest.raises(WrongState):
        street.does(case, "set_off", "officer")
    with pytest.raises(NotAllowed):
        street.does(case, "approve", "officer")
    assert street.does(case, "approve", "operator").state == "approved"
    assert street.does(case, "set_off", "officer").state == "under_way"


def test_all_the_way_each_light_is_green_when_it_comes_and_let_go_when_it_has_passed(street: Street) -> None:
    case = street.under_way()
    street.drive(case, 125)
    steps = list(Step.objects.filter(escort=case.pk).order_by("number"))
    assert len(steps) == LIGHTS
    for step in steps:
        assert step.asked_at and step.green_since and step.passed_at and step.released_at
        assert step.green_since <= step.passed_at <= step.released_at
    assert street.asked() == set()
    assert street.port.violations == 0


def test_it_arrives_and_the_report_says_what_it_won(street: Street) -> None:
    case = street.under_way()
    street.drive(case, 125)
    done = street.does(case, "arrive", "officer")
    escort = street.escort(case)
    assert (done.state, done.open, escort.run, escort.present) == ("arrived", False, Run.OVER, {})
    assert escort.stops == 0


def test_without_a_place_for_half_a_minute_everything_is_let_go_and_it_is_aborted(street: Street) -> None:
    case = street.under_way()
    street.drive(case, 10)
    assert street.asked()
    street.drive(case, 33, silent=True)
    assert Case.objects.get(pk=case.pk).state == "aborted"
    street.drive(case, 2, silent=True)
    assert street.asked() == set()


def test_an_escort_that_never_told_a_place_is_aborted_too(street: Street) -> None:
    case = street.under_way()
    for _second in range(33):
        street.second()
    assert Case.objects.get(pk=case.pk).state == "aborted"


def test_the_operator_aborts_and_the_lights_are_let_go_within_a_second(street: Street) -> None:
    case = street.under_way()
    street.drive(case, 10)
    street.does(case, "abort", "operator")
    street.second()
    assert street.asked() == set()
    assert Case.objects.get(pk=case.pk).state == "aborted"


def test_who_leaves_the_way_is_planned_anew(street: Street) -> None:
    case = street.under_way()
    street.drive(case, 5)
    for _second in range(4):
        street.metres[str(case.pk)] += SPEED
        street.tell(case, north=0.0009)
        street.second()
    escort = street.escort(case)
    assert (escort.plans, escort.fault) == (2, "")


def test_where_the_road_ahead_is_blocked_and_there_is_no_other_it_is_said_and_the_drive_goes_on(street: Street) -> None:
    case = street.under_way()
    street.drive(case, 5)
    street.does(case, "blocked", "officer")
    assert street.escort(case).blocked == ["r1"]
    street.drive(case, 5)
    assert "No road was found" in street.escort(case).fault
    assert Case.objects.get(pk=case.pk).state == "under_way"
    assert street.asked()


def test_a_minute_without_an_answer_rises_to_the_next_level(street: Street) -> None:
    case = street.ask()
    clock = Clock.objects.get(subject=case.id, code="escort_approve")
    assert (clock.due_at - case.opened_at).total_seconds() == 60
    tick(at=clock.due_at)
    assert Case.objects.get(pk=case.pk).late


def test_what_was_approved_and_never_set_off_is_void(street: Street) -> None:
    case = street.ask()
    street.does(case, "approve", "operator")
    clock = Clock.objects.get(subject=case.id, code="escort_set_off")
    tick(at=clock.due_at)
    assert Case.objects.get(pk=case.pk).state == "aborted"


def test_nobody_is_approved_whose_driver_is_not_known(street: Street) -> None:
    case = street.ask(by="clerk")
    with pytest.raises(WrongState, match="who drives"):
        street.does(case, "approve", "operator")
    street.does(case, "name_driver", "operator", driver=str(street.cast.officer.pk))
    assert street.does(case, "approve", "operator").state == "approved"
    assert street.does(case, "set_off", "officer").state == "under_way"


def test_the_next_district_takes_it_over_and_the_first_sees_it_no_more(street: Street) -> None:
    case = street.under_way()
    street.does(case, "hand_on", "operator", unit="traffic-w")
    with pytest.raises(NotThere):
        street.does(case, "abort", "operator")
    assert Case.objects.get(pk=case.pk).unit.code == "traffic-w"
