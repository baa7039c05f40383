"""Lights without a street, for tests and for showing how an escort goes: controllers with their guards, no traffic.

Pure Python. `second` lets a second pass; the guard of each junction decides what is shown, as at a real device.
"""

from collections.abc import Mapping

from citong.core.signals.guard import Guard, Watch
from citong.core.signals.model import Junction
from citong.core.signals.port import Accepted, Answer, Ask, Detected, Mode, NoContact, Reading, Refused, Why


class SimulatedPort:
    """A `SignalPort`. `silent` junctions do not answer; `counted` is what detectors say, by junction and lane."""

    def __init__(self, junctions: Mapping[str, Junction], *, now: float) -> None:
        self._junctions, self.now = dict(junctions), now
        self.guards = {n: Guard(j, now=now, state=j.plan.state_at(now)) for n, j in self._junctions.items()}
        self.watches = {name: Watch(junction) for name, junction in self._junctions.items()}
        self.asked: dict[str, tuple[int, float]] = {}
        self.counted: dict[str, dict[str, Detected]] = {}
        self.silent: set[str] = set()
        self.violations = 0

    def second(self, now: float) -> None:
        """It is this second now; every state shown is watched."""
        self.now = now
        for name, guard in self.guards.items():
            self.violations += len(self.watches[name].see(now, guard.step(now, clock=now)))
        self.asked = {name: (stage, until) for name, (stage, until) in self.asked.items() if until > now}

    def junctions(self) -> Mapping[str, Junction]:
        return self._junctions

    def reading(self, junction: str) -> Reading:
        self._heard(junction)
        guard, stage = self.guards[junction], self.asked.get(junction, (None, 0.0))[0]
        state = guard.state
        done = stage is not None and self._junctions[junction].stages[stage].greens <= _greens(state)
        return Reading(
            junction, self.now, state, Mode.CENTRAL if stage is not None else Mode.PLAN, stage,
            self.now if done else None,
        )  # fmt: skip

    def detectors(self, junction: str) -> Mapping[str, Detected]:
        self._heard(junction)
        return self.counted.get(junction, {})

    def request_stage(self, junction: str, stage: int, ask: Ask) -> Answer:
        self._heard(junction)
        if stage >= len(self._junctions[junction].stages):
            return Refused(ask.id, Why.UNKNOWN_STAGE, "This junction has no such stage.")
        if not self.guards[junction].ask(stage, now=self.now, until=ask.until):
            return Refused(ask.id, Why.TOO_OFTEN, "The stage was changed too often within a minute.")
        self.asked[junction] = (stage, ask.until)
        return Accepted(ask.id, ask.until)

    def set_plan(self, junction: str, plan: str, ask: Ask) -> Answer:
        return Refused(ask.id, Why.UNKNOWN_PLAN, "The simulated lights know their own plan alone.")

    def release(self, junction: str, ask: Ask) -> Answer:
        self._heard(junction)
        self.guards[junction].ask(None, now=self.now, until=self.now + 1)
        self.asked.pop(junction, None)
        return Accepted(ask.id, self.now)

    def _heard(self, junction: str) -> None:
        if junction in self.silent or junction not in self._junctions:
            raise NoContact(junction)


def _greens(state: str) -> frozenset[int]:
    return frozenset(group for group, letter in enumerate(state) if letter in "Gg")
