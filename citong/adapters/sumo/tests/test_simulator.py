"""What is said where the simulator is missing, or a library of the system that it needs."""

import importlib
from typing import Any

import pytest

from citong.adapters.sumo import simulator


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ModuleNotFoundError("No module named 'libsumo'"), "the extra `signals`"),
        (ImportError("libGL.so.1: cannot open shared object file"), "libGL.so.1.*apt-get install libgl1"),
    ],
)
def test_what_is_missing_and_how_it_comes_is_said(fault: ImportError, words: str, monkeypatch: Any) -> None:
    def fails(name: str) -> None:
        raise fault

    monkeypatch.setattr(importlib, "import_module", fails)
    with pytest.raises(simulator.SimulatorMissing, match=words):
        simulator.libsumo()
