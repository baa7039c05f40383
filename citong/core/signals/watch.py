"""The other half of the safety module: looks at what is shown, whoever commanded it, and says what was broken."""

from dataclasses import dataclass
from enum import StrEnum

from citong.core.signals.model import AMBER, GREEN, PERMISSIVE, PROTECTED, RED_AMBER, Junction

EPS = 1e-6
"""Seconds that do not count: clocks are binary fractions."""


class Rule(StrEnum):
    """What may be broken."""

    CONFLICT = "conflicting greens"
    SHORT_GREEN = "short green"
    SHORT_AMBER = "missing or short amber"
    CLEARANCE = "clearance cut"
    PEDESTRIAN = "pedestrian clearance cut"
    RED_AMBER = "missing red and amber"
    ENDLESS_RED = "endless red"


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule broken at one moment; `other` is the second group where there is one."""

    junction: str
    at: float
    rule: Rule
    group: int
    other: int | None = None


class Watch:
    """Looks at every state a junction shows and says what was broken; knows nothing of the guard."""

    def __init__(self, junction: Junction) -> None:
        self.junction = junction
        self.state: str | None = None
        groups = junction.groups
        self._since = [0.0] * groups
        self._ended: list[float | None] = [None] * groups
        self._yielded: list[float | None] = [None] * groups
        self._last_green = [""] * groups
        self._known = [False] * groups
        self._asked: dict[int, float] = {}
        self._waiting = 0

    def see(self, at: float, state: str, *, waiting: int = 0, slack: float = 0.0) -> list[Violation]:
        """Everything this state breaks after what was seen before; `slack` is what changes may add to a wait."""
        found: list[Violation] = []
        if state != self.state:
            found += self._changed(at, state)
        if self._asked or waiting:
            found += self._too_long(at, state, waiting, slack)
        return found

    def _changed(self, at: float, state: str) -> list[Violation]:
        found: list[Violation] = []
        before, self.state = self.state, state
        if (pair := self.junction.conflicts.clash(state)) is not None:
            found.append(self._violation(at, Rule.CONFLICT, *pair))
        if before is None:
            self._since = [at] * len(state)
            return found
        changed = [group for group in range(len(state)) if state[group] != before[group]]
        for group in changed:
            found += self._ended_right(at, group, before[group], state[group])
        for group in changed:
            if state[group] in GREEN:
                found += self._began_right(at, group, before[group], state[group])
        for group in changed:
            if not (before[group] in GREEN and state[group] in GREEN):
                self._since[group], self._known[group] = at, True
        return found

    def _ended_right(self, at: float, group: int, old: str, new: str) -> list[Violation]:
        clearance, lasted = self.junction.clearance, at - self._since[group]
        if old in GREEN and new not in GREEN:
            self._ended[group], self._last_green[group] = at, old
            found = []
            if self._known[group] and lasted < clearance.min_green[group] - EPS:
                found.append(self._violation(at, Rule.SHORT_GREEN, group))
            if new != AMBER and clearance.amber[group] > 0:
                found.append(self._violation(at, Rule.SHORT_AMBER, group))
            return found
        if old == PROTECTED and new == PERMISSIVE:
            self._yielded[group] = at
        if old == AMBER and self._known[group] and lasted < clearance.amber[group] - EPS:
            return [self._violation(at, Rule.SHORT_AMBER, group)]
        return []

    def _began_right(self, at: float, group: int, old: str, new: str) -> list[Violation]:
        clearance, found = self.junction.clearance, []
        if old not in GREEN and clearance.red_amber[group] > 0 and old != RED_AMBER:
            found.append(self._violation(at, Rule.RED_AMBER, group))
        for other in range(len(self._ended)):
            if other != group and self._in_the_way(at, other, group, new):
                rule = Rule.PEDESTRIAN if clearance.pedestrian[other] else Rule.CLEARANCE
                found.append(self._violation(at, rule, group, other))
        return found

    def _in_the_way(self, at: float, other: int, group: int, new: str) -> bool:
        """Whether the other's green ended, or its right of way was lost, too short a time ago for this green."""
        clearance, allowed = self.junction.clearance, self.junction.conflicts.allowed[other][group]
        ended, yielded = self._ended[other], self._yielded[other]
        clears = ended is not None and at - ended < clearance.between[other][group] - EPS
        yields = yielded is not None and at - yielded < clearance.since_yield(other, group) - EPS
        return (clears and self._last_green[other] + new not in allowed) or (yields and PROTECTED + new not in allowed)

    def _too_long(self, at: float, state: str, waiting: int, slack: float) -> list[Violation]:
        found = []
        for group in range(len(state)):
            if state[group] in GREEN or not waiting >> group & 1:
                self._asked.pop(group, None)
            elif at - self._asked.setdefault(group, at) > self.junction.clearance.max_wait + slack:
                found.append(self._violation(at, Rule.ENDLESS_RED, group))
                self._asked[group] = at
        return found

    def _violation(self, at: float, rule: Rule, group: int, other: int | None = None) -> Violation:
        return Violation(self.junction.name, at, rule, group, other)
