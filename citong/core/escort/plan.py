"""The planner: when the escort comes to each light, when to call it, when to let it go. One pass over the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from citong.core.escort.position import Whereabouts
from citong.core.escort.seen import GateSeen
from citong.core.escort.settings import PRESET, Settings
from citong.core.escort.way import Curve, Way

UNSEEN = GateSeen()


@dataclass(frozen=True, slots=True)
class Window:
    """One gate ahead. Times by the caller's clock."""

    gate: int
    earliest: float
    expected: float
    latest: float
    call_at: float
    release_at: float
    """When it is let go at the latest if nobody reports that the escort has passed."""
    blocked: bool
    """The exit is full: green would not help, and the light behind is called instead."""
    flushed: bool
    """Called because what stands before it blocks the junction before."""


def plan(
    way: Way,
    where: Whereabouts,
    seen: Mapping[int, GateSeen],
    *,
    now: float,
    curve: Curve | None = None,
    settings: Settings = PRESET,
) -> list[Window]:
    """A window for each gate that the escort may still have before it, in order. Nothing is remembered."""
    curve = curve or way.curve()
    first = next((n for n, gate in enumerate(way.gates) if gate.clear_m > where.least_m), len(way.gates))
    ahead = range(first, len(way.gates))
    if not ahead:
        return []
    queues = _queues(ahead, seen, settings)
    blocked = [_blocked(way, number, seen) and way.gates[number].line_m > where.likely_m for number in ahead]
    expected = _expected(way, ahead, where, seen, queues, blocked, now, curve, settings)
    return _windows(way, ahead, where, seen, queues, blocked, expected, now, curve, settings)


def _queues(ahead: range, seen: Mapping[int, GateSeen], settings: Settings) -> list[float]:
    """Vehicles a lane that go over each line before the escort: those there, and part of those that come first."""
    found, carried = [], 0.0
    for number in ahead:
        own = seen.get(number, UNSEEN).ahead
        found.append(own + carried)
        carried = (own + carried) * settings.carry
    return found


def _blocked(way: Way, number: int, seen: Mapping[int, GateSeen]) -> bool:
    """A full exit counts where a light behind it can be called to clear it."""
    return seen.get(number, UNSEEN).exit_stands and number + 1 < len(way.gates)


def _expected(
    way: Way, ahead: range, where: Whereabouts, seen: Mapping[int, GateSeen], queues: Sequence[float],
    blocked: Sequence[bool], now: float, curve: Curve, settings: Settings,
) -> list[float]:  # fmt: skip
    """When the escort passes each line if everything is called in time: the queue before it goes first."""
    found: list[float] = []
    time, at = now, where.likely_m
    for place, number in enumerate(ahead):
        gate, what = way.gates[number], seen.get(number, UNSEEN)
        time += max(curve.at(max(gate.line_m, at)) - curve.at(at), 0.0)
        if what.standing > 0:
            time = max(time, now + what.change + settings.startup + settings.headway * what.ahead)
        if blocked[place]:
            following = seen.get(number + 1, UNSEEN)
            road = way.gates[number + 1].line_m - gate.behind_m
            time = max(time, now + following.change + settings.startup + road / settings.wave)
        found.append(time)
        at = max(gate.line_m, at)
    return found


def _windows(
    way: Way, ahead: range, where: Whereabouts, seen: Mapping[int, GateSeen], queues: Sequence[float],
    blocked: Sequence[bool], expected: Sequence[float], now: float, curve: Curve, settings: Settings,
) -> list[Window]:  # fmt: skip
    found: list[Window] = []
    early = max(curve.at(where.most_m) - curve.at(where.likely_m), 0.0)
    late = max(curve.at(where.likely_m) - curve.at(where.least_m), 0.0) + where.age
    for place, number in enumerate(ahead):
        what, time = seen.get(number, UNSEEN), expected[place]
        lead = settings.margin + settings.least_green + max(what.change, settings.regain)
        lead = _with_queue(lead, queues[place], what.standing, time - now, settings)
        call = time - early - min(lead, settings.reach)
        if place and queues[place - 1] >= 1:
            room_until = _room_until(way, number, seen, found[-1].call_at, queues[place - 1], now, settings)
            call = max(min(call, room_until), time - early - settings.reach)
        flushed = place > 0 and blocked[place - 1] and time - now <= settings.flush
        if flushed:
            call = now
        release = time + late + 2 * settings.margin + settings.headway * queues[place]
        found.append(Window(number, time - early, time, time + late, call, release, blocked[place], flushed))
    return found


def _room_until(
    way: Way, number: int, seen: Mapping[int, GateSeen], called: float, queue: float, now: float, settings: Settings
) -> float:
    """When this light must be called so that the queue let go at the one before (`called` then) finds room on the road
    between them: before it is full, its last vehicle must move."""
    before, gate = way.gates[number - 1], way.gates[number]
    first, own = seen.get(number - 1, UNSEEN), seen.get(number, UNSEEN)
    road = gate.line_m - before.behind_m
    room = max(road / settings.spacing - own.ahead, 0.0)
    if queue <= room:
        return float("inf")
    full_at = max(called, now) + first.change + settings.startup + settings.headway * room
    return full_at - own.change - settings.startup - min(own.standing * settings.spacing, road) / settings.wave


def _with_queue(lead: float, queue: float, standing: float, ahead: float, settings: Settings) -> float:
    """The lead with what the queue needs. Who still drives and comes when it is green already needs none: of those, the
    part counts that comes before the call, were they spread evenly over the time ahead."""
    if queue < 0.5:
        return lead
    moving = max(queue - standing, 0.0)
    lead += (settings.startup if standing else 0.0) + settings.headway * queue
    return lead / (1 + settings.headway * moving / max(ahead, 1.0))
