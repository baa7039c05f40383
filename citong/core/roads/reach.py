"""Who is nearest by road time: one search backwards from the place, up to a limit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush, nsmallest

from citong.core.roads.graph import Position, Roads
from citong.core.roads.traffic import Traffic


@dataclass(frozen=True)
class Arrival:
    """Seconds one of those asked for needs."""

    index: int
    seconds: float


def nearest(
    roads: Roads, who: Sequence[Position], to: Sequence[Position], *, traffic: Traffic, within_s: float, most: int = 20
) -> list[Arrival]:
    """Those of `who` that reach the place first, at most `most` of them and none after `within_s` seconds."""
    waiting: dict[int, list[int]] = {}
    for index, position in enumerate(who):
        waiting.setdefault(position.edge, []).append(index)
    found = _straight(who, waiting, to, traffic)
    until = [_last(found, most, within_s)]
    for at_end, before in _backwards(roads, to, traffic, until):
        for index in waiting.get(before, ()):
            taken = at_end + (1 - who[index].share) * traffic.seconds[before]
            found[index] = min(taken, found.get(index, float("inf")))
            until[0] = _last(found, most, within_s)
    ordered = sorted((seconds, index) for index, seconds in found.items() if seconds <= within_s)
    return [Arrival(index, seconds) for seconds, index in ordered[:most]]


def times_from(roads: Roads, start: Sequence[Position], *, traffic: Traffic, within_s: float) -> Mapping[int, float]:
    """By edge, the seconds until its end, for all edges whose end is reached in time."""
    heap = sorted(((1 - one.share) * traffic.seconds[one.edge], one.edge) for one in start)
    best: dict[int, float] = {}
    while heap:
        time, edge = heappop(heap)
        if time > within_s:
            break
        if time >= best.get(edge, float("inf")):
            continue
        best[edge] = time
        for next_, cost in roads.turns[edge]:
            reached = time + cost + traffic.seconds[next_]
            if next_ not in traffic.closed and reached < best.get(next_, float("inf")):
                heappush(heap, (reached, next_))
    return best


def _last(found: Mapping[int, float], most: int, within_s: float) -> float:
    """Beyond these seconds nobody is looked for."""
    return min(within_s, nsmallest(most, found.values())[-1]) if len(found) >= most else within_s


def _backwards(
    roads: Roads, to: Sequence[Position], traffic: Traffic, until: Sequence[float]
) -> Iterator[tuple[float, int]]:
    """Seconds to the place from the end of an edge, and that edge; an edge may come again, with more seconds."""
    seconds, never = traffic.open_seconds, float("inf")
    best = [never] * len(seconds)
    heap = sorted((goal.share * seconds[goal.edge], goal.edge) for goal in to if goal.edge not in traffic.closed)
    for time, edge in heap:
        best[edge] = time
    while heap:
        time, edge = heappop(heap)  # from the beginning of the edge
        if time > best[edge]:
            continue
        if time > until[0]:
            return
        for before, cost in roads.turns_back[edge]:
            yield time + cost, before
            reached = time + cost + seconds[before]
            if reached < best[before]:
                best[before] = reached
                heappush(heap, (reached, before))


def _straight(
    who: Sequence[Position], waiting: Mapping[int, Sequence[int]], to: Sequence[Position], traffic: Traffic
) -> dict[int, float]:
    """Those already on the same edge before the place."""
    found: dict[int, float] = {}
    for goal in to:
        for index in waiting.get(goal.edge, ()):
            ahead = goal.share - who[index].share
            if ahead >= 0 and goal.edge not in traffic.closed:
                taken = ahead * traffic.seconds[goal.edge]
                found[index] = min(taken, found.get(index, float("inf")))
    return found
