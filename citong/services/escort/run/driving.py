"""One escort while it is under way: its row, its way, where its phone says it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from math import atan2, cos, degrees, hypot, radians

from citong.core.escort.conductor import Escort as Conducted
from citong.core.escort.position import Fix
from citong.core.escort.way import Way
from citong.services.escort.ground import Streets
from citong.services.escort.models import Escort, Position, Step
from citong.services.escort.parameters import FROM, OFF_WAY_METRES, STANDS_MS
from citong.services.escort.way import way_in

NEAR_M = 40.0
BACK_M = 50.0
"""Metres that a place may lie behind the one before it, badly measured."""
OFF_AFTER = 3
"""Places in a row off its way before it is planned anew."""
AGAIN_S = 10.0
"""Between two tries to find another way."""
HEADS_M, DEGREE_M = 5.0, 111_195.0
"""Metres between two places from which on they say where it heads; metres of a degree of latitude."""
LONGEST_GAP_S = 5.0
"""Between two places, what is counted as standing at most."""


@dataclass
class Driving:
    """What the runner remembers of one escort between two seconds."""

    row: Escort
    way: Way
    conducted: Conducted
    last: Position | None = None
    along_m: float | None = None
    off: int = 0
    stood: bool = False
    planned_at: datetime | None = None
    course: float | None = None
    """Degrees from north clockwise in which it drove last."""
    steps: dict[int, Step] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, row: Escort) -> "Driving | None":
        """The escort as the conductor takes it; None when it has no way."""
        way = way_in(row.route)
        if way is None:
            return None
        conducted = Conducted(str(row.pk), way, priority=row.priority, asked_at=row.asked_at.timestamp())
        return cls(row, way, conducted)

    def fixes(self, places: Iterable[Position], ground: Streets) -> list[Fix]:
        """What the conductor hears: metres along the way. Counts stops on the way."""
        found = []
        for place in places:
            self._count(place)
            along = self._along(place, ground)
            self.off = self.off + 1 if along is None else 0
            if along is not None:
                self.along_m = along
                found.append(Fix(place.at.timestamp(), along, max(place.error_m, 1.0), place.speed_ms))
            self._turn(place)
            self.last = place
            self.row.seen_at = max(self.row.seen_at or place.at, place.at)
        return found

    @property
    def has_left_its_way(self) -> bool:
        """Whether it has driven elsewhere, not only been measured badly once."""
        return self.off >= OFF_AFTER

    def may_be_planned(self, now: datetime) -> bool:
        """Not each second: where no other way is found, the old one holds for a while."""
        return self.planned_at is None or (now - self.planned_at).total_seconds() >= AGAIN_S

    def silent_for(self, now: datetime) -> float:
        """Seconds since its place was told last."""
        told = self.row.seen_at or self.row.begun_at or now
        return (now - told).total_seconds()

    def _turn(self, place: Position) -> None:
        """Two places far enough apart say where it heads."""
        if self.last is None:
            return
        east = (place.lon - self.last.lon) * cos(radians(place.lat))
        north = place.lat - self.last.lat
        if hypot(east, north) * DEGREE_M > HEADS_M:
            self.course = degrees(atan2(east, north)) % 360

    def _count(self, place: Position) -> None:
        stands = place.speed_ms is not None and place.speed_ms < STANDS_MS.at(FROM)
        if stands and not self.stood:
            self.row.stops += 1
        if stands and self.last is not None:
            gap = (place.at - self.last.at).total_seconds()
            self._stood_for(min(max(gap, 0.0), LONGEST_GAP_S))
        self.stood = stands

    def _stood_for(self, seconds: float) -> None:
        self.row.stood_s += seconds
        ahead = [number for number, step in self.steps.items() if step.passed_at is None]
        if ahead:
            self.steps[min(ahead)].stopped_s += seconds
            self.changed.add(min(ahead))

    def _along(self, place: Position, ground: Streets) -> float | None:
        """Metres along the way, the nearest road of the way counting; a road driven twice: the later pass."""
        reach = max(NEAR_M, min(place.error_m + NEAR_M, float(OFF_WAY_METRES.at(FROM))))
        before = self.along_m or 0.0
        for found in ground.near.positions(place.lon, place.lat, within_m=reach):
            edge = ground.roads.edge_refs[found.edge]
            metres = found.share * float(ground.roads.length[found.edge])
            if edge == self.way.stretches[0].edge and before < self.way.stretches[0].length_m:
                metres = max(metres - float(self.row.route.get("offset_m", 0.0)), 0.0)
            along = self.way.along(edge, metres, after=max(before - BACK_M, 0.0))
            if along is not None:
                return along
        return None
