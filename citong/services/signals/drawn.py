"""Plans and arterials as pages draw them: bars in seconds, and the time-space diagram in the units of its SVG."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from citong.core.signals.control import waves
from citong.core.signals.lawful import greens_of
from citong.core.signals.model import GREEN, Junction, Plan, Span
from citong.services.signals.models import Arterial
from citong.services.signals.models import Junction as Row
from citong.services.signals.words import several

TONES = {"G": "green", "g": "yielding", "y": "amber", "u": "red-amber", "r": "red"}
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 1000.0, 560.0, 120.0, 16.0, 16.0, 36.0
MOST_CYCLES_SHOWN = 3
THINNEST = 3.0


@dataclass(frozen=True)
class Bar:
    """One letter of a group for some seconds: where it begins and how long it is, in thousandths of the cycle."""

    start: float
    width: float
    tone: str


@dataclass(frozen=True)
class Line:
    """The bars of one group, and what they say in words."""

    label: str
    words: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Timeline:
    """A plan drawn: its cycle, offset, a line for each group, and the seconds under the axis."""

    cycle: float
    offset: float
    lines: Sequence[Line]
    ticks: Sequence[str]


def timeline(junction: Junction, plan: Plan) -> Timeline:
    """The plan as bars; groups that always show the same share a line."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for group in range(junction.groups):
        kind = junction.kinds[group] if group < len(junction.kinds) else ""
        alike.setdefault((kind, *(span.state[group] for span in plan.spans)), []).append(group)
    lines = [_line(junction, plan, groups) for groups in alike.values()]
    ticks = [number_format(plan.cycle * part / 4, 0) for part in range(5)]
    return Timeline(plan.cycle, plan.offset, lines, ticks)


def _line(junction: Junction, plan: Plan, groups: Sequence[int]) -> Line:
    greens = "、".join(f"{start:g}–{end:g}" for start, end in greens_of(plan, groups[0]))
    words = _("green %(seconds)s s") % {"seconds": greens} if greens else _("never green")
    return Line(several(junction, groups), words, list(_bars(plan, groups[0])))


def _bars(plan: Plan, group: int) -> Iterable[Bar]:
    start, letter, length, scale = 0.0, "", 0.0, 1000 / plan.cycle
    for span in (*plan.spans, Span(" " * len(plan.spans[0].state), 0.0)):
        if span.state[group] != letter and length:
            yield Bar(round(start * scale, 2), round(length * scale, 2), TONES.get(letter, "dark"))
            start, length = start + length, 0.0
        letter, length = span.state[group], length + span.seconds


@dataclass(frozen=True)
class Stage:
    """A stage drawn: the groups that are green, and those that yield."""

    number: int
    protected: str
    permissive: str


def stages(junction: Junction) -> list[Stage]:
    """The stages of a junction in words."""
    return [
        Stage(
            number, several(junction, one.protected), several(junction, one.permissive)
        )
        for number, one in enumerate(junction.stages, start=1)
    ]  # fmt: skip


def lamps(junction: Junction, state: str) -> list[tuple[str, str]]:
    """What groups show now, those that show the same together; nothing for a state of another junction."""
    if len(state) != junction.groups:
        return []
    alike: dict[str, list[int]] = {}
    for group, letter in enumerate(state):
        alike.setdefault(TONES.get(letter, "dark"), []).append(group)
    return [(several(junction, groups), tone) for tone, groups in alike.items()]


@dataclass(frozen=True)
class Mark:
    """Green at one stop line in the diagram."""

    x: float
    y: float
    width: float
    there: bool


@dataclass(frozen=True)
class Tick:
    """A word at the edge of the diagram."""

    at: float
    words: str


@dataclass(frozen=True)
class Diagram:
    """The time-space diagram of an arterial. Without a common cycle there are greens and no bands."""

    marks: Sequence[Mark]
    bands: Sequence[tuple[bool, str]]
    stops: Sequence[Tick]
    seconds: Sequence[Tick]
    cycles: Mapping[str, float]
    there: int = 0
    back: int = 0
    share: float | None = None
    offsets: Mapping[str, int] = field(default_factory=dict)
    width: float = WIDTH
    height: float = HEIGHT


@dataclass(frozen=True)
class _Stop:
    """A junction on the road with the plan in force; `label` is what the diagram calls it."""

    name: str
    label: str
    metres: float
    plan: Plan
    there: Sequence[int]
    back: Sequence[int]


