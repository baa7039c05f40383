"""Why an act was not carried out: the refusals of citong.core.people.refusal, by the name that acts know them by."""

from citong.core.people.refusal import Invalid, NotAllowed, NotThere, Refusal, WrongState

__all__ = ["Invalid", "NotAllowed", "NotThere", "Refusal", "WrongState"]
