"""Traffic with its own lights, of which those on an escort's way are led through the guard and watched each second."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from citong.adapters.sumo.escort_job import Job
from citong.adapters.sumo.escort_net import meets, touching
from citong.adapters.sumo.escort_port import SlowPort
from citong.adapters.sumo.junctions import LETTERS, read_junctions, read_shape
from citong.adapters.sumo.scenario import Scenario
from citong.adapters.sumo.sight import Sight, waiting_at
from citong.adapters.sumo.simulator import libsumo
from citong.core.escort.stages import with_escort_stages
from citong.core.signals.control.seen import Controller, Seen, Shape
from citong.core.signals.guard import Guard, Watch
from citong.core.signals.model import Junction

TELEPORT = 300
SLACK = 60.0
"""Seconds that changes may add to the longest wait."""

Lead = Callable[[Mapping[str, Shape]], Mapping[str, Controller]]


class EscortWorld:
    """One simulation with teleport after 300 s. Lights without static programs keep their own until asked."""

    def __init__(self, place: Scenario, job: Job) -> None:
        self.place, self.job, self.sumo = place, job, libsumo()
        self.alone = job.way == "alone"
        self.sumo.start(_options(place, job))
        self.junctions: dict[str, Junction] = {}
        self.guards: dict[str, Guard] = {}
        self.watches: dict[str, Watch] = {}
        self.controllers: dict[str, Controller] = {}
        self.plain: dict[str, int] = {}
        self.own: dict[str, str] = {}
        self.broken: Counter[str] = Counter()
        self.checked = 0
        self.sight: Sight | None = None
        self.seen: dict[str, Seen] = {}
        if not self.alone:
            self._lights()
        chance = random.Random(job.seed * 7919 + 1)  # noqa: S311 - for measuring
        bad = job.imperfect
        self.port = SlowPort(
            self.guards, clock=lambda: self.now, taken=self._take, delay=bad.delay, lost=bad.lost, chance=chance
        )

    @property
    def now(self) -> float:
        """Seconds of the simulation's clock."""
        return float(self.sumo.simulation.getTime())

    def _lights(self) -> None:
        pairs = touching(self.place.net)
        for name, junction in read_junctions(self.sumo).items():
            wide = with_escort_stages(junction, meets=meets(pairs.get(name, set())))
            self.junctions[name] = wide

    def guard_over(self, names: set[str]) -> None:
        """These junctions are led through guards from now on; the others run the program they came with."""
        for name in sorted(names):
            self.guards[name] = Guard(self.junctions[name], now=self.now, state=self.shown(name))
            if not self._is_static(name):
                self.own[name] = self.sumo.trafficlight.getProgram(name)
            else:
                self.watches[name] = Watch(self.junctions[name])
                self._show(name)
        self.watch_over(set(self.guards))

    def watch_over(self, names: set[str]) -> None:
        """These junctions are looked at: who stands there counts for the longest wait."""
        shapes = {name: read_shape(self.sumo, self.junctions[name]) for name in sorted(names)}
        self.sight = Sight(self.sumo, shapes)

    def lead(self, make: Lead) -> None:
        """Every junction is led by a controller where no escort asks; it knows the stages of the plan alone."""
        plain = read_junctions(self.sumo)  # before guards show anything: then no plan of their own runs any more
        self.guard_over(set(self.junctions))
        assert self.sight is not None
        self.controllers = dict(make({name: replace(s, junction=plain[name]) for name, s in self.sight.shapes.items()}))
        self.plain = {name: len(junction.stages) for name, junction in plain.items()}
        for name in list(self.own):
            self._take(name)
        self.own.clear()

    def look(self) -> None:
        """What stands and comes is read."""
        self.seen = self.sight.look() if self.sight is not None else {}

    def second(self) -> None:
        """Lights are guarded and shown, a second passes, every state is watched."""
        waiting = self._show_all() if not self.alone else {}
        self.sumo.simulationStep(self.now + 1)
        for name, watch in self.watches.items():
            self.checked += 1
            for fault in watch.see(self.now, self.shown(name), waiting=waiting.get(name, 0), slack=SLACK):
                self.broken[fault.rule.value] += 1

    def _show_all(self) -> dict[str, int]:
        now = self.now
        self.port.second()
        if self.controllers:
            self.look()
        waiting = (
            {name: waiting_at(self.sight.shapes[name], what) for name, what in self.seen.items()} if self.sight else {}
        )
        for name, guard in self.guards.items():
            if name not in self.watches:
                continue
            if name in self.controllers and self.port.until.get(name, 0.0) <= now:
                own = cast(Guard, Plainly(guard, self.plain[name]))
                guard.ask(self.controllers[name].decide(self.seen[name], own), now=now, until=now + 5)
            before = guard.state
            state = guard.step(now, clock=now, waiting=waiting.get(name, 0))
            if state != before:
                self._show(name)
            if name in self.own and self.port.until.get(name, 0.0) <= now:
                self._hand_back(name)
        return waiting

    def _take(self, name: str) -> None:
        """A light that ran a program of its own is led from what it shows now."""
        if name in self.watches or name not in self.junctions:
            return
        if name not in self.guards:
            self.guard_over({name})
            return
        self.guards[name].adopt(self.shown(name), now=self.now)
        self.watches[name] = Watch(self.junctions[name])
        self._show(name)

    def _hand_back(self, name: str) -> None:
        """Back to its own program as soon as the guard shows one of its phases, for which the minimum has gone by."""
        guard = self.guards[name]
        if guard.stage is not None or guard.settled_since is None or guard.time - guard.settled_since < 3:
            return
        for logic in self.sumo.trafficlight.getAllProgramLogics(name):
            states = [phase.state.translate(LETTERS) for phase in logic.phases]
            if logic.programID == self.own[name] and guard.state in states:
                self.sumo.trafficlight.setProgram(name, logic.programID)
                self.sumo.trafficlight.setPhase(name, states.index(guard.state))
                del self.watches[name]
                return

    def _is_static(self, name: str) -> bool:
        running = self.sumo.trafficlight.getProgram(name)
        logics = self.sumo.trafficlight.getAllProgramLogics(name)
        return any(logic.programID == running and logic.type == 0 for logic in logics)

    def _show(self, name: str) -> None:
        self.sumo.trafficlight.setRedYellowGreenState(name, self.guards[name].state)

    def shown(self, name: str) -> str:
        """The letters the lamps show."""
        state: str = self.sumo.trafficlight.getRedYellowGreenState(name)
        return state.translate(LETTERS)

    def standing(self, *, nearest: bool) -> dict[str, dict[str, float]]:
        """Vehicles that stand, by junction and lane; `nearest`: as far as loops near the line can say."""
        if self.sight is None:
            return {}
        found: dict[str, dict[str, float]] = {}
        for name, what in self.seen.items():
            lanes = zip(self.sight.shapes[name].lanes, what.lanes, strict=True)
            most = 5.0 if nearest else float("inf")
            found[name] = {lane.name: min(float(seen.halted), most) for lane, seen in lanes}
        return found


class Plainly:
    """A guard as a controller sees it that knows the stages of the plan alone: while another one is shown for an
    escort, none of its own is."""

    def __init__(self, guard: Guard, stages: int) -> None:
        self.guard, self.stages = guard, stages

    @property
    def stage(self) -> int | None:
        """The stage being shown or approached, if the controller knows it."""
        stage = self.guard.stage
        return stage if stage is not None and stage < self.stages else None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.guard, name)


def _options(place: Scenario, job: Job) -> list[Any]:
    shared = [
        "--seed", str(job.seed), "--time-to-teleport", str(TELEPORT), "--no-step-log", "--no-warnings",
        "--duration-log.disable", "--tripinfo-output", job.output,
        "--tripinfo-output.write-unfinished", "--tripinfo-output.write-undeparted",
    ]  # fmt: skip
    if job.way == "alone":
        return ["sumo", "-n", str(place.net), "--tls.all-off", "--begin", str(place.begin), *shared]
    options = ["sumo", "-c", str(place.config), *shared]
    if job.closure is not None:
        options.append("--ignore-route-errors")  # who departs to the closed road is led round in that second
    return [*options, "-a", ",".join(str(path) for path in place.additional)] if place.additional else options
