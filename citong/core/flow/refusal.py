"""Why a command was not carried out. Each says so in a sentence for the person who sent it."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise


class Refusal(Exception):
    """Nothing was changed. `status` is the HTTP answer that fits."""

    status = 400

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))


class NotThere(Refusal):
    """The case does not exist, or does not exist for this actor."""

    status = 404


class NotAllowed(Refusal):
    """The actor sees the case but may not take this act."""

    status = 403


class WrongState(Refusal):
    """The case has moved on, or a guard of the act does not hold."""

    status = 409


class Invalid(Refusal):
    """The form has errors; `errors` maps field to sentences."""

    status = 422

    def __init__(self, message: str | Promise, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(message)
        self.errors = errors
