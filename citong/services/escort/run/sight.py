"""What is seen at the lights of a way, as the door to them tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from citong.core.escort.position import Whereabouts
from citong.core.escort.seen import GateSeen
from citong.core.escort.stages import change_seconds
from citong.core.escort.way import Gate, Way
from citong.core.signals.model import Junction
from citong.core.signals.port import Detected, NoContact, Reading, SignalPort

AHEAD_M = 2_500.0
FULL = 0.7
"""Share of a lane that is filled, from which on its road counts as full."""


@dataclass
class Look:
    """One second's look: every junction is read once, whoever asks. Who does not answer is `silent`."""

    port: SignalPort
    junctions: Mapping[str, Junction]
    silent: set[str] = field(default_factory=set)
    readings: dict[str, Reading] = field(default_factory=dict)
    detected: dict[str, Mapping[str, Detected]] = field(default_factory=dict)

    def reading(self, junction: str) -> Reading | None:
        """What it shows now; None when it does not answer."""
        if junction not in self.readings and junction not in self.silent:
            try:
                self.readings[junction] = self.port.reading(junction)
                self.detected[junction] = self.port.detectors(junction)
            except NoContact:
                self.silent.add(junction)
        return self.readings.get(junction)

    def counts(self, junction: str) -> Mapping[str, Detected]:
        """What its detectors say, by lane."""
        self.reading(junction)
        return self.detected.get(junction, {})

    def standing(self, junction: str) -> dict[str, float]:
        """Vehicles that stand there, by lane."""
        return {lane: float(one.halted) for lane, one in self.counts(junction).items()}

    def green(self, gate: Gate) -> bool:
        """Whether every lamp of the escort's own stage is green now."""
        reading = self.reading(gate.junction)
        stage = self.junctions[gate.junction].stages[gate.stage]
        return reading is not None and all(reading.state[group] in "Gg" for group in stage.greens)

    def ahead(self, way: Way, where: Whereabouts | None) -> dict[int, GateSeen]:
        """What is seen at the gates the escort comes to next."""
        least = where.least_m if where is not None else 0.0
        near = ((n, gate) for n, gate in enumerate(way.gates) if least < gate.line_m < least + AHEAD_M)
        return {number: self._at(gate) for number, gate in near if gate.junction in self.junctions}

    def jammed(self, way: Way) -> list[str]:
        """Roads before lights of this way that are full of vehicles that stand, as far as detectors say."""
        found = []
        for gate in way.gates:
            movements = self.junctions[gate.junction].by_approach.get(gate.approach, ())
            lanes = {m.lane for m in movements if gate.exit in (None, m.exit)}
            if lanes and all(_stands(self.counts(gate.junction).get(lane)) for lane in lanes):
                found.append(gate.approach)
        return found

    def _at(self, gate: Gate) -> GateSeen:
        junction, counts = self.junctions[gate.junction], self.counts(gate.junction)
        reading = self.readings.get(gate.junction)
        lanes = {m.lane for m in junction.by_approach.get(gate.approach, ()) if gate.exit in (None, m.exit)}
        behind = {m.exit_lane for m in junction.movements if gate.exit is not None and m.exit == gate.exit}
        before = [counts[lane] for lane in lanes if lane in counts]
        return GateSeen(
            ahead=max((float(one.count) for one in before), default=0.0),
            standing=max((float(one.halted) for one in before), default=0.0),
            exit_stands=bool(behind) and all(_stands(counts.get(lane)) for lane in behind),
            change=change_seconds(junction, reading.state, gate.stage) if reading is not None else GateSeen().change,
            full=frozenset(m.exit for m in junction.movements if _full(counts.get(m.exit_lane))),
        )


def _stands(lane: Detected | None) -> bool:
    return lane is not None and lane.halted > 0 and lane.occupancy >= FULL


def _full(lane: Detected | None) -> bool:
    return lane is not None and lane.occupancy >= FULL
