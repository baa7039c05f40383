"""The simple controllers of the literature, with the settings commonly published: the measure for our own.

Varaiya, Max pressure control of a network of signalized intersections (2013); Ault and Sharon, RESCO (2021).
"""

from collections.abc import Callable

from citong.core.signals.control.seen import LaneSeen, Seen, Shape
from citong.core.signals.guard import Guard

WORTH = Callable[[LaneSeen], float]


class FixedPlan:
    """The plan the controller came with."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def decide(self, seen: Seen, guard: Guard) -> int | None:
        """Always the plan."""
        return None


class Pressure:
    """The stage with most pressure: what stands or comes before it, less (maybe) what stands behind it."""

    def __init__(
        self,
        shape: Shape,
        *,
        worth: WORTH,
        behind: float = 1.0,
        green: float = 10.0,
        cap: float = 90.0,
        rate: bool = False,
    ) -> None:
        self.shape, self.worth, self.behind, self.green, self.cap, self.rate = shape, worth, behind, green, cap, rate
        self.stages = [stage.greens for stage in shape.junction.stages]

    def decide(self, seen: Seen, guard: Guard) -> int | None:
        """The present stage until it has had its green, then the best one."""
        now, since = guard.stage, guard.settled_since
        if now is not None and (since is None or guard.time - since < self.green):
            return now
        if (starved := self._starved(guard)) is not None:
            return starved
        worths = self._worths(seen)
        best = max(range(len(worths)), key=lambda stage: (worths[stage], stage == now))
        return best

    def _starved(self, guard: Guard) -> int | None:
        waits = guard.waits()
        late = [group for group, wait in waits.items() if wait >= self.cap]
        if not late:
            return None
        stages = self.shape.junction.serving([max(late, key=lambda group: waits[group])])
        return stages[0] if stages else None

    def _worths(self, seen: Seen) -> list[float]:
        found = [0.0] * len(self.stages)
        for lane, what in zip(self.shape.lanes, seen.lanes, strict=True):
            mine = self.worth(what)
            for group, exit_ in zip(lane.groups, lane.exits, strict=True):
                gain = mine / len(lane.groups)
                gain -= self.behind * seen.exits[exit_].halted / len(lane.groups)
                if self.rate:
                    gain = max(gain, 0.0) * min(1.0, seen.exits[exit_].space / 3)
                for stage, greens in enumerate(self.stages):
                    if group in greens:
                        found[stage] += gain
        return found


def simple_pressure(shape: Shape) -> Pressure:
    """Max pressure on counts, decided every 5 s, without a cap (RESCO's)."""
    return Pressure(shape, worth=lambda lane: float(len(lane.distances)), green=5.0, cap=1e9)


def queue_pressure(shape: Shape) -> Pressure:
    """Max pressure on vehicles that stand, 10 s green, 90 s cap."""
    return Pressure(shape, worth=lambda lane: float(lane.halted))


def wave(shape: Shape) -> Pressure:
    """The stage with the longest wait and queue, whatever stands behind it."""
    return Pressure(shape, worth=lambda lane: len(lane.distances) + lane.wait / 10, behind=0.0)


def discharge_pressure(shape: Shape) -> Pressure:
    """Max pressure times what the exits can take, 10 s green, 90 s cap."""
    return Pressure(shape, worth=lambda lane: float(len(lane.distances)), rate=True)
