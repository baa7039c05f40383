"""One controller: what it shows, and asks that end by themselves. All times are given from outside."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from citong.adapters.ntcip import oids, status
from citong.adapters.ntcip.build import MAX_WAIT, Built, Lane, build
from citong.adapters.ntcip.nominal import FREE
from citong.adapters.ntcip.snmp import Denied, Snmp, SnmpFault
from citong.adapters.ntcip.status import Status
from citong.adapters.ntcip.tables import Tables, read
from citong.adapters.ntcip.wish import Values, Wish, agrees, controls, unheard
from citong.core.signals.model import Junction
from citong.core.signals.port import Accepted, Answer, Ask, Detected, Mode, NoContact, Reading, Refused, Why

ANSWERS_KEPT = 64


@dataclass(frozen=True)
class Settings:
    """How one controller is handled; seconds."""

    backup_s: int = 30
    """The controller's back-up time is at most this; asks outlive a dead centre by it."""
    refresh_s: float = 8.0
    """The controls are written again this often while an ask is in force."""
    longest_ask_s: float = 300.0
    stale_s: float = 5.0
    max_wait_s: float = MAX_WAIT
    lanes: Mapping[int, Lane] = field(default_factory=dict)


class Device:
    """Use from one event loop. `start` once, then `step` each second or so; asks in between."""

    def __init__(self, name: str, snmp: Snmp, settings: Settings | None = None) -> None:
        self.name, self._snmp, self.settings = name, snmp, settings or Settings()
        self.notes: deque[tuple[float, str]] = deque(maxlen=100)
        self.obeys = False
        self._lock = asyncio.Lock()
        self._tables: Tables | None = None
        self._built: Built | None = None
        self._status = Status({})
        self._counted: dict[str, int] = {}
        self._wish: Wish | None = None
        self._answers: dict[str, Answer] = {}
        self._heard = self._wrote = float("-inf")
        self._since: float | None = None

    @property
    def junction(self) -> Junction:
        """The model; NoContact before the tables were read."""
        return self._known()[1].junction

    @property
    def tables(self) -> Tables:
        """What was read at the start; NoContact before."""
        return self._known()[0]

    async def start(self, now: float) -> None:
        """The tables are read and the back-up time is safe; SnmpFault when that cannot be."""
        async with self._lock:
            await self._start(now)

    async def step(self, now: float) -> None:
        """The controller was asked for its state, what ended was let go, what is in force was written again. A
        controller that does not answer is noted; that is no error here."""
        async with self._lock:
            try:
                await self._step(now)
            except SnmpFault as fault:
                self._note(now, str(fault))

    def reading(self, now: float) -> Reading:
        """What it showed when last heard of; NoContact when that is too long ago."""
        tables, _ = self._known()
        if now - self._heard > self.settings.stale_s:
            raise NoContact(self.name, f"Last heard of {now - self._heard:.0f} s ago.")
        stage = self._wish.stage if self._wish else None
        since = self._since if stage is not None else None
        return Reading(self.name, self._heard, self._status.state(tables), self._status.mode(), stage, since)

    def detected(self, now: float) -> Mapping[str, Detected]:
        """What the detectors said when last heard of; NoContact when that is too long ago."""
        tables, built = self._known()
        self.reading(now)
        return status.detected(self._status, self._counted, tables, built.lanes)

    async def request_stage(self, stage: int, ask: Ask, now: float) -> Answer:
        """The stage is called and held; NoContact when the controller did not say that it heard."""
        async with self._lock:
            _, built = self._known()
            if not 0 <= stage < len(built.stage_phases):
                return Refused(ask.id, Why.UNKNOWN_STAGE, f"Junction {self.name} has no stage {stage}.")
            return await self._take(Wish(ask, stage, built.stage_phases[stage]), now)

    async def set_plan(self, plan: str, ask: Ask, now: float) -> Answer:
        """The pattern of that number (or `free`) runs; NoContact when the controller did not say that it heard."""
        async with self._lock:
            tables, _ = self._known()
            number = oids.FREE if plan == FREE else int(plan) if plan.isdecimal() else 0
            if number != oids.FREE and number not in tables.patterns:
                return Refused(ask.id, Why.UNKNOWN_PLAN, f"Junction {self.name} has no plan {plan}.")
            return await self._take(Wish(ask, pattern=number), now)

    async def release(self, ask: Ask, now: float) -> Answer:
        """Nothing is asked any more. Should the controller not hear it now, it is told as soon as it is heard of."""
        async with self._lock:
            self._known()
            self._let_go()
            try:
                await self._write(now)
            except SnmpFault as fault:
                raise NoContact(self.name, str(fault)) from None
            return self._answered(Accepted(ask.id, ask.until))

    async def let_go(self, now: float) -> None:
        """As `release`, if anything is asked; a controller that does not hear it lets go after its back-up time."""
        if self._wish is not None:
            async with self._lock:
                self._let_go()
                with contextlib.suppress(SnmpFault):
                    await self._write(now)

    async def _start(self, now: float) -> None:
        self._snmp.anew()
        tables = await read(self._snmp)
        (pattern,) = await self._snmp.get([oids.PATTERN_STATUS])
        number = pattern if isinstance(pattern, int) else 0
        lanes, wait = self.settings.lanes, self.settings.max_wait_s
        built = build(self.name, tables, pattern=number, lanes=lanes, max_wait=wait)
        self._tables, self._built = tables, built
        for doubt in tables.doubts:
            self._note(now, doubt)
        await self._poll(now)
        await self._secure(now)

    async def _step(self, now: float) -> None:
        if self._wish and now >= self._wish.ask.until:
            self._let_go()
        if self._tables is None:
            await self._start(now)
            return
        before = self._status.values.get(oids.UP_TIME, 0)
        await self._poll(now)
        if self._status.values.get(oids.UP_TIME, 0) < before:
            self._note(now, "The controller was restarted: asks ended, tables are read anew.")
            self._let_go()
            await self._start(now)
        elif self._wish and self._hindrance():
            self._note(now, f"The controller is led by {self._status.mode()}: asks ended.")
            self._let_go()
        await self._secure(now)
        await self._reconcile(now)

    async def _poll(self, now: float) -> None:
        tables, built = self._known()
        before = self._status.values.get(oids.VOLUME_SEQUENCE)
        self._status = Status(await self._ints(status.names(tables)))
        if tables.detectors and self._status.values[oids.VOLUME_SEQUENCE] != before:
            self._counted = await self._ints(status.counts(tables))
        self._heard = now
        if self._wish and self._wish.stage is not None:
            stands = built.stage_phases[self._wish.stage] <= self._status.phases(oids.GREENS, tables)
            self._since = (self._since or now) if stands else None

    async def _secure(self, now: float) -> None:
        """Nothing is asked of a controller that would not let go by itself."""
        found = self._status.values.get(oids.BACKUP_TIME, 0)
        self.obeys = 0 < found <= self.settings.backup_s
        if self.obeys:
            return
        self._let_go()
        try:
            await self._snmp.set([(oids.BACKUP_TIME, self.settings.backup_s)])
        except Denied:
            self._note(now, f"The back-up time is {found} s and cannot be set: the controller is only read.")

    async def _reconcile(self, now: float) -> None:
        """What stands in the controls is what shall; a late or lost message is made good here."""
        wanted, found = self._wanted(), self._status.values
        often = min(self.settings.refresh_s, found.get(oids.BACKUP_TIME, 0) / 3)
        due = self._wish is not None and now - self._wrote >= often
        if due or not agrees(wanted, found) or unheard(wanted, found):
            await self._write(now)

    async def _take(self, wish: Wish, now: float) -> Answer:
        known = self._answers.get(wish.ask.id)
        if known is not None:
            return known
        refused = self._refusal(wish.ask, now)
        if refused is not None:
            return refused
        before, since = self._wish, self._since
        self._wish = wish
        if before and wish.means(before):
            return self._answered(Accepted(wish.ask.id, wish.ask.until))  # it stands already and is seen to each step
        self._since = since if before and before.stage == wish.stage else None
        try:
            await self._write(now)
        except Denied as fault:
            self._wish, self._since = before, since
            return Refused(wish.ask.id, Why.NOT_NOW, str(fault))
        except (SnmpFault, asyncio.CancelledError) as fault:
            self._wish, self._since = before, since
            if isinstance(fault, asyncio.CancelledError):
                raise
            raise NoContact(self.name, str(fault)) from None
        return self._answered(Accepted(wish.ask.id, wish.ask.until))

    def _refusal(self, ask: Ask, now: float) -> Refused | None:
        self.reading(now)
        if ask.until <= now:
            return Refused(ask.id, Why.EXPIRED, "The time of the ask is over.")
        if ask.until - now > self.settings.longest_ask_s:
            return Refused(ask.id, Why.TOO_LONG, f"An ask lasts at most {self.settings.longest_ask_s:.0f} s.")
        if self._wish and ask.at < self._wish.ask.at:
            return Refused(ask.id, Why.NOT_NOW, "A later ask is in force.")
        if not self.obeys:
            return Refused(ask.id, Why.NOT_NOW, "The controller would not let go by itself: set its back-up time.")
        hindrance = self._hindrance()
        return Refused(ask.id, Why.NOT_NOW, hindrance) if hindrance else None

    def _hindrance(self) -> str:
        mode = self._status.mode()
        return "" if mode in (Mode.PLAN, Mode.CENTRAL) else f"The controller is in {mode} mode."

    async def _write(self, now: float) -> None:
        self._wrote = now
        await self._snmp.set(list(self._wanted().items()))

    def _wanted(self) -> Values:
        tables, _ = self._known()
        greens = self._status.phases(oids.GREENS, tables)
        return controls(self._wish, used=tables.phases, greens=greens, groups=tables.phase_groups)

    async def _ints(self, names: list[str]) -> dict[str, int]:
        found = await self._snmp.get(names)
        return {name: value if isinstance(value, int) else 0 for name, value in zip(names, found, strict=True)}

    def _answered(self, answer: Answer) -> Answer:
        self._answers[answer.id] = answer
        if len(self._answers) > ANSWERS_KEPT:
            self._answers.pop(next(iter(self._answers)))
        return answer

    def _let_go(self) -> None:
        self._wish = self._since = None

    def _note(self, now: float, words: str) -> None:
        self.notes.append((now, words))

    def _known(self) -> tuple[Tables, Built]:
        if self._tables is None or self._built is None:
            raise NoContact(self.name, "Its tables were not read yet.")
        return self._tables, self._built
