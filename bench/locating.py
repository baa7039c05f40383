"""From points to grids: one by one and a million at once, beside a plain loop over the same R-trees."""

import time
from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from bench.figures import Figure, Target
from bench.run import Run
from citong.core.places.locate import Locator, locator
from citong.core.places.models import Grid

ONE_BY_ONE = 20_000
AT_ONCE = 1_000_000
SPREAD_DEGREES = 0.004
SINGLE = Target(most=50, unit="µs")
BULK = Target(most=3, unit="s")


def measure(run: Run) -> Iterator[Figure]:
    """Once in a run: the places do not depend on the number of cases."""
    if run.size != run.smallest:
        return
    city = locator(fresh=True)
    points = _points(AT_ONCE)
    some = points[:ONE_BY_ONE]
    plain = min(_plain(city, some) for _ in range(run.rounds)) / len(some)
    single = min(_single(city, some) for _ in range(run.rounds)) / len(some)
    bulk = min(_bulk(city, points) for _ in range(run.rounds))
    grids, layers = len(city.base.refs), 1 + len(city.professional)
    name = f"in {grids:,} grids × {layers} layers"
    yield Figure(f"one point {name}", run.size, single * 1e6, "µs", plain * 1e6, "µs plain loop", SINGLE)
    named = f"s plain loop, from {len(some):,}"
    yield Figure(f"a million points {name}", run.size, bulk, "s", plain * AT_ONCE, named, BULK)


def _points(count: int) -> NDArray[np.float64]:
    """Points around the centres of all base grids, most of them inside the city."""
    rows = Grid.objects.filter(layer__base=True, ends_at=None).values_list("centre_lon", "centre_lat")
    centres, chance = np.array(list(rows)), np.random.default_rng(1)
    moved = centres[chance.integers(len(centres), size=count)]
    return moved + chance.normal(scale=SPREAD_DEGREES / 4, size=moved.shape)


def _single(city: Locator, points: NDArray[np.float64]) -> float:
    began = time.perf_counter()
    for lon, lat in points.tolist():
        city.find(lon, lat)
    return time.perf_counter() - began


def _bulk(city: Locator, points: NDArray[np.float64]) -> float:
    began = time.perf_counter()
    city.find_many(points[:, 0], points[:, 1])
    return time.perf_counter() - began


def _plain(city: Locator, points: NDArray[np.float64]) -> float:
    """What anybody would write first: each point asked of each layer's STRtree, with its own exact predicate."""
    trees = [cells.tree for cells in (city.base, *city.professional.values())]
    began = time.perf_counter()
    for lon, lat in points.tolist():
        point = shapely.Point(lon, lat)
        for tree in trees:
            tree.query(point, predicate="intersects")
    return time.perf_counter() - began
