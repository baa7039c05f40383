"""The life of a plan change, as sentences: nothing reaches the street unsimulated and unsigned."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from citong.core.cases.models import Case
from citong.core.flow.act import act
from citong.core.flow.intake import open_case
from citong.core.flow.refusal import Invalid, NotAllowed, NotThere, WrongState
from citong.core.ledger.read import history
from citong.core.people.access import SYSTEM
from citong.core.people.models import Account, Appointment, Unit
from citong.core.people.posts import Post
from citong.core.signals.store import junction_to_json
from citong.core.signals.trial import Figures, Outcome, Trial, TrialFault
from citong.services.signals import coming, simulating
from citong.services.signals.forms import LinesField
from citong.services.signals.models import Junction, PlanChange, Simulation
from tests.cast import PASSWORD, Cast
from tests.streets import crossroads

pytestmark = pytest.mark.django_db
WAY = ("simulate", "figures")


@pytest.fixture
def second(cast: Cast) -> Account:
    """Another operator of the same traffic police."""
    account = Account.objects.create_user("second_operator", "second@example.org", PASSWORD, name="第二控制员")
    unit = Unit.objects.get(code="traffic-e")
    Appointment.objects.create(account=account, unit=unit, post=Post.OPERATOR, begins_on=date(2026, 1, 1))
    cast.people["second"] = account
    return account


@pytest.fixture
def change(report: Callable[..., Any]) -> Case:
    """A change that the operator proposed."""
    case: Case = report(service="signals").case
    return case


def plan_now(code: str = "J1") -> tuple[int, list[Any]]:
    plan = Junction.objects.get(code=code).plans.get(ends_at=None)
    return plan.number, plan.spans


def test_a_plan_comes_into_force_simulated_signed_and_at_its_time(
    change: Case, second: Account, cast: Cast, walk: Any
) -> None:
    before = plan_now()
    case = walk(change, *WAY)
    at = timezone.now() + timedelta(hours=5)
    case = act(case.pk, "approve", {"begins_at": at.isoformat()}, actor=cast.actor("second")).case
    assert case.state == "approved" and coming.put_due_in_force(at=timezone.now()) == 0 and plan_now() == before
    assert coming.put_due_in_force(at=at) == 1
    case.refresh_from_db()
    number, spans = plan_now()
    assert (case.state, case.open, number, spans[0]) == ("in_force", False, 2, ["GGrr", 28.0])
    assert [step.entry.act for step in history(case.id)] == ["open", "simulate", "figures", "approve", "put_in_force"]


def test_whoever_proposed_it_does_not_sign_it(change: Case, cast: Cast, walk: Any) -> None:
    case = walk(change, *WAY)
    for name in ("approve", "reject"):
        with pytest.raises(NotAllowed):
            act(case.pk, name, {"reason": "好"}, actor=cast.actor("operator"))
    assert act(case.pk, "approve", actor=cast.actor("supervisor")).case.state == "approved"


def test_what_was_not_simulated_is_not_signed(change: Case, second: Account, cast: Cast) -> None:
    with pytest.raises(WrongState):
        act(change.pk, "approve", actor=cast.actor("second"))
    Case.objects.filter(pk=change.pk).update(state="simulated")
    with pytest.raises(WrongState, match="simulated"):
        act(change.pk, "approve", actor=cast.actor("second"))
    Case.objects.filter(pk=change.pk).update(state="approved")
    PlanChange.objects.filter(pk=change.pk).update(begins_at=timezone.now())
    assert coming.put_due_in_force(at=timezone.now()) == 0 and plan_now()[0] == 1


def test_another_plan_than_the_simulated_one_is_not_signed(
    change: Case, second: Account, cast: Cast, walk: Any
) -> None:
    case = walk(change, *WAY)
    held = PlanChange.objects.get(pk=case.pk)
    held.spans[0][1] = 40.0
    held.save(update_fields=["spans"])
    with pytest.raises(WrongState, match="changed since"):
        act(case.pk, "approve", actor=cast.actor("second"))


def test_a_plan_with_more_breaches_of_safety_in_simulation_is_not_signed(change: Case, cast: Cast, walk: Any) -> None:
    case = walk(change, *WAY)
    done = Simulation.objects.get()
    done.after[2]["violations"] = 1
    done.save(update_fields=["after"])
    with pytest.raises(WrongState, match="breaches of safety"):
        act(case.pk, "approve", actor=cast.actor("supervisor"))


def test_a_junction_that_changed_after_the_signature_sends_the_plan_back(
    change: Case, second: Account, cast: Cast, walk: Any
) -> None:
    case = walk(change, *WAY, ("approve", {}, "second"))
    row = Junction.objects.get(code="J1")
    built = replace(row.built, clearance=replace(row.built.clearance, max_wait=100.0))
    Junction.objects.filter(pk=row.pk).update(table=junction_to_json(built))
    coming.put_due_in_force(at=timezone.now())
    case.refresh_from_db()
    assert case.state == "proposed" and plan_now()[0] == 1
    case = walk(case, *WAY)
    assert case.state == "simulated"


def test_any_operator_rolls_back_at_once_with_a_reason(change: Case, second: Account, cast: Cast, walk: Any) -> None:
    first = plan_now()[1]
    case = walk(change, *WAY, ("approve", {"begins_at": ""}, "second"), "put_in_force")
    with pytest.raises(Invalid):
        act(case.pk, "roll_back", {}, actor=cast.actor("operator"))
    case = act(case.pk, "roll_back", {"reason": "排队溢出"}, actor=cast.actor("operator")).case
    number, spans = plan_now()
    assert (case.state, number, spans) == ("rolled_back", 3, first)
    assert Junction.objects.get(code="J1").plans.get(number=2).rolled_back


def test_a_later_plan_replaces_the_one_before_which_can_not_be_rolled_back_then(
    change: Case, second: Account, cast: Cast, walk: Any, report: Callable[..., Any]
) -> None:
    case = walk(change, *WAY, ("approve", {"begins_at": ""}, "second"), "put_in_force")
    later = report(service="signals", spans=LinesField.example.replace("28", "26")).case
    walk(later, *WAY, ("approve", {"begins_at": ""}, "second"), "put_in_force")
    case.refresh_from_db()
    assert case.state == "replaced" and plan_now()[1][0] == ["GGrr", 26.0]
    with pytest.raises(WrongState):
        act(case.pk, "roll_back", {"reason": "晚了"}, actor=cast.actor("operator"))


@pytest.mark.parametrize(("line", "instead", "told"), [
    ("rrGG 12", "rrGG 2\nrrGr 1", "needs 5 s"),
    ("rryr 3", "rryr 1", "1 s of amber"),
    ("rrGr 8", "rrGr 3", "stepped off"),
    ("GGrr 28", "GGGr 28", "ways meet"),
    ("GGrr 28", "GGrr 150", "nobody waits longer"),
    ("GGrr 28", "GGrrr 28", "5 letters"),
    ("GGrr 28", "GGrr x", "Line 1 is not understood"),
])  # fmt: skip
def test_a_plan_that_the_guard_would_not_show_is_refused_with_the_reason(
    cast: Cast, line: str, instead: str, told: str
) -> None:
    crossroads()
    wanted = {"junction": "J1", "spans": LinesField.example.replace(line, instead), "text": "早高峰排队"}
    with pytest.raises(Invalid) as refused:
        open_case("signals", wanted, actor=cast.actor("operator"), channel="web")
    assert any(told in sentence for sentence in refused.value.errors["spans"]), refused.value.errors
    assert not Case.objects.filter(service="signals").exists()


def test_the_plan_in_force_is_no_change_and_another_district_is_out_of_reach(cast: Cast) -> None:
    held = crossroads().plans.get(ends_at=None)
    crossroads("W1", lon=118.565, district="w")
    same = "\n".join(f"{letters} {seconds:g}" for letters, seconds in held.spans)
    for junction, spans, field in (
        ("J1", same, "spans"),
        ("W1", LinesField.example, "junction"),
        ("no", same, "junction"),
    ):
        with pytest.raises(Invalid) as refused:
            open_case("signals", {"junction": junction, "spans": spans, "text": "试"}, actor=cast.actor("operator"),
                      channel="web")  # fmt: skip
        assert field in refused.value.errors
    with pytest.raises(NotAllowed):
        open_case("signals", {"junction": "J1", "spans": LinesField.example, "text": "试"},
                  actor=cast.actor("officer"), channel="web")  # fmt: skip


def test_a_handler_or_an_officer_sees_no_plan_change(change: Case, cast: Cast) -> None:
    for name in ("handler", "officer", "outsider", "administrator"):
        with pytest.raises((NotThere, NotAllowed)):
            act(change.pk, "simulate", {}, actor=cast.actor(name))


def figures(seed: int, delay: float) -> Figures:
    return Figures(seed, 8.0, delay, 2.0, 60.0, 5.0, 0, 100, 0)


def a_simulator(trial: Trial, *, tell: Callable[[int], None]) -> Outcome:
    """Stands behind the port in these tests: the longer the first line, the longer the delay."""
    tell(1)
    runs = [
        [figures(seed, plans["J1"].spans[0].seconds) for seed in trial.seeds] for plans in (trial.before, trial.after)
    ]
    return Outcome(runs[0], runs[1], "test", "f" * 64)


def no_simulator(trial: Trial, *, tell: Callable[[int], None]) -> Outcome:
    raise TrialFault("Simulating needs Eclipse SUMO.")


def asked(case: Case, cast: Cast, **data: Any) -> UUID:
    act(case.pk, "simulate", data, actor=cast.actor("operator"))
    return Simulation.objects.latest("asked_at").pk


def test_a_simulation_is_carried_out_and_written_down_so_that_it_can_be_repeated(
    change: Case, cast: Cast, settings: Any
) -> None:
    settings.SIGNALS_SIMULATOR = f"{__name__}.a_simulator"
    id = asked(change, cast, seeds=3)
    assert simulating.waiting() == [id] and simulating.carry(id) and not simulating.carry(id)
    done = Simulation.objects.get(pk=id)
    assert (done.state, done.runs_done, done.seeds, done.scenario) == ("done", 6, [1, 2, 3], "f" * 64)
    assert done.folder == "/nowhere" and simulating.trial_of(done).after["J1"].spans[0].seconds == 28
    (delay,) = [one for one in simulating.compared(done) if one.code == "delay"]
    assert (delay.before, delay.after, delay.worse) == (30, 28, False)
    change.refresh_from_db()
    assert change.state == "simulated"


def test_a_simulation_that_fails_says_why_and_can_be_asked_for_again(change: Case, cast: Cast, settings: Any) -> None:
    settings.SIGNALS_SIMULATOR = f"{__name__}.no_simulator"
    simulating.carry(asked(change, cast))
    change.refresh_from_db()
    assert change.state == "proposed" and "SUMO" in Simulation.objects.get().fault
    settings.SIGNALS_SIMULATOR = f"{__name__}.a_simulator"
    simulating.carry(asked(change, cast))
    change.refresh_from_db()
    assert change.state == "simulated"


def test_a_simulation_of_a_withdrawn_change_moves_nothing(change: Case, cast: Cast, settings: Any) -> None:
    settings.SIGNALS_SIMULATOR = f"{__name__}.a_simulator"
    id = asked(change, cast)
    act(change.pk, "withdraw", {"reason": "不改了"}, actor=cast.actor("operator"))
    simulating.carry(id)
    change.refresh_from_db()
    assert change.state == "withdrawn"


def test_the_platform_alone_puts_a_plan_in_force(change: Case, second: Account, cast: Cast, walk: Any) -> None:
    case = walk(change, *WAY, ("approve", {"begins_at": ""}, "second"))
    for name in ("operator", "second", "supervisor"):
        with pytest.raises(NotAllowed):
            act(case.pk, "put_in_force", actor=cast.actor(name))
    early = timezone.now() - timedelta(days=1)
    with pytest.raises(WrongState, match="not come"):
        act(case.pk, "put_in_force", actor=SYSTEM, at=early)
