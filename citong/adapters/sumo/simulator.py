"""libsumo and SUMO's programs, found when they are needed."""

import importlib
from pathlib import Path
from typing import Any

LIBRARIES = "libgl1 libx11-6 libxext6 libxrender1 libatomic1 libexpat1"
"""Debian packages that hold what SUMO's wheels need of the system."""


class SimulatorMissing(Exception):
    """The extra is not installed, or the system lacks a library that it needs."""

    def __init__(self, fault: ImportError) -> None:
        missing = isinstance(fault, ModuleNotFoundError)
        super().__init__(
            "Simulating needs Eclipse SUMO: install Citong with the extra `signals` (eclipse-sumo, libsumo)."
            if missing
            else f"Eclipse SUMO can not be loaded ({fault}). On Debian: apt-get install {LIBRARIES}."
        )


def libsumo() -> Any:
    """The module libsumo; one process holds one simulation."""
    try:
        return importlib.import_module("libsumo")
    except ImportError as fault:
        raise SimulatorMissing(fault) from fault


def program(name: str) -> Path:
    """The path of one of SUMO's programs, such as `netgenerate`."""
    try:
        home = Path(importlib.import_module("sumo").SUMO_HOME)
    except ImportError as fault:
        raise SimulatorMissing(fault) from fault
    return home / "bin" / name


def tool(name: str) -> Path:
    """The path of one of SUMO's Python tools, such as `randomTrips.py`."""
    return program("sumo").parent.parent / "tools" / name
