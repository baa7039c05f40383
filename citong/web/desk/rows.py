"""Cases as lines of a list: everything a line says is ready, and nothing in it asks the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import State, Words
from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.web.public.names import matter_name, where_words


@dataclass(frozen=True)
class Flag:
    """A word beside the title; `tone` is one of late, near, calm."""

    label: Words
    tone: str
    icon: str


@dataclass(frozen=True)
class Row:
    """One line: the case with unit and kind loaded, its state's declaration, kind and place in words, its flags."""

    case: Case
    state: State
    kind: str
    place: str
    flags: Sequence[Flag]


def loaded(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with all that a line shows, and without the long texts it does not."""
    related = cases.select_related("category", "unit", "holder")
    return related.defer("text", "given_place", "doers", "receipt", "head", "professional")


def rows(cases: Iterable[Case], *, at: datetime) -> list[Row]:
    """The lines of these cases, which were `loaded`; no further query."""
    return [Row(case, state_of(case), matter_name(case), place_of(case), flags_of(case, at=at)) for case in cases]


def state_of(case: Case) -> State:
    """The declaration of the state the case is in."""
    return case_type(case.service).states[case.state]


def place_of(case: Case) -> str:
    """Where it is, from the larger to the smaller: divisions, then what the address adds to them."""
    divisions = where_words(case)
    rest = case.address.strip()
    for name in divisions.split():
        rest = rest.removeprefix(name).strip()
    return " ".join(part for part in (divisions, rest) if part)


def flags_of(case: Case, *, at: datetime) -> list[Flag]:
    """What is out of the ordinary about a case, gravest first."""
    overdue = case.open and case.due_at is not None and case.due_at <= at
    said = [
        (case.urgent, Flag(_("Urgent"), "late", "alert-triangle")),
        (case.late and not overdue, Flag(_("Was late"), "near", "clock-exclamation")),
        (case.urges > 0, Flag(_("Urged"), "near", "bell-ringing")),
        (case.reopenings > 0, Flag(_("Reopened"), "near", "refresh")),
        (case.reworks > 0, Flag(_("Rework"), "near", "rotate")),
        (bool(case.joint), Flag(_("Joint"), "calm", "users")),
        (case.gap, Flag(_("Nobody answers for it"), "near", "help-circle")),
    ]
    return [flag for holds, flag in said if holds]
