"""The city's categories, districts and units by what a file may call them: a code, or a name that only one has."""

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from citong.core.cases.models import Category
from citong.core.people.models import Unit
from citong.core.places.models import Division

Row = TypeVar("Row")


def categories() -> dict[str, Category]:
    """Categories in force; one query."""
    return _by_word((one.code, one.name, one) for one in Category.objects.filter(ends_on=None))


def districts() -> dict[str, Division]:
    """Districts in force; one query."""
    return _by_word((one.code, one.name, one) for one in Division.objects.filter(level="district", ends_on=None))


def units() -> dict[str, Unit]:
    """Units in force; one query."""
    return _by_word((one.code, one.name, one) for one in Unit.objects.filter(ends_on=None))


def _by_word(rows: Iterable[tuple[str, str, Row]]) -> dict[str, Row]:
    held = list(rows)
    often = Counter(name for _code, name, _row in held)
    return {name: row for _code, name, row in held if often[name] == 1} | {code: row for code, _name, row in held}
