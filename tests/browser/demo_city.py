"""A whole city with its demo, loaded by the commands a person would type; for what is not run every time."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from citong.cli.main import main
from tests.cast import _forget

TREE = Path(__file__).parents[2]
Command = Callable[..., str]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """`command("city", "load", FOLDER)` runs `citong` in this process, on the test's database."""
    monkeypatch.setenv("CITONG_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgres://the-one-of-the-tests")

    def runs(*arguments: object) -> str:
        done = CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    return runs


@pytest.fixture
def quanzhou(transactional_db: None, command: Command, settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Quanzhou is loaded; gives its folder."""
    settings.FILES_ROOT = tmp_path / "files"
    _forget()
    folder = TREE / "cities/quanzhou"
    command("city", "load", folder)
    _forget()
    yield folder
    _forget()
