"""Whole runs on small made networks: nothing unlawful is shown, and our controller beats the plan. Needs SUMO."""

import multiprocessing
from pathlib import Path

import pytest

pytest.importorskip("libsumo", reason="the extra `signals` is not installed")
pytest.importorskip("sumo", reason="the extra `signals` is not installed")

from citong.adapters.sumo.bench import OWN, PLAN, bench, rows
from citong.adapters.sumo.made import Recipe, make
from citong.adapters.sumo.scenario import NoScenario, scenario
from citong.adapters.sumo.tests.nets import SIGNALS, SMALL
from citong.adapters.sumo.world import World
from citong.core.signals.control.seen import Seen
from citong.core.signals.control.supervised import supervised
from citong.core.signals.guard import Guard

WALKED = Recipe(
    "walked",
    ("--grid", "--grid.number", "1", "--grid.attach-length", "200", "-L", "2", "--sidewalks.guess",
     "--crossings.guess", "--tls.left-green.time", "8", *SIGNALS),
    vehicles_an_hour=900, seconds=600,
)  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(SMALL, tmp_path_factory.mktemp("nets"))


def test_our_controller_beats_the_plan_and_shows_nothing_unlawful(small: Path) -> None:
    plan, own = rows(list(bench([small], seeds=1, controllers=(PLAN, OWN))))
    assert own.violations == plan.violations == 0
    assert own.gain > 0.1
    assert own.on_plan == 0


def test_junctions_with_footways_are_led_lawfully(tmp_path: Path) -> None:
    plan, own = rows(list(bench([make(WALKED, tmp_path)], seeds=1, controllers=(PLAN, OWN))))
    assert own.violations == plan.violations == 0
    assert own.worst_wait < 240


def test_our_actuated_controller_is_lawful_and_beats_the_plan(small: Path) -> None:
    plan, own = rows(list(bench([small], seeds=1, first=3, controllers=(PLAN, "our actuated"))))
    assert own.violations == plan.violations == 0
    assert own.gain > 0.05


def test_a_folder_without_a_scenario_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoScenario):
        scenario(tmp_path)


class _Stubborn:
    """A controller that never wants anything but the first stage."""

    def decide(self, seen: Seen, guard: Guard) -> int | None:
        return 0


def _stubborn(folder: str, output: str) -> tuple[float, int]:
    with World(scenario(Path(folder)), seed=1, output=Path(output)) as world:
        world.lead(lambda shapes: supervised(shapes, lambda _shape: _Stubborn()))
        world.run()
    return world.plan_seconds / len(world.times), sum(world.broken.values())


def test_a_controller_that_fails_is_put_back_on_the_plan(small: Path, tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        on_plan, broken = pool.apply(_stubborn, (str(small), str(tmp_path / "trips.xml")))
    assert on_plan > 0.4, "from the second window on"
    assert broken == 0


def test_loops_that_miss_a_tenth_still_beat_the_plan(small: Path) -> None:
    _plan, own = rows(list(bench([small], seeds=1, controllers=(PLAN, OWN), missed=0.1)))
    assert own.violations == 0
    assert own.gain > 0.1
