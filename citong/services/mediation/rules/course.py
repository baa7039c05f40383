"""What must hold, beside state and post, for the acts from registering to the end of mediation."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from citong.kit.calendar import WorkCalendar
from citong.kit.rule import Rule
from citong.services.mediation.parameters.course import (
    MOST_REFUSALS,
    MOST_REPRESENTATIVES,
    ONE_CODE,
    REPRESENTATIVES,
    SPECIAL_AUTHORITY,
)
from citong.services.mediation.parameters.law import ASK_OTHER, DISCLOSE, REPLACE, RIGHTS, TERM, UNDISPUTED

PEOPLES_MEDIATION, ONLINE_RULES = date(2011, 1, 1), date(2022, 1, 1)


class OfferIsOpen(Rule):
    label = "There is no open offer to answer."
    source = RIGHTS
    in_force_from = PEOPLES_MEDIATION

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return _open(case, "open_offer") is not None


class FactsAreOpen(Rule):
    label = "There are no facts that wait for the parties to agree."
    source = UNDISPUTED
    in_force_from = ONLINE_RULES

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return _open(case, "open_facts") is not None


class ExtensionIsAsked(Rule):
    label = "Nobody has asked for more time."
    source = TERM
    in_force_from = ONLINE_RULES

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return _open(case, "open_extension") is not None


class DisclosureIsOpen(Rule):
    label = "There is no disclosure to answer."
    source = DISCLOSE
    in_force_from = ONLINE_RULES

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return _open(case, "open_disclosure") is not None


class DisclosureIsAnswered(Rule):
    label = "The parties have not all answered what the mediator disclosed."
    source = DISCLOSE
    in_force_from = ONLINE_RULES

    @staticmethod
    def formula(*, case: Any, at: datetime, city: Mapping[str, Any], days: WorkCalendar) -> bool:
        return _open(case, "open_disclosure") is None


class TimeIsLeft(Rule):
    label = "The time for mediation is over."
    source = TERM
    in_force_from = ONLINE_RULES

    @staticmethod
    def formula(*, due_at: datetime, at: datetime) -> bool:
        return at < due_at


class BothSidesNamed(Rule):
    label = "Add an applicant and somebody of the other side first."
    source = ASK_OTHER
    in_force_from = ONLINE_RULES

    @staticmethod
    def formula(*, sides: Sequence[str]) -> bool:
        return {"applicant", "respondent"} <= set(sides)


class OneCodeForOneMatter(Rule):
    label = "There is an open dispute of the same people over the same kind of matter."
    source = ONE_CODE
    in_force_from = date(2026, 1, 1)

    @staticmethod
    def formula(*, doubles: Sequence[str], apart: bool) -> bool:
        return apart or not doubles


class AuthorityToAgree(Rule):
    label = "You may speak here, but agreeing needs a special authority of the party."
    source = SPECIAL_AUTHORITY
    in_force_from = date(2024, 1, 1)

    @staticmethod
    def formula(*, authority: str) -> bool:
        return authority == "special"


class FewSpeakForASide(Rule):
    label = "No more people may speak for this side of a medical dispute."
    unit = "persons"
    source = REPRESENTATIVES
    in_force_from = date(2018, 10, 1)

    @staticmethod
    def formula(*, line: str, speaking: int, on: date) -> bool:
        return line != "medical" or speaking < MOST_REPRESENTATIVES.at(on)


class RefusedAgain(Rule):
    label = "Whoever refuses the next mediator, too, refuses mediation."
    source = REPLACE
    in_force_from = ONLINE_RULES

    @staticmethod
    def formula(*, refusals: int, on: date) -> bool:
        return refusals > MOST_REFUSALS.at(on)


def _open(case: Any, name: str) -> UUID | None:
    """What waits for the parties' answer; nothing for a case that was brought over without its dispute."""
    return getattr(getattr(case, "dispute", None), name, None)
