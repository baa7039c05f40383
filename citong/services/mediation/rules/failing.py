"""What comes next where mediation ends without an agreement: the eight ways to fail, and the ways on from each."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from citong.kit.rule import Law, Rule
from citong.services.mediation.parameters.course import (
    ARBITRATION_FIRST,
    CONSUMER_WAYS,
    LAND_FIRST,
    MARITIME_COURT,
    MEDICAL_WAYS,
    OTHER_WAYS,
)


class Onward(NamedTuple):
    """Ways on, the first of which is the nearest, and the law that opens them. Codes of kinds.Way."""

    ways: Sequence[str]
    source: Law


PLAIN = Onward(("court", "anew"), OTHER_WAYS)
NOWHERE = Onward(("none",), OTHER_WAYS)

# The nearest way is that of the kind of dispute; a kind that is missing here goes to court.
BY_KIND: Mapping[str, Onward] = {
    "labour": Onward(("arbitration", "administrative", "anew"), ARBITRATION_FIRST),
    "medical": Onward(("administrative", "court", "anew"), MEDICAL_WAYS),
    "land": Onward(("administrative", "court", "anew"), LAND_FIRST),
    "consumer": Onward(("administrative", "court", "arbitration", "anew"), CONSUMER_WAYS),
    "maritime": Onward(("court", "arbitration", "anew"), MARITIME_COURT),
    "commercial": Onward(("court", "arbitration", "anew"), OTHER_WAYS),
    "finance": Onward(("court", "arbitration", "anew"), OTHER_WAYS),
}
# How it failed decides whether a way on is needed at all, and whether trying once more makes sense.
SETTLED = frozenset({"agreed"})
ANEW_IN_VAIN = frozenset({"unreachable", "unwilling"})


class WaysOn(Rule):
    label = "The parties are told which other ways are open to them."
    source = OTHER_WAYS
    in_force_from = date(2011, 1, 1)

    @staticmethod
    def formula(*, failed_as: str, kind: str, sham: bool = False) -> Onward:
        if failed_as in SETTLED or sham:
            return NOWHERE
        onward = BY_KIND.get(kind, PLAIN)
        if failed_as not in ANEW_IN_VAIN:
            return onward
        return Onward([way for way in onward.ways if way != "anew"], onward.source)
