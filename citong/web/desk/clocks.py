"""The clocks of a case as people read them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from citong.core.cases.declare import CaseType
from citong.core.clocks.models import Clock
from citong.web.desk.plain import clock_label
from citong.web.spans import span_words


@dataclass(frozen=True)
class Extension:
    """More time that was granted: how much, by which unit, when."""

    span: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Dial:
    """One clock: its label, the time it grants and what is left of it while it stands still, in words."""

    clock: Clock
    label: str
    span: str
    left: str
    extensions: Sequence[Extension]

    @property
    def runs(self) -> bool:
        return self.clock.state == Clock.State.RUNNING


def dials(clocks: Iterable[Clock], kind: type[CaseType], units: Mapping[str, str]) -> list[Dial]:
    """The clocks with words, those that run or pause first; no query."""
    shown = [
        Dial(
            clock,
            clock_label(kind, clock.code),
            span_words(clock.span),
            span_words(clock.remaining),
            _more(clock, units),
        )
        for clock in clocks
    ]
    return sorted(shown, key=lambda dial: dial.clock.stopped_at is not None)


def _more(clock: Clock, units: Mapping[str, str]) -> list[Extension]:
    return [
        Extension(span_words(one["span"]), units.get(one["by"], one["by"]), datetime.fromisoformat(one["at"]))
        for one in clock.extensions
    ]
