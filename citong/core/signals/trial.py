"""A plan change tried before it reaches the street: what is asked of a simulator, and the figures it gives back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from citong.core.signals.model import Plan


class TrialFault(Exception):
    """The simulator could not run it; the sentence says why."""


@dataclass(frozen=True)
class Trial:
    """The same traffic with the same seeds, once with the plans before and once with those after."""

    folder: str
    """Where the scenario is: its network and its traffic."""
    seeds: Sequence[int]
    before: Mapping[str, Plan]
    after: Mapping[str, Plan]
    corridors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By name: the roads that lead along it to its signals. What happens there is told by the hour."""

    @property
    def runs(self) -> int:
        """How many runs it takes."""
        return 2 * len(self.seeds)


@dataclass(frozen=True, slots=True)
class Hour:
    """What one hour brought to one corridor, `begin` seconds into the scenario's day."""

    corridor: str
    begin: int
    speed: float
    """Metres a second, all distance by all time."""
    delay: float
    """Seconds lost on a kilometre."""
    queue: float
    """Vehicles that stand, in the mean."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One run. Speed in metres a second; delay, wait in seconds; queue in vehicles at the junctions changed."""

    seed: int
    speed: float
    delay: float
    stops: float
    worst_wait: float
    queue: float
    violations: int
    arrived: int
    kept_out: int
    """Trips that could not even depart."""
    hours: Sequence[Hour] = ()


@dataclass(frozen=True)
class Outcome:
    """Runs before and after, seed by seed, and what ran them."""

    before: Sequence[Figures]
    after: Sequence[Figures]
    ran_by: str
    scenario: str = ""
    """Digest of the scenario's files: a repetition with others would be another trial."""


Tell = Callable[[int], None]
"""Hears how many runs are done."""


class Simulator(Protocol):
    """What stands behind the port of trials."""

    def __call__(self, trial: Trial, *, tell: Tell) -> Outcome:
        """Every run is done. Raises TrialFault."""
