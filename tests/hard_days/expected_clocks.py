"""The clocks a case must have, told by its history alone."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.clocks.models import Clock
from citong.core.ledger.models import Entry
from citong.core.notices.models import Notice
from tests.hard_days.town import SPAN_SECONDS, WARN_SHARE

SPAN = timedelta(seconds=SPAN_SECONDS)


@dataclass
class Expected:
    """A clock as it must be."""

    code: str
    started_at: datetime
    stopped_at: datetime | None = None
    lapses: int = 0

    def holds(self, clock: Clock) -> bool:
        """Whether the kept clock is this one."""
        due = self.started_at + SPAN
        return (
            (clock.code, clock.started_at, clock.stopped_at, clock.lapses, clock.state)
            == (self.code, self.started_at, self.stopped_at, self.lapses, self.state)
            and clock.due_at == due
            and abs(clock.warn_at - (self.started_at + SPAN * WARN_SHARE)) < timedelta(seconds=1)
            and (clock.wake_at is None) == (self.stopped_at is not None)
        )

    @property
    def state(self) -> str:
        if self.stopped_at is None:
            return Clock.State.RUNNING
        return Clock.State.MET if self.stopped_at <= self.started_at + SPAN else Clock.State.MISSED

    @property
    def late(self) -> bool:
        return self.lapses > 0 or self.state == Clock.State.MISSED


def clock_faults(cases: Mapping[UUID, Case], history: Mapping[UUID, Sequence[Entry]]) -> Iterator[str]:
    """Yield clocks that are not as the history says, and cases that show another deadline or lateness."""
    kept = defaultdict[UUID, list[Clock]](list)
    for clock in Clock.objects.order_by("started_at"):
        kept[clock.subject].append(clock)
    warned = defaultdict[UUID, list[datetime]](list)
    for subject, at in Notice.objects.filter(code="warning").values_list("subject", "made_at"):
        warned[subject].append(at)
    for id, case in cases.items():
        expected = expected_clocks(history[id])
        yield from _of_case(case, expected, kept[id])
        yield from _warnings(case, kept[id], warned[id])
    for id in kept.keys() - cases.keys():
        yield f"a clock runs for {id}, which is no case"


def expected_clocks(entries: Sequence[Entry]) -> list[Expected]:
    """The clocks, oldest first."""
    made: list[Expected] = []
    states = case_type("requests").states
    for entry in entries:
        running = made[-1] if made and made[-1].stopped_at is None else None
        if running and entry.act == "escalate" and entry.facts.get("clock") == running.code:
            running.lapses += 1
        if "to" not in entry.facts:
            continue
        own = next(iter(states[entry.facts["to"]].clocks), None)
        if running and (own is None or own.code != running.code):
            running.stopped_at = entry.at
            running = None
        if own and running is None:
            made.append(Expected(own.code, entry.at))
    return made


def _of_case(case: Case, expected: Sequence[Expected], kept: Sequence[Clock]) -> Iterator[str]:
    if len(expected) != len(kept) or not all(e.holds(c) for e, c in zip(expected, kept, strict=False)):
        had = [(c.code, c.state, c.started_at, c.stopped_at, c.due_at, c.wake_at, c.lapses) for c in kept]
        yield f"the clocks of {case.number} must be {expected} and are {had}"
    due = next((clock.started_at + SPAN for clock in expected if clock.stopped_at is None), None)
    if case.due_at != due:
        yield f"{case.number} shows the deadline {case.due_at} and must show {due}"
    if case.late != any(clock.late for clock in expected):
        yield f"{case.number} is {'late' if case.late else 'in time'} and must not be"


def _warnings(case: Case, kept: Sequence[Clock], warned: Sequence[datetime]) -> Iterator[str]:
    """A clock warns once, between its moment to warn and its end; one that waits for its end has warned."""
    for clock in kept:
        end = min(clock.due_at, clock.stopped_at or clock.due_at)
        given = [at for at in warned if clock.warn_at <= at <= end]
        waits = clock.stopped_at is None and clock.wake_at == clock.due_at
        if len(given) > 1 or (waits and not given):
            yield f"the clock {clock.code} of {case.number} warned {len(given)} times"
    if len(warned) > len(kept):
        yield f"{case.number} was warned of {len(warned)} times with {len(kept)} clocks"
