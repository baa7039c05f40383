"""The numbers of the visits as they hold in this city on a day: its own, or those of the parameters."""

from datetime import date

from citong.core.places.current import parameter
from citong.services.visits.parameters import A_WEEK, DAYS


def days(on: date) -> dict[str, int]:
    """Code of what makes a visit due to the days after which it is."""
    own = parameter("visit_days", {})
    return {code: int(own.get(code, number.at(on))) for code, number in DAYS.items()}


def a_week(on: date) -> int:
    """Households a worker visits in a full week."""
    return int(parameter("visits_a_week", A_WEEK.at(on)))
