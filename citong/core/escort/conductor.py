"""The conductor: escorts in order, what each light is asked now, how long it was held, what is paid back.

A light serves one escort wholly. Escorts are ordered by priority, then by when they were asked for; who has a light
keeps it until it has passed, unless one of higher priority comes.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from citong.core.escort.plan import Window, plan
from citong.core.escort.position import Fix, Whereabouts, whereabouts
from citong.core.escort.relief import Relief, reliefs
from citong.core.escort.repay import repayment
from citong.core.escort.route import approaches_of
from citong.core.escort.seen import GateSeen
from citong.core.escort.settings import PRESET, Settings
from citong.core.escort.way import Way
from citong.core.signals.model import Junction

LATER = 20.0
"""Seconds by which a call must have moved away for a light to be let go again."""
NEAR = 12.0
"""Seconds before the escort's coming in which no pause begins."""
MOVED = 5.0
"""Metres that count as driving on."""
DOUBLED = 4
"""So many times at most."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What one light is asked now, for whom and why."""

    junction: str
    stage: int
    escort: str
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One light an escort wants now: for a gate of its way (its number) or for a road beside it (its name)."""

    escort: str
    junction: str
    key: int | str
    stage: int
    reason: str


@dataclass
class Escort:
    """One escort under way. `priority` 1 comes before 2."""

    name: str
    way: Way
    priority: int = 2
    asked_at: float = 0.0
    speeds: Mapping[str, float] = field(default_factory=dict)
    fixes: deque[Fix] = field(default_factory=lambda: deque(maxlen=20))
    windows: list[Window] = field(default_factory=list)
    where: Whereabouts | None = None
    moved_at: float = 0.0
    moved_m: float = -1.0
    rests_until: float = 0.0
    rests: int = 0
    """How often it has rested since it drove on last."""

    @property
    def rank(self) -> tuple[int, float, str]:
        """Its place among several."""
        return self.priority, self.asked_at, self.name


@dataclass
class Light:
    """What is remembered of one junction."""

    escort: str | None = None
    key: int | str = -1
    stage: int = -1
    since: float = 0.0
    closed_until: float = 0.0
    repaying: int = -1
    repay_until: float = 0.0
    repaid: int = 0
    starved: frozenset[int] = frozenset()


class Conductor:
    """All escorts of a district. `decide` is called about once a second."""

    def __init__(self, junctions: Mapping[str, Junction], settings: Settings = PRESET) -> None:
        self.junctions, self.settings = junctions, settings
        self.escorts: dict[str, Escort] = {}
        self.lights: dict[str, Light] = {}
        self._leads = approaches_of(junctions)

    def begin(self, escort: Escort, *, now: float) -> None:
        """From now on its lights are called."""
        escort.moved_at = now
        self.escorts[escort.name] = escort

    def report(self, name: str, fix: Fix) -> None:
        """The escort was seen there. A report older than the newest one is left out."""
        fixes = self.escorts[name].fixes
        if not fixes or fix.at >= fixes[-1].at:
            fixes.append(fix)

    def change_way(self, name: str, way: Way, fix: Fix) -> None:
        """It takes another way from here: a road is blocked, or it has turned off. Lights not on it are let go."""
        escort = self.escorts[name]
        escort.way, escort.windows = way, []
        escort.fixes.clear()
        escort.fixes.append(fix)
        escort.moved_m, escort.moved_at, escort.rests = -1.0, fix.at, 0
        for light in self.lights.values():
            if light.escort == name:
                light.key = -1

    def end(self, name: str) -> None:
        """It has arrived, is aborted or handed on: the next decision lets its lights go and pays the others back."""
        self.escorts.pop(name, None)

    def decide(
        self, now: float, seen: Mapping[str, Mapping[int, GateSeen]], standing: Mapping[str, Mapping[str, float]]
    ) -> list[Wish]:
        """What is asked of the lights now. `seen` by escort and gate, `standing` by junction and lane."""
        claims: dict[str, Claim] = {}
        for escort in sorted(self.escorts.values(), key=lambda one: one.rank):
            for claim in self._claimed(escort, seen.get(escort.name, {}), now):
                if self._prior(escort, claim, claims):
                    claims[claim.junction] = claim
        return list(self._wishes(now, claims, standing))

    def _prior(self, escort: Escort, claim: Claim, claims: Mapping[str, Claim]) -> bool:
        """Whether it has this light: nobody of its rank was first, neither now nor before."""
        if claim.junction in claims:
            return False
        light = self.lights.get(claim.junction)
        holder = self.escorts.get(light.escort) if light and light.escort not in (None, escort.name) else None
        if holder is None or light is None:
            return True
        return escort.priority < holder.priority or not any(one.gate == light.key for one in holder.windows)

    def _claimed(self, escort: Escort, seen: Mapping[int, GateSeen], now: float) -> Iterator[Claim]:
        """Lights that should be green for this escort now: its gates, then full roads beside the next ones."""
        if not self._known(escort, now) or escort.where is None:
            escort.windows = []
            return
        curve = escort.way.curve(escort.speeds)
        escort.windows = plan(escort.way, escort.where, seen, now=now, curve=curve, settings=self.settings)
        if self._rests(escort, now):
            return
        for window in escort.windows:
            if self._wanted(escort, window, seen, now):
                gate = escort.way.gates[window.gate]
                why = "flush" if window.flushed else "call"
                yield Claim(escort.name, gate.junction, window.gate, gate.stage, why)
        for window in escort.windows:
            near = window.gate < escort.windows[0].gate + self.settings.side_gates
            if not near and (window.blocked or not window.flushed):
                continue
            yield from self._beside(escort, window, seen.get(window.gate, GateSeen()), now)

    def _beside(self, escort: Escort, window: Window, what: GateSeen, now: float) -> Iterator[Claim]:
        """Roads into which somebody before the escort may want to go, and which are full."""
        if what.standing < 1 or now < window.call_at:
            return
        sides = [side.exit for side in escort.way.gates[window.gate].sides]
        found = reliefs(
            sides, full=what.full, leads=self._leads, junctions=self.junctions, depth=self.settings.depth,
            most=self.settings.reliefs,
        )  # fmt: skip
        for relief in found:
            if relief.junction not in escort.way.own and self._relieves(escort, relief, now):
                yield Claim(escort.name, relief.junction, relief.road, relief.stage, "flush beside")

    def _relieves(self, escort: Escort, relief: Relief, now: float) -> bool:
        light = self.lights.setdefault(relief.junction, Light())
        if now < light.closed_until:
            return False
        if (light.escort, light.key) == (escort.name, relief.road) and now - light.since > self.settings.side_hold:
            light.closed_until = now + self.settings.pause
            return False
        return True

    def _known(self, escort: Escort, now: float) -> bool:
        """Whether its place is known well enough; it is reckoned on for a while without reports."""
        if not escort.fixes:
            return False
        escort.where = whereabouts(escort.fixes, escort.way.curve(escort.speeds), now)
        return escort.where.age <= self.settings.lost

    def _rests(self, escort: Escort, now: float) -> bool:
        """An escort that stands although its lights are held lets them go for a while: something else must move. Where
        streets are locked, each such while is twice as long as the one before."""
        where = escort.where
        if where is not None and where.least_m > escort.moved_m + MOVED:
            escort.moved_m, escort.moved_at, escort.rests = where.least_m, now, 0
        if now < escort.rests_until:
            return True
        if now - escort.moved_at > self.settings.stuck:
            escort.rests_until = now + self.settings.rest * 2 ** min(escort.rests, DOUBLED)
            escort.moved_at, escort.rests = escort.rests_until, escort.rests + 1
            return True
        return False

    def _wanted(self, escort: Escort, window: Window, seen: Mapping[int, GateSeen], now: float) -> bool:
        light = self.lights.setdefault(escort.way.gates[window.gate].junction, Light())
        if now < light.closed_until:
            return False
        mine = (light.escort, light.key) == (escort.name, window.gate)
        kept = mine and window.expected - now < self.settings.keep
        if window.blocked and not kept and not self._clears(escort, window.gate, seen, now):
            return False
        if mine and self._held_too_long(light, window, now):
            light.closed_until = now + self.settings.pause
            return False
        if escort.where is not None and escort.where.age > 10 and now > window.release_at:
            return False
        return now >= window.call_at - (LATER if mine else 0.0)

    def _clears(self, escort: Escort, number: int, seen: Mapping[int, GateSeen], now: float) -> bool:
        """Whether a full exit will have room by the time this light can be green: the one behind it is held, and the
        queue between them begins to move from there."""
        gate, behind = escort.way.gates[number], escort.way.gates[number + 1]
        light = self.lights.get(behind.junction)
        if light is None or (light.escort, light.key) != (escort.name, number + 1):
            return False
        wave = (behind.line_m - gate.behind_m) / self.settings.wave
        return now - light.since >= CHANGE + wave - seen.get(number, GateSeen()).change

    def _held_too_long(self, light: Light, window: Window, now: float) -> bool:
        held = now - light.since
        near = window.expected - now < NEAR
        return held > self.settings.hold + (NEAR if near else 0.0)

    def _wishes(
        self, now: float, claims: Mapping[str, Claim], standing: Mapping[str, Mapping[str, float]]
    ) -> Iterator[Wish]:
        for claim in claims.values():
            yield self._hold(claim, now)
        coming = set(self._coming(now))
        for junction, light in list(self.lights.items()):
            if junction in claims:
                continue
            if light.escort is not None:
                self._let_go(junction, light, now)
            if junction in coming:
                continue  # what waits is paid back when the escort has passed
            wish = self._repay(junction, standing.get(junction, {}), now)
            if wish is not None:
                yield wish

    def _coming(self, now: float) -> Iterator[str]:
        """Lights that some escort comes to soon."""
        for escort in self.escorts.values():
            for window in escort.windows:
                if window.expected - now < self.settings.reach:
                    yield escort.way.gates[window.gate].junction

    def _hold(self, claim: Claim, now: float) -> Wish:
        light = self.lights.setdefault(claim.junction, Light())
        if (light.escort, light.key) != (claim.escort, claim.key):
            kept = light.escort is not None and light.stage == claim.stage
            light.since = light.since if kept else now
        light.escort, light.key, light.stage, light.repaying = claim.escort, claim.key, claim.stage, -1
        return Wish(claim.junction, claim.stage, claim.escort, claim.reason)

    def _let_go(self, junction: str, light: Light, now: float) -> None:
        """The escort has passed, or the light is not needed now."""
        held = now - light.since
        greens = self.junctions[junction].stages[light.stage].greens
        every = {group for stage in self.junctions[junction].stages for group in stage.greens}
        light.starved = frozenset(every - greens) if held >= self.settings.held_from else frozenset()
        light.repaid, light.repaying = 0, -1
        self.lights[junction] = replace(light, escort=None, key=-1)

    def _repay(self, junction: str, standing: Mapping[str, float], now: float) -> Wish | None:
        light = self.lights[junction]
        if light.repaying >= 0 and now < light.repay_until:
            return Wish(junction, light.repaying, "", "repay")
        if light.repaying >= 0:
            light.starved -= self.junctions[junction].stages[light.repaying].greens
            light.repaying = -1
        if not light.starved or light.repaid >= REPAID:
            return None
        found = repayment(self.junctions[junction], light.starved, standing, settings=self.settings)
        if found is None:
            light.starved = frozenset()
            return None
        light.repaying, light.repay_until = found.stage, now + CHANGE + found.seconds
        light.repaid += 1
        return Wish(junction, found.stage, "", "repay")


REPAID = 2
"""Stages paid back after one hold."""
CHANGE = 5.0
"""Seconds reckoned for the change to them."""
