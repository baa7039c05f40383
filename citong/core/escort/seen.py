"""What is seen at a gate, by exact counts or by loops."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GateSeen:
    """Vehicles by lane between the escort (or the junction before) and the stop line, and how full the exit is."""

    ahead: float = 0.0
    standing: float = 0.0
    exit_stands: bool = False
    """Somebody stands right behind the junction: who gets green now would block it."""
    change: float = 5.0
    """Seconds to the escort's green, were it called now; 0 when it is green."""
    full: frozenset[str] = frozenset()
    """Roads behind other ways out of the same lanes, and roads behind those, that are full."""


class LoopCount:
    """Vehicles between two loops, from what they count: misses add up until the line is seen free."""

    def __init__(self, *, free_after: float = 4.0) -> None:
        self.count, self.free_after, self._free = 0.0, free_after, 0.0

    def second(self, *, came: int, left: int, at_line: bool, green: bool) -> float:
        """One second of counts; `at_line`: somebody is over the loop at the stop line. Vehicles between the loops."""
        self.count = max(self.count + came - left, 1.0 if at_line else 0.0)
        self._free = 0.0 if at_line or left or not green else self._free + 1
        if self._free >= self.free_after:
            self.count = float(came)
        return self.count
