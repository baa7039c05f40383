"""What the rows of a table can be: each kind says what its columns can mean, and what becomes of its rows.

The register declares one for each kind of record; a service declares its own in its `apps.py` or beside its models.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Protocol

from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Words
from citong.core.people.access import Actor
from citong.core.register.declare import Known
from citong.core.register.models import TableImport


@dataclass(frozen=True)
class Target:
    """Something a column can say: `name` is the name of a value.

    A cell is read by `reads` (raises ValidationError), else by the field of `known`, else it is plain text. Of an
    `optional` one empty cells are not asked for, whatever its field needs.
    """

    name: str
    label: Words
    known: Known | None = None
    reads: Callable[[str], Any] | None = None
    optional: bool = False


@dataclass
class Draft:
    """A row as it was read, or with the sentences that refuse it. `home` is the dwelling it names."""

    number: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    home: dict[str, Any] = field(default_factory=dict)
    grid: str = ""
    lon: float | None = None
    lat: float | None = None
    since: date | None = None
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outlook:
    """What would become of a row, in words; `tone` is one of good, calm, near, late."""

    draft: Draft
    words: Words
    tone: str
    why: Sequence[str] = ()


class Coming(Protocol):
    """Some rows on their way in. `load` writes in transactions of its own, then `change` in that of its caller; what
    can not be brought in has its reason among the faults of its draft."""

    def outlook(self) -> list[Outlook]:
        """What would become of each row, refused ones included."""

    def load(self, *, actor: Actor, at: datetime) -> None:
        """What is new stands; safe to repeat."""

    def change(self, *, actor: Actor, at: datetime) -> None:
        """What was there already says what its row says."""

    def count(self, what: str) -> int:
        """How many rows became this: fresh, changed, same, twins."""


class TableKind(ABC):
    """A kind of table. `counts` are the fields of an import that a page shows, each with its word."""

    code: ClassVar[str]
    label: Words
    plural: Words
    icon: str
    at_once: ClassVar[int] = 5_000
    counts: ClassVar[Sequence[tuple[str, Words]]] = (
        ("fresh", _("New")), ("changed", _("Changed")), ("same", _("The same")),
        ("twins", _("Perhaps known already")), ("refused", _("Sent back")),
    )  # fmt: skip
    explains: ClassVar[Words]

    @property
    def called(self) -> Mapping[str, str]:
        """What tables of offices call a target besides its own label: names with spaces between."""
        return {}

    @abstractmethod
    def targets(self) -> Mapping[str, Target]:
        """All that a table can say of a row, by name, in the order in which it is asked."""

    def needed(self) -> Sequence[str]:
        """The targets without which no row can come in."""
        asked = (one for one in self.targets().values() if one.known and not one.optional)
        return [one.name for one in asked if one.known and one.known.field.required]

    def put(self, draft: Draft, target: Target, value: Any) -> None:
        """The draft has what a cell says."""
        if value not in (None, ""):
            draft.values[target.name] = value

    def faults(self, draft: Draft) -> Sequence[str]:
        """What does not hold between the values of a row, a sentence each."""
        return ()

    @abstractmethod
    def settle(self, drafts: Sequence[Draft], table: TableImport, *, actor: Actor) -> Coming:
        """Where each row belongs; nothing is written."""

    def page(self, table: TableImport) -> str:
        """The address where the rows of this table are seen once they are in; empty where there is none."""
        return ""


_kinds: dict[str, TableKind] = {}


def declare(kind: TableKind) -> None:
    """Tables of this kind can be moved in."""
    _kinds[kind.code] = kind


def table_kind(code: str) -> TableKind:
    """The kind of that code. Raises KeyError."""
    return _kinds[code]
