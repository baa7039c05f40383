"""Public cases as they may be shown to anybody: personal numbers masked, no person named."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.kit.text import masked
from citong.web.public.names import kind_name, where_words


@dataclass(frozen=True)
class Listed:
    """One line of a public list."""

    number: str
    url: str
    title: str
    kind: str
    where: str
    state: str
    stage: str
    open: bool
    opened_at: datetime
    metres: int | None = None


def listed(cases: Iterable[Case]) -> list[Listed]:
    """The cases as public lines; needs their category loaded, makes no further query but the divisions' names."""
    return [line(case) for case in cases]


def line(case: Case, *, metres: int | None = None) -> Listed:
    """One case as a public line, with how far away it is where that was asked."""
    state = case_type(case.service).states[case.state]
    return Listed(
        case.number, reverse("public_case", args=[case.number]), masked(case.title), kind_name(case.category),
        where_words(case), str(state.public), str(state.stage), case.open, case.opened_at, metres,
    )  # fmt: skip
