"""Plans made off line from traffic counted in a run are lawful and do better than the plan shipped. Needs SUMO."""

import multiprocessing
from pathlib import Path

import pytest

pytest.importorskip("libsumo", reason="the extra `signals` is not installed")
pytest.importorskip("sumo", reason="the extra `signals` is not installed")

from citong.adapters.sumo.bench import OFFLINE, PLAN, bench, rows
from citong.adapters.sumo.made import Recipe, make
from citong.adapters.sumo.offline import AS_SHIPPED, MovementCount, Planned, planned
from citong.adapters.sumo.scenario import scenario
from citong.adapters.sumo.trips import measured
from citong.adapters.sumo.world import World
from citong.core.signals.lawful import faults
from citong.core.signals.model import Junction

ROW = Recipe(
    "row",
    ("--grid", "--grid.x-number", "3", "--grid.y-number", "1", "--grid.x-length", "250", "--grid.attach-length", "200",
     "-L", "2", "--default-junction-type", "traffic_light"),
    vehicles_an_hour=1600, seconds=600,
)  # fmt: skip
ONE = Recipe(
    "one", ("--grid", "--grid.number", "1", "--grid.attach-length", "200", "--default-junction-type", "traffic_light"),
    vehicles_an_hour=400, seconds=900,
)  # fmt: skip


@pytest.fixture(scope="module")
def row(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(ROW, tmp_path_factory.mktemp("nets"))


def _made(folder: Path) -> tuple[Planned, dict[str, Junction]]:
    done = planned(folder)
    with World(scenario(folder), seed=1, output=folder / "trips.xml") as world:
        return done, dict(world.junctions)


def test_every_plan_is_lawful_at_its_junction_and_better_than_the_one_shipped(row: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        done, junctions = pool.apply(_made, (row,))
    assert done.speeds[done.way] == max(done.speeds.values()) > done.speeds[AS_SHIPPED]
    assert done.plans.keys() == junctions.keys()
    assert [faults(junctions[name], plan) for name, plan in done.plans.items()] == [[]] * len(junctions)


def test_the_plan_made_off_line_is_measured_beside_the_one_shipped(row: Path) -> None:
    plan, own = rows(list(bench([row], seeds=2, controllers=(PLAN, OFFLINE))))
    assert own.gain > 0
    assert own.violations == plan.violations == 0


def _counted(folder: Path) -> tuple[int, int]:
    output = folder / "trips.xml"
    with World(scenario(folder), seed=1, output=output) as world:
        centre = max(world.junctions.values(), key=lambda junction: len(junction.movements))
        count = MovementCount(world)
        for _now in world.seconds():
            count.second()
    return sum(count.counted[movement] for movement in centre.movements), measured(output).arrived


def test_everybody_who_crosses_a_junction_is_counted_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        counted, arrived = pool.apply(_counted, (make(ONE, tmp_path),))
    assert arrived <= counted <= arrived + 10, "the last ones have crossed and not arrived"
