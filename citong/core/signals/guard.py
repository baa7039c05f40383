"""The safety module. Every command passes `Guard`; every state shown, whoever commanded it, passes `Watch`.

`Guard` stands at the device end. It knows each group by itself: a green ends only after its minimum, through its amber;
a green begins only when nothing that clashes with it is green or still clearing, be it that it ended or that it only
yields from now on: whoever came with the right of way clears the junction all the same. So whatever is wanted, in
whatever order, by whatever clock, the next state is lawful. There is no switch that turns a rule off.
"""

from collections import deque

from citong.core.signals.model import AMBER, GREEN, PERMISSIVE, PROTECTED, RED, RED_AMBER, UNTOUCHED, Junction
from citong.core.signals.watch import EPS, Rule, Violation, Watch

__all__ = ["CHANGES_A_MINUTE", "LONGEST_STEP", "UNSEEN", "WATCHDOG", "Guard", "Rule", "Violation", "Watch"]

WATCHDOG = 30.0
"""Seconds a command lives at most; without a new one the junction is back on its own plan."""
LONGEST_STEP = 2.0
"""Seconds: a clock that jumped forward does not shorten anything."""
CHANGES_A_MINUTE = 12
"""Changes of the stage wanted that are taken from outside."""
UNSEEN = 2.0
"""A group nobody is seen at is green after this many times the longest wait: detectors miss people."""


class _Clashes:
    """Bit masks: which groups must not show G, and which not g, while a group shows a letter."""

    def __init__(self, junction: Junction) -> None:
        allowed = junction.conflicts.allowed
        groups = range(junction.groups)
        self.masks = {
            (group, letter, other_letter): sum(
                1 << other for other in groups if other != group and letter + other_letter not in allowed[group][other]
            )
            for group in groups
            for letter in GREEN
            for other_letter in GREEN
        }

    def with_greens(self, group: int, letter: str, strong: int, weak: int) -> int:
        """Mask of the groups among these greens that clash with this group showing this letter."""
        return (self.masks[group, letter, PROTECTED] & strong) | (self.masks[group, letter, PERMISSIVE] & weak)


