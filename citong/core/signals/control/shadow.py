"""What the plan itself would do with the vehicles that come: queues reckoned beside the real ones, second by second."""

from citong.core.signals.control.seen import Seen, Shape
from citong.core.signals.model import GREEN, PROTECTED

LINE = 120.0
"""Metres before the stop line at which a vehicle counts as come; nearer where the lane is shorter."""
STANDING = 2.0
"""Metres a second below which a vehicle is part of a queue."""
LEAVING = 0.5
"""Vehicles a second from a lane whose ways are all green and yield to nobody."""
PARTLY = 0.6
"""Share of that for a lane some of whose ways are red."""
YIELDING = 0.4
"""Share of that for a lane that must yield."""


class Shadow:
    """One junction: how many stand, how many would stand under the plan, and how many came, in the last second."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.queues = [0.0] * len(shape.lanes)
        self.lines = [min(LINE, lane.length * 0.9) for lane in shape.lanes]
        self.under_way = [
            [0] * max(int(line / lane.speed), 1) for line, lane in zip(self.lines, shape.lanes, strict=True)
        ]
        self.leaving: dict[str, tuple[float, ...]] = {}
        self.second = 0
        self.standing = self.planned = self.came = 0.0

    def look(self, seen: Seen) -> None:
        """One second passes."""
        state = self.shape.junction.plan.state_at(seen.now)
        leaving = self.leaving.get(state) or self._leaving(state)
        self.standing = self.planned = self.came = 0.0
        self.second += 1
        for place, lane in enumerate(seen.lanes):
            line, came = self.lines[place], 0
            for distance, speed in zip(lane.distances, lane.speeds, strict=True):
                if distance > line:
                    break
                self.standing += speed < STANDING
                came += distance + speed > line
            way = self.under_way[place]
            moment = self.second % len(way)
            queue = self.queues[place] + way[moment] - leaving[place]
            way[moment] = came
            self.queues[place] = queue = queue if queue > 0 else 0.0
            self.planned += queue
            self.came += came

    def _leaving(self, state: str) -> tuple[float, ...]:
        found = []
        for lane in self.shape.lanes:
            green = [state[group] for group in lane.groups if state[group] in GREEN]
            rate = LEAVING if green else 0.0
            rate *= 1.0 if len(green) == len(lane.groups) else PARTLY
            found.append(rate * (1.0 if PROTECTED in green else YIELDING))
        self.leaving[state] = tuple(found)
        return self.leaving[state]
