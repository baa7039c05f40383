"""A simulated city whose signals are led through the guard, second by second, and watched at every one."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from citong.adapters.sumo.junctions import LETTERS, read_junctions, read_shape
from citong.adapters.sumo.loops import Loops
from citong.adapters.sumo.scenario import Scenario
from citong.adapters.sumo.sight import Sight, waiting_at
from citong.adapters.sumo.simulator import libsumo
from citong.core.signals.control.seen import Controller, Lead, Seen, Shape
from citong.core.signals.guard import Guard, Watch
from citong.core.signals.model import Junction

STILL = 1800.0
"""Seconds without an arrival after which a run without an end is over: the streets are locked."""
LIFE = 5.0
"""Seconds a wanted stage lives: it is renewed each second."""


class World:
    """One simulation; libsumo allows one in a process. Use as a context: it is closed at the end."""

    def __init__(
        self,
        place: Scenario,
        *,
        seed: int,
        output: Path,
        additional: tuple[Path, ...] = (),
        missed: float | None = None,
    ) -> None:
        """Vehicles are counted exactly, or by loops that miss this share of them."""
        self.place, self.sumo = place, libsumo()
        self.sumo.start(_options(place, seed, output, (*place.additional, *additional)))
        self.junctions: dict[str, Junction] = read_junctions(self.sumo)
        self.shapes: dict[str, Shape] = {name: read_shape(self.sumo, j) for name, j in self.junctions.items()}
        self.sight = Sight(self.sumo, self.shapes)
        self.view: Sight | Loops = self.sight if missed is None else Loops(self.sight, missed=missed)
        self.watches = {name: Watch(junction) for name, junction in self.junctions.items()}
        self.guards: dict[str, Guard] = {}
        self.controllers: dict[str, Controller] = {}
        self.broken: Counter[str] = Counter()
        self.times: list[float] = []
        self.worst_wait = 0.0
        self.plan_seconds = 0
        self.arrived_at = self.now

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *_: object) -> None:
        self.sumo.close()

    @property
    def now(self) -> float:
        """Seconds of the simulation's clock."""
        return float(self.sumo.simulation.getTime())

    def lead(self, lead: Lead) -> None:
        """Junctions are led by controllers made from their shapes, from now on."""
        self.controllers.update(lead(self.shapes))
        for name, shape in self.shapes.items():
            self.guards[name] = Guard(shape.junction, now=self.now, state=self._shown(name))
            self._show(name)

    def run(self) -> None:
        """To the end of the scenario, or until nobody is left where it names none."""
        for _now in self.seconds():
            pass

    def seconds(self) -> Iterator[float]:
        """The same, a second at a time: each has passed when it is given."""
        while self._goes_on():
            self.second()
            yield self.now

    def second(self) -> None:
        """One second passes: everything is seen, decided, guarded, shown and watched."""
        seen = self.view.look()
        waiting = {name: waiting_at(self.shapes[name], what) for name, what in seen.items()}
        if self.controllers:
            self._command(seen, waiting)
        self.sumo.simulationStep(self.now + 1)
        for name, watch in self.watches.items():
            for fault in watch.see(self.now, self._shown(name), waiting=waiting[name], slack=60):
                self.broken[fault.rule.value] += 1
        waits = (lane.wait for what in self.sight.seen.values() for lane in what.lanes)
        self.worst_wait = max(self.worst_wait, max(waits, default=0.0))

    def _command(self, seen: dict[str, Seen], waiting: dict[str, int]) -> None:
        now, clock = self.now, time.thread_time
        for name, guard in self.guards.items():
            begun = clock()
            stage = self.controllers[name].decide(seen[name], guard)
            guard.ask(stage, now=now, until=now + LIFE)
            before = guard.state
            state = guard.step(now, clock=now, waiting=waiting[name])
            self.times.append(clock() - begun)
            self.plan_seconds += guard.stage is None
            if state != before:
                self._show(name)

    def _show(self, name: str) -> None:
        """Shown from the next second on; from the first call SUMO's own program no longer runs."""
        self.sumo.trafficlight.setRedYellowGreenState(name, self.guards[name].state)

    def _shown(self, name: str) -> str:
        state: str = self.sumo.trafficlight.getRedYellowGreenState(name)
        return state.translate(LETTERS)

    def _goes_on(self) -> bool:
        if self.place.end is not None:
            return self.now < self.place.end
        if self.sumo.simulation.getArrivedNumber():
            self.arrived_at = self.now
        return bool(self.sumo.simulation.getMinExpectedNumber() > 0 and self.now - self.arrived_at < STILL)


def _options(place: Scenario, seed: int, output: Path, additional: tuple[Path, ...]) -> list[Any]:
    options = [
        "sumo", "-c", str(place.config), "--seed", str(seed), "--time-to-teleport", "-1",
        "--no-step-log", "--no-warnings", "--duration-log.disable",
        "--tripinfo-output", str(output), "--tripinfo-output.write-unfinished", "--tripinfo-output.write-undeparted",
    ]  # fmt: skip
    return [*options, "-a", ",".join(str(path) for path in additional)] if additional else options
