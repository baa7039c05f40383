"""What is seen for an escort: vehicles before each gate on its way, full exits, who stands elsewhere."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from citong.core.escort.position import Whereabouts
from citong.core.escort.route import approaches_of
from citong.core.escort.seen import GateSeen, LoopCount
from citong.core.escort.settings import PRESET
from citong.core.escort.stages import change_seconds
from citong.core.escort.way import Gate, Way
from citong.core.signals.model import GREEN, Junction

STANDS = 1.0
"""Metres a second."""
AHEAD_M = 2_500.0
LINE_M = 6.0
"""Metres before the stop line that its loop covers."""
SECTION_M = 150.0
"""Metres between the two loops of an approach, at most."""


@dataclass(frozen=True, slots=True)
class Before:
    """The roads between the junction before and a stop line."""

    gate: Gate
    junction: Junction
    lanes: tuple[str, ...]
    """Lanes of the last road that lead the right way."""
    earlier: tuple[tuple[str, ...], ...]
    """Lanes of each road before it."""
    exits: tuple[str, ...]
    groups: frozenset[int]
    length: float
    """Of the last road."""


class EscortSight:
    """Reads exact counts, or what loops would say of them."""

    def __init__(
        self, sumo: Any, way: Way, junctions: Mapping[str, Junction], *, loops: bool = False, missed: float = 0.0,
        chance: random.Random | None = None,
    ) -> None:  # fmt: skip
        self.sumo, self.way, self.loops, self.missed = sumo, way, loops, missed
        self.begins = {stretch.edge: stretch.begins_m for stretch in way.stretches}
        self.junctions, self.leads = junctions, approaches_of(junctions)
        self.chance = chance or random.Random(0)  # noqa: S311 - for measuring
        self.before = [self._before(number, junctions) for number in range(len(way.gates))]
        lanes = {lane for one in self.before for lane in one.lanes}
        self.counts = {lane: LoopCount() for lane in lanes}
        self.inside: dict[str, set[str]] = {lane: set() for lane in lanes}
        self.counted: dict[str, float] = {}

    def _before(self, number: int, junctions: Mapping[str, Junction]) -> Before:
        gate = self.way.gates[number]
        first = self.way.gates[number - 1].stretch + 1 if number else 0
        junction = junctions[gate.junction]
        ways = [m for m in junction.by_approach[gate.approach] if gate.exit in (None, m.exit)]
        earlier = [self._lanes(self.way.stretches[place].edge) for place in range(first, gate.stretch)]
        exits = tuple(dict.fromkeys(m.exit_lane for m in ways)) if gate.exit is not None else ()
        lanes = tuple(dict.fromkeys(m.lane for m in ways))
        length = self.sumo.lane.getLength(lanes[0])
        return Before(gate, junction, lanes, tuple(earlier), exits, frozenset(m.group for m in ways), length)

    def _lanes(self, edge: str) -> tuple[str, ...]:
        return tuple(f"{edge}_{index}" for index in range(self.sumo.edge.getLaneNumber(edge)))

    def look(self, where: Whereabouts | None, states: Mapping[str, str]) -> dict[int, GateSeen]:
        """What is seen at each gate ahead within sight of the planner; `states` are the letters of each junction."""
        at = where.likely_m if where is not None else 0.0
        if self.loops:
            self._count(states)
        found = {}
        for number, before in enumerate(self.before):
            if at - 50 <= before.gate.line_m <= at + AHEAD_M:
                found[number] = self._gate(before, at, states[before.gate.junction])
        return found

    def _gate(self, before: Before, at: float, state: str) -> GateSeen:
        ahead = standing = 0.0
        metres = before.gate.line_m - at
        for lane in before.lanes:
            there, stood = self._on(lane, metres, before.length)
            ahead, standing = max(ahead, there), max(standing, stood)
        for lanes in before.earlier if not self.loops else ():
            there, stood = self._farther(lanes, at)
            ahead, standing = ahead + there, standing + stood
        change = change_seconds(before.junction, state, before.gate.stage)
        if all(state[group] in GREEN for group in before.groups):
            change = 0.0
        full = self._jam([side.exit for side in before.gate.sides]) if standing else frozenset[str]()
        return GateSeen(ahead, standing, self._full(before.exits), change, full)

    def _jam(self, roads: list[str]) -> frozenset[str]:
        """Full roads among these and behind them."""
        full: set[str] = set()
        queue = [(road, 1) for road in roads]
        while queue:
            road, steps = queue.pop(0)
            if road not in full and self._full(self._lanes(road)):
                full.add(road)
                if road in self.leads and steps < PRESET.depth:
                    ways = self.junctions[self.leads[road]].by_approach[road]
                    queue += [(exit, steps + 1) for exit in dict.fromkeys(way.exit for way in ways)]
        return frozenset(full)

    def _on(self, lane: str, metres: float, length: float) -> tuple[float, float]:
        """Vehicles on a lane before the stop line that are nearer to it than the escort, and those that stand."""
        if self.loops:
            count = self.counted.get(lane, 0.0)
            return count, count
        ahead = standing = 0.0
        for name in self.sumo.lane.getLastStepVehicleIDs(lane):
            if name != ESCORT and length - self.sumo.vehicle.getLanePosition(name) < metres:
                ahead += 1
                standing += self.sumo.vehicle.getSpeed(name) < STANDS
        return ahead, standing

    def _farther(self, lanes: tuple[str, ...], at: float) -> tuple[float, float]:
        """Vehicles a lane on a road farther back that are before the escort, and those of them that stand."""
        begins, vehicle = self.begins.get(lanes[0].rpartition("_")[0], 0.0), self.sumo.vehicle
        there = stood = 0
        for lane in lanes:
            for name in self.sumo.lane.getLastStepVehicleIDs(lane):
                if name != ESCORT and begins + vehicle.getLanePosition(name) > at:
                    there += 1
                    stood += vehicle.getSpeed(name) < STANDS
        return there / len(lanes), stood / len(lanes)

    def _full(self, exits: tuple[str, ...]) -> bool:
        return bool(exits) and all(self._tail_stands(lane) for lane in exits)

    def _tail_stands(self, lane: str) -> bool:
        names = self.sumo.lane.getLastStepVehicleIDs(lane)
        if not names or names[0] == ESCORT:
            return False
        vehicle = self.sumo.vehicle
        back = vehicle.getLanePosition(names[0]) - vehicle.getLength(names[0])
        return bool(back < PRESET.room and vehicle.getSpeed(names[0]) < STANDS / 2)

    def _count(self, states: Mapping[str, str]) -> None:
        """One second of both loops of every lane before a gate; each passage is missed with the same chance."""
        for before in self.before:
            state = states[before.gate.junction]
            green = all(state[group] in GREEN for group in before.groups)
            for lane in before.lanes:
                self.counted[lane] = self._loops(lane, before.length, green)

    def _loops(self, lane: str, length: float, green: bool) -> float:
        now, line = set(), False
        for name in self.sumo.lane.getLastStepVehicleIDs(lane):
            left = length - self.sumo.vehicle.getLanePosition(name)
            if left < SECTION_M and name != ESCORT:
                now.add(name)
                line = line or left < LINE_M
        came, gone = len(now - self.inside[lane]), len(self.inside[lane] - now)
        self.inside[lane] = now
        return self.counts[lane].second(
            came=self._seen_of(came), left=self._seen_of(gone), at_line=line, green=green
        )  # fmt: skip

    def _seen_of(self, passed: int) -> int:
        return sum(self.chance.random() >= self.missed for _ in range(passed))


ESCORT = "escort"
"""The name of the escort among the vehicles."""
