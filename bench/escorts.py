"""Planning and re-planning of an escort over 12 km: `python -m bench.escorts`.

The way leads from corner to corner of a raster of 62 by 62 crossings, every second one with a light. Planned anew: the
fastest route from where the escort is with a road closed, its gates, and the windows of all of them; in empty streets,
where nearly every way is as fast as the next one, and in crowded ones, where none is.
"""

import random
import time
from statistics import quantiles

from bench.roads import crowded
from citong.core.escort.plan import plan
from citong.core.escort.position import Fix, whereabouts
from citong.core.escort.route import Approaches, approaches_of, planned_anew, way_of
from citong.core.escort.seen import GateSeen
from citong.core.escort.tests.lights import corners, lights
from citong.core.escort.way import Way
from citong.core.roads.graph import Position
from citong.core.roads.route import Destination, Router
from citong.core.roads.tests.towns import raster
from citong.core.roads.traffic import Traffic
from citong.core.signals.model import Junction

SIDE, ROUNDS = 62, 100


def main() -> None:
    """All times, printed; of the processor, so that what else runs on the machine does not count."""
    roads = raster(SIDE)
    junctions, free = lights(roads), Traffic.free(roads)
    leads = approaches_of(junctions)
    first, last = corners(SIDE)
    goal = Router.over(roads).towards([Position(roads.index(last), 1.0)])
    start = Position(roads.index(first), 0.0)
    way = way_of(roads, goal.fastest([start], traffic=free), junctions)
    print(f"{way.length_m / 1000:.1f} km, {len(way.gates)} lights, {roads.edge_count} roads")
    _print("windows of all lights", [_planned(way) for _ in range(ROUNDS)])
    for name, traffic in (("empty", free), ("crowded", crowded(roads, 1))):
        _print(f"new route with a road closed, {name} streets", _anew(goal, start, traffic, junctions, leads))


def _anew(
    goal: Destination, start: Position, traffic: Traffic, junctions: dict[str, Junction], leads: Approaches
) -> list[float]:
    """Milliseconds of each plan with one road of the fastest route closed."""
    chance, whole, took = random.Random(1), goal.fastest([start], traffic=traffic), []
    for _ in range(ROUNDS):
        closed = [chance.choice(whole.edges[1:-1])]
        begun = time.process_time()
        way = planned_anew(goal, start, traffic=traffic, junctions=junctions, blocked=closed, leads=leads)
        took.append((time.process_time() - begun) * 1000 + _planned(way))
    return took


def _planned(way: Way) -> float:
    """Milliseconds for the windows of all lights of the way."""
    seen = {number: GateSeen(ahead=6, standing=3) for number in range(len(way.gates))}
    begun = time.process_time()
    curve = way.curve()
    plan(way, whereabouts([Fix(0, 5.0)], curve, 1), seen, now=1, curve=curve)
    return (time.process_time() - begun) * 1000


def _print(name: str, took: list[float]) -> None:
    marks = quantiles(took, n=100)
    print(f"{name}: p50 {marks[49]:.2f} ms, p99 {marks[98]:.2f} ms, worst {max(took):.2f} ms")


if __name__ == "__main__":
    main()
