"""Parts of a graph within which each edge can be driven to from each other (Tarjan 1972, without recursion)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def parts(turns: Sequence[Sequence[tuple[int, float]]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The number of the part each edge is in, and how many edges each part has."""
    count = len(turns)
    seen, low, label = [-1] * count, [0] * count, [-1] * count
    open_: list[int] = []
    clock = found = 0
    for root in range(count):
        if seen[root] >= 0:
            continue
        path = [(root, 0)]
        while path:
            edge, place = path.pop()
            if place == 0:
                seen[edge] = low[edge] = clock
                clock += 1
                open_.append(edge)
            deeper = _deeper(turns[edge], place, edge, (seen, low, label))
            if deeper is not None:
                path += [(edge, deeper), (turns[edge][deeper - 1][0], 0)]
                continue
            if low[edge] == seen[edge]:
                _close(open_, edge, label, found)
                found += 1
            if path:
                above = path[-1][0]
                low[above] = min(low[above], low[edge])
    labels = np.array(label, dtype=np.int64)
    return labels, np.bincount(labels, minlength=found)


def reached(turns: Sequence[Sequence[tuple[int, float]]], start: int) -> NDArray[np.bool_]:
    """By edge, whether it is met on the way from this one."""
    seen, waiting = np.zeros(len(turns), dtype=np.bool_), [start]
    seen[start] = True
    while waiting:
        for next_, _ in turns[waiting.pop()]:
            if not seen[next_]:
                seen[next_] = True
                waiting.append(next_)
    return seen


def _deeper(
    onward: Sequence[tuple[int, float]], place: int, edge: int, state: tuple[list[int], list[int], list[int]]
) -> int | None:
    """The place after the next edge not yet seen; edges that are still open lower this one on the way."""
    seen, low, label = state
    for at in range(place, len(onward)):
        next_ = onward[at][0]
        if seen[next_] < 0:
            return at + 1
        if label[next_] < 0:
            low[edge] = min(low[edge], seen[next_])
    return None


def _close(open_: list[int], edge: int, label: list[int], part: int) -> None:
    while True:
        one = open_.pop()
        label[one] = part
        if one == edge:
            return
