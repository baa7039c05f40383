"""The port to simulated signals as an escort sees it, and the same door with delay and loss before it."""

import random
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from citong.core.signals.guard import Guard
from citong.core.signals.model import Junction
from citong.core.signals.port import Accepted, Answer, Ask, Detected, Mode, Reading, Refused, Why


class GuardedPort:
    """Every ask goes to the guard of its junction; what the guard takes is shown by the world each second."""

    def __init__(
        self, guards: Mapping[str, Guard], *, clock: Callable[[], float], taken: Callable[[str], None]
    ) -> None:
        self.guards, self.clock, self.taken = guards, clock, taken
        self.until: dict[str, float] = {}

    def junctions(self) -> Mapping[str, Junction]:
        """Every junction behind this door."""
        return {name: guard.junction for name, guard in self.guards.items()}

    def reading(self, junction: str) -> Reading:
        """What the junction shows."""
        guard = self.guards[junction]
        mode = Mode.PLAN if guard.stage is None else Mode.CENTRAL
        return Reading(junction, self.clock(), guard.state, mode, guard.stage, guard.settled_since)

    def detectors(self, junction: str) -> Mapping[str, Detected]:
        """Detectors are read by the world itself."""
        return {}

    def request_stage(self, junction: str, stage: int, ask: Ask) -> Answer:
        """Asked of the guard, until the ask expires."""
        now = self.clock()
        self.taken(junction)
        if junction not in self.guards:
            return Refused(ask.id, Why.UNKNOWN_JUNCTION, f"There is no junction {junction}.")
        if not self.guards[junction].ask(stage, now=now, until=ask.until):
            why = Why.EXPIRED if ask.until <= now else Why.TOO_OFTEN
            return Refused(ask.id, why, f"Junction {junction} refused stage {stage}.")
        self.until[junction] = ask.until
        return Accepted(ask.id, ask.until)

    def set_plan(self, junction: str, plan: str, ask: Ask) -> Answer:
        """The simulated controllers know their own plan alone."""
        return Refused(ask.id, Why.UNKNOWN_PLAN, f"Junction {junction} knows no plan {plan}.")

    def release(self, junction: str, ask: Ask) -> Answer:
        """Back to the plan."""
        if junction not in self.guards:
            return Refused(ask.id, Why.UNKNOWN_JUNCTION, f"There is no junction {junction}.")
        now = self.clock()
        self.until.pop(junction, None)
        self.guards[junction].ask(None, now=now, until=now + 1)
        return Accepted(ask.id, now)


class SlowPort(GuardedPort):
    """The same, but asks take `delay` seconds and `lost` of them never come. Both answers look alike to who asks."""

    def __init__(self, *args: Any, delay: float, lost: float, chance: random.Random, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.delay, self.lost, self.chance = delay, lost, chance
        self.under_way: deque[tuple[float, Callable[[], Answer]]] = deque()

    def second(self) -> None:
        """Asks whose time has come arrive."""
        while self.under_way and self.under_way[0][0] <= self.clock():
            self.under_way.popleft()[1]()

    def request_stage(self, junction: str, stage: int, ask: Ask) -> Answer:
        """Sent; it may be late or lost."""
        return self._sent(ask, lambda: super(SlowPort, self).request_stage(junction, stage, ask))

    def release(self, junction: str, ask: Ask) -> Answer:
        """Sent; when it is lost the ask before expires by itself."""
        return self._sent(ask, lambda: super(SlowPort, self).release(junction, ask))

    def _sent(self, ask: Ask, done: Callable[[], Answer]) -> Answer:
        if self.chance.random() >= self.lost:
            self.under_way.append((self.clock() + self.delay, done))
        return Accepted(ask.id, ask.until)
