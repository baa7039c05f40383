"""Fixed plans reckoned off line from counts: greens and cycle with the least delay, offsets that make waves.

Delay of a stream is that of the Highway Capacity Manual (HCM 2010, equations 18-20 and 18-45, an hour of traffic),
which, unlike Webster's (Traffic signal settings, 1958), holds where a stream is saturated. It is convex in the greens
of the stages, so seconds are handed out one by one and then moved until no move gains. How stages change is asked of
the guard itself: what comes out is a plan that it shows as written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby, permutations
from math import ceil, sqrt

from citong.core.signals.control.waves import Stop, coordinated, green_bits
from citong.core.signals.guard import Guard
from citong.core.signals.lawful import Fault, faults
from citong.core.signals.model import GREEN, PERMISSIVE, PROTECTED, Junction, Kind, Movement, Plan, Span
from citong.core.signals.streets import Street

SATURATION = 1800.0
"""Vehicles an hour of green that leave a lane."""
YIELDING = 0.25
"""Share of that for whoever must yield; how many find a gap depends on the streets, so several may be tried."""
BLOCKING = 0.1
"""Share of that for a lane whose first wants a way that is red: all behind it wait."""
HOUR = 1.0
"""Hours for which the counts hold."""
LONGEST = 120
"""Seconds of a cycle at most."""
STEP = 5
"""Seconds by which cycles are tried."""
MOST_ORDERS = 5
"""Stages up to which every order is tried."""
CANDIDATES = 6
"""Splits tried until one is lawful."""
LONGEST_ROUND = 600
"""Seconds: a ring that has not come round by then cannot be shown."""

Flows = Mapping[Movement, float]
"""Vehicles an hour."""


class NoPlan(Exception):
    """No lawful plan was found."""

    def __init__(self, junction: str, found: Sequence[Fault] = ()) -> None:
        super().__init__(f"No lawful plan was found for junction {junction}. {'; '.join(map(str, found))}".strip())
        self.junction, self.faults = junction, tuple(found)


@dataclass(frozen=True, slots=True)
class Split:
    """Greens of the stages in the order shown, and what it costs: seconds of delay of all vehicles in an hour."""

    stages: tuple[int, ...]
    greens: tuple[int, ...]
    cycle: int
    delay: float


def flows_from_lanes(junction: Junction, lanes: Mapping[str, float]) -> dict[Movement, float]:
    """Vehicles an hour by movement where detectors count lanes alone: a lane's is shared evenly by its ways."""
    return {
        movement: lanes.get(lane, 0.0) / len(movements)
        for lane, movements in junction.by_lane.items()
        for movement in movements
        if movement.kind is not Kind.PEDESTRIAN
    }


def plan_for(junction: Junction, flows: Flows, *, cycle: int | None = None, name: str = "off line") -> Plan:
    """The plan with the least delay for these flows, of this cycle (seconds) where one is given. Raises NoPlan."""
    return Offline(junction, flows).plan(cycle, name=name)


