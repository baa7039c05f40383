"""The fastest way by car: A* over edges and turns with landmarks, alternatives, and planning anew on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from citong.core.roads.graph import Position, RoadFault, Roads
from citong.core.roads.landmarks import UNIT_S, Landmarks, choose
from citong.core.roads.traffic import Traffic

START, GOAL = -1, -2  # states before the first and after the last edge of a search
DEARER = 1.4  # seconds of edges already used, when the next alternative is looked for
SAME = 0.75  # an alternative that shares more than this of its length with one before is none
TOO_LONG = 1.6  # an alternative that takes this many times the fastest is none
LOOK_BACK = 300  # edges looked at to see whether a destination can be reached at all
TRIES = 3  # searches for each alternative wanted
TIE_S = 2 * UNIT_S  # ways that differ by less are alike: the bounds are no finer

State = tuple[float, float, int, int]
"""Seconds of the whole way at least, seconds left at least, the edge, and the edge before it."""


class NoWay(RoadFault):
    """No road leads there with the turns permitted and the edges open."""


@dataclass(frozen=True)
class Leg:
    """One edge of a route: from when (seconds after departure) its first and last point are passed, and how far."""

    edge: int
    length_m: float
    enters_s: float
    leaves_s: float
    signal: str | None  # the signal junction at its end, if the route goes on over it


@dataclass(frozen=True)
class Route:
    """A way from one position to another. Times hold for the traffic it was planned with."""

    start: Position
    goal: Position
    legs: tuple[Leg, ...]
    seconds: float
    length_m: float

    @property
    def edges(self) -> list[int]:
        """The edges in order."""
        return [leg.edge for leg in self.legs]


@dataclass(frozen=True, eq=False)
class Router:
    """Plans on one graph. Making it costs a second or two for a city, so it is made once and kept."""

    roads: Roads
    landmarks: Landmarks

    @classmethod
    def over(cls, roads: Roads) -> "Router":
        """A router with landmarks of its own."""
        return cls(roads, choose(roads))

    def towards(self, goals: Sequence[Position]) -> "Destination":
        """A place to plan to, again and again; several positions are both sides of one street."""
        if not goals:
            raise NoWay("The destination is not near any road.")
        for goal in goals:
            _checked(self.roads, goal)
        pairs = [(goal.edge, goal.share) for goal in goals]
        bound = self.landmarks.bound(pairs, seconds=self.roads.free_seconds)
        return Destination(self.roads, tuple(goals), bound.tolist())

    def fastest(self, starts: Sequence[Position], goals: Sequence[Position], *, traffic: Traffic) -> Route:
        """The fastest route; NoWay when there is none."""
        return self.towards(goals).fastest(starts, traffic=traffic)


@dataclass(frozen=True, eq=False)
class Destination:
    """A goal with the bound of every edge to it: planning anew costs the search alone."""

    roads: Roads
    goals: tuple[Position, ...]
    bound: list[float]

    def fastest(self, starts: Sequence[Position], *, traffic: Traffic) -> Route:
        """The fastest route from the nearest of these positions; NoWay when there is none."""
        for start in starts:
            _checked(self.roads, start)
        edges, goal = self._search(starts, traffic.open_seconds)
        return self._told(edges, starts, goal, traffic)

    def alternatives(self, starts: Sequence[Position], *, traffic: Traffic, count: int) -> list[Route]:
        """Up to `count` routes that differ in a good part of their length, the fastest first."""
        found = [self.fastest(starts, traffic=traffic)]
        seconds = list(traffic.open_seconds)
        for _ in range(TRIES * (count - 1)):
            if len(found) == count:
                break
            for edge in found[-1].edges:
                seconds[edge] *= DEARER
            edges, goal = self._search(starts, seconds)
            route = self._told(edges, starts, goal, traffic)
            if route.seconds <= TOO_LONG * found[0].seconds and not any(_alike(route, one) for one in found):
                found.append(route)
            else:
                for edge in route.edges:
                    seconds[edge] *= DEARER
        return sorted(found, key=lambda route: route.seconds)

    def _search(self, starts: Sequence[Position], seconds: Sequence[float]) -> tuple[list[int], Position]:
        """The edges of the fastest way, give or take `TIE_S`, and the goal it ends at. An edge's state is to be at its
        end. Among ways alike what is nearest to a goal goes first: on a raster nearly all of them are."""
        if self._enclosed(starts, seconds):
            raise NoWay("All roads to the destination are closed.")
        turns, bound, never = self.roads.turns, self.bound, float("inf")
        goals = {goal.edge: goal for goal in self.goals}
        best, before = [never] * len(turns), [START] * len(turns)
        heap = self._begin(starts, seconds, best)
        while heap:
            least, left, edge, came = heappop(heap)
            if edge < 0:  # a goal, its edge hidden in the number
                return _walked(before, came), goals[GOAL - edge]
            time = best[edge]
            if time + left < least:
                continue
            for next_, cost in turns[edge]:
                reached = time + cost + seconds[next_]
                if next_ in goals and reached < never:
                    arrived = reached - (1 - goals[next_].share) * seconds[next_]
                    heappush(heap, (arrived - TIE_S, 0.0, GOAL - next_, edge))
                if reached < best[next_]:
                    best[next_], before[next_], left = reached, edge, bound[next_]
                    heappush(heap, (reached + left, left, next_, edge))
        raise NoWay("No open road leads from there to the destination.")

    def _enclosed(self, starts: Sequence[Position], seconds: Sequence[float]) -> bool:
        """Whether a short look backwards from the goals comes to an end: else a search would try the whole city."""
        standing, seen = {start.edge for start in starts}, {goal.edge for goal in self.goals}
        waiting = [edge for edge in seen if seconds[edge] < float("inf")]
        while waiting and len(seen) < LOOK_BACK:
            for before, _ in self.roads.turns_back[waiting.pop()]:
                if before in standing:
                    return False
                if before not in seen and seconds[before] < float("inf"):
                    seen.add(before)
                    waiting.append(before)
        return not waiting and not standing & seen

    def _begin(self, starts: Sequence[Position], seconds: Sequence[float], best: list[float]) -> list[State]:
        """The first states. Who stands on a closed edge may still leave it: the closure is met on entering."""
        heap: list[State] = []
        for start in starts:
            own = float(self.roads.length[start.edge] / self.roads.speed[start.edge])
            own = seconds[start.edge] if seconds[start.edge] < float("inf") else own
            best[start.edge] = (1 - start.share) * own
            left = self.bound[start.edge]
            heappush(heap, (best[start.edge] + left, left, start.edge, START))
            for goal in self.goals:
                if goal.edge == start.edge and goal.share >= start.share and seconds[goal.edge] < float("inf"):
                    heappush(heap, ((goal.share - start.share) * own - TIE_S, 0.0, GOAL - goal.edge, START))
        return heap

    def _told(self, edges: list[int], starts: Sequence[Position], goal: Position, traffic: Traffic) -> Route:
        whole = [*edges, goal.edge]
        start = next(one for one in starts if one.edge == whole[0])
        legs = _legs(self.roads, whole, start, goal, traffic)
        return Route(start, goal, tuple(legs), legs[-1].leaves_s, sum(leg.length_m for leg in legs))


def rejoined(route: Route, position: Position) -> Sequence[Leg] | None:
    """What is left of the route from a position on one of its edges; None when the position is off the route."""
    for place, leg in enumerate(route.legs):
        if leg.edge == position.edge:
            return route.legs[place:]
    return None


def _checked(roads: Roads, position: Position) -> None:
    if not (0 <= position.edge < roads.edge_count and 0 <= position.share <= 1):
        raise RoadFault("The position is not on an edge of this graph.")


def _walked(before: Sequence[int], edge: int) -> list[int]:
    walked: list[int] = []
    while edge != START:
        walked.append(edge)
        edge = before[edge]
    return walked[::-1]


def _legs(roads: Roads, edges: Sequence[int], start: Position, goal: Position, traffic: Traffic) -> list[Leg]:
    """The legs with times; turns take their own time between two legs."""
    legs, now, last = [], 0.0, len(edges) - 1
    for place, edge in enumerate(edges):
        first = start.share if place == 0 else 0.0
        share = (goal.share if place == last else 1.0) - first
        crossing, extra = 0.0, 0.0
        if place < last:
            turn = roads.turn(edge, edges[place + 1])
            assert turn is not None
            crossing, extra = float(roads.turn_seconds[turn]), float(roads.turn_length[turn])
        leaves = now + share * traffic.seconds[edge]
        signal = roads.signal_after(edge) if place < last else None
        legs.append(Leg(edge, share * float(roads.length[edge]) + extra, now, leaves, signal))
        now = leaves + crossing
    return legs


def _alike(route: Route, other: Route) -> bool:
    used = set(other.edges)
    return sum(leg.length_m for leg in route.legs if leg.edge in used) > SAME * route.length_m


def signals_on(route: Route) -> list[tuple[str, float]]:
    """The signal junctions the route passes, with the seconds after departure at which its stop line is reached."""
    found = [(leg.signal, leg.leaves_s) for leg in route.legs if leg.signal is not None]
    return found[:1] + [now for before, now in pairwise(found) if before[0] != now[0]]
