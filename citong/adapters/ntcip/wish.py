"""What an ask comes to in the control objects of a controller."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from citong.adapters.ntcip import oids
from citong.adapters.ntcip.oids import cell, group_of
from citong.core.signals.port import Ask

Values = dict[str, int]


@dataclass(frozen=True)
class Wish:
    """An ask in force: phases to be green and held, or a pattern to be run."""

    ask: Ask
    stage: int | None = None
    phases: frozenset[int] = frozenset()
    pattern: int | None = None

    def means(self, other: "Wish") -> bool:
        """Whether both come to the same in the controller, for another time."""
        return (self.phases, self.pattern) == (other.phases, other.pattern)


def controls(wish: Wish | None, *, used: Iterable[int], greens: frozenset[int], groups: int) -> Values:
    """By identifier, what shall stand in the controls; all zero when nothing is wished.

    For a stage its phases are called and held, all others omitted, and greens that are not wanted forced off: the
    controller still gives them their minimum and clears pedestrians. Coordination would fight that, so it runs free.
    """
    values = {cell(oids.PHASE_CONTROL, column, group): 0 for group in range(1, groups + 1) for column in oids.CONTROLS}
    values[oids.PATTERN_CONTROL] = oids.STANDBY
    if wish is None:
        return values
    if wish.pattern is not None:
        return values | {oids.PATTERN_CONTROL: wish.pattern}
    others = frozenset(used) - wish.phases
    for column, phases in (
        (oids.OMIT, others), (oids.HOLD, wish.phases), (oids.VEH_CALL, wish.phases), (oids.FORCE_OFF, greens & others),
    ):  # fmt: skip
        _raise_bits(values, column, phases)
    return values | {oids.PATTERN_CONTROL: oids.FREE}


def agrees(wanted: Mapping[str, int], found: Mapping[str, int]) -> bool:
    """Whether the controller holds what is wanted. It takes back force-offs by itself as each green ends."""
    return all(found.get(name) == value or (_forces(name) and found.get(name) == 0) for name, value in wanted.items())


def unheard(wanted: Mapping[str, int], found: Mapping[str, int]) -> bool:
    """Whether a green that shall end is not being forced off yet."""
    return any(value and found.get(name) == 0 for name, value in wanted.items() if _forces(name))


def _forces(name: str) -> bool:
    return name.startswith(f"{oids.PHASE_CONTROL}.{oids.FORCE_OFF}.")


def _raise_bits(values: Values, column: int, phases: Iterable[int]) -> None:
    for phase in phases:
        group, bit = group_of(phase)
        values[cell(oids.PHASE_CONTROL, column, group)] |= bit
