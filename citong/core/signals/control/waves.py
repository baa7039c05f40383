"""Green waves along a road: how wide a band passes every signal without a stop, and which offsets make it widest.

Seconds of a common cycle are bits of a number: bit t is set where a vehicle that reaches the stop line at second t of
the cycle finds green. A band is a run of seconds at the first signal from which all signals are passed at green.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from citong.core.signals.model import GREEN, Plan


@dataclass(frozen=True, slots=True)
class Stop:
    """One signal on the road: metres from its begin, and green there and back, a bit for each second of the cycle."""

    name: str
    metres: float
    there: int
    back: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """Seconds of the cycle at the first stop line passed between which the whole road is driven without a stop."""

    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Wave:
    """Both bands of a road with a common cycle (seconds) and a speed (metres a second)."""

    cycle: int
    speed: float
    stops: tuple[Stop, ...]
    there: Band
    back: Band

    @property
    def share(self) -> float:
        """Mean width of both bands as a share of the cycle."""
        return (self.there.width + self.back.width) / 2 / self.cycle


def green_bits(plan: Plan, groups: Iterable[int]) -> int:
    """Seconds of the plan's own cycle (its offset left out) in which all these groups are green."""
    wanted, bits, start = tuple(groups), 0, 0.0
    for span in plan.spans:
        if all(span.state[group] in GREEN for group in wanted):
            first, last = round(start), round(start + span.seconds)
            bits |= (1 << last) - (1 << first)
        start += span.seconds
    return bits


def wave(stops: Sequence[Stop], *, cycle: int, speed: float) -> Wave:
    """The bands as the offsets stand. Stops are in the order of the road."""
    there = _band([(stop.there, stop.offset, stop.metres - stops[0].metres) for stop in stops], cycle, speed)
    back = _band([(stop.back, stop.offset, stops[-1].metres - stop.metres) for stop in reversed(stops)], cycle, speed)
    return Wave(cycle, speed, tuple(stops), there, back)


def coordinated(
    stops: Sequence[Stop], *, cycle: int, speed: float, rounds: int = 4, held: Collection[str] = ()
) -> Wave:
    """The offsets that make both bands together widest: the road is built up from one signal, then each is moved again.

    Those held keep theirs; where none is, the first does.
    """
    first = next((place for place, stop in enumerate(stops) if stop.name in held), 0)
    free = [place for place, stop in enumerate(stops) if stop.name not in held and place != first]
    given = wave(stops, cycle=cycle, speed=speed)
    best = max([given, wave(_grown(given, first, free), cycle=cycle, speed=speed)], key=_worth)
    for _ in range(rounds):
        before = best
        for place in free:
            best = max([best, *_moved(best, place)], key=_worth)
        if best is before:
            break
    return best


def _grown(one: Wave, first: int, free: Collection[int]) -> Sequence[Stop]:
    """Offsets found one by one, on the part of the road done so far: on the whole of it a band may not open at all."""
    stops = list(one.stops)
    for place in [*range(first + 1, len(stops)), *range(first - 1, -1, -1)]:
        low, high = min(place, first), max(place, first) + 1 if place > first else len(stops)
        part = wave(stops[low:high], cycle=one.cycle, speed=one.speed)
        if place in free:
            part = max([part, *_moved(part, place - low)], key=_worth)
        stops[low:high] = part.stops
    return stops


def _moved(one: Wave, place: int) -> Iterable[Wave]:
    for offset in range(one.cycle):
        stops = [replace(stop, offset=offset) if at == place else stop for at, stop in enumerate(one.stops)]
        yield wave(stops, cycle=one.cycle, speed=one.speed)


def _worth(one: Wave) -> tuple[int, int]:
    """Both bands together, and among equals the wider of the narrower ones."""
    widths = one.there.width, one.back.width
    return sum(widths), min(widths)


def _band(passed: Sequence[tuple[int, int, float]], cycle: int, speed: float) -> Band:
    common = (1 << cycle) - 1
    for bits, offset, metres in passed:
        common &= _turned(bits, offset - round(metres / speed), cycle)
    return _longest_run(common, cycle)


def _turned(bits: int, by: int, cycle: int) -> int:
    by %= cycle
    return ((bits << by) | (bits >> (cycle - by))) & ((1 << cycle) - 1)


def _longest_run(bits: int, cycle: int) -> Band:
    """The longest run of set bits in the ring."""
    if bits == (1 << cycle) - 1:
        return Band(0, cycle)
    width, runs = 0, bits
    while runs:
        last, width = runs, width + 1
        runs = last & _turned(bits, -width, cycle)
    return Band((last & -last).bit_length() - 1, width) if width else Band(0, 0)


@dataclass(frozen=True, slots=True)
class Bar:
    """Green at one stop line in the time-space diagram: metres along the road, seconds from and to."""

    name: str
    metres: float
    start: float
    end: float
    there: bool


def bars(one: Wave, *, seconds: int) -> list[Bar]:
    """All greens of a time-space diagram of so many seconds, in both directions."""
    found = []
    for stop in one.stops:
        for bits, there in ((stop.there, True), (stop.back, False)):
            green = _turned(bits, stop.offset, one.cycle)
            found += [Bar(stop.name, stop.metres, start, end, there) for start, end in _runs(green, one.cycle, seconds)]
    return found


def bands(one: Wave, *, seconds: int) -> list[tuple[bool, tuple[tuple[float, float], ...]]]:
    """The bands of a time-space diagram: direction, and four corners (seconds, metres) of each."""
    found: list[tuple[bool, tuple[tuple[float, float], ...]]] = []
    ends = one.stops[0].metres, one.stops[-1].metres
    drive = (ends[1] - ends[0]) / one.speed
    for there, band, (first, last) in ((True, one.there, ends), (False, one.back, ends[::-1])):
        for start in range(band.start, seconds, one.cycle):
            end = start + band.width
            if band.width:
                found.append((there, ((start, first), (end, first), (end + drive, last), (start + drive, last))))
    return found


def _runs(bits: int, cycle: int, seconds: int) -> Iterable[tuple[int, int]]:
    start: int | None = None
    for second in range(seconds + 1):
        green = second < seconds and bits >> (second % cycle) & 1
        if green and start is None:
            start = second
        elif not green and start is not None:
            yield start, second
            start = None
