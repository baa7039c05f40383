"""Junctions as a door to controllers lists them for the register: what they are, where they stand, what detects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from citong.core.signals.model import Junction


@dataclass(frozen=True, slots=True)
class Loop:
    """A detector: its lane, and metres from it to the stop line."""

    name: str
    lane: str
    metres: float


@dataclass(frozen=True)
class Listed:
    """One junction: metres in the plane of its network, degrees where the network lies on the earth."""

    junction: Junction
    metres: tuple[float, float]
    degrees: tuple[float, float] | None
    roads: Sequence[str] = ()
    """Names of the roads that meet here, where the network knows them."""
    loops: Sequence[Loop] = ()


@dataclass(frozen=True)
class ListedNetwork:
    """All junctions with signals of one network, and metres a second allowed on its roads."""

    name: str
    folder: str
    junctions: Mapping[str, Listed]
    speeds: Mapping[str, float]
    road_names: Mapping[str, str]
    reached: Mapping[str, str]
    """By road that leaves a signal: the road by which whoever goes straight on reaches the next signal."""
