"""The same streets seen by loops alone: one far from the stop line, one at it, each of which misses some vehicles."""

import random
from collections.abc import Callable

from citong.adapters.sumo.sight import HALTING, SPACING, Sight
from citong.core.signals.control.seen import LaneSeen, Seen

FAR = 150.0
"""Metres before the stop line of the far loop; nearer where the lane begins later."""
AT_LINE = 12.0
"""Metres before the stop line in which somebody is seen to be there."""
CROSSING = 40.0
"""Metres within which a vehicle that is gone a second later has crossed the stop line."""
FORGET = 4
"""Seconds without anybody at the stop line after which a queue reckoned there is known to be wrong."""


class Loops:
    """Reckons the vehicles of each lane from what crossed its two loops; exits are still counted."""

    def __init__(self, sight: Sight, *, missed: float, seed: int = 1) -> None:
        self.sight, self.missed, self.shapes = sight, missed, sight.shapes
        self.chance = random.Random(seed)  # noqa: S311  # a detector's luck
        self.seen = {
            name: Seen(0.0, [LaneSeen() for _ in shape.lanes], self.sight.seen[name].exits)
            for name, shape in self.shapes.items()
        }
        self.lanes = {
            (name, place): _Lane(min(FAR, lane.length * 0.95), lane.speed)
            for name, shape in self.shapes.items()
            for place, lane in enumerate(shape.lanes)
        }

    def look(self) -> dict[str, Seen]:
        """Everything reckoned now."""
        for name, true in self.sight.look().items():
            seen = self.seen[name]
            seen.now = true.now
            for place, what in enumerate(true.lanes):
                present = self.sight.names[self.shapes[name].lanes[place].name]
                self.lanes[name, place].second(what, present, self._crossed, seen.lanes[place])
        return self.seen

    def _crossed(self) -> bool:
        """Whether a loop noticed a vehicle that crossed it."""
        return self.chance.random() >= self.missed


class _Lane:
    """Reckoned vehicles of one lane, as metres to the stop line, the nearest first."""

    def __init__(self, line: float, speed: float) -> None:
        self.line, self.speed = line, speed
        self.reckoned: list[float] = []
        self.first: tuple[str, ...] = ()
        self.empty = 0
        self.stood = 0.0

    def second(self, true: LaneSeen, present: tuple[str, ...], crossed: Callable[[], bool], seen: LaneSeen) -> None:
        """One second of loops: who left, who came, where they must be by now."""
        gone = [name for name in self.first if name not in present]
        for _ in gone:
            if self.reckoned and crossed():
                self.reckoned.pop(0)
        came = sum(d <= self.line < d + v for d, v in zip(true.distances, true.speeds, strict=True))
        self._move()
        self.reckoned += [self.line for _ in range(came) if crossed()]
        self._correct(bool(true.distances) and true.distances[0] < AT_LINE)
        self._fill(true, seen)
        near = sum(distance < CROSSING for distance in true.distances)
        self.first = present[-near:] if near else ()

    def _move(self) -> None:
        tail = 1.0
        for place, distance in enumerate(self.reckoned):
            self.reckoned[place] = max(distance - self.speed, tail)
            tail = self.reckoned[place] + SPACING

    def _correct(self, somebody: bool) -> None:
        """The loop at the line knows whether anybody is there, whatever was missed before."""
        self.empty = 0 if somebody else self.empty + 1
        if self.empty >= FORGET:
            self.reckoned = [distance for distance in self.reckoned if distance > AT_LINE + self.speed]
        elif somebody and not (self.reckoned and self.reckoned[0] < 2 * AT_LINE):
            self.reckoned.insert(0, 1.0)

    def _fill(self, true: LaneSeen, seen: LaneSeen) -> None:
        """A loop that stays covered knows that somebody stands on it."""
        covered = bool(true.distances) and true.distances[0] < AT_LINE and true.speeds[0] < HALTING
        self.stood = self.stood + 1 if covered else 0.0
        seen.distances[:] = self.reckoned
        seen.speeds[:] = [
            0.0 if distance <= 2 + SPACING * place * 1.2 and (covered or place) else self.speed
            for place, distance in enumerate(self.reckoned)
        ]
        seen.halted = sum(speed < HALTING for speed in seen.speeds)
        seen.wait = self.stood
