"""What an act carries from its permission to its record."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from citong.core.cases.declare import Act, CaseType, State
from citong.core.cases.models import Case, Party, Task
from citong.core.clocks.models import Clock
from citong.core.ledger.rows import Rows
from citong.core.people.access import Actor, Seat
from citong.kit.ids import uuid7


@dataclass
class Doing:
    """An act while it is carried out, inside its transaction, the case locked.

    Effects change `case`, `clocks`, `tasks` (those still open) and `facts`, and put further rows into `rows`; all of it
    is written afterwards. One that sets `to`, among those that the act `leads` to, says where the case goes. `entry`
    is the id that the act's entry will have, for rows that name it.
    """

    case: Case
    type: type[CaseType]
    act: Act
    data: dict[str, Any]
    actor: Actor
    seat: Seat
    at: datetime
    clocks: list[Clock]
    parties: list[Party]
    tasks: list[Task]
    facts: dict[str, Any] = field(default_factory=dict)
    content: dict[str, Any] = field(default_factory=dict)
    to: State | None = None
    also_tell: list[int] = field(default_factory=list)
    rows: Rows = field(default_factory=Rows)
    entry: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.entry = uuid7(self.at)
