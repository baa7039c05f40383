"""`citong signals bench` as it is typed. Needs SUMO."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("libsumo", reason="the extra `signals` is not installed")
pytest.importorskip("sumo", reason="the extra `signals` is not installed")

from citong.adapters.sumo.bench import PLAN
from citong.adapters.sumo.made import make
from citong.adapters.sumo.tests.nets import SMALL
from citong.cli.main import main
from citong.core.signals.store import plan_from_json


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(SMALL, tmp_path_factory.mktemp("nets"))


def test_the_command_prints_and_keeps_every_run(small: Path, tmp_path: Path) -> None:
    record = tmp_path / "runs.json"
    asked = ["signals", "bench", str(small), "--seeds", "2", "--json", str(record), "--controller", "wave"]
    done = CliRunner().invoke(main, [*asked, "--junctions", "5"])
    assert done.exit_code == 0, done.output
    kept = json.loads(record.read_text())
    assert [(run["controller"], run["seed"]) for run in kept["runs"]] == [
        (PLAN, 1), (PLAN, 2), ("wave", 1), ("wave", 2),
    ]  # fmt: skip
    assert "5 junctions decided" in done.output


def test_seeds_begin_where_it_is_said(small: Path, tmp_path: Path) -> None:
    record = tmp_path / "runs.json"
    asked = ["signals", "bench", str(small), "--seeds", "1", "--first-seed", "6", "--json", str(record)]
    done = CliRunner().invoke(main, [*asked, "--controller", "our actuated", "--junctions", "0"])
    assert done.exit_code == 0, done.output
    assert [(run["controller"], run["seed"]) for run in json.loads(record.read_text())["runs"]] == [
        (PLAN, 6), ("our actuated", 6),
    ]  # fmt: skip


def test_plans_made_off_line_are_printed_as_a_plan_change_takes_them(small: Path, tmp_path: Path) -> None:
    record = tmp_path / "plans.json"
    done = CliRunner().invoke(main, ["signals", "plan", str(small), "--json", str(record)])
    assert done.exit_code == 0, done.output
    kept = json.loads(record.read_text())
    assert kept["speeds"][kept["way"]] == max(kept["speeds"].values())
    for said in kept["plans"].values():
        plan = plan_from_json(said)
        assert "\n".join(f"{span.state} {span.seconds:g}" for span in plan.spans) in done.output


def test_an_unknown_controller_is_named(small: Path) -> None:
    done = CliRunner().invoke(main, ["signals", "bench", str(small), "--controller", "magic"])
    assert done.exit_code == 1
    assert "No such controller: magic" in done.output
