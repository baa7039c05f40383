"""Our own controller: serve the stage through which most vehicles leave in each second, its change counted.

For every stage the departures of the next seconds are foretold from where each vehicle is: those that stand leave one
headway after another, those that come arrive in their own time, exits that are full take nobody. A stage is worth the
best mean rate it can reach over any span from now on; another one must win although its change costs time.
After Laemmer and Helbing, Self-control of traffic lights and vehicle flows in urban road networks (2008).
"""

from dataclasses import dataclass

from citong.core.signals.control.seen import LaneShape, Seen, Shape
from citong.core.signals.guard import Guard
from citong.core.signals.model import PROTECTED

NEAR = 25.0
"""Metres within which the first of a lane waits for its green."""
MOVING = 1.0
"""Metres a second above which it has found its way."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The one set of numbers for every network; seconds, but where said."""

    horizon: int = 40
    """How far departures are foretold."""
    headway: float = 2.0
    """Between two vehicles that leave one after another."""
    lost: float = 1.5
    """Until the first moves after its green began."""
    yielding: float = 3.0
    """How many headways a vehicle that must yield takes."""
    back: float = 0.5
    """Share of the change back that a change is charged with."""
    patience: float = 30.0
    """A lane counts double when its first has stood this long."""
    shortest: int = 5
    """Green of every stage at least, once it is complete."""
    cap: float = 100.0
    """Whoever waited so long is served next."""
    release: float = 0.25
    """Vehicles a second that leave an exit where somebody stands."""
    sharing: float = 0.6
    """What a vehicle counts on a lane whose ways are not all green: the first may want another one."""
    heaviest: float = 6.0
    """Most a vehicle counts, however long it stands."""
    stuck: float = 6.0
    """A lane whose first has stood so long at green is not moved by this stage."""
    memory: float = 40.0
    """So long a lane is held to be stuck in such stages, unless it moves."""


PRESET = Settings()


class Adaptive:
    """Leads one junction; remembers only which lanes are stuck."""

    def __init__(self, shape: Shape, settings: Settings = PRESET) -> None:
        self.shape, self.settings = shape, settings
        junction = shape.junction
        self.states = [stage.state for stage in junction.stages]
        self.served = [
            [(place, *self._ways(lane, state)) for place, lane in enumerate(shape.lanes) if self._open(lane, state)]
            for state in self.states
        ]
        count = range(len(self.states))
        self.changes = [[junction.change(self.states[one], self.states[other]) for other in count] for one in count]
        self.bins = [0.0] * (settings.horizon + 1)
        self.time = 0.0
        self.stuck = [-1.0] * len(shape.lanes)
        """Until when each lane is held to be stuck."""
        self.clear = self._clear()

    def _clear(self) -> list[list[bool]]:
        """By stage and lane: whether its whole road has green and yields to nobody, so that even the stuck get away."""
        shape = self.shape
        approaches = {movement.lane: movement.approach for movement in shape.junction.movements}
        groups: dict[str, set[int]] = {}
        for lane in shape.lanes:
            groups.setdefault(approaches[lane.name], set()).update(lane.groups)
        return [
            [all(state[g] == PROTECTED for g in groups[approaches[lane.name]]) for lane in shape.lanes]
            for state in self.states
        ]

    def _open(self, lane: LaneShape, state: str) -> bool:
        return any(state[group] in "Gg" for group in lane.groups)

    def _ways(self, lane: LaneShape, state: str) -> tuple[float, float, tuple[int, ...]]:
        """Headway of a lane in a stage, the share of it that may go, and the exits it goes to."""
        green = [group for group in lane.groups if state[group] in "Gg"]
        strong = [group for group in green if state[group] == PROTECTED]
        headway = self.settings.headway * (1 if strong else self.settings.yielding)
        share = 1.0 if len(green) == len(lane.groups) else self.settings.sharing
        exits = tuple(e for g, e in zip(lane.groups, lane.exits, strict=True) if state[g] in "Gg")
        return headway, share, exits

    def decide(self, seen: Seen, guard: Guard) -> int | None:
        """The present stage as long as no other one, its change counted, lets more vehicles leave in a second."""
        now = guard.stage
        self._note_stuck(seen, guard)
        if now is None:
            now = self._nearest(guard.state)
        elif guard.settled_since is None or guard.time - guard.settled_since < self.settings.shortest:
            return now
        if (late := self._late(guard)) is not None:
            return late
        best, most = now, self._rate(seen, now, 0.0, 0.0)
        for stage in range(len(self.states)):
            if stage != now:
                rate = self._rate(seen, stage, self.changes[now][stage], self.settings.back * self.changes[stage][now])
                if rate > most + 1e-9:
                    best, most = stage, rate
        return best

    def _note_stuck(self, seen: Seen, guard: Guard) -> None:
        """Lanes whose first stands at green: it finds no gap, its exit is full, or it wants another lane."""
        settings, self.time = self.settings, guard.time
        for place, lane in enumerate(seen.lanes):
            if not lane.distances:
                self.stuck[place] = -1.0
            elif lane.distances[0] > NEAR:
                continue
            elif lane.speeds[0] > MOVING:
                self.stuck[place] = -1.0
            elif lane.wait > settings.stuck and self._green_for(place, guard) > settings.stuck:
                self.stuck[place] = self.time + settings.memory

    def _green_for(self, place: int, guard: Guard) -> float:
        return max(guard.green_for(group) for group in self.shape.lanes[place].groups)

    def _nearest(self, state: str) -> int:
        return max(
            range(len(self.states)),
            key=lambda stage: sum(a == b for a, b in zip(self.states[stage], state, strict=True)),
        )

    def _late(self, guard: Guard) -> int | None:
        waits = guard.waits()
        late = [group for group, wait in waits.items() if wait >= self.settings.cap]
        if not late:
            return None
        stages = self.shape.junction.serving([max(late, key=lambda group: waits[group])])
        return stages[0] if stages else None

    def _rate(self, seen: Seen, stage: int, change: float, back: float) -> float:
        """Most weighted departures a second over any span from now to the horizon."""
        bins, horizon, settings = self.bins, self.settings.horizon, self.settings
        for second in range(horizon + 1):
            bins[second] = 0.0
        for place, headway, share, exits in self.served[stage]:
            lane = seen.lanes[place]
            if not lane.distances or (self.stuck[place] > self.time and not self.clear[stage][place]):
                continue
            space = max(seen.exits[e].space for e in exits)
            weight = share * min(1 + lane.wait / settings.patience, settings.heaviest)
            free = self.shape.lanes[place].speed
            leave = change + (settings.lost if change > 0 else 0.0) - headway
            for taken, (distance, speed) in enumerate(zip(lane.distances, lane.speeds, strict=True), start=1):
                leave = max(leave + headway, distance / free + (0.0 if speed > 2 else 1.0))
                if leave >= horizon or taken > space + leave * settings.release:
                    break
                bins[int(leave)] += weight
        total = best = 0.0
        first = max(int(change) + settings.shortest, 1) if change > 0 else 1
        for second in range(horizon):
            total += bins[second]
            if second + 1 >= first and total > best * (second + 1 + back):
                best = total / (second + 1 + back)
        return best


def adaptive(shape: Shape) -> Adaptive:
    """Our controller with its preset."""
    return Adaptive(shape)
