"""Numbers of this service, each by the date from which it holds, with unit and source."""

from datetime import date

from citong.kit.rule import CityDecision, Law, Parameter

HOTLINE_GUIDANCE = Law("Guobanfa [2020] No. 53, guidance on government service hotlines", "section 4")
DIGITAL_MANAGEMENT = Law("GB/T 30428.8 Digital urban management, case filing, handling and closure", "part 8")
CITY_LIMITS = CityDecision(
    "Time limits of digital city management", "city.toml [limits]", date(2026, 1, 1), "City centre"
)

REOPEN_DAYS = Parameter("Days in which a closed request can be reopened", "days", CITY_LIMITS, {date(2026, 1, 1): 30})
