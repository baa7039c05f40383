"""What the bodies stand on, and how mediators are weighed when one is sought."""

from collections.abc import Mapping
from datetime import date

from citong.kit.rule import CityDecision, Law, Parameter
from citong.services.mediation.parameters.law import PEOPLES_MEDIATION

FREE = Law(PEOPLES_MEDIATION, 4, "A people's mediation committee takes no fee for mediating.")
COMMERCIAL = Law("Regulation on Commercial Mediation (2026)", "whole", "In force 2026-05-01; its bodies may charge.")
MEMBERS = Law(PEOPLES_MEDIATION, 8, "Three to nine members, women among them.")
TERM = Law(PEOPLES_MEDIATION, 9, "Members are chosen every three years.")
MATCHING = CityDecision("Rules for proposing a mediator", "Trial 1", date(2026, 1, 1), "City centre")

FROM = date(2026, 1, 1)
LAWFUL = date(2011, 1, 1)

FEWEST_MEMBERS = Parameter("Members of a committee, at least", "persons", MEMBERS, {LAWFUL: 3})
MOST_MEMBERS = Parameter("Members of a committee, at most", "persons", MEMBERS, {LAWFUL: 9})
FEWEST_WOMEN = Parameter("Women among the members, at least", "persons", MEMBERS, {LAWFUL: 1})
TERM_YEARS = Parameter("Term of a committee", "years", TERM, {LAWFUL: 3})
TERM_WARNING = Parameter("A term that ends within is shown as ending soon", "days", MATCHING, {FROM: 60})
PROPOSED = Parameter("Mediators proposed for a dispute", "persons", MATCHING, {FROM: 5})

# What counts how much. Free hands weigh more than all the rest together, so that nobody drowns while another waits.
WEIGHTS: Mapping[str, Parameter[float]] = {
    "field": Parameter("Weight of the kind of dispute", "share", MATCHING, {FROM: 0.06}),
    "place": Parameter("Weight of nearness", "share", MATCHING, {FROM: 0.14}),
    "language": Parameter("Weight of language", "share", MATCHING, {FROM: 0.20}),
    "load": Parameter("Weight of free hands", "share", MATCHING, {FROM: 0.60}),
}
