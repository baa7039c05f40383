"""What services show beside a record: each gives a function, and the page asks them all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from citong.core.cases.declare import Words
from citong.core.people.access import Actor
from citong.core.register.models import Record


@dataclass(frozen=True)
class Panel:
    """A block of the record's page: a title with an icon, and a template that gets `context` as `panel`."""

    title: Words
    icon: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


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
