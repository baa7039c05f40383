"""What a controller says of itself at one moment, and what that is in the words of the port."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from citong.adapters.ntcip import oids
from citong.adapters.ntcip.oids import ChannelType, ControlStatus, FlashStatus, cell, group_of, row
from citong.adapters.ntcip.tables import Channel, Tables
from citong.core.signals.port import Detected, Mode

COLUMNS = (oids.YELLOWS, oids.GREENS, oids.WALKS, oids.PED_CLEARS)
OVERLAP_YELLOW, OVERLAP_GREEN = 3, 4
OCCUPANCY_FULL = 200  # half per cents; above are faults of the detector
PREEMPTS_READ = 16


@dataclass(frozen=True)
class Status:
    """All values polled, by identifier; missing ones are 0."""

    values: Mapping[str, int]

    def phases(self, column: int, tables: Tables) -> frozenset[int]:
        """The phases whose bit is set in a column of the status groups."""
        return frozenset(phase for phase in tables.phases if self._bit(oids.PHASE_STATUS, column, phase))

    def state(self, tables: Tables) -> str:
        """One letter for each channel. While the lamps flash all vehicles' flash and pedestrians' are dark."""
        if self.flash is not FlashStatus.NOT_FLASH:
            return "".join("O" if one.type is ChannelType.PHASE_PEDESTRIAN else "o" for one in tables.channels)
        return "".join(self._letter(one) for one in tables.channels)

    @property
    def flash(self) -> FlashStatus:
        """Whether the lamps flash; a number nobody knows counts as flashing for another reason."""
        value = self.values.get(oids.FLASH_STATUS, 0)
        return FlashStatus(value) if value in set(FlashStatus) else FlashStatus.OTHER

    def mode(self) -> Mode:
        """Who leads. A controller in back-up mode follows its own plan and may be asked again."""
        control = self.values.get(oids.CONTROL_STATUS, 0)
        if self.flash is FlashStatus.LOCAL_MANUAL or control == ControlStatus.MANUAL:
            return Mode.MANUAL
        if self.flash is FlashStatus.PREEMPT or self._pre_empted():
            return Mode.LOCAL
        if self.flash is not FlashStatus.NOT_FLASH:
            return Mode.FAULT
        return Mode.CENTRAL if control == ControlStatus.SYSTEM_CONTROL else Mode.PLAN

    def _letter(self, channel: Channel) -> str:
        """The most dangerous of what is said: a green beside a red is a green."""
        number = channel.source
        if channel.type is ChannelType.PHASE_PEDESTRIAN:
            return "G" if self._bit(oids.PHASE_STATUS, oids.WALKS, number) else "r"
        overlap = channel.type is ChannelType.OVERLAP
        table = oids.OVERLAP_STATUS if overlap else oids.PHASE_STATUS
        if self._bit(table, OVERLAP_GREEN if overlap else oids.GREENS, number):
            return "G"
        return "y" if self._bit(table, OVERLAP_YELLOW if overlap else oids.YELLOWS, number) else "r"

    def _bit(self, table: str, column: int, number: int) -> bool:
        group, bit = group_of(number)
        return bool(self.values.get(cell(table, column, group), 0) & bit)

    def _pre_empted(self) -> bool:
        states = (value for name, value in self.values.items() if name.startswith(f"{oids.PREEMPT_STATE}."))
        return any(state not in oids.PREEMPT_STATES_OFF for state in states)


def names(tables: Tables) -> list[str]:
    """What is polled each time."""
    groups = range(1, tables.phase_groups + 1)
    wanted = [oids.UP_TIME, oids.CONTROL_STATUS, oids.FLASH_STATUS, oids.BACKUP_TIME, oids.PATTERN_STATUS]
    wanted += [cell(oids.PHASE_STATUS, column, group) for column in COLUMNS for group in groups]
    wanted += [cell(oids.PHASE_CONTROL, column, group) for column in oids.CONTROLS for group in groups]
    wanted += [oids.PATTERN_CONTROL, oids.VOLUME_SEQUENCE]
    wanted += [row(oids.PREEMPT_STATE, number) for number in range(1, min(tables.preempts, PREEMPTS_READ) + 1)]
    overlaps = {group_of(one.source)[0] for one in tables.channels if one.type is ChannelType.OVERLAP}
    wanted += [cell(oids.OVERLAP_STATUS, column, group) for column in (3, 4) for group in sorted(overlaps)]
    return wanted + [
        row(oids.DETECTOR_ACTIVE, group) for group in sorted({group_of(one)[0] for one in tables.detectors})
    ]


def counts(tables: Tables) -> list[str]:
    """What is read when the controller closed another span of counting."""
    return [row(column, number) for column in (oids.VOLUME, oids.OCCUPANCY) for number in tables.detectors]


def detected(
    status: Status, counted: Mapping[str, int], tables: Tables, lanes: Mapping[int, str]
) -> Mapping[str, Detected]:
    """By lane: vehicles counted in the last span, the share of it in which the loop was covered. `halted` is 1 while
    somebody stands on the loop before a red. Detectors that report a fault are left out."""
    found: dict[str, Detected] = {}
    greens = status.phases(oids.GREENS, tables)
    for number, phase in tables.detectors.items():
        occupancy = counted.get(row(oids.OCCUPANCY, number), 0)
        group, bit = group_of(number)
        active = bool(status.values.get(row(oids.DETECTOR_ACTIVE, group), 0) & bit)
        if occupancy <= OCCUPANCY_FULL:
            own = _with(
                found.get(lanes[number]), counted.get(row(oids.VOLUME, number), 0), active and phase not in greens
            )
            found[lanes[number]] = Detected(own[0], own[1], occupancy / OCCUPANCY_FULL, exact=False)
    return found


def _with(before: Detected | None, count: int, halted: bool) -> Sequence[int]:
    """Several loops in one lane see the same vehicles: the highest count holds."""
    return max(count, before.count if before else 0), max(int(halted), before.halted if before else 0)
