"""Cases as lines of a list: everything a line says is ready, and nothing in it asks the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import State, Words
from citong.core.cases.models import Case, Category
from citong.core.cases.registry import case_type
from citong.core.places.models import Division


@dataclass(frozen=True)
class Flag:
    """A word beside the title; `tone` is one of danger, warning, info."""

    label: Words
    tone: str
    icon: str


@dataclass(frozen=True)
class Row:
    """One line: the case with its units and kind loaded, its state's declaration, its place in words, its flags."""

    case: Case
    state: State
    place: str
    kind: str
    flags: Sequence[Flag]


def loaded(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with all that a line shows, and without the long texts it does not."""
    related = cases.select_related("category", "unit", "holder")
    return related.defer("text", "given_place", "doers", "receipt", "head", "professional")


def rows(cases: Iterable[Case], places: Mapping[str, str], *, at: datetime) -> list[Row]:
    """The lines of these cases; `places` names divisions by code."""
    return [Row(case, state_of(case), place_of(case, places), kind_of(case.category), flags_of(case, at=at)) for case in cases]


def state_of(case: Case) -> State:
    """The declaration of the state the case is in."""
    return case_type(case.service).states[case.state]


def place_of(case: Case, places: Mapping[str, str]) -> str:
    """Where it is, from the larger to the smaller: divisions, then the address as it was given."""
    known = [places[code] for code in (case.district, case.street, case.community) if code in places]
    return " ".join([*known, *([case.address] if case.address and case.address not in known else [])])


def kind_of(category: Category | None) -> str:
    """The kind's name in the reader's language; empty while nobody has named one."""
    if category is None:
        return ""
    return category.name_en if (get_language() or "").startswith("en") else category.name


def flags_of(case: Case, *, at: datetime) -> list[Flag]:
    """What is out of the ordinary about a case, gravest first."""
    overdue = case.open and case.due_at is not None and case.due_at <= at
    said = [
        (case.urgent, Flag(_("Urgent"), "danger", "alert-triangle")),
        (case.late or overdue, Flag(_("Late"), "danger", "clock-exclamation")),
        (case.urges > 0, Flag(_("Urged"), "warning", "bell-ringing")),
        (case.reopenings > 0, Flag(_("Reopened"), "warning", "refresh")),
        (case.reworks > 0, Flag(_("Rework"), "warning", "rotate")),
        (bool(case.joint), Flag(_("Joint"), "info", "users")),
        (case.gap, Flag(_("Nobody answers for it"), "warning", "help-circle")),
    ]
    return [flag for holds, flag in said if holds]


def division_names(cases: Iterable[Case]) -> dict[str, str]:
    """Code to name of the divisions these cases lie in; one query, none without cases."""
    codes = {code for case in cases for code in (case.district, case.street, case.community) if code}
    return dict(Division.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
