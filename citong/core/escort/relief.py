"""Where a jam beside the way can be let out: from full roads on, junction by junction, to those that still flow."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from citong.core.escort.stages import NoStage, stage_for
from citong.core.signals.model import Junction


@dataclass(frozen=True, slots=True)
class Relief:
    """The light at the end of a full road from which somebody can still leave."""

    road: str
    junction: str
    stage: int


def reliefs(
    roads: Collection[str], *, full: Collection[str], leads: Mapping[str, str], junctions: Mapping[str, Junction],
    depth: int, most: int,
) -> Iterator[Relief]:  # fmt: skip
    """The nearest first, `most` at most; `leads` tells the junction at the end of a road, `full` which are full."""
    queue = deque((road, 1) for road in roads if road in full)
    known, found = set(roads), 0
    while queue and found < most:
        road, steps = queue.popleft()
        if road not in leads:
            continue
        junction = junctions[leads[road]]
        exits = dict.fromkeys(movement.exit for movement in junction.by_approach[road])
        if any(exit not in full for exit in exits):
            with suppress(NoStage):
                yield Relief(road, junction.name, stage_for(junction, road, None))
                found += 1
        for exit in exits:
            if exit in full and exit not in known and steps < depth:
                known.add(exit)
                queue.append((exit, steps + 1))
