"""The rules of service requests that are more than a state and a post."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from citong.kit.calendar import WorkCalendar
from citong.kit.rule import Rule
from citong.services.requests.parameters import CITY_LIMITS, DIGITAL_MANAGEMENT, REOPEN_DAYS


class EveryPartDone(Rule):
    label = "Another unit still owes its part of this case."
    source = DIGITAL_MANAGEMENT
    in_force_from = date(2021, 6, 1)

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return not case.joint


class WithinReopenWindow(Rule):
    label = "The time to reopen this case has passed: please report the matter anew."
    unit = "days"
    source = CITY_LIMITS
    in_force_from = date(2026, 1, 1)

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        within = city.get("reopen_days", REOPEN_DAYS.at(at.date()))
        return case.closed_at is None or at <= case.closed_at + timedelta(days=within)


class NotRatedYet(Rule):
    label = "This case has been rated already."
    source = DIGITAL_MANAGEMENT
    in_force_from = date(2021, 6, 1)

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return case.rating is None
