"""When an agreement can be taken to a court, and on which way: asked without a query."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from citong.kit.calendar import WorkCalendar
from citong.kit.durations import parse
from citong.kit.rule import Rule
from citong.services.mediation.parameters.agreements import HANDED_IN, OTHERS_OBJECT, PARTY_OBJECTS
from citong.services.mediation.parameters.law import CONFIRMATION_NOW, CONFIRMED, OBJECTION, TO_COURT

CONFIRMING = date(2011, 1, 1)
WINDOW = "30 days"  # what the clock of the state says where the city says nothing


def window_ends(effective_at: datetime, *, city: Mapping[str, Any], days: WorkCalendar) -> datetime:
    """Until when both may apply to a court to confirm what took effect then; `city` are the city's parameters."""
    return parse(city.get("limits", {}).get("mediation_confirm", WINDOW)).end(effective_at, days)


class WithinTheWindow(Rule):
    label = "The thirty days to apply for confirmation are over: whoever is not given what was agreed can go to court."
    source = CONFIRMATION_NOW
    in_force_from = CONFIRMING

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return case.fed_back_at is None or at <= window_ends(case.fed_back_at, city=city, days=days)


class Written(Rule):
    label = "This agreement was made by word of mouth: a court confirms only what was written down and signed."
    source = HANDED_IN
    in_force_from = CONFIRMING

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return "agree_orally" not in case.doers


class NotRejected(Rule):
    label = "A court has rejected this agreement: agree anew, or go to court over it."
    source = CONFIRMED
    in_force_from = CONFIRMING

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return "rule_reject" not in case.doers


class Rejected(Rule):
    label = "No court has rejected this agreement: it binds."
    source = CONFIRMED
    in_force_from = CONFIRMING

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return "rule_reject" in case.doers


class ConfirmedByCourt(Rule):
    label = "Only what a court has confirmed can be enforced: over this agreement a party can go to court."
    source = CONFIRMED
    in_force_from = CONFIRMING

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return "rule_confirm" in case.doers


class NotConfirmed(Rule):
    label = "A court has confirmed this agreement: apply for enforcement."
    source = TO_COURT
    in_force_from = CONFIRMING

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return "rule_confirm" not in case.doers


class ObjectedInTime(Rule):
    label = "A party objects within fifteen days of the ruling, others within six months of knowing."
    unit = "days"
    source = OBJECTION
    in_force_from = date(2015, 2, 4)

    @staticmethod
    def formula(*, party: bool, known_on: date, on: date, days: WorkCalendar) -> bool:
        """Whether an objection on that day is in time; a last day that is none of work goes over to the next one."""
        last = known_on + timedelta(days=PARTY_OBJECTS.at(on)) if party else later(known_on, OTHERS_OBJECT.at(on))
        return on <= days.next_working(last)


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last of its month where there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
