"""Numbers of the household visits, each by the date from which it holds, with unit and source.

A city sets its own in city.toml: `visits_a_week = 30` and `visit_days = { alone = 7 }` under [parameters].
"""

from collections.abc import Mapping
from datetime import date

from citong.kit.rule import CityDecision, Law, Parameter

GRID_GUIDANCE = Law(
    "Opinion of the Central Committee and the State Council on modernising grassroots governance (2021-04-28)",
    "section 4",
)
MINORS = Law("Law on the Protection of Minors", 43, "Committees of residents keep in touch with children left behind.")
OLD_PEOPLE = Law("Law on the Protection of the Rights of Old People", 37, "Services come to old people in their homes.")
VISIT_RULES = CityDecision("Rules of household visits", "city.toml [parameters]", date(2026, 1, 1), "City centre")

FROM = date(2026, 1, 1)


def _days(what: str, days: int) -> Parameter[int]:
    return Parameter(what, "days", VISIT_RULES, {FROM: days})


A_WEEK = Parameter("Households each worker visits in a full week, at least", "households", VISIT_RULES, {FROM: 30})
FULL_WEEK = Parameter("Working days of a full week", "days", VISIT_RULES, {FROM: 5})
REST = _days("Nobody is visited again within, unless it is due", 7)

# By what a visit is due: a need of the household, the time that has passed, or what became of the last try.
DAYS: Mapping[str, Parameter[int]] = {
    "alone": _days("Between visits to an old person living alone", 7),
    "child": _days("Between visits to a child without its parents at home", 14),
    "illness": _days("Between visits in long illness", 14),
    "disability": _days("Between visits to a person with a disability who needs help", 14),
    "recovering": _days("Between visits to a person back home and in need of support", 14),
    "hardship": _days("Between visits in hardship", 28),
    "time": _days("Between visits to any household", 35),
    "absent": _days("Until the next try where nobody was at home", 7),
    "refused": _days("Until a household that did not want a visit is asked again", 90),
}
