"""Ways to lead an escort: our conductor, and the simple ones it is measured against. All pass port and guard."""

from collections.abc import Callable, Mapping
from typing import Protocol

from citong.core.escort.conductor import Conductor, Escort, Wish
from citong.core.escort.position import Fix
from citong.core.escort.seen import GateSeen
from citong.core.escort.settings import PRESET, Settings
from citong.core.escort.way import Way
from citong.core.signals.model import Junction

TRIGGER_M = 200.0
Standing = Mapping[str, Mapping[str, float]]


class Leading(Protocol):
    """What a run asks once a second."""

    def report(self, fix: Fix) -> None:
        """The escort was seen there."""

    def wishes(self, now: float, seen: Mapping[int, GateSeen], standing: Standing) -> list[Wish]:
        """What is asked of the lights."""

    def turn(self, way: Way, fix: Fix) -> None:
        """From here it takes another way."""

    def end(self) -> None:
        """The escort has arrived."""


class Nothing:
    """The escort drives with the traffic."""

    def report(self, fix: Fix) -> None:
        """Nobody listens."""

    def wishes(self, now: float, seen: Mapping[int, GateSeen], standing: Standing) -> list[Wish]:
        """None."""
        return []

    def turn(self, way: Way, fix: Fix) -> None:
        """Nobody looks."""

    def end(self) -> None:
        """Nothing ends."""


class Within:
    """Each light is called when the escort is nearer than so many metres, and let go behind it."""

    def __init__(self, way: Way, metres: float) -> None:
        self.way, self.metres = way, metres
        self.at: float | None = None

    def report(self, fix: Fix) -> None:
        """Where it is."""
        self.at = fix.along_m

    def wishes(self, now: float, seen: Mapping[int, GateSeen], standing: Standing) -> list[Wish]:
        """Lights before it and near."""
        if self.at is None:
            return []
        found: dict[str, Wish] = {}
        for gate in self.way.gates:
            if self.at < gate.clear_m and gate.line_m <= self.at + self.metres:
                found.setdefault(gate.junction, Wish(gate.junction, gate.stage, "escort", "near"))
        return list(found.values())

    def turn(self, way: Way, fix: Fix) -> None:
        """Its lights are called instead."""
        self.way, self.at = way, fix.along_m

    def end(self) -> None:
        """Everything is let go."""
        self.at = None


class Conducted:
    """Our conductor with this one escort."""

    def __init__(self, way: Way, junctions: Mapping[str, Junction], *, now: float, settings: Settings = PRESET) -> None:
        self.conductor = Conductor(junctions, settings)
        self.escort = Escort("escort", way, asked_at=now)
        self.conductor.begin(self.escort, now=now)

    def report(self, fix: Fix) -> None:
        """Where it is."""
        if "escort" in self.conductor.escorts:
            self.conductor.report("escort", fix)

    def wishes(self, now: float, seen: Mapping[int, GateSeen], standing: Standing) -> list[Wish]:
        """What the conductor asks."""
        return self.conductor.decide(now, {"escort": seen}, standing)

    def turn(self, way: Way, fix: Fix) -> None:
        """Lights of the old way are let go."""
        self.conductor.change_way("escort", way, fix)

    def end(self) -> None:
        """It has arrived; waiting traffic is paid back."""
        self.conductor.end("escort")


Make = Callable[..., Leading]
WAYS: dict[str, Make] = {
    "nothing": lambda way, junctions, now: Nothing(),
    "200 m": lambda way, junctions, now: Within(way, TRIGGER_M),
    "all at once": lambda way, junctions, now: Within(way, float("inf")),
    "planner": lambda way, junctions, now: Conducted(way, junctions, now=now),
}
