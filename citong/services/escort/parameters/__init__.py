"""What an escort stands on, and its numbers: each with unit, source and the date from which it holds.

A city sets its own in city.toml under [parameters]: `escort_lost_seconds`, `escort_keep_days`, `escort_approve_seconds`
and `escort_goals`, a list of { name, lon, lat } that drivers choose from.
"""

from datetime import date

from citong.kit.rule import CityDecision, Law, Parameter

ROAD = "Road Traffic Safety Law"
EMERGENCY = Law(
    ROAD, 53, "Police cars, fire engines, ambulances and rescue vehicles on an emergency task may use siren and lights"
    " and, safety assured, are not bound by route, direction, speed and signals; other vehicles and people give way.",
)  # fmt: skip
DIRECTED = Law(ROAD, 38, "Where traffic police direct on the spot, everybody follows the police before the signals.")
MEASURES = Law(ROAD, 39, "Traffic police may direct, restrict or forbid traffic as roads and flow require.")
POLICE_DUTY = Law("People's Police Law", 21, "Police help at once where a person or property is in danger.")
WHEREABOUTS = Law("Personal Information Protection Law", 28, "Whereabouts are sensitive: a specific purpose, and need.")
SHORTEST = Law("Personal Information Protection Law", 19, "Kept for the shortest time that the purpose needs.")
HOUSE_RULES = CityDecision("Rules of green escorts", "Trial 1", date(2026, 1, 1), "Traffic police of the city")
FROM = date(2026, 1, 1)


def _number(what: str, unit: str, source: Law | CityDecision, value: int) -> Parameter[int]:
    return Parameter(what, unit, source, {FROM: value})


APPROVE_SECONDS = _number("The centre answers an asked escort within", "seconds", HOUSE_RULES, 60)
LOST_SECONDS = _number("Without a place for so long everything is let go", "seconds", HOUSE_RULES, 30)
KEEP_DAYS = _number("Places of a drive are kept for", "days", SHORTEST, 7)
OFF_WAY_METRES = _number("Farther from its way than this, it is planned anew", "metres", HOUSE_RULES, 60)
STANDS_MS = _number("Slower than this, a vehicle stands", "metres a second", HOUSE_RULES, 1)
