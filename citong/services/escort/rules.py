"""What must hold beside state and post."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from citong.kit.calendar import WorkCalendar
from citong.kit.rule import Rule
from citong.services.escort.parameters import DIRECTED, HOUSE_RULES


class DriverIsKnown(Rule):
    label = "Say first who drives: that person sets off, and their phone says where the escort is."
    source = HOUSE_RULES
    in_force_from = date(2026, 1, 1)

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return case.holder_id is not None


class NobodyStandsThere(Rule):
    label = "There is no junction without lights on its way to which nobody goes yet."
    source = DIRECTED
    in_force_from = date(2026, 1, 1)

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return bool(case.escort.points.filter(goes=None).exists())
