"""Actuated control: stages in their order, each as long as somebody comes to its green, none that nobody asks for.

Traffic Signal Timing Manual, FHWA-HOP-08-024 (2008), chapter 5: gap-out, max-out, calls, recall of footways. Longest
greens are such that a whole round with every stage in it ends within the longest wait of the junction.
"""

from dataclasses import dataclass

from citong.core.signals.control.seen import LaneSeen, LaneShape, Seen, Shape
from citong.core.signals.guard import Guard
from citong.core.signals.model import GREEN, PERMISSIVE


@dataclass(frozen=True, slots=True)
class Timing:
    """The one set of numbers for every junction; seconds, but where said."""

    shortest: float = 5.0
    """Green of a stage at least, once it is complete; the guard keeps the minimum of each group besides."""
    longest: float = 50.0
    gap: float = 3.0
    """Whoever reaches the stop line within this time extends the green."""
    near: float = 15.0
    """Metres before the stop line in which a vehicle asks for its green."""
    moving: float = 1.0
    """Metres a second above which somebody drives."""
    stuck: float = 10.0
    """Whoever stands so long at green does not extend it; if it yields, one that yields to nobody is asked for."""
    slow: float = 2.0
    """What deciding once a second adds to a stage and its change."""


PRESET = Timing()


class Actuated:
    """Leads one junction; remembers nothing but what its guard remembers."""

    def __init__(self, shape: Shape, timing: Timing = PRESET) -> None:
        self.shape, self.timing = shape, timing
        self.stages = shape.junction.stages
        self.longest = self._longest()

    def decide(self, seen: Seen, guard: Guard) -> int | None:
        """The present stage while it is used or nobody asks for another; then the next one somebody asks for."""
        now, since = guard.stage, guard.settled_since
        if now is None:
            return self._nearest(guard.state)
        if since is None or guard.time - since < self.timing.shortest or not guard.may_end():
            return now
        following = self._next(now, seen, guard)
        if following is None:
            return now
        if guard.time - since >= self.longest:
            return following
        lanes = zip(self.shape.lanes, seen.lanes, strict=True)
        return now if any(self._extends(lane, what, guard) for lane, what in lanes) else following

    def _longest(self) -> float:
        """Green of each stage at most: the others' greens and all changes are a wait somebody may have to bear."""
        states, count = [stage.state for stage in self.stages], len(self.stages)
        changes = [self.shape.junction.change(states[place - 1], states[place]) for place in range(count)]
        fair = (self.shape.junction.clearance.max_wait - sum(changes) - count * self.timing.slow) / max(count - 1, 1)
        return max(min(self.timing.longest, fair), self.timing.shortest)

    def _nearest(self, state: str) -> int:
        same = [sum(a == b for a, b in zip(stage.state, state, strict=True)) for stage in self.stages]
        return same.index(max(same))

    def _next(self, now: int, seen: Seen, guard: Guard) -> int | None:
        """The next stage in the order that serves a call which the present one does not."""
        calls, weak = self._calls(now, seen, guard)
        for step in range(1, len(self.stages)):
            stage = (now + step) % len(self.stages)
            if calls & self.stages[stage].greens or weak & self.stages[stage].protected:
                return stage
        return None

    def _calls(self, now: int, seen: Seen, guard: Guard) -> tuple[set[int], set[int]]:
        """Groups that are red and asked for, and those where somebody finds no gap to go through."""
        state = self.stages[now].state
        calls, weak = {group for group in guard.waits() if state[group] not in GREEN}, set[int]()
        for lane, what in zip(self.shape.lanes, seen.lanes, strict=True):
            if not what.distances or what.distances[0] > self.timing.near:
                continue
            if all(state[group] not in GREEN for group in lane.groups):
                calls.update(lane.groups)
            elif self._stuck(lane, what, guard):
                weak.update(group for group in lane.groups if state[group] == PERMISSIVE)
        return calls, weak

    def _extends(self, lane: LaneShape, what: LaneSeen, guard: Guard) -> bool:
        """Whether somebody on this lane is about to use its green."""
        if not what.distances or not _green_for(lane, guard) or self._stuck(lane, what, guard):
            return False
        return what.distances[0] <= max(self.timing.gap * lane.speed, self.timing.near)

    def _stuck(self, lane: LaneShape, what: LaneSeen, guard: Guard) -> bool:
        """Whether the first has stood at green: it finds no gap, its exit is full, or its way is red."""
        return what.speeds[0] < self.timing.moving and _green_for(lane, guard) > self.timing.stuck


def _green_for(lane: LaneShape, guard: Guard) -> float:
    """Seconds for which one of its ways has been green."""
    return max(guard.green_for(group) for group in lane.groups)


def actuated(shape: Shape) -> Actuated:
    """Our actuated controller with its preset."""
    return Actuated(shape)
