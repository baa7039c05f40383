"""A plan change tried on a made network: the same seeds before and after, and the same trial again gives the same."""

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("libsumo", reason="the extra `signals` is not installed")

from citong.adapters.sumo.listing import listed
from citong.adapters.sumo.made import RECIPES, make
from citong.adapters.sumo.trial import simulate
from citong.core.signals.listed import ListedNetwork
from citong.core.signals.model import Plan, Span
from citong.core.signals.streets import roads_to, streets
from citong.core.signals.trial import Trial, TrialFault

ROAD = replace(next(one for one in RECIPES if one.name == "arterial"), seconds=300, vehicles_an_hour=1500)
MIDDLE = [f"{letter}0" for letter in "ABCDEF"]


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> ListedNetwork:
    return listed(make(ROAD, tmp_path_factory.mktemp("trial")))


def test_a_network_lists_its_junctions_and_the_road_they_stand_on(road: ListedNetwork) -> None:
    assert set(MIDDLE) <= road.junctions.keys() and all(one.degrees is None for one in road.junctions.values())
    points = {name: one.metres for name, one in road.junctions.items()}
    street = streets({name: one.junction for name, one in road.junctions.items()}, points, road.reached)[0]
    inner = [stop for stop in street.stops if stop.junction in MIDDLE]
    assert [stop.junction for stop in inner] in (MIDDLE, MIDDLE[::-1])
    assert inner[-1].metres - inner[0].metres == pytest.approx(1250, abs=30)
    assert all(stop.there and stop.back and not set(stop.there) & set(stop.back) for stop in inner)


def test_a_trial_runs_each_seed_before_and_after_and_again_the_same(road: ListedNetwork) -> None:
    name, one = "C0", road.junctions["C0"]
    plan = one.junction.plan
    starved = Plan(
        "new", tuple(Span(s.state, 90 if s is plan.spans[0] else s.seconds) for s in plan.spans), plan.offset
    )
    trial, told = Trial(road.folder, (1, 2), {name: plan}, {name: starved}), list[int]()
    outcome = simulate(trial, tell=told.append)
    assert told == [1, 2, 3, 4] and [run.seed for run in outcome.before] == [1, 2]
    assert all(run.violations == 0 for run in (*outcome.before, *outcome.after))
    assert [run.delay for run in outcome.before] != [run.delay for run in outcome.after]
    assert len(outcome.scenario) == 64 and outcome.ran_by.startswith("SUMO")
    assert simulate(replace(trial, seeds=(1,)), tell=told.append).after == [outcome.after[0]]


def test_a_corridor_is_told_by_the_hour(road: ListedNetwork) -> None:
    junctions = {name: one.junction for name, one in road.junctions.items()}
    points = {name: one.metres for name, one in road.junctions.items()}
    street = streets(junctions, points, road.reached)[0]
    roads = [
        way for stop in street.stops for way in roads_to(junctions[stop.junction], {*stop.there, *stop.back})
    ]  # fmt: skip
    held = {"C0": junctions["C0"].plan}
    outcome = simulate(Trial(road.folder, (1,), held, held, {"main": roads, "nowhere": ["-"]}), tell=lambda done: None)
    hours = outcome.before[0].hours
    assert [hour.corridor for hour in hours] == ["main"] * len(hours) and [hour.begin for hour in hours][:1] == [0]
    assert all(2 < hour.speed < 15 and hour.delay > 0 and hour.queue >= 0 for hour in hours)
    assert hours == outcome.after[0].hours, "the same plan again"


def test_what_can_not_be_run_is_told(tmp_path: Path, road: ListedNetwork) -> None:
    with pytest.raises(TrialFault, match=r"no \.sumocfg"):
        simulate(Trial(str(tmp_path), (1,), {}, {}), tell=lambda done: None)
    plan = next(iter(road.junctions.values())).junction.plan
    with pytest.raises(TrialFault, match="nowhere"):
        simulate(Trial(road.folder, (1,), {"nowhere": plan}, {}), tell=lambda done: None)
