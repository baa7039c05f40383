"""Commands are run as a person types them, in this process and on the test's database."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from citong.cli.main import main

Run = Callable[..., Result]


@pytest.fixture
def citong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """`citong("ledger", "verify")` gives the result of that command; its home is tmp_path."""
    monkeypatch.setenv("CITONG_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgres://the-one-of-the-tests")

    def runs(*arguments: object, answer: str = "") -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=answer)

    return runs
