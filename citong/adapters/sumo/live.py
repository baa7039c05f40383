"""A simulated city that runs on and on: its traffic begins anew, its lights are led, asked from outside, and watched.

One thread lets the seconds pass; others read and ask. Every call takes the one lock, so SUMO is never called by two at
once. Clocks: plans and guards live in simulated seconds, asks and readings in those of `clock` (seconds since 1970).
"""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from citong.adapters.sumo.escort_net import meets, touching
from citong.adapters.sumo.junctions import LETTERS, read_junctions, read_shape
from citong.adapters.sumo.live_traffic import Again, Drive, Place
from citong.adapters.sumo.scenario import Scenario
from citong.adapters.sumo.sight import HALTING, SPACING, Sight, waiting_at
from citong.adapters.sumo.simulator import libsumo
from citong.core.escort.stages import with_escort_stages
from citong.core.signals.control.seen import Controller, Lead, Seen
from citong.core.signals.guard import WATCHDOG, Guard, Violation, Watch
from citong.core.signals.model import Junction, Plan
from citong.core.signals.port import Accepted, Answer, Ask, Detected, Mode, NoContact, Reading, Refused, Why

LIFE = 5.0
"""Seconds a stage wanted by a controller lives: it is renewed each second."""
TELEPORT = "300"
SLACK = 60.0
"""Seconds that changes of stage may add to the longest wait."""
REMEMBERED = 2_000
"""Asks whose answer is given again."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """How the streets are now: vehicles, metres a second in the mean, junctions led by the centre, what was broken."""

    second: float
    vehicles: int
    speed: float
    led: int
    broken: int


class LiveCity:
    """One simulation; libsumo allows one in a process. A `SignalPort` whose clock counts the seconds since 1970."""

    def __init__(
        self, place: Scenario, *, lead: Lead | None, seed: int = 1, clock: Callable[[], float] = time.time
    ) -> None:  # fmt: skip
        """Led by controllers that `lead` makes; by their plans alone where it is None."""
        self.sumo, self.lead, self.clock = libsumo(), lead, clock
        self.lock = threading.RLock()
        self.sumo.start(_options(place, seed))
        self.plain = read_junctions(self.sumo)
        pairs = touching(place.net)
        self._junctions = {
            name: with_escort_stages(one, meets=meets(pairs.get(name, set()))) for name, one in self.plain.items()
        }
        self.shapes = {name: read_shape(self.sumo, one) for name, one in self.plain.items()}
        self.sight = Sight(self.sumo, self.shapes)
        self.guards = {n: Guard(one, now=self.now, state=self._shown(n)) for n, one in self._junctions.items()}
        self.watches = {name: Watch(one) for name, one in self._junctions.items()}
        self.controllers: Mapping[str, Controller] = lead(self.shapes) if lead is not None else {}
        self.again = Again(self.sumo, end=place.end)
        self.drives: dict[str, Drive] = {}
        self.held: dict[str, float] = {}
        """Until when, by `clock`, somebody outside holds a light."""
        self.answers: OrderedDict[tuple[str, Ask], Answer] = OrderedDict()
        self.broken: Counter[str] = Counter()
        self.faults: list[Violation] = []
        for name in self.guards:
            self._show(name)

    # What passes each second -------------------------------------------------------------------

    @property
    def now(self) -> float:
        """Seconds of the simulation's clock."""
        return float(self.sumo.simulation.getTime())

    def second(self) -> None:
        """One second passes: everything is seen, decided, guarded, shown and watched."""
        with self.lock:
            now, seen = self.now, self.sight.look()
            waiting = {name: waiting_at(self.shapes[name], what) for name, what in seen.items()}
            for name, guard in self.guards.items():
                self._wish(name, guard, seen[name], now)
                before = guard.state
                if guard.step(now, clock=now, waiting=waiting[name]) != before:
                    self._show(name)
            self.sumo.simulationStep(now + 1)
            self._watch(waiting)
            self.again.second()
            for drive in self.drives.values():
                drive.second()

    def run(self, stop: threading.Event, *, speed: float = 1.0) -> None:
        """Second after second, so many simulated ones in a real one, until told to stop. What was missed is let go."""
        due = time.monotonic()
        while not stop.is_set():
            self.second()
            due = max(due + 1 / speed, time.monotonic() - 1)
            stop.wait(max(due - time.monotonic(), 0.0))

    def close(self) -> None:
        """The simulation is over."""
        with self.lock:
            self.sumo.close()

    def _wish(self, name: str, guard: Guard, seen: Seen, now: float) -> None:
        """Whoever holds the light from outside has it; else its controller."""
        if name in self.held:
            if self.held[name] > self.clock():
                return
            del self.held[name]
            guard.ask(None, now=now, until=now + LIFE)
        if name in self.controllers:
            beyond = guard.stage is not None and guard.stage >= len(self.plain[name].stages)
            stage = None if beyond else self.controllers[name].decide(seen, guard)
            guard.ask(stage, now=now, until=now + LIFE)

    def _watch(self, waiting: Mapping[str, int]) -> None:
        for name, watch in self.watches.items():
            for fault in watch.see(self.now, self._shown(name), waiting=waiting[name], slack=SLACK):
                self.broken[fault.rule.value] += 1
                self.faults.append(fault)

    def _show(self, name: str) -> None:
        self.sumo.trafficlight.setRedYellowGreenState(name, self.guards[name].state)

    def _shown(self, name: str) -> str:
        state: str = self.sumo.trafficlight.getRedYellowGreenState(name)
        return state.translate(LETTERS)

    # What others read and ask ------------------------------------------------------------------

    def junctions(self) -> Mapping[str, Junction]:
        """Every light, with the stages that escorts need besides those of its plan."""
        return self._junctions

    def reading(self, junction: str) -> Reading:
        """What the light shows now."""
        with self.lock:
            guard = self._guard(junction)
            mode, since = Mode.PLAN if guard.stage is None else Mode.CENTRAL, guard.settled_since
            at = self.clock()
            complete = None if since is None or guard.stage is None else at - (guard.time - since)
            return Reading(junction, at, guard.state, mode, guard.stage, complete)

    def detectors(self, junction: str) -> Mapping[str, Detected]:
        """What stands and comes on its lanes, before and behind it."""
        with self.lock:
            self._guard(junction)
            shape = self.shapes[junction]
            return {lane: self._detected(lane) for lane in (*(one.name for one in shape.lanes), *shape.exits)}

    def request_stage(self, junction: str, stage: int, ask: Ask) -> Answer:
        """The stage is wanted until then, the watchdog's span at most."""
        return self._once(junction, ask, lambda: self._request(junction, stage, ask))

    def set_plan(self, junction: str, plan: str, ask: Ask) -> Answer:
        """The lights of this city know the plan in force alone."""
        return self._once(junction, ask, lambda: self._set_plan(junction, plan, ask))

    def release(self, junction: str, ask: Ask) -> Answer:
        """The light goes back to its controller or plan, through lawful changes."""
        return self._once(junction, ask, lambda: self._release(junction, ask))

    def _request(self, junction: str, stage: int, ask: Ask) -> Answer:
        now, guard = self.clock(), self.guards[junction]
        if not 0 <= stage < len(guard.junction.stages):
            return Refused(ask.id, Why.UNKNOWN_STAGE, "This junction has no such stage.")
        until = min(ask.until, now + WATCHDOG)
        if until <= now:
            return Refused(ask.id, Why.EXPIRED, "The time of this ask is over.")
        if not guard.ask(stage, now=now, until=until):
            return Refused(ask.id, Why.TOO_OFTEN, "The stage was changed too often within a minute.")
        self.held[junction] = until
        return Accepted(ask.id, until)

    def _set_plan(self, junction: str, plan: str, ask: Ask) -> Answer:
        if plan != self._junctions[junction].plan.name:
            return Refused(ask.id, Why.UNKNOWN_PLAN, "This light knows the plan in force alone.")
        return self._release(junction, ask)

    def _release(self, junction: str, ask: Ask) -> Answer:
        now = self.clock()
        if self.held.pop(junction, None) is not None:
            self.guards[junction].ask(None, now=now, until=now + LIFE)
        return Accepted(ask.id, now)

    def _once(self, junction: str, ask: Ask, do: Callable[[], Answer]) -> Answer:
        """The same ask again at the same light is answered again and done once. An id alone is not enough: whoever asks
        may have started anew and count from one again."""
        with self.lock:
            if junction not in self.guards:
                return Refused(ask.id, Why.UNKNOWN_JUNCTION, "There is no such junction.")
            if (junction, ask) not in self.answers:
                self.answers[junction, ask] = do()
                if len(self.answers) > REMEMBERED:
                    self.answers.popitem(last=False)
            return self.answers[junction, ask]

    def _guard(self, junction: str) -> Guard:
        if junction not in self.guards:
            raise NoContact(junction, "There is no such junction.")
        return self.guards[junction]

    def _detected(self, lane: str) -> Detected:
        rows = self.sight.on.get(lane, [])
        waits = [wait for _distance, speed, wait in rows if speed < HALTING]
        filled = min(len(rows) * SPACING / max(self.sight.lengths[lane], 1.0), 1.0)
        return Detected(len(rows), len(waits), filled, max(waits, default=0.0))

    # What the centre puts on the street --------------------------------------------------------

    def put_plans(self, plans: Mapping[str, Plan]) -> list[str]:
        """These plans are in force from now on, each reached through lawful changes; the lights whose plan changed."""
        with self.lock:
            changed = [n for n, plan in plans.items() if n in self.guards and _differs(self.plain[n].plan, plan)]
            for name in changed:
                self.plain[name] = replace(self.plain[name], plan=plans[name])
                self._junctions[name] = replace(self._junctions[name], plan=plans[name])
                self.guards[name].junction = self._junctions[name]
                self.shapes[name] = replace(self.shapes[name], junction=self.plain[name])
            if changed and self.lead is not None:
                self.controllers = self.lead(self.shapes)  # what they compared themselves with is another plan now
            return changed

    def faults_since(self) -> list[Violation]:
        """What was broken since the last time this was asked."""
        with self.lock:
            found, self.faults = self.faults, []
            return found

    def traffic(self) -> Traffic:
        """How the streets are."""
        with self.lock:
            speeds = [self.sumo.vehicle.getSpeed(name) for name in self.sumo.vehicle.getIDList()]
            led = sum(guard.stage is not None for guard in self.guards.values())
            mean = sum(speeds) / max(len(speeds), 1)
            return Traffic(self.now, len(speeds), mean, led, sum(self.broken.values()))

    def drive(self, name: str, roads: list[str], *, begins_m: float, ends_m: float) -> Place | None:
        """A car drives this way, or goes on on it where it drives already; where it is, in degrees. None for a way that
        is none here."""
        with self.lock:
            if name not in self.drives:
                self.drives[name] = Drive(self.sumo, name)
            return self.drives[name].along(roads, begins_m=begins_m, ends_m=ends_m)

    def end_drive(self, name: str) -> None:
        """That car is taken from the streets."""
        with self.lock:
            if (drive := self.drives.pop(name, None)) is not None:
                drive.end()


def _differs(one: Plan, other: Plan) -> bool:
    return (one.spans, one.offset) != (other.spans, other.offset)


def _options(place: Scenario, seed: int) -> list[Any]:
    options = [
        "sumo", "-c", str(place.config), "--seed", str(seed), "--time-to-teleport", TELEPORT,
        "--no-step-log", "--no-warnings", "--duration-log.disable",
    ]  # fmt: skip
    return [*options, "-a", ",".join(str(path) for path in place.additional)] if place.additional else options