def diagram(arterial: Arterial, rows: Mapping[str, Row], *, speed: float, best: bool = False) -> Diagram:
    """The diagram with the plans in force; `best`: with the offsets that would make both bands widest."""
    stops = _stops(arterial, rows)
    cycles = {stop.name: stop.plan.cycle for stop in stops}
    seconds = round(MOST_CYCLES_SHOWN * max(cycles.values(), default=60.0))
    frame = _Frame(seconds, stops[0].metres if stops else 0.0, stops[-1].metres if stops else 1.0)
    wave = _wave(stops, speed, best=best)
    if wave is None:
        return Diagram(
            [mark for stop in stops for mark in _greens(stop, frame)],
            (),
            frame.stops(stops),
            frame.seconds_under(),
            cycles,
        )
    return Diagram(
        marks=[_mark(bar.start, bar.end, bar.metres, bar.there, frame) for bar in waves.bars(wave, seconds=seconds)],
        bands=[(there, frame.points(corners)) for there, corners in waves.bands(wave, seconds=seconds)],
        stops=frame.stops(stops), seconds=frame.seconds_under(), cycles=cycles, there=wave.there.width,
        back=wave.back.width, share=wave.share, offsets={stop.name: stop.offset for stop in wave.stops},
    )  # fmt: skip


def _stops(arterial: Arterial, rows: Mapping[str, Row]) -> list[_Stop]:
    found = []
    for said in arterial.stops:
        row = rows.get(said["junction"])
        held = getattr(row, "held", [])
        if row is not None and held:
            found.append(
                _Stop(
                    row.name,
                    _across(row.name, arterial.name),
                    float(said["metres"]),
                    held[0].built,
                    said["there"],
                    said["back"],
                )
            )
    return found


def _across(junction: str, road: str) -> str:
    """A junction by the roads that cross this one, where it is named after its roads."""
    others = [name for name in junction.split("、") if name != road]
    return "、".join(others) or junction


def _wave(stops: Sequence[_Stop], speed: float, *, best: bool) -> waves.Wave | None:
    """The wave where all cycles are one and of whole seconds."""
    cycles = {stop.plan.cycle for stop in stops}
    if len(stops) < 2 or len(cycles) != 1 or (cycle := cycles.pop()) % 1:
        return None
    rows = [
        waves.Stop(
            stop.name, stop.metres, waves.green_bits(stop.plan, stop.there), waves.green_bits(stop.plan, stop.back),
            round(stop.plan.offset) % round(cycle),
        )
        for stop in stops
    ]  # fmt: skip
    if not best:
        return waves.wave(rows, cycle=round(cycle), speed=speed)
    begins = [_from(rows, round(cycle), speed, way) for way in (0, 1, -1)]
    return max((waves.coordinated(one, cycle=round(cycle), speed=speed) for one in begins), key=lambda one: one.share)


def _from(rows: Sequence[waves.Stop], cycle: int, speed: float, way: int) -> list[waves.Stop]:
    """Where the search for offsets begins: as they stand, or green as somebody who drives there (1) or back (-1) comes.
    From offsets without any band no single change wins one."""
    if not way:
        return list(rows)
    first = rows[0].metres
    return [replace(one, offset=round(way * (one.metres - first) / speed) % cycle) for one in rows]


class _Frame:
    """From seconds and metres to the units of the SVG."""

    def __init__(self, seconds: int, first: float, last: float) -> None:
        self.seconds, self.first, self.length = seconds, first, max(last - first, 1.0)

    def x(self, seconds: float) -> float:
        return round(LEFT + min(max(seconds, 0.0), self.seconds) / self.seconds * (WIDTH - LEFT - RIGHT), 1)

    def y(self, metres: float) -> float:
        share = (metres - self.first) / self.length
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM - THINNEST) - THINNEST, 1)

    def points(self, corners: Iterable[tuple[float, float]]) -> str:
        """A band; the clip of the SVG cuts what lies beyond the last second."""
        scale = (WIDTH - LEFT - RIGHT) / self.seconds
        return " ".join(f"{LEFT + seconds * scale:.1f},{self.y(metres):.1f}" for seconds, metres in corners)

    def stops(self, stops: Iterable[_Stop]) -> list[Tick]:
        return [Tick(self.y(stop.metres), stop.label) for stop in stops]

    def seconds_under(self) -> list[Tick]:
        step = 30 if self.seconds <= 360 else 60
        return [Tick(self.x(second), str(second)) for second in range(0, self.seconds + 1, step)]


def _mark(start: float, end: float, metres: float, there: bool, frame: _Frame) -> Mark:
    above = -THINNEST - 1 if there else 1.0
    return Mark(frame.x(start), round(frame.y(metres) + above, 1), round(frame.x(end) - frame.x(start), 1), there)


def _greens(stop: _Stop, frame: _Frame) -> Iterable[Mark]:
    """Greens of one stop by its own cycle, where the road has no common one."""
    for groups, there in ((stop.there, True), (stop.back, False)):
        start, at, was = 0.0, 0.0, False
        while at <= frame.seconds:
            state = stop.plan.state_at(at)
            green = bool(groups) and all(state[group] in GREEN for group in groups) and at < frame.seconds
            if green and not was:
                start = at
            elif was and not green:
                yield _mark(start, at, stop.metres, there, frame)
            was, at = green, at + 1