class Guard:
    """Turns what is wanted into the state lawfully shown next; `state`, `stage`, `settled_since` tell what stands."""

    def __init__(self, junction: Junction, *, now: float, state: str) -> None:
        self.junction = junction
        self._clearance = junction.clearance
        self._clashes = _Clashes(junction)
        self._served = sorted({group for stage in junction.stages for group in stage.greens})
        self._targets = [stage.state for stage in junction.stages]
        self._changes: deque[float] = deque(maxlen=CHANGES_A_MINUTE)
        self.adopt(state, now=now)

    def adopt(self, state: str, *, now: float) -> None:
        """The guard starts anew from what the lamps show: every green, amber and clearance is counted from now."""
        self.time, self._last = 0.0, now
        groups = self.junction.groups
        self._letters = list(state)
        self._since = [0.0] * groups
        self._ended = [0.0] * groups
        self._yielded = [0.0] * groups
        self._last_green = [letter if letter in GREEN else PROTECTED for letter in state]
        self._asked: dict[int, float] = {}
        self._waiting = 0
        self._stage: int | None = None
        self._expires = 0.0
        self._forced: int | None = None
        self._forced_stage = 0
        self._target = ""
        self.settled_since: float | None = None
        self._part_clashes()
        self._greens_changed()
        self._plan_due()

    @property
    def stage(self) -> int | None:
        """The stage being shown or approached; None while the plan is followed."""
        return self._forced_stage if self._forced is not None else self._stage

    def ask(self, stage: int | None, *, now: float, until: float) -> bool:
        """The stage (None: the plan) is wanted until then, the watchdog's span at most; False when refused."""
        if stage is not None and not 0 <= stage < len(self._targets):
            return False
        life = min(until - now, WATCHDOG)
        if life <= 0:
            return False
        if stage is not None and stage != self._stage:
            if len(self._changes) == CHANGES_A_MINUTE and self.time - self._changes[0] < 60:
                return False
            self._changes.append(self.time)
        self._stage, self._expires = stage, self.time + life
        return True

    def step(self, now: float, *, clock: float, waiting: int = 0) -> str:
        """The state to show from now on. `clock` places the plan; bit i of `waiting`: somebody waits at group i."""
        self.time += min(max(now - self._last, 0.0), LONGEST_STEP)
        self._last = now
        if self._stage is not None and self.time >= self._expires - EPS:
            self._stage = None
        if waiting != self._waiting:
            self._note_waiting(waiting)
        if self._forced is not None or self.time >= self._due:
            self._enforce_wait()
        stage = self.stage
        target = self.junction.plan.state_at(clock) if stage is None else self._targets[stage]
        if target is not self._target or self.settled_since is None:
            self._move(target)
        return self.state

    def waits(self) -> dict[int, float]:
        """Seconds each group has been red while somebody was seen waiting."""
        return {group: self.time - since for group, since in self._asked.items()}

    def green_for(self, group: int) -> float:
        """Seconds this group has been green, 0 when it is not."""
        return self.time - self._since[group] if self._letters[group] in GREEN else 0.0

    def may_end(self) -> bool:
        """Whether every green has had its minimum."""
        minimum = self._clearance.min_green
        return all(
            self.time - self._since[group] >= minimum[group] - EPS
            for group in range(len(self._letters))
            if (self._strong | self._weak) >> group & 1
        )

    def _move(self, target: str) -> None:
        before = self.state
        self._target = target
        for group, wanted in enumerate(target):
            self._leave(group, wanted)
        self._greens_changed()
        for group, wanted in enumerate(target):
            if self._letters[group] != wanted and self._letters[group] not in AMBER:
                self._approach(group, wanted)
        if not self._is_settled(target):
            self.settled_since = None
        elif self.settled_since is None or before != self.state:
            self.settled_since = self.time

    def _leave(self, group: int, wanted: str) -> None:
        letter = self._letters[group]
        if letter in GREEN:
            self._leave_green(group, wanted)
        elif letter == AMBER:
            self._leave_amber(group)
        elif letter in UNTOUCHED and wanted not in UNTOUCHED:
            self._ended[group] = self.time
            self._set(group, RED)

    def _leave_green(self, group: int, wanted: str) -> None:
        if wanted in GREEN:
            if wanted == PERMISSIVE and self._letters[group] == PROTECTED:
                self._letters[group] = PERMISSIVE
                self._yielded[group] = self.time
            return
        if self.time - self._since[group] >= self._clearance.min_green[group] - EPS:
            self._end_green(group)

    def _end_green(self, group: int) -> None:
        self._last_green[group] = self._letters[group]
        self._ended[group] = self.time
        self._set(group, AMBER if self._clearance.amber[group] > 0 else RED)
        if self._waiting >> group & 1:
            self._asked[group] = self.time
        self._plan_due()

    def _leave_amber(self, group: int) -> None:
        if self.time - self._since[group] >= self._clearance.amber[group] - EPS:
            self._set(group, RED)

    def _approach(self, group: int, wanted: str) -> None:
        """Towards the wanted letter from red, red and amber, or a green that yields."""
        letter = self._letters[group]
        if wanted in GREEN:
            self._approach_green(group, wanted)
        elif wanted in UNTOUCHED:
            if letter in (RED, RED_AMBER):
                self._set(group, wanted)
        elif wanted == RED_AMBER:
            if letter == RED and self._may_start(group, PROTECTED, ahead=self._clearance.red_amber[group]):
                self._set(group, RED_AMBER)
        elif letter == RED_AMBER:
            self._set(group, RED)

    def _approach_green(self, group: int, wanted: str) -> None:
        if self._letters[group] != PERMISSIVE:
            self._start(group, wanted)
        elif self._may_start(group, wanted, ahead=0.0):
            self._show_green(group, wanted)

    def _start(self, group: int, wanted: str) -> None:
        lead = self._clearance.red_amber[group]
        if lead > 0 and self._letters[group] == RED:
            if self._may_start(group, wanted, ahead=lead):
                self._set(group, RED_AMBER)
            return
        if lead > 0 and self.time - self._since[group] < lead - EPS:
            return
        if self._may_start(group, wanted, ahead=0.0):
            self._show_green(group, wanted)
        elif wanted == PROTECTED and self._may_start(group, PERMISSIVE, ahead=0.0) and self._yields(group):
            self._show_green(group, PERMISSIVE)

    def _yields(self, group: int) -> bool:
        """Whether some stage shows this group green and yielding."""
        return any(state[group] == PERMISSIVE for state in self._targets)

    def _show_green(self, group: int, letter: str) -> None:
        if self._letters[group] in GREEN:
            self._letters[group] = letter
        else:
            self._set(group, letter)
            self._asked.pop(group, None)
            self._plan_due()
        self._greens_changed()

    def _may_start(self, group: int, letter: str, *, ahead: float) -> bool:
        if self._clashes.with_greens(group, letter, self._strong, self._weak):
            return False
        others = (other for other in range(len(self._letters)) if other != group)
        return all(self._cleared(other, group, letter, self.time + ahead + EPS) for other in others)

    def _cleared(self, other: int, group: int, letter: str, at: float) -> bool:
        """Whether by then nobody who came through the other's green is in the way of this one."""
        allowed, times = self.junction.conflicts.allowed[other][group], self._clearance
        if at - self._ended[other] < times.between[other][group] and self._last_green[other] + letter not in allowed:
            return False
        return at - self._yielded[other] >= times.since_yield(other, group) or PROTECTED + letter in allowed

    def _set(self, group: int, letter: str) -> None:
        self._letters[group] = letter
        self._since[group] = self.time

    def _greens_changed(self) -> None:
        self.state = "".join(self._letters)
        self._strong = sum(1 << group for group, letter in enumerate(self._letters) if letter == PROTECTED)
        self._weak = sum(1 << group for group, letter in enumerate(self._letters) if letter == PERMISSIVE)

    def _is_settled(self, target: str) -> bool:
        self.state = "".join(self._letters)
        return all(
            shown == (wanted if wanted in GREEN + UNTOUCHED else RED)
            for shown, wanted in zip(self._letters, target, strict=True)
        )

    def _part_clashes(self) -> None:
        """Lamps found in conflict go through amber at once."""
        while (pair := self.junction.conflicts.clash("".join(self._letters))) is not None:
            for group in pair:
                self._end_green(group)

    def _note_waiting(self, waiting: int) -> None:
        self._waiting = waiting
        for group in self._served:
            green = self._letters[group] in GREEN
            if waiting >> group & 1 and not green:
                self._asked.setdefault(group, self.time)
            elif group in self._asked:
                del self._asked[group]
        self._plan_due()

    def _plan_due(self) -> None:
        """When the next wait becomes too long."""
        longest = self._clearance.max_wait
        self._due = min(
            (self._deadline(group, longest) for group in self._served if self._letters[group] not in GREEN),
            default=float("inf"),
        )

    def _deadline(self, group: int, longest: float) -> float:
        seen = self._asked.get(group)
        unseen = self._ended[group] + UNSEEN * longest
        return unseen if seen is None else min(unseen, seen + longest)

    def _enforce_wait(self) -> None:
        """The group that waited too long is led to its green, which it keeps for its minimum."""
        forced = self._forced
        if forced is not None and self._letters[forced] in GREEN:
            if self.green_for(forced) < self._clearance.min_green[forced]:
                return
            self._forced = None
            self._plan_due()
        if self._forced is None and self.time >= self._due:
            longest = self._clearance.max_wait
            red = [group for group in self._served if self._letters[group] not in GREEN]
            self._forced = min(red, key=lambda group: self._deadline(group, longest))
            self._forced_stage = self._nearest_stage(self._forced)

    def _nearest_stage(self, group: int) -> int:
        """The stage with this green that keeps most of what is green now."""
        stages = self.junction.serving([group])
        return max(
            stages, key=lambda number: sum(self._letters[g] in GREEN for g in self.junction.stages[number].greens)
        )
