"""What a controller holds: phases, rings, channels, overlaps, detectors, patterns, read whole at the start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from citong.adapters.ntcip import oids
from citong.adapters.ntcip.oids import ChannelType, cell, row
from citong.adapters.ntcip.snmp import Snmp, SnmpFault, Value

PATTERNS_READ = 32  # of those a controller may hold; plans beyond are not offered
DETECTORS_READ = 64
ENABLED = 1  # bit 0 of phaseOptions
TENTH = 0.1


class NotUsable(SnmpFault):
    """The tables of a controller do not make a junction; the sentence says why."""


@dataclass(frozen=True)
class Phase:
    """One row of the phase table, seconds."""

    number: int
    ring: int
    walk: float
    ped_clear: float
    min_green: float
    max_green: float
    yellow: float
    red_clear: float
    concurrent: frozenset[int]


@dataclass(frozen=True)
class Channel:
    """A set of lamps in use and what lights them: the number of a phase or of an overlap."""

    number: int
    type: ChannelType
    source: int


@dataclass(frozen=True)
class Pattern:
    """A plan of the controller: seconds of cycle, offset and of each phase."""

    number: int
    cycle: float
    offset: float
    splits: Mapping[int, float]
    sequence: int


@dataclass(frozen=True)
class Tables:
    """All of it. `overlaps`: the phases each includes; `detectors`: the phase each calls."""

    phases: Mapping[int, Phase]
    rings: tuple[tuple[int, ...], ...]
    channels: tuple[Channel, ...]
    overlaps: Mapping[int, tuple[int, ...]]
    detectors: Mapping[int, int]
    patterns: Mapping[int, Pattern]
    preempts: int = 0
    doubts: tuple[str, ...] = field(default=())

    @property
    def phase_groups(self) -> int:
        """Groups of eight that hold all phases in use."""
        return oids.group_of(max(self.phases))[0]


async def read(snmp: Snmp) -> Tables:
    """The tables of a controller; NotUsable when they make no junction."""
    sizes = await _ints(snmp, [
        oids.MAX_PHASES, oids.MAX_DETECTORS, oids.MAX_PATTERNS, oids.MAX_PREEMPTS, oids.MAX_RINGS, oids.MAX_CHANNELS,
        oids.MAX_OVERLAPS,
    ])  # fmt: skip
    phases = await _phases(snmp, sizes[0])
    if not phases:
        raise NotUsable("The controller has no phase in use.")
    rings = await _rings(snmp, sizes[4], phases)
    channels = await _channels(snmp, sizes[5])
    overlaps = await _overlaps(snmp, {one.source for one in channels if one.type is ChannelType.OVERLAP})
    patterns = await _patterns(snmp, min(sizes[2], PATTERNS_READ), phases)
    detectors = await _column(snmp, cell(oids.DETECTOR, oids.CALL_PHASE), min(sizes[1], DETECTORS_READ))
    called = {number: phase for number, phase in detectors.items() if phase in phases}
    fit, doubts = _fitting(channels, phases, overlaps)
    return Tables(phases, rings, fit, overlaps, called, patterns, sizes[3], doubts)


async def _phases(snmp: Snmp, count: int) -> dict[int, Phase]:
    columns = (
        oids.OPTIONS, oids.RING, oids.WALK, oids.PED_CLEAR, oids.MIN_GREEN, oids.MAX_1, oids.YELLOW, oids.RED_CLEAR,
        oids.CONCURRENCY,
    )  # fmt: skip
    phases = {}
    for number in range(1, count + 1):
        found = await snmp.get([cell(oids.PHASE, column, number) for column in columns])
        options, ring, walk, clear, least, most, yellow, red = map(_int, found[:8])
        if options & ENABLED and ring:
            concurrent = frozenset(_octets(found[8])) - {0, number}
            phases[number] = Phase(
                number, ring, walk, clear, least, max(most, least), yellow * TENTH, red * TENTH, concurrent
            )
    return phases


async def _rings(snmp: Snmp, count: int, phases: Mapping[int, Phase]) -> tuple[tuple[int, ...], ...]:
    """The order of phases in each ring, of sequence 1; phases it forgets come last."""
    rings = []
    for ring in range(1, count + 1):
        (data,) = await snmp.get([row(oids.SEQUENCE_DATA, 1, ring)])
        own = [number for number, phase in phases.items() if phase.ring == ring]
        told = [number for number in dict.fromkeys(_octets(data)) if number in own]
        rings.append((*told, *(number for number in own if number not in told)))
    return tuple(ring for ring in rings if ring)


async def _channels(snmp: Snmp, count: int) -> list[Channel]:
    sources = await _column(snmp, oids.CHANNEL_SOURCE, count)
    types = await _column(snmp, oids.CHANNEL_TYPE, count)
    known = set(ChannelType) - {ChannelType.OTHER}
    return [
        Channel(number, ChannelType(types[number]), source)
        for number, source in sources.items()
        if source and types.get(number) in known
    ]


async def _overlaps(snmp: Snmp, numbers: set[int]) -> dict[int, tuple[int, ...]]:
    ordered = sorted(numbers)
    found = await snmp.get([row(oids.INCLUDED_PHASES, number) for number in ordered]) if ordered else []
    return {number: tuple(_octets(data)) for number, data in zip(ordered, found, strict=True)}


async def _patterns(snmp: Snmp, count: int, phases: Mapping[int, Phase]) -> dict[int, Pattern]:
    """Patterns with a cycle; the others are not in use."""
    columns = (oids.CYCLE, oids.OFFSET, oids.SPLIT_NUMBER, oids.SEQUENCE_NUMBER)
    patterns = {}
    for number in range(1, count + 1):
        cycle, offset, split, sequence = await _ints(snmp, [cell(oids.PATTERN, one, number) for one in columns])
        if cycle and split:
            times = await _ints(snmp, [row(oids.SPLIT_TIME, split, phase) for phase in phases])
            splits = dict(zip(phases, map(float, times), strict=True))
            patterns[number] = Pattern(number, cycle, offset if offset < 255 else 0, splits, sequence)
    return patterns


def _fitting(
    channels: Sequence[Channel], phases: Mapping[int, Phase], overlaps: Mapping[int, Sequence[int]]
) -> tuple[tuple[Channel, ...], tuple[str, ...]]:
    """The channels that something in use lights, and what is doubtful."""
    fit = []
    for one in channels:
        parents = overlaps.get(one.source, ()) if one.type is ChannelType.OVERLAP else (one.source,)
        if any(parent in phases for parent in parents):
            fit.append(one)
    if not fit:
        fit = [Channel(number, ChannelType.PHASE_VEHICLE, number) for number in phases]
    doubts = [
        f"Phase {number} says that it may run beside phase {other}, which does not say so: kept apart."
        for number, phase in phases.items()
        for other in sorted(phase.concurrent & set(phases))
        if number not in phases[other].concurrent
    ]
    lit = {one.source for one in fit if one.type is ChannelType.PHASE_VEHICLE}
    dark = [f"Phase {number} lights no channel." for number in phases if number not in lit]
    return tuple(fit), (*doubts, *dark)


async def _column(snmp: Snmp, column: str, count: int) -> dict[int, int]:
    numbers = range(1, count + 1)
    found = await snmp.get([row(column, number) for number in numbers]) if count else []
    return {number: _int(value) for number, value in zip(numbers, found, strict=True)}


async def _ints(snmp: Snmp, names: Sequence[str]) -> list[int]:
    return [_int(value) for value in await snmp.get(names)]


def _int(value: Value | None) -> int:
    return value if isinstance(value, int) else 0


def _octets(value: Value | None) -> bytes:
    return value if isinstance(value, bytes) else b""
