"""Numbers of the way from the finder to the table's end, and the laws on what comes after it."""

from datetime import date

from citong.kit.rule import CityDecision, Law, Parameter
from citong.services.mediation.parameters.law import LABOUR_LAW, MEDICAL_REGULATION, NO_AGREEMENT, REPLACE

ONE_CODE = CityDecision("One code for one matter", "city.toml [parameters]", date(2026, 1, 1), "City centre")
COURSE = CityDecision("Course of mediation", "city.toml [parameters]", date(2026, 1, 1), "City centre")
SPECIAL_AUTHORITY = Law("Civil Procedure Law (2023)", 62, "To concede and to settle, an agent needs special authority.")
REPRESENTATIVES = Law(MEDICAL_REGULATION, 30, "At most five people speak for each side of a medical dispute.")
MEDICAL_WAYS = Law(MEDICAL_REGULATION, 22, "Talks, people's mediation, the health authority's mediation, the court.")
ARBITRATION_FIRST = Law(LABOUR_LAW, 5, "Without an agreement to arbitration; from there to court.")
LAND_FIRST = Law("Land Administration Law (2019)", 14, "The government decides who owns or uses land; then the court.")
CONSUMER_WAYS = Law("Law on the Protection of Consumers (2013)", 39, "Complaint to the office in charge, or the court.")
MARITIME_COURT = Law("Special Maritime Procedure Law (1999)", 4, "Disputes at sea go to the maritime court.")
OTHER_WAYS = NO_AGREEMENT

MOST_REPRESENTATIVES = Parameter(
    "People who speak for one side of a medical dispute, at most", "persons", REPRESENTATIVES, {date(2018, 10, 1): 5}
)
MOST_REFUSALS = Parameter("Mediators that parties may refuse", "persons", REPLACE, {date(2022, 1, 1): 1})
PAST_YEARS = Parameter(
    "A dispute of a party keeps its mediator from another one for", "years", COURSE, {date(2026, 1, 1): 2}
)
EXTENSIONS = Parameter("Days by which parties may extend", "days", COURSE, {date(2026, 1, 1): (7, 15, 30)})
