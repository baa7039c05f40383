"""The numbers of escorts as the city has them now: its own where it set one, else those of `parameters`."""

from citong.core.places.current import parameter
from citong.services.escort.parameters import APPROVE_SECONDS, FROM, KEEP_DAYS, LOST_SECONDS


def lost_seconds() -> float:
    """After how long without a place a running escort is aborted."""
    return float(parameter("escort_lost_seconds", LOST_SECONDS.at(FROM)))


def keep_days() -> int:
    """For how many days places are kept after the end."""
    return int(parameter("escort_keep_days", KEEP_DAYS.at(FROM)))


def approve_seconds() -> float:
    """Within which time the centre answers; counted down on its page."""
    return float(parameter("escort_approve_seconds", APPROVE_SECONDS.at(FROM)))
