"""The controller for the street: our own, with a supervisor that falls back to the plan where that does better.

Beside the real queues it reckons those the plan would have (`shadow`). Where ours are not clearly shorter, the plan is
tried for a while; what loses less time for each vehicle that comes is kept, and tried against the other again later,
ever more rarely; a trial that goes clearly worse is broken off. The verdict is held for all junctions together: what a
queue at one of them costs is seen at its neighbours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from citong.core.signals.control.adaptive import adaptive
from citong.core.signals.control.seen import Controller, Seen, Shape
from citong.core.signals.control.shadow import Shadow
from citong.core.signals.guard import Guard


class Phase(StrEnum):
    """What a verdict is doing."""

    LEADING = "leading"
    TRYING_PLAN = "trying the plan"
    ON_PLAN = "on the plan"
    TRYING_TO_LEAD = "trying to lead"


@dataclass(frozen=True, slots=True)
class Bounds:
    """When to doubt; seconds, but where said."""

    doubt: float
    """Share of the plan's reckoned queues above which ours are doubted."""
    least: float
    """Vehicles standing at a junction in the mean, below which nothing is doubted."""
    alarm: float = 1.5
    """Such a share is tried at once, if `many` stand: streets are filling up."""
    many: float = 4.0
    window: int = 240
    trial: int = 240
    settle: int = 90
    """The first part of a trial, which is not measured: queues of the other way are still there."""
    hold: int = 900
    better: float = 0.95
    """The plan wins a trial with this share of our time lost; ours wins back with this share of the plan's."""
    hopeless: float = 1.25
    """A trial that loses so many times the time of the other way is broken off."""
    look: int = 30
    """A trial is looked at so often."""
    patience: int = 2
    """Windows in a row that must give reason to doubt."""


DISTRICT = Bounds(doubt=0.85, least=1.0)


class Verdict:
    """Whether to lead or to follow the plan, from seconds of queue and vehicles that came."""

    def __init__(self, bounds: Bounds, *, junctions: int = 1) -> None:
        self.bounds, self.junctions = bounds, junctions
        self.phase = Phase.LEADING
        self.hold = bounds.hold
        self.quiet = 0
        self.doubts = 0
        self.lost = {True: (0.0, 0.0), False: (0.0, 0.0)}
        """On the plan and leading, when last measured: seconds of queue a vehicle, and share of those reckoned."""
        self._restart()

    @property
    def on_plan(self) -> bool:
        """Whether the plan is to be followed now."""
        return self.phase in (Phase.TRYING_PLAN, Phase.ON_PLAN)

    def second(self, *, standing: float, planned: float, came: float) -> None:
        """One second passes."""
        self.elapsed += 1
        self.quiet -= 1
        trying = self.phase in (Phase.TRYING_PLAN, Phase.TRYING_TO_LEAD)
        if trying and self.elapsed <= self.bounds.settle:
            return
        self.standing += standing
        self.planned += planned
        self.came += came
        if self.elapsed >= self._length() or (trying and self.elapsed % self.bounds.look == 0 and self._hopeless()):
            self._measured()

    def _length(self) -> int:
        return {
            Phase.LEADING: self.bounds.window,
            Phase.TRYING_PLAN: self.bounds.settle + self.bounds.trial,
            Phase.ON_PLAN: self.hold,
            Phase.TRYING_TO_LEAD: self.bounds.settle + self.bounds.trial,
        }[self.phase]

    def _measured(self) -> None:
        """A window has ended: the next phase begins."""
        self.lost[self.on_plan] = self._now()
        if self.phase is Phase.LEADING:
            self.doubts = self.doubts + self._doubt() if self._doubt() else 0
            self.phase = Phase.TRYING_PLAN if self.doubts >= self.bounds.patience else Phase.LEADING
        elif self.phase is Phase.TRYING_PLAN:
            self.phase = Phase.ON_PLAN if self._better(plan=True) else self._sure(Phase.LEADING)
        elif self.phase is Phase.ON_PLAN:
            self.phase = Phase.TRYING_TO_LEAD
        else:
            self.phase = Phase.LEADING if self._better(plan=False) else self._sure(Phase.ON_PLAN)
        self._restart()

    def _doubt(self) -> int:
        """Reasons to doubt in this window; an alarm is as many as are needed."""
        mean = self.standing / self.bounds.window / self.junctions
        if self.quiet > 0 or mean <= self.bounds.least or self.standing <= self.bounds.doubt * self.planned:
            return 0
        alarm = mean > self.bounds.many and self.standing > self.bounds.alarm * self.planned
        return self.bounds.patience if alarm else 1

    def _now(self) -> tuple[float, float]:
        return self.standing / max(self.came, 1.0), self.standing / max(self.planned, 1.0)

    def _hopeless(self) -> bool:
        """Whether what is tried loses far more, by both measures, than what was done before."""
        before = self.lost[not self.on_plan]
        return all(now > self.bounds.hopeless * other for now, other in zip(self._now(), before, strict=True))

    def _better(self, *, plan: bool) -> bool:
        """Whether one way loses clearly less than the other by both measures: traffic changes while they are tried."""
        return all(
            mine < self.bounds.better * other for mine, other in zip(self.lost[plan], self.lost[not plan], strict=True)
        )

    def _sure(self, phase: Phase) -> Phase:
        """The phase stands after a trial, and the next trial comes after twice the time."""
        self.doubts = 0
        self.quiet = self.hold
        self.hold *= 2
        return phase

    def _restart(self) -> None:
        self.elapsed = 0
        self.standing = self.planned = self.came = 0.0


class District:
    """Junctions led together: the verdict on all of them."""

    def __init__(self, shapes: Mapping[str, Shape], make: Callable[[Shape], Controller]) -> None:
        self.verdict = Verdict(DISTRICT, junctions=max(len(shapes), 1))
        self.members = {name: Supervised(make(shape), shape, self) for name, shape in shapes.items()}
        self.now: float | None = None
        self.standing = self.planned = self.came = 0.0

    def add(self, now: float, shadow: Shadow) -> None:
        """What one junction saw; the first that comes with a new second closes the one before."""
        if now != self.now:
            if self.now is not None:
                self.verdict.second(standing=self.standing, planned=self.planned, came=self.came)
            self.now, self.standing, self.planned, self.came = now, 0.0, 0.0, 0.0
        self.standing += shadow.standing
        self.planned += shadow.planned
        self.came += shadow.came


class Supervised:
    """Leads one junction of a district, or lets the plan."""

    def __init__(self, own: Controller, shape: Shape, district: District) -> None:
        self.own, self.shadow, self.district = own, Shadow(shape), district

    def decide(self, seen: Seen, guard: Guard) -> int | None:
        """The stage our controller wants, or None while the plan is held to do better."""
        self.shadow.look(seen)
        self.district.add(seen.now, self.shadow)
        return None if self.district.verdict.on_plan else self.own.decide(seen, guard)


def supervised(shapes: Mapping[str, Shape], make: Callable[[Shape], Controller] = adaptive) -> Mapping[str, Controller]:
    """Controllers of all these junctions, by name, with one supervisor over them."""
    return District(shapes, make).members
