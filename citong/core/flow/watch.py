"""Watching the clocks: a warning when time grows short, a step up when it has run out."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.clocks import run as clocks
from citong.core.clocks.models import Clock
from citong.core.flow.act import act
from citong.core.flow.timing import after
from citong.core.ledger.rows import Rows
from citong.core.notices import outbox
from citong.core.people.access import SYSTEM


def tick(*, at: datetime, limit: int = 500) -> int:
    """Up to `limit` cases whose clocks wake were looked at, each in a transaction of its own. Returns how many.

    Safe beside other workers: a case that another one holds is left to it. After a day off, call until 0.
    """
    return sum(_look_at(subject, at) for subject in clocks.waking(at, limit=limit))


def _look_at(subject: UUID, at: datetime) -> int:
    """The case is locked before its clocks, as in every act, so that the two can not wait for each other."""
    with transaction.atomic():
        case = Case.objects.select_for_update(skip_locked=True).filter(pk=subject).first()
        if case is None:
            return 0
        waking = [c for c in clocks.of(subject) if c.wake_at is not None and c.wake_at <= at]
        passed = _passed(case, waking, at)
        due = min(
            (clock for clock in waking if clock.due_at <= at and clock not in passed),
            key=lambda clock: clock.due_at,
            default=None,
        )
        if due is not None:
            kind = case_type(case.service)
            act(case.id, after(kind, kind.clocks().get(due.code)), actor=SYSTEM, at=at)
        else:
            _warn(case, [clock for clock in waking if clock not in passed], at)
        return 1 if waking else 0


def _passed(case: Case, waking: list[Clock], at: datetime) -> list[Clock]:
    """Windows that have passed are closed: nobody is late."""
    specs = case_type(case.service).clocks()
    passed = [c for c in waking if c.due_at <= at and (spec := specs.get(c.code)) and spec.window]
    for clock in passed:
        clocks.stop(clock, at=clock.due_at)
        clock.save(update_fields=["state", "wake_at", "stopped_at"])
    return passed


def _warn(case: Case, waking: list[Clock], at: datetime) -> None:
    rows = Rows()
    for clock in waking:
        clocks.warned(clock)
        rows.change(clock)
    if waking:
        facts = {"number": case.number, "act": "warning", "service": case.service, "state": case.state}
        rows.add(outbox.to_unit(case.id, case.unit_id, facts, account=case.holder_id, at=at))
        rows.write()
