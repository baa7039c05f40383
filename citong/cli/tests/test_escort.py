"""The bench of escorts says what it cannot do before it simulates anything."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from citong.adapters.sumo.escort import Bench, Row
from citong.cli.escort import command

ROW = Row(
    network="town", base="plan", way="planner", runs=4, gates=3, metres=900, ideal=90, seconds=99, times=1.1,
    worst_times=1.2, stops=0.25, arrived=4, cost=0.4, cost_error=0.2, cost_worst=1, costly=0, by_lights=0.1,
    violations=0, checked=100, plan_p50=0.1, plan_p99=0.2, held=80, field="asks 1 s late", slower=2.5,
)  # fmt: skip


@pytest.mark.parametrize("other", [("--way", "nothing"), ("--imperfect", "1"), ("--closed",)])
def test_the_curve_is_of_the_planner_alone(tmp_path: Path, other: tuple[str, ...]) -> None:
    done = CliRunner().invoke(command, ["bench", str(tmp_path), "--curve", *other])
    assert done.exit_code == 2
    assert "does not go with it" in done.output or "do not go with it" in done.output


def test_what_was_not_measured_is_null(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bench, "measure", lambda self: [replace(ROW, by_lights=float("nan"))])
    file = tmp_path / "rows.json"
    done = CliRunner().invoke(command, ["bench", str(tmp_path), "--json", str(file)])
    assert done.exit_code == 0 and "nan" not in done.output
    assert json.loads(file.read_text())["rows"][0]["by_lights"] is None
    assert "NaN" not in file.read_text()


def test_a_way_nobody_knows_is_refused_with_those_there_are(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["bench", str(tmp_path), "--way", "helicopter"])
    assert done.exit_code == 2 and "planner" in done.output


@pytest.mark.parametrize(("options", "head"), [((), "by lights %"), (("--curve",), "slower %")])
def test_rows_are_printed_as_a_table_and_written_with_what_was_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], head: str
) -> None:
    monkeypatch.setattr(Bench, "measure", lambda self: [ROW])
    file = tmp_path / "rows.json"
    done = CliRunner().invoke(command, ["bench", str(tmp_path), "--seeds", "2", "--json", str(file), *options])
    assert done.exit_code == 0 and head in done.output and "town" in done.output
    assert '"seeds": 2' in file.read_text() and '"slower": 2.5' in file.read_text()
