"""The junction model out of a controller's tables. A group is a channel in use, in order of its number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

from citong.adapters.ntcip.nominal import nominal
from citong.adapters.ntcip.oids import ChannelType
from citong.adapters.ntcip.tables import Channel, NotUsable, Phase, Tables
from citong.core.signals.model import Clearance, Conflicts, Junction, Kind, Movement, Stage

MAX_WAIT = 180.0  # seconds; NTCIP has no such value, a register may give its own


@dataclass(frozen=True)
class Lane:
    """What the register of the city knows of a detector's lane; NTCIP knows no lanes."""

    approach: str
    exit: str
    lane: str
    exit_lane: str = ""


@dataclass(frozen=True)
class Built:
    """The junction, and for each stage the phases that make it."""

    junction: Junction
    stage_phases: tuple[frozenset[int], ...]
    lanes: Mapping[int, str] = field(default_factory=dict)
    """The lane of each detector."""


def build(
    name: str, tables: Tables, *, pattern: int = 0, lanes: Mapping[int, Lane] | None = None, max_wait: float = MAX_WAIT
) -> Built:
    """The model; `pattern` is the one in force (0: none, the phases run free). NotUsable when it has no stage."""
    parents = [_parents(tables, channel) for channel in tables.channels]
    stages = _stages(tables, parents)
    if not stages:
        raise NotUsable("No phase of the controller lights a lamp.")
    known = {number: (lanes or {}).get(number) or _unnamed(number, phase) for number, phase in tables.detectors.items()}
    kinds = tuple(_kind(channel) for channel in tables.channels)
    junction = Junction(
        name=name,
        movements=tuple(_movements(tables, known)),
        stages=tuple(stage for stage, _ in stages),
        clearance=_clearance(tables, parents, max_wait),
        conflicts=_conflicts(tables, parents),
        plan=nominal(tables, parents, pattern),
        kinds=kinds,
    )
    return Built(junction, tuple(phases for _, phases in stages), {number: lane.lane for number, lane in known.items()})


def together(phases: Mapping[int, Phase], one: int, other: int) -> bool:
    """Whether two phases may be green together: both must say so, and no ring shows two."""
    if one == other:
        return True
    first, second = phases[one], phases[other]
    return first.ring != second.ring and other in first.concurrent and one in second.concurrent


def _parents(tables: Tables, channel: Channel) -> tuple[int, ...]:
    """The phases in use that light a channel."""
    overlap = channel.type is ChannelType.OVERLAP
    sources = tables.overlaps.get(channel.source, ()) if overlap else (channel.source,)
    return tuple(phase for phase in sources if phase in tables.phases)


def _kind(channel: Channel) -> Kind:
    return Kind.PEDESTRIAN if channel.type is ChannelType.PHASE_PEDESTRIAN else Kind.VEHICLE


def _stages(tables: Tables, parents: list[tuple[int, ...]]) -> list[tuple[Stage, frozenset[int]]]:
    """One phase of each ring, as many together as may be; sets that lie within another are left out."""
    choices = product(*[(None, *ring) for ring in tables.rings])
    sets = {frozenset(phase for phase in choice if phase is not None) for choice in choices}
    fit = [one for one in sets if one and all(together(tables.phases, a, b) for a in one for b in one)]
    most = sorted((one for one in fit if not any(one < other for other in fit)), key=sorted)
    stages = [(Stage("+".join(map(str, sorted(one))), _letters(parents, one)), one) for one in most]
    return [(stage, phases) for stage, phases in stages if stage.greens]


def _letters(parents: Iterable[tuple[int, ...]], phases: frozenset[int]) -> str:
    return "".join("G" if phases & set(own) else "r" for own in parents)


def _movements(tables: Tables, lanes: Mapping[int, Lane]) -> Iterable[Movement]:
    lamps = {one.source: group for group, one in enumerate(tables.channels) if one.type is ChannelType.PHASE_VEHICLE}
    for number, lane in lanes.items():
        group = lamps.get(tables.detectors[number])
        if group is not None:
            yield Movement(group, lane.approach, lane.exit, lane.lane, lane.exit_lane)


def _unnamed(number: int, phase: int) -> Lane:
    return Lane(f"phase {phase}", f"phase {phase}", f"detector {number}")


def _conflicts(tables: Tables, parents: list[tuple[int, ...]]) -> Conflicts:
    """Groups may be green together when some phase of one may run beside some phase of the other."""
    both, none = frozenset({"GG"}), frozenset[str]()

    def free(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
        return any(together(tables.phases, one, other) for one in a for other in b)

    return Conflicts(tuple(tuple(both if free(a, b) else none for b in parents) for a in parents))


def _clearance(tables: Tables, parents: list[tuple[int, ...]], max_wait: float) -> Clearance:
    """An overlap has the shortest minimum and the longest clearance of its phases."""
    phases, walks = tables.phases, [one.type is ChannelType.PHASE_PEDESTRIAN for one in tables.channels]
    own = [[phases[number] for number in numbers] for numbers in parents]
    clear = [max(one.ped_clear for one in group) if walk else 0.0 for group, walk in zip(own, walks, strict=True)]
    vehicle = [max(one.yellow + one.red_clear for one in group) for group in own]
    amber = [0.0 if walk else max(one.yellow for one in group) for group, walk in zip(own, walks, strict=True)]
    conflicts = _conflicts(tables, parents)
    groups = range(len(parents))
    return Clearance(
        min_green=tuple(
            min(one.walk if walk else one.min_green for one in group) for group, walk in zip(own, walks, strict=True)
        ),
        amber=tuple(amber),
        red_amber=(0.0,) * len(parents),
        between=tuple(
            tuple(max(clear[a], vehicle[a]) if conflicts.apart(a, b) else 0.0 for b in groups) for a in groups
        ),
        pedestrian=tuple(clear),
        max_wait=max_wait,
    )
