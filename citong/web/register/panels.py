"""What services show beside a record: each gives a function, and the page asks them all."""

from collections.abc import Callable

from citong.core.people.access import Actor
from citong.core.register.models import Record
from citong.web.panels import Panel

Ask = Callable[[Record, Actor], Panel | None]
_asked: list[Ask] = []


def shows(ask: Ask) -> Ask:
    """The page of a record shows what this function gives for the record and whoever reads it. A decorator."""
    if ask not in _asked:
        _asked.append(ask)
    return ask


def panels_for(record: Record, actor: Actor) -> list[Panel]:
    """What there is to show beside the record."""
    return [panel for ask in _asked if (panel := ask(record, actor)) is not None]
