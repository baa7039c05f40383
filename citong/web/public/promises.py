"""The deadlines of a case in plain words: what is to be done by when, and which rule says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from citong.core.cases.declare import ClockSpec
from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.clocks.models import Clock
from citong.web.spans import span_words


@dataclass(frozen=True)
class Promise:
    """One deadline: its label, the time it grants, when it is due, how it stands."""

    label: str
    span: str
    due_at: datetime
    state: str
    standing: str
    source: str
    certain: bool
    extended: bool


def sources(made: list[Promise]) -> list[str]:
    """The rules the deadlines come from, each once."""
    return list(dict.fromkeys(one.source for one in made))


def promises(case: Case) -> list[Promise]:
    """Every deadline of the case, running ones first; one query."""
    specs = case_type(case.service).clocks()
    found = Clock.objects.filter(subject=case.id).order_by("started_at", "id")
    ordered = sorted(found, key=lambda clock: clock.stopped_at is not None)
    return [_promise(clock, specs) for clock in ordered]


def _promise(clock: Clock, specs: Mapping[str, ClockSpec]) -> Promise:
    spec = specs.get(clock.code)
    return Promise(
        str(spec.label) if spec else clock.code, span_words(clock.span), clock.due_at, clock.state, _standing(clock),
        clock.source, clock.certain, bool(clock.extensions),
    )  # fmt: skip


def _standing(clock: Clock) -> str:
    if clock.state == Clock.State.PAUSED:
        return _("Stands still until you answer")
    if clock.state == Clock.State.RUNNING:
        return _("late") if clock.lapses else ""
    return _("Met") if clock.state == Clock.State.MET else _("Missed")