class Offline:
    """One junction and its flows: what each cycle would cost, and the plan of one."""

    def __init__(self, junction: Junction, flows: Flows, *, yielding: float = YIELDING) -> None:
        self.junction = junction
        self.shares = {PROTECTED: 1.0, PERMISSIVE: yielding}
        self.lanes = [
            {m.group: flows.get(m, 0.0) for m in ways if m.kind is not Kind.PEDESTRIAN}
            for ways in junction.by_lane.values()
        ]
        self.rings = _rings(junction)
        self.known: dict[int, list[Split]] = {}

    def plan(self, cycle: int | None = None, *, name: str = "off line") -> Plan:
        """The plan itself, as the guard shows it. Raises NoPlan."""
        splits = [split for length in ([cycle] if cycle else self._cycles()) for split in self.splits(length)]
        found: list[Fault] = []
        for split in sorted(splits, key=lambda split: split.delay)[:CANDIDATES]:
            plan = Plan(name, _shown(self.junction, split.stages, split.greens))
            found = faults(self.junction, plan)
            if not found and cycle in (None, round(plan.cycle)):
                return plan
        raise NoPlan(self.junction.name, found)

    def delay(self, cycle: int) -> float | None:
        """Seconds of delay of all vehicles in an hour with this cycle; None where no plan fits in it."""
        return min((split.delay for split in self.splits(cycle)), default=None)

    def splits(self, cycle: int) -> list[Split]:
        """The best greens in this cycle for each ring of stages that fits in it."""
        if cycle not in self.known:
            self.known[cycle] = [
                self._split(order, changes, cycle)
                for order, changes in self.rings.items()
                if sum(changes) + sum(self._least(stage) for stage in order) <= cycle
            ]
        return self.known[cycle]

    def _cycles(self) -> range:
        """From what the shortest ring needs to the longest wait allowed."""
        shortest = min(sum(changes) + sum(map(self._least, order)) for order, changes in self.rings.items())
        first = -(-shortest // STEP) * STEP
        return range(first, max(int(min(LONGEST, self.junction.clearance.max_wait)), first) + 1, STEP)

    def _least(self, stage: int) -> int:
        minimum = self.junction.clearance.min_green
        return max(ceil(minimum[group]) for group in self.junction.stages[stage].greens)

    def _split(self, order: tuple[int, ...], changes: Sequence[int], cycle: int) -> Split:
        """Seconds are handed out where they gain most, then moved from one stage to another while that gains."""
        streams = list(self._streams(order, changes, cycle))
        greens = [self._least(stage) for stage in order]
        here = range(len(order))

        def cost(one: Sequence[int]) -> float:
            return sum(stream.delay(one) for stream in streams)

        def with_more(one: Sequence[int], gets: int, gives: int | None = None) -> list[int]:
            return [green + (place == gets) - (place == gives) for place, green in enumerate(one)]

        for _second in range(cycle - sum(changes) - sum(greens)):
            greens = min((with_more(greens, place) for place in here), key=cost)
        best = cost(greens)
        for _round in range(cycle):
            moved = [
                with_more(greens, a, b) for a in here for b in here if a != b and greens[b] > self._least(order[b])
            ]  # fmt: skip
            found = min(moved, key=cost, default=greens)
            if (least := cost(found)) >= best - 1e-6:
                break
            greens, best = found, least
        return Split(order, tuple(greens), cycle, best)

    def _streams(self, order: tuple[int, ...], changes: Sequence[int], cycle: int) -> Iterator["_Stream"]:
        for lane in self.lanes:
            if flow := sum(lane.values()):
                rates = [self._rate(lane, self.junction.stages[stage].state) for stage in order]
                keeps = [changes[place] if rates[place] and rates[place - 1] else 0 for place in range(len(order))]
                yield _Stream(flow, tuple(rates), tuple(keeps), cycle)

    def _rate(self, lane: Mapping[int, float], state: str) -> float:
        """Vehicles an hour of green that leave a lane in a stage: each way in its own time, one behind another."""
        if not any(state[group] in GREEN for group in lane):
            return 0.0
        times = sum(flow / self.shares.get(state[group], BLOCKING) for group, flow in lane.items())
        return SATURATION * sum(lane.values()) / times


@dataclass(frozen=True, slots=True)
class _Stream:
    """One lane: vehicles an hour, those that leave in an hour of each stage, seconds of change it keeps its green."""

    flow: float
    rates: tuple[float, ...]
    keeps: tuple[int, ...]
    cycle: int

    def delay(self, greens: Sequence[int]) -> float:
        """Seconds of all its vehicles in an hour, after the Highway Capacity Manual."""
        served = green = 0.0
        for place, rate in enumerate(self.rates):
            if rate:
                # amber used makes up for what starting loses
                seconds = greens[place] + self.keeps[place]
                served += rate * seconds
                green += seconds
        capacity = max(served / self.cycle, 1.0)
        share, full = min(green / self.cycle, 1.0), self.flow / capacity
        even = 0.5 * self.cycle * (1 - share) ** 2 / max(1 - min(1.0, full) * share, 1e-3)
        over = 900 * HOUR * ((full - 1) + sqrt((full - 1) ** 2 + 4 * full / (capacity * HOUR)))
        return self.flow * (even + over)


def _rings(junction: Junction) -> dict[tuple[int, ...], tuple[int, ...]]:
    """Sets of stages that serve every group as well as all stages do, in their quickest order, with its changes."""
    stages, whole = range(len(junction.stages)), _served(junction, range(len(junction.stages)))
    sizes = stages[1:] if len(stages) <= MOST_ORDERS else []
    sets = [tuple(stages), *(some for size in sizes for some in combinations(stages, size) if size > 1)]
    found = {}
    for some in sets:
        if _served(junction, some) == whole:
            rests = permutations(some[1:]) if len(some) <= MOST_ORDERS else [some[1:]]
            timed = {order: _changes(junction, order) for rest in rests if (order := (*some[:1], *rest))}
            best = min(timed, key=lambda order: sum(timed[order]))
            found[best] = timed[best]
    return found


def _served(junction: Junction, some: Iterable[int]) -> frozenset[int]:
    return frozenset[int]().union(*(junction.stages[stage].greens for stage in some))


def _changes(junction: Junction, order: tuple[int, ...]) -> tuple[int, ...]:
    """Seconds the guard takes to each stage of the ring from the one before."""
    return tuple(change for change, _states in _rounds(junction, order, [10] * len(order)))


def _shown(junction: Junction, order: tuple[int, ...], greens: Sequence[int]) -> tuple[Span, ...]:
    """One round as the guard shows it, from the first stage's own green on."""
    rounds = _rounds(junction, order, greens)
    states, first = [state for _change, part in rounds for state in part], rounds[0][0]
    states = states[first:] + states[:first]
    return tuple(Span(state, float(len(list(same)))) for state, same in groupby(states))


def _rounds(junction: Junction, order: tuple[int, ...], greens: Sequence[int]) -> list[tuple[int, list[str]]]:
    """The third round of the ring: by stage, seconds of the change to it, and every second's state until its end."""
    guard, now = Guard(junction, now=0.0, state=junction.stages[order[0]].state), 0
    found: list[tuple[int, list[str]]] = []
    for _turn in range(3):
        found = []
        for stage, green in zip(order, greens, strict=True):
            states, settled = list[str](), 0
            while settled < green:
                guard.ask(stage, now=now, until=now + 5)
                states.append(guard.step(now, clock=now))
                settled += guard.settled_since is not None and guard.stage == stage
                now += 1
                if now > LONGEST_ROUND:
                    raise NoPlan(junction.name)
            found.append((len(states) - green, states))
    return found


def common_cycle(offline: Sequence[Offline]) -> int | None:
    """The cycle with which all these junctions together have the least delay; None where none fits all."""
    costs: dict[int, float] = {}
    for cycle in range(30, LONGEST + 1, STEP):
        delays = [one.delay(cycle) for one in offline]
        if all(delay is not None for delay in delays):
            costs[cycle] = sum(delay or 0.0 for delay in delays)
    return min(costs, key=costs.__getitem__, default=None)


def with_waves(plans: Mapping[str, Plan], streets: Sequence[Street], *, speed: float) -> dict[str, Plan]:
    """The plans with offsets that make the bands along these streets wide, the first street first; one cycle for all.

    Speed is in metres a second. A junction on several streets keeps the offset the first one gave it.
    """
    found, fixed = dict(plans), set[str]()
    for street in streets:
        stops = [
            Stop(stop.junction, stop.metres, green_bits(found[stop.junction], stop.there),
                 green_bits(found[stop.junction], stop.back), round(found[stop.junction].offset))
            for stop in street.stops if stop.junction in found
        ]  # fmt: skip
        if len({round(found[stop.name].cycle) for stop in stops}) != 1:
            continue
        best = coordinated(stops, cycle=round(found[stops[0].name].cycle), speed=speed, held=fixed)
        found |= {stop.name: replace(found[stop.name], offset=float(stop.offset)) for stop in best.stops}
        fixed |= {stop.name for stop in stops}
    return found
