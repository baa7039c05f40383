"""`citong export cases` writes the same rows as the page of open data."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from citong.cli.tests.conftest import Run
from citong.core.cases.models import Case

Report = Callable[..., Any]


@pytest.fixture
def case(report: Report, walk: Any) -> Case:
    """A public case of somebody with a name, and a private one beside it."""
    walk(report().case, "accept")
    opened = report(public="on", name="林保密", phone="13812345678", title="井盖没了，电话13812345678")
    accepted: Case = walk(opened.case, ("accept", {"public": "on"}))
    return accepted


def test_a_file_holds_what_is_public_and_no_person(citong: Run, case: Case, tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    done = citong("export", "cases", "-o", file)
    assert done.exit_code == 0 and "1 cases are in" in done.output, done.output
    text = file.read_text("utf-8-sig")
    assert [row["number"] for row in csv.DictReader(text.splitlines())] == [case.number]
    assert "林保密" not in text and "13812345678" not in text and not list(tmp_path.glob("*.part"))


def test_filters_and_form_are_those_of_the_page(citong: Run, case: Case) -> None:
    made = citong("export", "cases", "--format", "geojson", "--since", "2026-01-01", "--category", "urban")
    assert [feature["id"] for feature in json.loads(made.stdout)["features"]] == [case.number]
    assert json.loads(citong("export", "cases", "--format", "geojson", "--state", "closed").stdout)["features"] == []


@pytest.mark.parametrize("wrong", [("--since", "yesterday"), ("--district", "zz"), ("--category", "none")])
def test_a_filter_that_means_nothing_is_named(citong: Run, case: Case, wrong: tuple[str, str], tmp_path: Path) -> None:
    done = citong("export", "cases", *wrong, "-o", tmp_path / "cases.csv")
    assert done.exit_code == 1 and wrong[0] in done.output and not (tmp_path / "cases.csv").exists()
