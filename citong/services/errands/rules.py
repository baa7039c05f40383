"""The rules of errands that are more than a state and a post."""

from datetime import date

from citong.kit.rule import Rule
from citong.services.errands.parameters import MANDATE_HAND_OVER


class MoneyAccountedFor(Rule):
    label = "There is money or paper of the person left: return it or say what was spent first."
    unit = "fen"
    source = MANDATE_HAND_OVER
    in_force_from = date(2021, 1, 1)

    @staticmethod
    def formula(*, received: int, spent: int, returned: int) -> int:
        return received - spent - returned
