"""An escort through simulated traffic arrives sooner, breaks no rule of any light, and is measured honestly."""

from collections.abc import Callable
from dataclasses import replace
from math import isnan
from pathlib import Path

import pytest

pytest.importorskip("libsumo", reason="the extra `signals` is not installed")
pytest.importorskip("sumo", reason="the extra `signals` is not installed")

from citong.adapters.sumo.escort import Bench, Wanted, run
from citong.adapters.sumo.escort_field import CURVE, slower
from citong.adapters.sumo.escort_job import Came, Imperfect, Job
from citong.adapters.sumo.escort_net import touching
from citong.adapters.sumo.escort_trips import Trip, trips
from citong.adapters.sumo.scenario import scenario
from citong.adapters.sumo.tests.escort_nets import Net, make

SMALL = Net("small", 3, 200.0, 1, 2.0, 420)
Drive = Callable[..., Came]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(SMALL, tmp_path_factory.mktemp("nets"))


@pytest.fixture(scope="module")
def base(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Came:
    output = tmp_path_factory.mktemp("base") / "run.xml"
    return run(Job(str(scenario(folder).config), 1, str(output), collect=True))


@pytest.fixture(scope="module")
def trip(folder: Path, base: Came) -> Trip:
    pairs = {(key.split("\t")[0], key.split("\t")[1]): count for key, count in base.pairs.items()}
    return trips(scenario(folder).net, pairs, count=1)[0]


@pytest.fixture
def drive(folder: Path, trip: Trip, tmp_path: Path) -> Drive:
    job = Job(str(scenario(folder).config), 1, str(tmp_path / "run.xml"), stretches=trip.stretches, depart=120)
    return lambda way, **changed: run(replace(job, way=way, **changed))


def test_the_route_has_most_signals_of_all_that_are_driven(trip: Trip) -> None:
    assert trip.signals >= 4


def test_an_escort_alone_with_lights_off_is_the_measure(drive: Drive, trip: Trip) -> None:
    alone = drive("alone", depart=0)
    assert alone.arrived and alone.stops == 0
    assert alone.seconds < 1.4 * trip.metres / 13.89


def test_the_planner_is_faster_than_nothing_and_breaks_no_rule(drive: Drive) -> None:
    planned, nothing, alone = drive("planner"), drive("nothing"), drive("alone", depart=0)
    assert planned.arrived and not planned.teleported
    assert planned.violations == {} and planned.checked > 1000
    assert planned.seconds < nothing.seconds
    assert planned.seconds < 1.15 * alone.seconds


def test_it_arrives_although_asks_are_late_and_lost_and_counts_are_wrong(drive: Drive) -> None:
    came = drive("planner", imperfect=Imperfect.field())
    assert came.arrived and came.violations == {}


def test_where_a_road_of_its_way_is_closed_it_arrives_by_another(drive: Drive, trip: Trip) -> None:
    assert trip.closure is not None
    came = drive("planner", closure=trip.closure)
    assert came.arrived and not came.teleported
    assert came.turned == 1 and came.violations == {}
    assert came.metres != pytest.approx(trip.metres, abs=1)


def test_it_arrives_as_well_where_the_adaptive_controller_leads_the_lights_before_and_after(drive: Drive) -> None:
    came, nobody = drive("planner", base="adaptive"), drive(None, base="adaptive")
    assert came.arrived and came.stops == 0 and came.violations == {}
    assert nobody.others_loss < drive(None).others_loss


@pytest.mark.parametrize("way", ["200 m", "all at once"])
def test_the_simple_ways_pass_the_same_guard(drive: Drive, way: str) -> None:
    came = drive(way)
    assert came.arrived and came.violations == {}


def test_lights_led_through_guards_without_any_ask_show_the_plan(drive: Drive) -> None:
    """The same traffic twice: guarded along the way, and lights left to themselves."""
    guarded, left = drive("nothing"), drive("unguarded")
    assert guarded.others_loss == pytest.approx(left.others_loss)
    assert guarded.seconds == left.seconds


def test_ways_that_cross_touch_and_ways_of_one_lane_do_not(folder: Path) -> None:
    pairs = touching(scenario(folder).net)
    assert pairs and all((b, a) in found for found in pairs.values() for a, b in found)


def test_a_curve_tells_how_much_slower_each_fault_of_the_field_makes_the_escort(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {name: CURVE[name] for name in ("perfect", "asks 3 s late")}
    monkeypatch.setattr("citong.adapters.sumo.escort.CURVE", few)
    rows = Bench(folder, Wanted(trips=1, seeds=2, curve=True), told=lambda _: None).measure()
    assert [(row.field, row.arrived, row.violations) for row in rows] == [(name, 2, 0) for name in few]
    assert rows[0].slower == 0 and rows[1].slower > -5


def test_no_time_is_compared_with_a_run_that_never_arrived() -> None:
    came, never = Came(arrived=True, seconds=110), Came(arrived=False, seconds=900)
    assert slower([came, came], [Came(arrived=True, seconds=100), never]) == pytest.approx(10)
    assert isnan(slower([never], [came]))


def test_a_bench_tells_each_way_in_a_row(folder: Path) -> None:
    heard: list[str] = []
    wanted = Wanted(trips=1, seeds=1, ways=("nothing", "planner"))
    rows = Bench(folder, wanted, told=heard.append).measure()
    assert [(row.way, row.runs, row.violations) for row in rows] == [("nothing", 1, 0), ("planner", 1, 0)]
    assert rows[0].by_lights == 0
    assert rows[1].by_lights == pytest.approx(rows[1].cost - rows[0].cost)
    assert len(heard) == 3
