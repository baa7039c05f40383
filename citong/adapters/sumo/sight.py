"""What stands and comes before each junction, read from the simulation once a second."""

from typing import Any

from citong.core.signals.control.seen import SIGHT, ExitSeen, LaneSeen, Seen, Shape
from citong.core.signals.model import Kind

HALTING = 0.1
"""Metres a second below which a vehicle stands (SUMO's own limit)."""
ROOM = 40.0
"""Vehicles an exit takes while everybody on it moves."""
SPACING = 7.5
"""Metres of a standing vehicle and the gap before it."""
AT_LINE = 15.0
"""Metres before the stop line in which somebody who stands waits at it."""


class Sight:
    """Reads every lane that can be seen from some stop line, each only once, and spreads it over the junctions."""

    def __init__(self, sumo: Any, shapes: dict[str, Shape]) -> None:
        self.sumo, self.shapes = sumo, shapes
        self.seen = {
            name: Seen(0.0, [LaneSeen() for _ in shape.lanes], [ExitSeen() for _ in shape.exits])
            for name, shape in shapes.items()
        }
        feeders = _feeders(sumo)
        signalled = {lane.name for shape in shapes.values() for lane in shape.lanes}
        self.chains = {name: _chain(sumo, name, feeders, signalled) for name in sorted(signalled)}
        self.lanes = {lane for chain in self.chains.values() for lane, _, _ in chain}
        self.lanes |= {name for shape in shapes.values() for name in shape.exits}
        self.lengths = {name: sumo.lane.getLength(name) for name in self.lanes}
        self.on: dict[str, list[tuple[float, float, float]]] = {}
        self.names: dict[str, tuple[str, ...]] = {}

    def look(self) -> dict[str, Seen]:
        """Everything seen now; the same objects are filled anew each time."""
        now = self.sumo.simulation.getTime()
        self._read()
        for name, shape in self.shapes.items():
            seen = self.seen[name]
            seen.now = now
            for lane, what in zip(shape.lanes, seen.lanes, strict=True):
                self._fill(lane.name, what)
            for exit_, behind in zip(shape.exits, seen.exits, strict=True):
                self._behind(exit_, behind)
        return self.seen

    def _read(self) -> None:
        """Vehicles of each lane, first the one farthest on: metres to the lane's end, speed, seconds stood."""
        vehicle, ids = self.sumo.vehicle, self.sumo.lane.getLastStepVehicleIDs
        for lane in self.lanes:
            length = self.lengths[lane]
            rows, self.names[lane] = [], ids(lane)
            for name in reversed(self.names[lane]):
                speed = vehicle.getSpeed(name)
                wait = vehicle.getWaitingTime(name) if speed < HALTING else 0.0
                rows.append((length - vehicle.getLanePosition(name), speed, wait))
            self.on[lane] = rows

    def _fill(self, name: str, what: LaneSeen) -> None:
        what.distances.clear()
        what.speeds.clear()
        what.halted, what.wait = 0, 0.0
        for lane, before, share in self.chains[name]:
            for place, (distance, speed, wait) in enumerate(self.on[lane]):
                if before + distance > SIGHT:
                    break
                if share < 1 and (place * share) % 1 >= share:
                    continue
                what.distances.append(before + distance)
                what.speeds.append(speed)
                if speed < HALTING:
                    what.halted += 1
                    if lane == name:
                        what.wait = max(what.wait, wait)

    def _behind(self, name: str, behind: ExitSeen) -> None:
        rows, length = self.on[name], self.lengths[name]
        behind.count = len(rows)
        behind.halted = sum(speed < HALTING for _, speed, _ in rows)
        behind.tail = length - rows[-1][0] if rows else length
        behind.space = ROOM if behind.halted == 0 else max(length / SPACING - len(rows), 0.0)


def _feeders(sumo: Any) -> dict[str, list[tuple[str, int]]]:
    """For each lane those that lead into it, with how many ways each of them has."""
    found: dict[str, list[tuple[str, int]]] = {}
    for lane in sumo.lane.getIDList():
        if not lane.startswith(":"):
            links = sumo.lane.getLinks(lane)
            for link in links:
                found.setdefault(link[0], []).append((lane, len(links)))
    return found


def _chain(
    sumo: Any, name: str, feeders: dict[str, list[tuple[str, int]]], signalled: set[str]
) -> list[tuple[str, float, float]]:
    """The lane and those that lead to it without a signal: lane, metres from its end to the stop line, share of it."""
    chain, ends = [], [(name, 0.0, 1.0)]
    known = {name}
    while ends:
        lane, before, share = ends.pop(0)
        chain.append((lane, before, share))
        length = before + sumo.lane.getLength(lane)
        for feeder, ways in feeders.get(lane, []):
            if length < SIGHT and feeder not in known and feeder not in signalled:
                known.add(feeder)
                ends.append((feeder, length, share / ways))
    return chain


def waiting_at(shape: Shape, seen: Seen) -> int:
    """Groups at which somebody stands, one bit each; a lane asks for all its groups, a footway always."""
    mask = sum(1 << group for group, kind in enumerate(shape.junction.kinds) if kind is Kind.PEDESTRIAN)
    for lane, what in zip(shape.lanes, seen.lanes, strict=True):
        if what.distances and what.speeds[0] < HALTING and what.distances[0] < AT_LINE:
            for group in lane.groups:
                mask |= 1 << group
    return mask
