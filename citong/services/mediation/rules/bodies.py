"""What the law says of bodies and those in their registers. Each can be asked without a database."""

from datetime import date, timedelta

from citong.kit.rule import Rule
from citong.services.mediation.parameters.bodies import (
    COMMERCIAL,
    FEWEST_MEMBERS,
    FEWEST_WOMEN,
    FREE,
    MATCHING,
    MEMBERS,
    MOST_MEMBERS,
    TERM,
    TERM_WARNING,
    TERM_YEARS,
)

PEOPLES_MEDIATION = date(2011, 1, 1)
COMMERCIAL_BODY = "commercial"
COMMITTEES = frozenset({"village", "town", "industry", "medical"})  # kinds of bodies whose members the law counts


class OnlyCommercialBodiesCharge(Rule):
    label = "A people's mediation body takes no fee; only a commercial mediation organisation may."
    source = FREE
    in_force_from = PEOPLES_MEDIATION

    @staticmethod
    def formula(*, kind: str, charges: bool) -> bool:
        return not charges or kind == COMMERCIAL_BODY


class FeeIsTold(Rule):
    label = "A body that charges says what it charges."
    source = COMMERCIAL
    in_force_from = date(2026, 5, 1)

    @staticmethod
    def formula(*, charges: bool, fee: str) -> bool:
        return not charges or bool(fee.strip())


class MembersByLaw(Rule):
    label = "A committee has three to nine members."
    unit = "persons"
    source = MEMBERS
    in_force_from = PEOPLES_MEDIATION

    @staticmethod
    def formula(*, kind: str, members: int | None, on: date) -> bool:
        known = members is not None and FEWEST_MEMBERS.at(on) <= members <= MOST_MEMBERS.at(on)
        return kind not in COMMITTEES or members is None or known


class WomanAmongThem(Rule):
    label = "At least one member of a committee is a woman."
    unit = "persons"
    source = MEMBERS
    in_force_from = PEOPLES_MEDIATION

    @staticmethod
    def formula(*, kind: str, women: int | None, on: date) -> bool:
        return kind not in COMMITTEES or women is None or women >= FEWEST_WOMEN.at(on)


class TermOfThreeYears(Rule):
    label = "The members of a committee are chosen anew every three years."
    unit = "years"
    source = TERM
    in_force_from = PEOPLES_MEDIATION

    @staticmethod
    def formula(*, kind: str, term_ends: date | None, on: date) -> bool:
        if kind not in COMMITTEES or term_ends is None:
            return True
        years = TERM_YEARS.at(on)
        return on < term_ends <= on.replace(year=on.year + years, day=min(on.day, 28)) + timedelta(days=3)


class TermEndsSoon(Rule):
    label = "A term that ends within weeks is shown, so that it is renewed or somebody else is chosen in time."
    unit = "days"
    source = MATCHING
    in_force_from = date(2026, 1, 1)

    @staticmethod
    def formula(*, term_ends: date | None, on: date) -> bool:
        return term_ends is not None and term_ends <= on + timedelta(days=TERM_WARNING.at(on))
