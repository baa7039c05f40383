"""The controller's own plan as spans: a pattern's splits, or, when it runs free, every phase to its maximum."""

from collections.abc import Iterable, Sequence

from citong.adapters.ntcip.oids import ChannelType
from citong.adapters.ntcip.tables import Pattern, Phase, Tables
from citong.core.signals.model import Plan, Span

FREE = "free"
Times = dict[int, tuple[float, float]]  # by phase: start of its green, end of its red clearance


def nominal(tables: Tables, parents: Sequence[tuple[int, ...]], number: int) -> Plan:
    """What the controller shows when every phase takes all the time it has. Real controllers skip phases that nobody
    calls, so this is a plan to compare with, not a forecast."""
    pattern = tables.patterns.get(number)
    times, cycle = _times(tables, pattern)
    moments = sorted({0.0, *_moments(tables, times)} - {cycle})
    ends = [*moments[1:], cycle]
    spans = [
        Span(_state(tables, parents, times, (first + last) / 2), round(last - first, 3))
        for first, last in zip(moments, ends, strict=True)
        if last > first
    ]
    return Plan(str(number) if pattern else FREE, tuple(_merged(spans)), pattern.offset if pattern else 0.0)


def _times(tables: Tables, pattern: Pattern | None) -> tuple[Times, float]:
    """Rings run side by side between barriers; the last phase of a ring before a barrier waits for the others."""
    times: Times = {}
    now = 0.0
    for part in _parts(tables):
        ends = []
        for ring in part:
            at = now
            for number in ring:
                taken = _taken(tables.phases[number], pattern)
                times[number] = (at, at + taken)
                at += taken
            ends.append(at)
        now = max(ends)
        for ring in part:
            times[ring[-1]] = (times[ring[-1]][0], now)
    return times, now


def _parts(tables: Tables) -> list[list[list[int]]]:
    """The phases between barriers, by ring: those tied to each other by concurrency."""
    left, parts = [number for ring in tables.rings for number in ring], []
    while left:
        tied = {left[0]}
        while more := {b for b in left for a in tied if b in tables.phases[a].concurrent} - tied:
            tied |= more
        tied |= {number for number in left if tables.phases[number].concurrent & tied}
        rings = [[number for number in ring if number in tied] for ring in tables.rings]
        parts.append([ring for ring in rings if ring])
        left = [number for number in left if number not in tied]
    return parts


def _taken(phase: Phase, pattern: Pattern | None) -> float:
    least = phase.min_green + phase.yellow + phase.red_clear
    split = pattern.splits.get(phase.number, 0.0) if pattern else 0.0
    return max(least, split or phase.max_green + phase.yellow + phase.red_clear)


def _moments(tables: Tables, times: Times) -> Iterable[float]:
    for number, (start, end) in times.items():
        phase = tables.phases[number]
        yellow = end - phase.red_clear - phase.yellow
        yield from (start, yellow, end - phase.red_clear, end)
        if phase.walk:
            yield from (min(start + phase.walk, yellow), max(start, yellow - phase.ped_clear))


def _state(tables: Tables, parents: Sequence[tuple[int, ...]], times: Times, at: float) -> str:
    letters = []
    for channel, own in zip(tables.channels, parents, strict=True):
        walks = channel.type is ChannelType.PHASE_PEDESTRIAN
        shown = {_letter(tables.phases[number], times[number], at, walks=walks) for number in own}
        letters.append(next(letter for letter in "Gyr" if letter in shown))
    return "".join(letters)


def _letter(phase: Phase, time: tuple[float, float], at: float, *, walks: bool) -> str:
    start, end = time
    yellow = end - phase.red_clear - phase.yellow
    if walks:
        return "G" if start <= at < min(start + phase.walk, max(start, yellow - phase.ped_clear)) else "r"
    if start <= at < yellow:
        return "G"
    return "y" if yellow <= at < end - phase.red_clear else "r"


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if merged and merged[-1].state == span.state:
            merged[-1] = Span(span.state, merged[-1].seconds + span.seconds)
        else:
            merged.append(span)
    return merged
