"""What a service says about phones: which operations they may send, and which rows they hold.

A service with something for the phone has a module `phone.py` with KINDS, a list of `Kind`, and HOLDINGS, a list of
`Holding`; citong.core.sync.registry finds them. Its tables tell of their changes by triggers that call `tell_phones`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from django import forms

from citong.core.cases.declare import Words
from citong.core.ledger.rows import Rows
from citong.core.people.access import Actor

Told = dict[str, Any]


class Result(StrEnum):
    """What became of an operation."""

    DONE = "done"
    CONFLICT = "conflict"  # done, and the office is shown what stood there unseen
    WAITING = "waiting"  # kept as a proposal that a person decides
    HELD = "held"  # kept until the operation it builds on has come
    REFUSED = "refused"  # kept for the supervisor; nothing else changed


@dataclass(frozen=True)
class Sent:
    """An operation as a phone sent it. `at` is its time, with the phone's skew taken out and never after now.

    `subject` is what it is about, or the id the phone gave to what it begins; `base` the version it had seen; `branch`
    the device, whose own earlier words are no surprise to it; `forced` that what it builds on never came.
    """

    id: UUID
    kind: str
    subject: UUID
    base: int | None
    after: UUID | None
    data: Mapping[str, Any]
    at: datetime
    branch: str
    forced: bool = False
    files: Mapping[str, Sequence[Any]] = field(default_factory=dict)  # form field to uploads that are here already


@dataclass(frozen=True)
class Outcome:
    """What became of it. `about` is what its files hang on, where that is not the operation's subject."""

    result: Result
    version: int | None = None
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sentence: str = ""
    number: str = ""
    about: UUID | None = None


class Kind:
    """A kind of operation."""

    code: ClassVar[str]
    label: ClassVar[Words] = ""
    form: ClassVar[type[forms.Form] | None] = None  # of its answers, where it has one of its own; the phone draws it
    takes_files: ClassVar[bool] = False  # whether its own form takes files that are here already (`Sent.files`)

    def apply(
        self, sent: Sequence[Sent], *, actor: Actor, device: UUID, at: datetime, rows: Rows
    ) -> list[Outcome]:  # fmt: skip
        """All of these are done, their rows in `rows` or written; one outcome for each, in order.

        None of them names what another names. Runs in a transaction. What a sender can mend or a person must decide is
        an outcome; anything raised takes the whole back, and each is tried again alone.
        """
        raise NotImplementedError


class Holding:
    """A sort of rows that phones hold. A row has at least `what`, `id` and `version`, all plain JSON."""

    what: ClassVar[str]

    def rows(self, subjects: Sequence[UUID], *, actor: Actor, scopes: Sequence[str]) -> dict[UUID, Told]:
        """Of these subjects those that are in one of the scopes now, as the phone holds them; the others are gone."""
        raise NotImplementedError

    def whole(self, scope: str) -> Iterable[Told]:
        """Every row that is in the scope now."""
        raise NotImplementedError

    def versions(self, scope: str) -> Iterable[tuple[UUID, int]]:
        """(id, version) of every row of `whole`, by which a phone's footprint is checked."""
        return ((UUID(str(row["id"])), int(row["version"])) for row in self.whole(scope))
