"""A simulated street network with its traffic: a folder with one `.sumocfg`."""

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


class NoScenario(Exception):
    """The folder holds no scenario that can be run."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Where the configuration is, and the files it adds, which options would otherwise replace."""

    name: str
    config: Path
    net: Path
    additional: tuple[Path, ...]
    begin: float
    end: float | None


def scenario(folder: Path) -> Scenario:
    """The scenario in this folder, or of this `.sumocfg`."""
    configs = [folder] if folder.is_file() else sorted(folder.glob("*.sumocfg"))
    if not configs:
        raise NoScenario(f"{folder} holds no .sumocfg file.")
    root = ElementTree.parse(configs[0]).getroot()  # noqa: S314  # the operator's own file
    net = _values(root, "net-file", "net", "n")
    if not net:
        raise NoScenario(f"{configs[0]} names no network (net-file).")
    end = _values(root, "end", "e")
    begin = _values(root, "begin", "b")
    return Scenario(
        name=folder.stem if folder.is_file() else folder.resolve().name,
        config=configs[0],
        net=configs[0].parent / net[0],
        additional=tuple(configs[0].parent / name for name in _values(root, "additional-files", "additional", "a")),
        begin=float(begin[0]) if begin else 0.0,
        end=float(end[0]) if end and float(end[0]) >= 0 else None,
    )


def _values(root: ElementTree.Element, *names: str) -> list[str]:
    for name in names:
        for found in root.iter(name):
            return [part.strip() for part in (found.get("value") or "").split(",") if part.strip()]
    return []
