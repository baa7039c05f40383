"""The rules of mediation that are more than a state and a post; those that guard acts by their names."""

from citong.services.mediation.rules.agreements import (
    ConfirmedByCourt,
    NotConfirmed,
    NotRejected,
    Rejected,
    WithinTheWindow,
    Written,
)
from citong.services.mediation.rules.course import (
    DisclosureIsAnswered,
    DisclosureIsOpen,
    ExtensionIsAsked,
    FactsAreOpen,
    OfferIsOpen,
)

__all__ = [
    "ConfirmedByCourt",
    "DisclosureIsAnswered",
    "DisclosureIsOpen",
    "ExtensionIsAsked",
    "FactsAreOpen",
    "NotConfirmed",
    "NotRejected",
    "OfferIsOpen",
    "Rejected",
    "WithinTheWindow",
    "Written",
]
