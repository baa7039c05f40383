"""A ring-barrier controller for the tests, with a clock that is stepped: what stands in the cabinet.

It guards itself, as real ones do: minimum green, pedestrian clearance, yellow, red, barriers. Commands are wishes.
Every phase is on recall, so on its own it serves all of them in turn.
"""

from dataclasses import dataclass, field

TICK = 0.5
HOLD, FORCE_OFF, OMIT, VEH_CALL = "hold", "force off", "omit", "call"
STARTUP_FLASH = 5.0


@dataclass
class Timing:
    """Seconds of one phase."""

    min_green: float = 5
    max_green: float = 20
    walk: float = 0
    ped_clear: float = 0
    yellow: float = 3
    red: float = 1


@dataclass
class Ring:
    """Where one ring stands: `part` is green, yellow, red or done (nothing shown, waiting to start)."""

    order: list[list[int]]  # phases by side of the barrier
    phase: int | None = None
    part: str = "done"
    age: float = 0.0
    next: int | None = None


@dataclass
class RingBarrier:
    """Eight phases in two rings unless told otherwise; phases 1, 2, 5, 6 on one side of the barrier."""

    timings: dict[int, Timing]
    rings: list[Ring]
    backup_time: int = 60
    now: float = 0.0
    up: float = 0.0
    silent: float = 0.0
    side: int = 0
    controls: dict[str, set[int]] = field(
        default_factory=lambda: {name: set() for name in (HOLD, FORCE_OFF, OMIT, VEH_CALL)}
    )
    pattern: int = 0
    backed_up: bool = True
    manual: bool = False
    history: list[tuple[float, frozenset[int], frozenset[int], frozenset[int]]] = field(default_factory=list)

    def advance(self, seconds: float) -> None:
        """The clock of the cabinet runs on."""
        for _ in range(round(seconds / TICK)):
            self._tick()

    def restart(self) -> None:
        """Power was lost: everything commanded is forgotten, the lamps flash a while."""
        self.up, self.side = 0.0, 0
        self._forget()
        for ring in self.rings:
            ring.phase, ring.part, ring.age, ring.next = None, "done", 0.0, None

    def command(self, name: str, phases: set[int]) -> None:
        """A system control is written: the back-up timer begins anew."""
        self.controls[name] = phases
        self.heard()

    def heard(self) -> None:
        """Any system control was written."""
        self.silent, self.backed_up = 0.0, False

    @property
    def flashing(self) -> bool:
        """The lamps flash after a restart."""
        return self.up < STARTUP_FLASH

    def showing(self, part: str) -> set[int]:
        """Phases that show that part."""
        return {ring.phase for ring in self.rings if ring.phase is not None and ring.part == part}

    def walking(self) -> set[int]:
        """Phases whose pedestrians have walk."""
        return {r.phase for r in self.rings if r.phase and r.part == "green" and r.age < self.timings[r.phase].walk}

    def clearing(self) -> set[int]:
        """Phases whose pedestrians are clearing."""
        return {
            ring.phase for ring in self.rings
            if ring.phase and ring.part == "green" and self.timings[ring.phase].walk
            and 0 <= ring.age - self.timings[ring.phase].walk < self.timings[ring.phase].ped_clear
        }  # fmt: skip

    def _tick(self) -> None:
        self.now, self.up, self.silent = self.now + TICK, self.up + TICK, self.silent + TICK
        if self.backup_time and self.silent >= self.backup_time and not self.backed_up:
            self._forget()
        if not self.flashing:
            self._age()
            self._end()
            self._start()
        greens, yellows = frozenset(self.showing("green")), frozenset(self.showing("yellow"))
        self.history.append((self.now, greens, yellows, frozenset(self.walking())))

    def _forget(self) -> None:
        self.controls = {name: set() for name in self.controls}
        self.pattern, self.backed_up = 0, True

    def _age(self) -> None:
        for ring in self.rings:
            ring.age += TICK
            if ring.phase and ring.part == "yellow" and ring.age >= self.timings[ring.phase].yellow:
                ring.part, ring.age = "red", 0.0
            if ring.phase and ring.part == "red" and ring.age >= self.timings[ring.phase].red:
                ring.part, ring.age = "done", 0.0

    def _end(self) -> None:
        for ring in self.rings:
            inside = self._inside(ring)
            if ring.part == "green" and self._ready(ring) and inside:
                self._finish(ring, inside[0])
        if self._eligible(1 - self.side) and all(self._may_cross(ring) for ring in self.rings):
            for ring in self.rings:
                onward = [phase for phase in ring.order[1 - self.side] if self._wanted(phase)]
                self._finish(ring, onward[0] if onward else None)
            self.side = 1 - self.side

    def _start(self) -> None:
        if any(ring.part != "done" and ring.phase not in ring.order[self.side] for ring in self.rings):
            return  # somebody is still clearing the other side of the barrier
        for ring in self.rings:
            if ring.part == "done":
                choice = ring.next if ring.next and self._wanted(ring.next) else None
                choice = choice or next((phase for phase in ring.order[self.side] if self._wanted(phase)), None)
                if choice:
                    ring.phase, ring.part, ring.age, ring.next = choice, "green", 0.0, None

    def _finish(self, ring: Ring, onward: int | None) -> None:
        ring.next = onward
        if ring.part == "green" and ring.phase:
            ring.part, ring.age = "yellow", 0.0
            self.controls[FORCE_OFF].discard(ring.phase)

    def _ready(self, ring: Ring) -> bool:
        assert ring.phase
        timing = self.timings[ring.phase]
        least = max(timing.min_green, timing.walk + timing.ped_clear)
        if ring.age < least or ring.phase in self.controls[HOLD]:
            return False
        return ring.phase in self.controls[FORCE_OFF] or ring.age >= timing.max_green

    def _may_cross(self, ring: Ring) -> bool:
        if ring.part == "green":
            return self._ready(ring) and not self._inside(ring)
        return ring.part == "done" and ring.phase in (None, *ring.order[self.side]) and not self._eligible_in(ring)

    def _eligible_in(self, ring: Ring) -> list[int]:
        return [phase for phase in ring.order[self.side] if self._wanted(phase)]

    def _inside(self, ring: Ring) -> list[int]:
        """Phases that may follow on this side of the barrier; earlier ones only if nothing is wanted beyond it."""
        order = ring.order[self.side]
        place = order.index(ring.phase) if ring.phase in order else -1
        later, earlier = order[place + 1 :], order[: max(place, 0)]
        return [one for one in (later if self._eligible(1 - self.side) else later + earlier) if self._wanted(one)]

    def _eligible(self, side: int) -> list[int]:
        return [phase for ring in self.rings for phase in ring.order[side] if self._wanted(phase)]

    def _wanted(self, phase: int) -> bool:
        return phase not in self.controls[OMIT]


def dual_ring() -> RingBarrier:
    """The usual eight phases; pedestrians at 2, 4, 6 and 8."""
    walks = {2, 4, 6, 8}
    timings = {
        number: Timing(walk=7, ped_clear=8, min_green=7) if number in walks else Timing(max_green=10)
        for number in range(1, 9)
    }
    return RingBarrier(timings, [Ring([[1, 2], [3, 4]]), Ring([[5, 6], [7, 8]])])
