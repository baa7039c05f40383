"""One run of an escort through simulated traffic, in a process of its own: `python -m` with a job on standard input."""

import json
import random
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from citong.adapters.sumo.escort_detour import Detour
from citong.adapters.sumo.escort_job import Came, Job
from citong.adapters.sumo.escort_sight import ESCORT, EscortSight
from citong.adapters.sumo.escort_ways import WAYS, Leading
from citong.adapters.sumo.escort_world import EscortWorld
from citong.adapters.sumo.scenario import scenario
from citong.core.escort.asks import Asking
from citong.core.escort.position import Fix, Whereabouts, whereabouts
from citong.core.escort.route import way_along
from citong.core.escort.way import Curve, Way
from citong.core.signals.control.supervised import supervised

LIMIT = 3_600.0
"""Seconds an escort alone may take."""
AFTER = 300.0
"""Seconds after its end for which the lights are still looked at."""
TOLD = ("depart", "duration", "departDelay", "waitingCount", "timeLoss")
"""What is read of each trip's record."""
CROWDED = 0.25
"""Share of a road that is filled, from which on its speed says something."""
SPARE = 5.0
"""Metres added to the error told with a position."""


class Run:
    """The job, second by second."""

    def __init__(self, job: Job) -> None:
        self.job, self.came = job, Came()
        self.place = scenario(Path(job.config))
        self.world = EscortWorld(self.place, job)
        self.sumo = self.world.sumo
        self.way: Way | None = None
        self.state, self.ended = "waits", 0.0
        self.driven = 0  # roads before those of the way it has now
        self.chance = random.Random(job.seed * 104729 + 3)  # noqa: S311 - for measuring
        if job.way is not None:
            self._prepare()
        if job.base == "adaptive" and not self.world.alone:
            self.world.lead(supervised)

    def _prepare(self) -> None:
        job = self.job
        self.way = way_along(job.stretches, self.world.junctions)
        self.came.gates, self.came.metres = len(self.way.gates), self.way.length_m
        self.sumo.route.add(ESCORT, [stretch.edge for stretch in job.stretches])
        self.sumo.vehicletype.copy("DEFAULT_VEHTYPE", ESCORT)
        self.sumo.vehicletype.setSpeedFactor(ESCORT, 1.0)
        self.sumo.vehicletype.setSpeedDeviation(ESCORT, 0.0)
        self.leading: Leading = WAYS.get(job.way or "", WAYS["nothing"])(self.way, self.world.junctions, job.depart)
        self.detour: Detour | None = None
        if self.world.alone:
            return
        if job.closure is not None:
            self.detour = Detour(self.sumo, self.place, job.closure, job.stretches[-1].edge)
        self.asking = Asking(self.world.port)
        self._take(self.way)

    def _take(self, way: Way) -> None:
        """From now on this is the way; nothing of the one before is remembered."""
        job, bad = self.job, self.job.imperfect
        self.way = way
        if job.base == "plan" and job.way != "unguarded":
            self.world.guard_over(way.own - set(self.world.guards))
        self.sight = EscortSight(
            self.sumo, way, self.world.junctions, loops=bad.loops, missed=bad.missed, chance=self.chance
        )
        self.curve = Curve(way, [stretch.speed_ms for stretch in way.stretches])
        self.where: Whereabouts | None = None
        self.fixes: list[Fix] = []
        self.true: list[float] = []

    def run(self) -> Came:
        """To the end of the scenario."""
        while self._goes_on():
            if self.job.way is not None:
                self._escort()
            self.world.second()
            if self.job.collect:
                self._collect()
            if self.job.way is not None:
                self._follow()
        self.came.violations = dict(self.world.broken)
        self.came.checked = self.world.checked
        self.sumo.close()
        self._read(Path(self.job.output))
        return self.came

    def _goes_on(self) -> bool:
        now, end = self.world.now, self.job.end or self.place.end
        if self.world.alone:
            return self.state in ("waits", "drives") and now < self.job.depart + LIMIT
        if self.job.to_arrival and self.state not in ("waits", "drives"):
            return False
        if end is not None:
            return now < end
        return bool(self.sumo.simulation.getMinExpectedNumber() > 0)

    def _escort(self) -> None:
        """What is done for the escort before this second."""
        now = self.world.now
        if self.state == "drives" and self.detour is not None:
            self._turn(self.detour, now)
        if self.state == "waits" and now >= self.job.depart:
            self.sumo.vehicle.add(ESCORT, ESCORT, typeID=ESCORT, depart="now", departLane="best", departSpeed="max")
            self.state = "drives"
        if not self._leads(now):
            self.world.seen = {}
            return
        self.world.look()
        if self.state in ("waits", "drives"):
            self._report(now)
        seen = self._seen() if self.state in ("waits", "drives") else {}
        standing = self.world.standing(nearest=self.job.imperfect.loops)
        begun = time.perf_counter()
        wishes = self.leading.wishes(now, seen, standing)
        self.came.plan_ms.append((time.perf_counter() - begun) * 1000)
        self.asking.send(wishes, now=now)
        self.came.held += len(wishes)
        self.came.asks += len(wishes)

    def _turn(self, detour: Detour, now: float) -> None:
        """Another way where the road ahead was closed."""
        assert self.way is not None
        driven = self._along()
        way = detour.second(driven, self.world.junctions, self._speeds())
        if way is not None:
            self.came.turned += 1
            self.came.metres += way.length_m - self.way.length_m + self.way.stretches[self.way.place(driven)].begins_m
            self.driven = self.sumo.vehicle.getRouteIndex(ESCORT)
            self._take(way)
            self.leading.turn(way, Fix(now, self._along(), SPARE, 0.0))

    def _speeds(self) -> dict[str, float]:
        """Live speeds of crowded roads; where few stand, they stand at a light that will be green."""
        edge = self.sumo.edge
        crowded = (name for name in edge.getIDList() if edge.getLastStepOccupancy(name) > CROWDED)
        return {name: edge.getLastStepMeanSpeed(name) for name in crowded if not name.startswith(":")}

    def _leads(self, now: float) -> bool:
        """From the notice until waiting traffic has been paid back; before and after, every light is on its plan."""
        if self.world.alone or self.job.way in ("nothing", "unguarded") or now < self.job.depart - self.job.notice:
            return False
        if self.state in ("waits", "drives"):
            self.ended = now
        return now < self.ended + AFTER

    def _seen(self) -> Any:
        assert self.way is not None
        states = {name: self.world.guards[name].state for name in self.way.own}
        if self.world.own:
            states |= {name: self.world.shown(name) for name in states}
        return self.sight.look(self.where, states)

    def _report(self, now: float) -> None:
        """The position as it comes from the car: late, and give or take."""
        bad = self.job.imperfect
        self.true.append(self._along())
        late = self.true[-1 - min(round(bad.late), len(self.true) - 1)]
        along = max(late + self.chance.gauss(0.0, bad.error_m), 0.0)
        speed = self.sumo.vehicle.getSpeed(ESCORT) if self._there() else 0.0
        error = SPARE + 2 * bad.error_m + bad.late * max(speed, 0.0)
        fix = Fix(now, along, error if bad.late or bad.error_m else 1.0, max(speed, 0.0))
        self.fixes = [*self.fixes[-19:], fix]
        self.where = whereabouts(self.fixes, self.curve, now)
        self.leading.report(fix)

    def _there(self) -> bool:
        return ESCORT in self.sumo.vehicle.getIDList() and bool(self.sumo.vehicle.getRoadID(ESCORT))

    def _along(self) -> float:
        """Metres along the way in truth."""
        assert self.way is not None
        if not self._there():
            return self.true[-1] if self.true else 0.0
        road, metres = self.sumo.vehicle.getRoadID(ESCORT), self.sumo.vehicle.getLanePosition(ESCORT)
        stretch = self.way.stretches[max(self.sumo.vehicle.getRouteIndex(ESCORT) - self.driven, 0)]
        if road.startswith(":"):
            return float(min(stretch.line_m + 1.0 + metres, stretch.ends_m))
        return float(stretch.begins_m + min(metres, stretch.road_m))

    def _follow(self) -> None:
        """What became of the escort in this second."""
        simulation = self.sumo.simulation
        if self.state != "drives":
            return
        if ESCORT in simulation.getStartingTeleportIDList():
            self.came.teleported, self.state = True, "teleported"
        elif ESCORT in simulation.getArrivedIDList():
            self.came.arrived, self.state = True, "arrived"
        if self.state != "drives" and not self.world.alone:
            self.leading.end()
        elif self._there() and not self.world.alone:
            self.came.track.append((self.world.now, self._along(), self.sumo.vehicle.getSpeed(ESCORT)))

    def _collect(self) -> None:
        """Where the cars that depart come from and go to."""
        for name in self.sumo.simulation.getDepartedIDList():
            if name != ESCORT and self.sumo.vehicle.getVehicleClass(name) == "passenger":
                route = self.sumo.vehicle.getRoute(name)
                key = f"{route[0]}\t{route[-1]}"
                self.came.pairs[key] = self.came.pairs.get(key, 0) + 1

    def _read(self, output: Path) -> None:
        for _, trip in ElementTree.iterparse(output):  # noqa: S314  # written by the run itself
            if trip.tag != "tripinfo":
                continue
            told = {key: float(trip.attrib[key]) for key in TOLD}
            if trip.get("id") == ESCORT:
                self.came.departed, self.came.seconds = told["depart"] >= 0, told["duration"]
                self.came.waited, self.came.stops = told["departDelay"], int(told["waitingCount"])
            else:
                self.came.others += 1
                self.came.others_loss += told["timeLoss"] + max(told["departDelay"], 0.0)
            trip.clear()


def main() -> None:
    """The job from standard input; what came of it is written beside its output."""
    job = Job.read(json.load(sys.stdin))
    came = Run(job).run()
    Path(job.output).with_suffix(".json").write_text(json.dumps(asdict(came)))


if __name__ == "__main__":
    main()
