"""Whether the rules that guard an act let it happen."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from citong.core.cases.models import Case
from citong.core.clocks.calendar import calendar
from citong.core.flow.refusal import WrongState
from citong.core.places.current import city, zone
from citong.kit.rule import Rule


def holds(guard: type[Rule], case: Case, at: datetime) -> bool:
    """Whether one guard holds at an instant; a rule that is not in force that day asks nothing.

    The rule is told the instant in the city's own time, so that its days are those of the city.
    """
    at = at.astimezone(zone())
    told = {"case": case, "at": at, "city": city().parameters, "days": calendar()}
    return not guard.in_force(at.date()) or bool(guard.formula(**told))


def check(guards: Sequence[type[Rule]], case: Case, at: datetime) -> None:
    """Raises WrongState with the label of the first guard that does not hold."""
    for guard in guards:
        if not holds(guard, case, at):
            raise WrongState(_(guard.label))
