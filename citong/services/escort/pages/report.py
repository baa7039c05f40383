"""The report of an escort: what it won, what it cost others, what each junction did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from citong.core.cases.declare import Words
from citong.core.cases.registry import case_type
from citong.core.people.access import Purpose
from citong.core.people.administration import look
from citong.services.escort.city import keep_days
from citong.services.escort.models import Escort, Step
from citong.services.escort.pages.showing import SERVICE, THERE_M, WORDS, escort_for
from citong.services.escort.run.writing import state_of
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff


@dataclass(frozen=True)
class Line:
    """One junction of the report. Seconds; None where nothing was asked or seen."""

    step: Step
    word: Words
    tone: str
    held: int | None
    before: int | None
    """How long it was green when the vehicle came; below 0: it came first."""


@dataclass(frozen=True)
class Report:
    """The figures of one escort."""

    escort: Escort
    lines: Sequence[Line]
    taken: int | None
    won: int | None
    cost: int

    @property
    def green(self) -> int:
        """Lights that were green when it came."""
        return sum(1 for line in self.lines if line.before is not None and line.before >= 0)

    @property
    def passed(self) -> int:
        """Lights that it came to."""
        return sum(1 for line in self.lines if line.step.passed_at is not None)


def report_of(escort: Escort, *, at: datetime) -> Report:
    """The report as it stands: final once the escort is over. The time won is known only for one that was seen at its
    destination."""
    lines = [_line(step, at) for step in escort.steps.order_by("plan", "number")]
    end = escort.ended_at or at
    taken = round((end - escort.begun_at).total_seconds()) if escort.begun_at else None
    arrived = escort.case.state == "arrived" and escort.left_m is not None and escort.left_m <= THERE_M
    won = round(escort.usual_s - taken) if taken is not None and arrived and escort.usual_s else None
    return Report(escort, lines, taken, won, round(escort.cost_s))


@require_GET
@staff()
def report(request: HttpRequest, number: str) -> HttpResponse:
    """For whoever may read the escort."""
    actor, now = actor_of_request(request), timezone.now()
    escort = escort_for(actor, number)
    if actor.account != escort.driver_id:
        look(escort.pk, actor=actor, purpose=Purpose.HANDLING, at=now)
    state = case_type(SERVICE).states[escort.case.state].label
    shown: dict[str, Any] = {"report": report_of(escort, at=now), "state": state, "keep_days": keep_days()}
    return render(request, "escort/report.html", shown | {"escort": escort, "case": escort.case})


def _line(step: Step, at: datetime) -> Line:
    word, tone = WORDS[state_of(step)]
    held = (
        round(((step.released_at or step.passed_at or at) - step.asked_at).total_seconds()) if step.asked_at else None
    )
    before = None
    if step.passed_at is not None and step.green_since is not None:
        before = round((step.passed_at - step.green_since).total_seconds())
    return Line(step, word, tone, held, before)
