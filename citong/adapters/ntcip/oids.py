"""Object identifiers of NTCIP 1202 (asc, 1.3.6.1.4.1.1206.4.2.1) and what their numbers mean.

Identifiers were compared with a public listing of the compiled 1202 v02 MIB and with two public programs that speak to
controllers; enumerations and bit orders with a second compiled MIB. Not confirmed beyond memory: the unit of
`detectorOccupancy` (half a per cent, faults above 200), bit 0 of `phaseOptions` (phase enabled), the values of
`preemptState`, and the unit of yellow and red clearance (tenths of a second).
"""

from enum import IntEnum

UP_TIME = "1.3.6.1.2.1.1.3.0"  # sysUpTime of SNMPv2-MIB, hundredths of a second
ASC = "1.3.6.1.4.1.1206.4.2.1"

MAX_PHASES = f"{ASC}.1.1.0"
PHASE = f"{ASC}.1.2.1"  # phaseEntry, column, then phase
WALK, PED_CLEAR, MIN_GREEN, MAX_1, YELLOW, RED_CLEAR, OPTIONS, RING, CONCURRENCY = 2, 3, 4, 6, 8, 9, 21, 22, 23
PHASE_STATUS = f"{ASC}.1.4.1"  # phaseStatusGroupEntry, column, then group of eight phases
REDS, YELLOWS, GREENS, DONT_WALKS, PED_CLEARS, WALKS, VEH_CALLS, PED_CALLS, ONS, NEXTS = range(2, 12)
PHASE_CONTROL = f"{ASC}.1.5.1"  # phaseControlGroupEntry, column, then group
OMIT, PED_OMIT, HOLD, FORCE_OFF, VEH_CALL, PED_CALL = range(2, 8)
CONTROLS = (OMIT, PED_OMIT, HOLD, FORCE_OFF, VEH_CALL, PED_CALL)

MAX_DETECTORS = f"{ASC}.2.1.0"
DETECTOR = f"{ASC}.2.2.1"  # vehicleDetectorEntry, column, then detector
CALL_PHASE = 4
DETECTOR_ACTIVE = f"{ASC}.2.4.1.2"  # vehicleDetectorStatusGroupActive, then group of eight
VOLUME_SEQUENCE, VOLUME_PERIOD = f"{ASC}.2.5.1.0", f"{ASC}.2.5.2.0"
ACTIVE_VOLUME_DETECTORS = f"{ASC}.2.5.3.0"
VOLUME, OCCUPANCY = f"{ASC}.2.5.4.1.1", f"{ASC}.2.5.4.1.2"  # then detector

BACKUP_TIME = f"{ASC}.3.3.0"
CONTROL_STATUS, FLASH_STATUS = f"{ASC}.3.5.0", f"{ASC}.3.6.0"

MAX_PATTERNS = f"{ASC}.4.5.0"
PATTERN = f"{ASC}.4.7.1"  # patternEntry, column, then pattern
CYCLE, OFFSET, SPLIT_NUMBER, SEQUENCE_NUMBER = 2, 3, 4, 5
SPLIT_TIME = f"{ASC}.4.9.1.3"  # splitTime, then split, phase
PATTERN_STATUS, PATTERN_CONTROL = f"{ASC}.4.10.0", f"{ASC}.4.14.0"
STANDBY, FREE, FLASH = 0, 254, 255  # of systemPatternControl, beside patterns 1 to 253

MAX_PREEMPTS, PREEMPT_STATE = f"{ASC}.6.1.0", f"{ASC}.6.2.1.16"
PREEMPT_STATES_OFF = (0, 2, 3)  # 2 not active, 3 not active with call

MAX_RINGS = f"{ASC}.7.1.0"
SEQUENCE_DATA = f"{ASC}.7.3.1.3"  # sequenceData, then sequence, ring

MAX_CHANNELS = f"{ASC}.8.1.0"
CHANNEL_SOURCE, CHANNEL_TYPE = f"{ASC}.8.2.1.2", f"{ASC}.8.2.1.3"  # then channel

MAX_OVERLAPS = f"{ASC}.9.1.0"
INCLUDED_PHASES = f"{ASC}.9.2.1.3"  # overlapIncludedPhases, then overlap
OVERLAP_STATUS = f"{ASC}.9.4.1"  # overlapStatusGroupEntry, column (2 reds, 3 yellows, 4 greens), then group


class ChannelType(IntEnum):
    """channelControlType: what lights the lamps of a channel."""

    OTHER = 1
    PHASE_VEHICLE = 2
    PHASE_PEDESTRIAN = 3
    OVERLAP = 4


class ControlStatus(IntEnum):
    """unitControlStatus: who leads the controller."""

    OTHER = 1
    SYSTEM_CONTROL = 2
    SYSTEM_STANDBY = 3
    BACKUP_MODE = 4
    MANUAL = 5
    TIMEBASE = 6
    INTERCONNECT = 7
    INTERCONNECT_BACKUP = 8


class FlashStatus(IntEnum):
    """unitFlashStatus: whether and why the lamps flash."""

    OTHER = 1
    NOT_FLASH = 2
    AUTOMATIC = 3
    LOCAL_MANUAL = 4
    FAULT_MONITOR = 5
    MMU = 6
    STARTUP = 7
    PREEMPT = 8


def cell(entry: str, column: int, *row: int) -> str:
    """One value of a table."""
    return ".".join([entry, str(column), *map(str, row)])


def row(column: str, *index: int) -> str:
    """One value of a column that is named whole."""
    return ".".join([column, *map(str, index)])


def group_of(number: int) -> tuple[int, int]:
    """The group of eight a phase (detector, overlap) belongs to, and its bit."""
    return (number - 1) // 8 + 1, 1 << (number - 1) % 8
