"""The road graph on a made-up city: planning and re-planning a 12 km route, alternatives, the nearest officers.

Run by itself (`python -m bench.roads`): it needs no database. A run of its own prints p50, p99 and the worst.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from citong.core.roads.draft import Draft, DraftEdge
from citong.core.roads.graph import Frame, Position, RoadFault, Roads
from citong.core.roads.near import Near
from citong.core.roads.reach import nearest
from citong.core.roads.route import Route, Router
from citong.core.roads.store import load, save
from citong.core.roads.traffic import Traffic

SIDE, BLOCK_M = 142, 110.0  # 20,164 crossings
GONE, ONE_WAY = 0.25, 0.53  # shares of the streets
TRIP_M, TRIP_SLACK_M = 12_000.0, 1_000.0
ALLOWED_MS = 50.0


def city(seed: int, *, side: int = SIDE) -> Roads:
    """A bent raster with arterials each eighth street, one-ways, gaps, and signals where arterials meet."""
    chance = np.random.default_rng(seed)
    draft, places = Draft(frame=Frame.PLANE), {}
    for i in range(side):
        for j in range(side):
            x, y = (np.array([i, j]) + chance.normal(scale=0.15, size=2)) * BLOCK_M
            ref, signal = f"{i}/{j}", f"s{i}/{j}" if i % 8 == 0 and j % 4 == 0 else None
            places[i, j] = (float(x), float(y))
            draft.add_node(ref, float(x), float(y), signal=signal)
    for i in range(side):
        for j in range(side):
            for other in ((i + 1, j), (i, j + 1)):
                if other in places:
                    _street(draft, places, ((i, j), other), chance)
    return draft.finish()


def _street(
    draft: Draft,
    places: dict[tuple[int, int], tuple[float, float]],
    ends: tuple[tuple[int, int], tuple[int, int]],
    chance: np.random.Generator,
) -> None:
    one, other = ends
    across = 1 if one[0] != other[0] else 0
    arterial, drawn = one[across] % 8 == 0, chance.random(3)
    if not arterial and drawn[0] < GONE:
        return
    ways = [(one, other), (other, one)]
    if not arterial and drawn[1] < ONE_WAY:
        ways = [ways[int(drawn[2] < 0.5)]]
    for tail, head in ways:
        a, b = f"{tail[0]}/{tail[1]}", f"{head[0]}/{head[1]}"
        draft.add_edge(
            DraftEdge(
                f"{a}>{b}", a, b, (places[tail], places[head]), 16.7 if arterial else 9.7, lanes=3 if arterial else 1
            )
        )


def crowded(roads: Roads, seed: int) -> Traffic:
    """Rush hour: each edge somewhere between a third and the whole of its free speed."""
    chance = np.random.default_rng(seed)
    speeds = roads.speed * chance.uniform(0.35, 1.0, roads.edge_count)
    return Traffic.live(roads, speeds=dict(enumerate(speeds.tolist())))


def main(seeds: Sequence[int]) -> None:
    """One table over all seeds."""
    took: dict[str, list[float]] = {}
    for seed in seeds:
        began = time.perf_counter()
        roads = city(seed)
        built = time.perf_counter() - began
        router = Router.over(roads)
        print(
            f"seed {seed}: {len(roads.node_refs):,} nodes, {roads.edge_count:,} edges, {len(roads.turn_to):,} turns; "
            f"built in {built:.1f} s, landmarks in {time.perf_counter() - began - built:.1f} s; {_stored(router)}"
        )
        for name, traffic in (("empty", Traffic.free(roads)), ("crowded", crowded(roads, seed))):
            _trips(router, traffic, seed, name, took)
    print(f"{'':34} {'p50':>7} {'p99':>7} {'worst':>7}  ms of processor time")
    for name, each in took.items():
        p50, p99, worst = np.percentile(each, [50, 99, 100]) * 1000
        late = "" if worst <= ALLOWED_MS or "plan" not in name else f"  over {ALLOWED_MS:.0f} ms"
        print(f"{name:34} {p50:7.2f} {p99:7.2f} {worst:7.2f}  ({len(each)}){late}")


def _stored(router: Router) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.roads"
        save(path, router.roads, router.landmarks)
        began = time.perf_counter()
        load(path)
        return f"file of {path.stat().st_size / 1e6:.1f} MB, read in {time.perf_counter() - began:.2f} s"


def _trips(router: Router, traffic: Traffic, seed: int, name: str, took: dict[str, list[float]]) -> None:
    roads, chance = router.roads, np.random.default_rng(seed)
    near, made = Near.over(roads), 0
    officers = [Position(int(edge), 0.5) for edge in chance.integers(roads.edge_count, size=2_000)]
    while made < 40:
        one, other = chance.integers(roads.edge_count, size=2).tolist()
        try:
            route = router.fastest([Position(one, 0.5)], [Position(other, 0.5)], traffic=traffic)
        except RoadFault:
            continue
        if abs(route.length_m - TRIP_M) > TRIP_SLACK_M:
            continue
        made += 1
        _trip(router, near, officers, route, traffic, name, took)


def _trip(
    router: Router, near: Near, officers: Sequence[Position], route: Route, traffic: Traffic, name: str,
    took: dict[str, list[float]],
) -> None:  # fmt: skip
    roads = router.roads
    x, y = roads.place_of(route.goal)
    _timed(took, f"{name}: snap", lambda: near.street(x, y))
    _timed(took, f"{name}: plan", lambda: router.fastest([route.start], [route.goal], traffic=traffic))
    towards = router.towards([route.goal])
    blocked = traffic.closing(route.edges[len(route.edges) // 2])
    on = [Position(route.edges[len(route.edges) // 6], 0.2)]
    _timed(took, f"{name}: re-plan, an edge blocked", lambda: towards.fastest(on, traffic=blocked))
    _timed(took, f"{name}: 3 alternatives", lambda: towards.alternatives(on, traffic=traffic, count=3))
    _timed(
        took, f"{name}: nearest 20 of 2,000",
        lambda: nearest(roads, officers, [route.goal], traffic=traffic, within_s=900, most=20),
    )  # fmt: skip


def _timed(took: dict[str, list[float]], name: str, work: Callable[[], object]) -> None:
    """Processor time: others may work on this machine meanwhile."""
    began = time.process_time()
    work()
    took.setdefault(name, []).append(time.process_time() - began)


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [1, 2, 3, 4, 5])
