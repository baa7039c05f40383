"""A simulated city: the same seed gives the same city, interrupted or not, and nobody can tell it from a lived one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from citong.cli.demo_fates import FATES
from citong.cli.ledger_walk import Walk
from citong.cli.simulation import lives, plan
from citong.cli.simulation.fates import OPEN_SHARE, old_and_open
from citong.cli.simulation.lives import Teller
from citong.cli.simulation.people import WORKERS_A_GRID, employ
from citong.cli.simulation.plan import Plan
from citong.cli.simulation.run import Simulation
from citong.cli.simulation.times import Times, years_before
from citong.cli.tests.conftest import Run
from citong.cli.trouble import Trouble
from citong.core.cases.models import Case, Submission
from citong.core.clocks.models import Clock
from citong.core.ledger.models import Entry, Seal
from citong.core.ledger.proof import checkpoint_faults
from citong.core.people.models import Account, Appointment, Beat, Unit
from citong.core.places.current import zone
from citong.core.places.models import City, Grid
from citong.core.search.index import found

END = datetime(2026, 11, 1, tzinfo=UTC)
CASES, SEED = 240, 5


@pytest.fixture
def small(town: City, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Plan]:
    """A plan for the tiny town in batches of 40 cases; its staff is there."""
    monkeypatch.setattr(plan, "BATCH", 40)
    employ(seed=SEED, now=END)
    return lambda cases=CASES, seed=SEED: Plan("town", cases, seed, years_before(END, 1), END)


@pytest.fixture
def agree(town: City, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Simulation]:
    def agreed(cases: int = 80, **said: Any) -> Simulation:
        given: dict[str, Any] = {"until": None, "years": 1.0, "into_used": False, "now": END} | said
        return Simulation.agreed(cases, given.pop("seed", 1), **given)

    monkeypatch.setattr(plan, "BATCH", 40)
    return agreed


def test_every_grid_has_its_workers_and_every_unit_its_staff(small: Callable[..., Plan]) -> None:
    grids = Grid.objects.filter(layer__base=True).count()
    assert Appointment.objects.filter(post="grid_worker").count() == round(WORKERS_A_GRID * grids)
    assert set(Beat.objects.values_list("grid", flat=True)) == set(
        Grid.objects.filter(layer__base=True).values_list("code", flat=True)
    )
    assert not Unit.objects.filter(appointments=None).exists()
    assert not any(account.has_usable_password() for account in Account.objects.all())
    before = Account.objects.count()
    assert employ(seed=SEED, now=END) == before == Account.objects.count()


def test_a_simulated_city_has_cases_in_every_state_that_hold_together(small: Callable[..., Plan]) -> None:
    _bring(small())
    assert Case.objects.count() == CASES
    for condition in ({"late": True}, {"reworks__gt": 0}, {"urges__gt": 0}, {"rating__gt": 0}, {"outcome": "merged"}):
        assert Case.objects.filter(**condition).exists(), condition
    assert len(set(Case.objects.filter(open=True).values_list("state", flat=True))) > 1
    assert Case.objects.filter(open=False, closed_at=None).count() == 0
    assert Case.objects.filter(opened_at__gt=END).count() == Entry.objects.filter(at__gte=END).count() == 0
    assert not Clock.objects.filter(wake_at__lt=END - timedelta(minutes=2)).exists()
    assert Walk().first_fault() is None
    assert next(checkpoint_faults(), None) is None
    assert not Seal.objects.filter(checkpoint=None).exists()


def test_the_same_seed_gives_the_same_city_and_another_one_another(small: Callable[..., Plan]) -> None:
    first, again, other = (_told(small(80, seed)) for seed in (SEED, SEED, 6))
    assert first == again
    assert first != other


def test_what_was_interrupted_goes_on_and_nothing_comes_twice(small: Callable[..., Plan]) -> None:
    whole = small(120)
    teller = Teller(whole, now=END)
    assert teller.bring(whole.batches()[1]) == 40
    assert [teller.bring(batch) for batch in whole.batches()] == [40, 0, 40]
    assert [teller.bring(batch) for batch in whole.batches()] == [0, 0, 0]
    assert Case.objects.count() == Submission.objects.filter(act="open").count() == 120


def test_who_is_too_slow_to_reopen_is_refused_and_the_case_stays_closed(
    small: Callable[..., Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lives, "steps_of", lambda *given, **more: (FATES["reopened"], False))
    monkeypatch.setattr(lives, "gaps_of", lambda steps, **more: [40 * 1440 if s == "reopen" else 60 for s in steps])
    monkeypatch.setattr(lives, "TWIN_SHARE", 0.0)
    told = Teller(small(40), now=END).lives(range(30))
    late = [life for life in told if life.case.closed_at and life.case.closed_at > datetime(2026, 1, 1, tzinfo=UTC)]
    assert late
    assert not any(life.case.reopenings for life in late)


def test_a_simulated_case_is_found_by_its_words_and_lies_in_its_grid(small: Callable[..., Plan]) -> None:
    _bring(small(40))
    for case in Case.objects.select_related("grid__division")[:20]:
        assert case.grid is not None
        assert case.grid.division.code == case.community
        assert case.id in {one["subject"] for one in found(case.number, "case")}


def test_reports_come_in_order_by_day_more_than_by_night(town: City) -> None:
    times = Times(years_before(END, 1), END, 5_000, SEED, zone())
    moments = [at for first in range(0, 5_000, 500) for at in times.moments(first, first + 500)]
    assert moments == sorted(moments)
    assert years_before(END, 1) <= moments[0] < moments[-1] < END
    night = sum(at.astimezone(zone()).hour in range(1, 6) for at in moments)
    assert night < 0.05 * len(moments)


@pytest.mark.parametrize("days", [30, 365, 730, 3650])
def test_about_one_case_in_twenty_five_is_open_however_long_the_past(days: int) -> None:
    assert 0 <= old_and_open(days) <= 0.15
    assert old_and_open(3650) == pytest.approx(OPEN_SHARE, abs=0.01)


def test_a_simulation_is_agreed_once_and_then_only_goes_on(agree: Callable[..., Simulation]) -> None:
    first = agree()
    assert agree(now=END + timedelta(days=3)).plan == first.plan
    with pytest.raises(Trouble, match="holds a simulation of 80 cases"):
        agree(81)
    with pytest.raises(Trouble, match="holds a simulation"):
        agree(until=END - timedelta(days=1))


def test_a_city_that_was_used_is_not_mixed_with_a_simulated_one(
    agree: Callable[..., Simulation], report: Callable[..., Any]
) -> None:
    report()
    with pytest.raises(Trouble, match="holds cases already"):
        agree()
    assert agree(into_used=True).plan.cases == 80


def test_the_command_fills_the_city_and_run_again_does_nothing(citong: Run, town: City) -> None:
    given = ("simulate", "--cases", 60, "--years", 0.5, "--until", "2026-11-01", "--processes", 1)
    first = citong(*given)
    assert first.exit_code == 0, first.output
    assert Case.objects.count() == 60
    assert "60 cases in" in first.output
    assert "60 cases are there already" in citong(*given).output
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'document_vector'")
        assert cursor.fetchone() == (["fastupdate=off"],)


def _bring(whole: Plan) -> None:
    teller = Teller(whole, now=END)
    for batch in whole.batches():
        teller.bring(batch)


def _told(whole: Plan) -> list[Any]:
    """What somebody sees of each case: all but numbers and identifiers."""
    teller = Teller(whole, now=END)
    return [
        (life.case.title, life.case.text, life.case.state, life.case.opened_at, life.case.lon, life.case.lat,
         [(entry.act, entry.at, entry.unit) for entry in life.entries])
        for batch in whole.batches()
        for life in teller.lives(batch)
    ]  # fmt: skip
