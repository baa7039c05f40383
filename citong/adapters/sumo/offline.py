"""Plans made off line for a SUMO scenario: traffic counted in a run, plans reckoned from it, the best found by trial.

Counts and trials take seeds of their own, far from those that anything is measured with.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from citong.adapters.sumo.listing import listed
from citong.adapters.sumo.scenario import scenario
from citong.adapters.sumo.trial import run
from citong.adapters.sumo.world import World
from citong.core.signals.control.offline import NoPlan, Offline, common_cycle, with_waves
from citong.core.signals.control.supervised import supervised
from citong.core.signals.listed import ListedNetwork
from citong.core.signals.model import Junction, Movement, Plan
from citong.core.signals.streets import Street, streets

SEEDS = (1001, 1002)
"""Of counting and trying."""
YIELDING = (0.2, 0.4)
"""Shares of a free stream that find a gap, each tried."""
AS_SHIPPED, ALONE, WAVES = "as shipped", "each junction by itself", "one cycle and waves"
DRIVEN = 0.9
"""Share of the speed allowed at which a wave drives."""

Plans = dict[str, Plan]


@dataclass(frozen=True)
class Planned:
    """The plans that did best, how they were made, and metres a second of every way tried."""

    plans: Plans
    way: str
    speeds: dict[str, float]


class MovementCount:
    """Vehicles that left each lane before a signal by each of its ways, counted while a world runs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.before: dict[str, frozenset[str]] = {}
        self.counted: Counter[Movement] = Counter()
        self.ways = {
            lane: ways for junction in world.junctions.values() for lane, ways in junction.by_lane.items()
            if lane in world.sight.names or lane in world.sight.lanes
        }  # fmt: skip

    def second(self) -> None:
        """What has left since the second before is counted."""
        for lane, ways in self.ways.items():
            here = frozenset(self.world.sight.names.get(lane, ()))
            for gone in self.before.get(lane, frozenset()) - here:
                if (movement := self._by(gone, ways)) is not None:
                    self.counted[movement] += 1
            self.before[lane] = here

    def _by(self, name: str, ways: Sequence[Movement]) -> Movement | None:
        """The way it took, None where it only changed its lane or is gone from the streets."""
        vehicle = self.world.sumo.vehicle
        try:
            at, route, place = vehicle.getRoadID(name), vehicle.getRoute(name), vehicle.getRouteIndex(name)
        except self.world.sumo.TraCIException:
            return None
        if at == ways[0].approach:
            return None
        after = [route[i + 1] for i in range(min(place + 1, len(route) - 1)) if route[i] == ways[0].approach]
        return next((movement for movement in ways if after and movement.exit == after[-1]), None)


def planned(folder: Path) -> Planned:
    """The best plans for this scenario's traffic; libsumo must not be in use here. Raises NoScenario."""
    junctions, flows = _counted(folder)
    tried = {AS_SHIPPED: {name: one.plan for name, one in junctions.items()}}
    network = listed(folder)
    for share in YIELDING:
        reckoned = {name: Offline(one, flows[name], yielding=share) for name, one in junctions.items()}
        alone = _alone(reckoned, tried[AS_SHIPPED])
        for way, plans in ((ALONE, alone), (WAVES, _waves(reckoned, alone, network))):
            if plans not in tried.values():
                tried[f"{way}, {share:.0%} of those who yield"] = plans
    speeds = {way: fmean(run(str(folder), plans, seed).speed for seed in SEEDS) for way, plans in tried.items()}
    best = max(speeds, key=speeds.__getitem__)
    return Planned(tried[best], best, speeds)


def _counted(folder: Path) -> tuple[dict[str, Junction], dict[str, dict[Movement, float]]]:
    """Vehicles an hour by junction and movement in one run, led so that little traffic is kept back."""
    with (
        tempfile.TemporaryDirectory() as kept,
        World(scenario(folder), seed=SEEDS[0], output=Path(kept) / "trips.xml") as world,
    ):
        world.lead(supervised)
        count, begun = MovementCount(world), world.now
        for _now in world.seconds():
            count.second()
        hours = max(world.now - begun, 1.0) / 3600
        junctions = dict(world.junctions)
    flows = {
        name: {movement: count.counted[movement] / hours for movement in junction.movements}
        for name, junction in junctions.items()
    }
    return junctions, flows


def _alone(reckoned: Mapping[str, Offline], shipped: Plans) -> Plans:
    """Each junction's own best plan; where none is found it keeps the one it has."""
    found = dict(shipped)
    for name, one in reckoned.items():
        try:
            found[name] = one.plan()
        except NoPlan:
            continue
    return found


def _waves(reckoned: Mapping[str, Offline], alone: Plans, network: ListedNetwork) -> Plans:
    """Junctions that stand in a row share a cycle, and offsets along it; the others stay as they are."""
    places = {name: one.metres for name, one in network.junctions.items()}
    rows = streets({name: one.junction for name, one in network.junctions.items()}, places, network.reached)
    found = dict(alone)
    for row in _joined(rows):
        cycle = common_cycle([reckoned[name] for name in row])
        try:
            found |= {name: reckoned[name].plan(cycle) for name in row if cycle}
        except NoPlan:
            continue
    return with_waves(found, rows, speed=DRIVEN * fmean(network.speeds.values()))


def _joined(rows: Sequence[Street]) -> Iterator[list[str]]:
    """Junctions of streets that cross each other: they can only share one cycle."""
    sets = [{stop.junction for stop in row.stops} for row in rows]
    while sets:
        one = sets.pop()
        while touching := [other for other in sets if one & other]:
            one = one.union(*touching)
            sets = [other for other in sets if not one & other]
        yield sorted(one)
