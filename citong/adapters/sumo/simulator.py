"""libsumo and SUMO's programs, found when they are needed."""

import importlib
from pathlib import Path
from typing import Any


class SimulatorMissing(Exception):
    """The extra is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Simulating needs Eclipse SUMO: install Citong with the extra `signals` (eclipse-sumo, libsumo)."
        )


def libsumo() -> Any:
    """The module libsumo; one process holds one simulation."""
    try:
        return importlib.import_module("libsumo")
    except ImportError as fault:
        raise SimulatorMissing from fault


def program(name: str) -> Path:
    """The path of one of SUMO's programs, such as `netgenerate`."""
    try:
        home = Path(importlib.import_module("sumo").SUMO_HOME)
    except ImportError as fault:
        raise SimulatorMissing from fault
    return home / "bin" / name


def tool(name: str) -> Path:
    """The path of one of SUMO's Python tools, such as `randomTrips.py`."""
    return program("sumo").parent.parent / "tools" / name
