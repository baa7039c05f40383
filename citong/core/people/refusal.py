"""Why a command was not carried out. Each says so in a sentence for the person who sent it."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise


class Refusal(Exception):
    """Nothing was changed. `status` is the HTTP answer that fits, `errors` maps field to sentences."""

    status = 400
    errors: Mapping[str, Sequence[str]] = {}

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))


class NotThere(Refusal):
    """What it is about does not exist, or does not exist for this actor."""

    status = 404


class NotAllowed(Refusal):
    """The actor sees what it is about but may not do this to it."""

    status = 403


class WrongState(Refusal):
    """What it is about has moved on, or something else that must hold does not."""

    status = 409


class Invalid(Refusal):
    """The form has errors; `errors` maps field to sentences."""

    status = 422

    def __init__(self, message: str | Promise, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(message)
        self.errors = errors
