"""Whatever happens, and in whatever order: nobody's time grows shorter, and a deadline that has passed stays passed."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from citong.core.clocks import run
from citong.core.clocks.calendar import calendar
from citong.core.clocks.models import CalendarDay, Clock
from citong.core.flow.refusal import Refusal
from citong.core.flow.watch import tick
from citong.core.places.current import forget_city
from citong.core.places.models import City
from citong.kit.durations import parse
from citong.services.mediation.rules.course import TimeIsLeft
from citong.services.mediation.service import Mediation
from tests.disputes import Quarrel

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 4, 20, 1, 30, tzinfo=UTC)
SPEC = Mediation.clocks()["mediate"]
SPANS = sorted({SPEC.span, *(term.span for term in SPEC.by_line.values())})
MINUTE = timedelta(minutes=1)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # to shrink walks through a database takes minutes
SAME_TOWN = [HealthCheck.function_scoped_fixture]  # each example sets the calendar anew, or takes its walk back
QUIET: dict[str, Any] = {"deadline": None, "phases": PHASES, "suppress_health_check": SAME_TOWN}

# Days that differ from the plain week: at most one change for each of the days that can matter.
days = st.dictionaries(st.integers(0, 150), st.booleans(), max_size=40)
# What happens and how long after what was before: a pause and how long it takes, or an extension by so many days.
pause = st.tuples(st.just("pause"), st.integers(0, 60 * 24 * 9), st.integers(0, 60 * 24 * 45))
extend = st.tuples(st.just("extend"), st.integers(0, 60 * 24 * 9), st.sampled_from([7, 15, 30]))
course = st.lists(st.one_of(pause, extend), max_size=6)


def decide(changed: dict[int, bool]) -> None:
    """The city's calendar has these holidays and make-up workdays."""
    CalendarDay.objects.all().delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(date=date(2026, 4, 15) + timedelta(days=day), working=working, name="-", source="-")
        for day, working in changed.items()
    )
    City.objects.update(version=F("version") + 1)
    forget_city()


def left(clock: Clock, at: datetime) -> float:
    """Minutes that are left, of the kind in which the clock is counted."""
    if parse(clock.span).working:
        return calendar().working_minutes_between(at, clock.due_at)
    return (clock.due_at - at) / MINUTE


def day(moment: datetime) -> date:
    return calendar().date_of(moment)


@settings(max_examples=80, **QUIET)
@given(span=st.sampled_from(SPANS), changed=days, later=days, steps=course)
def test_no_pause_and_no_extension_takes_time_from_anybody(
    town: City, span: str, changed: dict[int, bool], later: dict[int, bool], steps: Sequence[tuple[str, int, int]]
) -> None:
    decide(changed)
    now = BEGAN
    clock = run.start(UUID(int=7), "mediate", span=span, source="-", at=now)
    for what, after, how_much in steps:
        now += timedelta(minutes=after)
        if not TimeIsLeft.formula(due_at=clock.due_at, at=now):
            break  # the platform has ended it: see below
        due, had = clock.due_at, left(clock, now)
        if what == "pause":
            run.pause(clock, at=now)
            now += timedelta(minutes=how_much)
            decide(later)  # the city may decide on its days meanwhile
            run.resume(clock, at=now)
            assert left(clock, now) >= had - 1
        else:
            kind = "working days" if parse(span).working else "days"
            run.extend(clock, f"{how_much} {kind}", at=now, by="parties")
            assert day(clock.due_at) >= day(due) + timedelta(days=how_much)  # whole days, to the close of the last
            assert left(clock, now) > had
        assert clock.due_at >= due
    assert clock.state == Clock.State.RUNNING
    run.stop(clock, at=clock.due_at)
    assert clock.state == Clock.State.MET


ACTS = {
    "mediating": ["appraise", "suspect", "ask_extension", "answer_extension", "draft", "offer", "disclose"],
    "paused": ["opinion"],
    "suspended": ["clear"],
    "signing": ["back_to_table", "ask_extension", "answer_extension", "suspect"],
}
walks = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 60 * 24 * 12)), min_size=3, max_size=7)


@settings(max_examples=8, **QUIET)
@given(steps=walks, changed=days, kind=st.sampled_from(["neighbour", "medical"]))
def test_no_walk_through_the_acts_brings_a_deadline_forward_or_moves_one_that_has_passed(
    quarrels: Callable[..., Quarrel], steps: Sequence[tuple[int, int]], changed: dict[int, bool], kind: str
) -> None:
    with suppress(Undo), transaction.atomic():
        decide(changed)
        walk(quarrels(at=BEGAN, kind=kind, mediator="medical" if kind == "medical" else "committee"), steps)
        raise Undo


def walk(quarrel: Quarrel, steps: Sequence[tuple[int, int]]) -> None:
    now = BEGAN
    due = of(quarrel.until("mediating", at=now)).due_at
    for pick, after in steps:
        now += timedelta(minutes=after)
        state = quarrel.case.state
        name = ACTS[state][pick % len(ACTS[state])]
        passed = state in ("mediating", "signing") and due < now
        with suppress(Refusal):
            quarrel.do(name, at=now, **{"by": "respondent", "answer": "yes"} if name == "answer_extension" else {})
        clock = of(quarrel)
        assert clock.due_at == due if passed else clock.due_at >= due
        due = clock.due_at
    while tick(at=max(now, due) + MINUTE):
        pass  # one clock of a case at a time
    assert quarrel.case.state in ("failed", "paused", "suspended")


@settings(max_examples=40, **QUIET)
@given(span=st.sampled_from(SPANS), changed=days, late=st.integers(0, 60 * 24 * 9), long=st.integers(0, 60 * 24 * 45))
def test_a_deadline_that_has_passed_stays_where_it_was(
    town: City, span: str, changed: dict[int, bool], late: int, long: int
) -> None:
    decide(changed)
    clock = run.start(UUID(int=7), "mediate", span=span, source="-", at=BEGAN)
    due, now = clock.due_at, clock.due_at + timedelta(minutes=late)
    assert not TimeIsLeft.formula(due_at=due, at=now)
    run.pause(clock, at=now)
    run.resume(clock, at=now + timedelta(minutes=long))
    assert clock.due_at == due
    run.stop(clock, at=now + timedelta(minutes=long, seconds=1))
    assert clock.state == Clock.State.MISSED


def of(quarrel: Quarrel) -> Clock:
    return Clock.objects.filter(subject=quarrel.id, code="mediate").latest("started_at")


class Undo(Exception):
    """Takes a walk back, so that the next begins in the same town."""
