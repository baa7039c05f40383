"""The rules of plan changes that are more than a state and a post."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from citong.kit.calendar import WorkCalendar
from citong.kit.rule import Rule
from citong.services.signals.parameters import CITY_RULES, SIGNALS, TIMES

SINCE = date(2026, 1, 1)


class Simulated(Rule):
    label = "Exactly this plan must have been simulated on the junction as it is now: simulate it first."
    unit = "yes or no"
    source = CITY_RULES
    in_force_from = SINCE

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        change = case.plan_change
        return bool(change.simulations.filter(digest=change.digest, state="done").exists())


class NoLessSafe(Rule):
    label = "The simulation saw more breaches of safety after than before: this plan can not be signed."
    unit = "yes or no"
    source = TIMES
    in_force_from = SINCE

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        change = case.plan_change
        last = change.simulations.filter(digest=change.digest, state="done").order_by("-asked_at").first()
        return last is not None and _breaches(last.after) <= _breaches(last.before)


def _breaches(runs: Sequence[Mapping[str, Any]]) -> int:
    return sum(int(run["violations"]) for run in runs)


class StillInForce(Rule):
    label = "This plan is not in force any more."
    unit = "yes or no"
    source = SIGNALS
    in_force_from = SINCE

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return bool(case.plan_change.junction.plans.filter(case=case.id, ends_at=None).exists())
