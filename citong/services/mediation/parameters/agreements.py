"""What an agreement and the court's word on it stand on: what a mediator checks, on what grounds a court says no."""

from datetime import date

from citong.kit.rule import Law, Parameter
from citong.services.mediation.parameters.law import (
    CIVIL_INTERPRETATION,
    OBJECTION,
    ONLINE_MEDIATION,
    PEOPLES_MEDIATION,
)

CIVIL_CODE = "Civil Code (2021)"
CIVIL_PROCEDURE = "Civil Procedure Law (2023)"
INTERPRETATION_2022 = date(2022, 4, 10)
HANDED_IN = Law(CIVIL_INTERPRETATION, 354, "Who applies hands in the agreement, so it must have been written down.")
BOTH_HEARD = Law(CIVIL_INTERPRETATION, 356, "The court hears both parties together when it examines an agreement.")
COURTS = Law(
    CIVIL_PROCEDURE, 205,
    "The court that invited the mediator; else that of a party's home, of the thing in dispute or of the body.",
)  # fmt: skip

PARTY_OBJECTS = Parameter("A party objects to a ruling within", "days", OBJECTION, {INTERPRETATION_2022: 15})
OTHERS_OBJECT = Parameter("Others object to a ruling within", "months", OBJECTION, {INTERPRETATION_2022: 6})

# What a mediator makes sure of before anybody signs.
FREE_WILL = Law(PEOPLES_MEDIATION, 3, "Mediation is voluntary and equal.")
ABLE = Law(CIVIL_CODE, 143, "An act holds where whoever acts is able to, means it, and breaks no law.")
LAWFUL = Law(CIVIL_CODE, 153, "What breaks binding law or public order and good morals is void.")
HARMLESS = Law(CIVIL_CODE, 154, "What two agree on in order to harm a third is void.")
CLEAR = Law(CIVIL_INTERPRETATION, 358, "What is unclear can not be confirmed.")
NO_SHAM = Law(ONLINE_MEDIATION, 23, "Sham mediation is stopped and told to the court.")
