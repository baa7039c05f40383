"""When a household is due, and how many a worker visits in a week: by needs and days, never by a score."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

from citong.kit.rule import Rule
from citong.services.visits.parameters import GRID_GUIDANCE, VISIT_RULES


class Due(NamedTuple):
    """A day, and the code of what makes it that day: a need, `time`, `never`, `asked`, `absent` or
    `refused`."""

    on: date
    why: str


class NextVisit(Rule):
    label = "The next visit is due after the shortest interval that a need of the household asks for."
    unit = "day"
    source = VISIT_RULES
    in_force_from = date(2026, 1, 1)

    @staticmethod
    def formula(
        *, outcome: str, on: date, needs: Collection[str], days: Mapping[str, int], wish: date | None = None
    ) -> Due:
        if outcome in ("absent", "refused"):
            return Due(on + timedelta(days=days[outcome]), outcome)
        why = min([*(need for need in needs if need in days), "time"], key=lambda code: (days[code], code == "time"))
        due = Due(on + timedelta(days=days[why]), why)
        return min(due, Due(wish, "asked")) if wish is not None and wish > on else due


class WeeklyQuota(Rule):
    label = "A week with fewer working days has fewer visits, in proportion; make-up days add none."
    unit = "households"
    source = GRID_GUIDANCE
    in_force_from = date(2026, 1, 1)

    @staticmethod
    def formula(*, a_week: int, worked: int, full: int) -> int:
        return ceil(a_week * min(worked, full) / full)
