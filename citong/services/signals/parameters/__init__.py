"""What plan changes of signals stand on, and their numbers."""

from datetime import date

from citong.kit.rule import CityDecision, Law, Parameter

SIGNALS = Law(
    "Road Traffic Safety Law", 25, "Signals are set as safety and flow of traffic need, and are changed in time."
)
POLICE = Law("Road Traffic Safety Law", 5, "The traffic police answer for road traffic safety.")
TIMES = Law(
    "GB 14886-2016 Installation of road traffic signals", "6", "Green, amber, all red and pedestrian clearance."
)  # fmt: skip
CITY_RULES = CityDecision("Rules of plan changes of signals", "city.toml [limits]", date(2026, 1, 1), "City centre")

SILENT_AFTER = Parameter("No word from a controller for so long is no contact", "seconds", CITY_RULES, {
    date(2026, 1, 1): 120,
})  # fmt: skip
SEEDS = Parameter("Seeds of a simulation, unless somebody says more", "runs", CITY_RULES, {date(2026, 1, 1): 5})
MOST_SEEDS = Parameter("Seeds of a simulation at most", "runs", CITY_RULES, {date(2026, 1, 1): 20})
