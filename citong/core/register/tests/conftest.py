"""A dwelling and who may live there, recorded by the people of the town."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from citong.core.register import write
from citong.core.register.models import Record
from tests.cast import Cast

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PERSON = {
    "name": "林桂花", "gender": "f", "born_on": "1949-12-31", "identity_number": "11010519491231002X",
    "phone": "138 0013 8000",
}  # fmt: skip
HOME = {"address": "刺桐路8号", "building": "3", "unit": "1", "room": "502"}


@pytest.fixture
def told(cast: Cast) -> Callable[..., Record]:
    """`told("person", name=…, by="clerk", grid="e10")` records something; a person and a dwelling have defaults."""

    def tells(kind: str = "person", *, by: str = "clerk", grid: str = "e10", **data: Any) -> Record:
        given = {"person": PERSON, "dwelling": HOME}.get(kind, {}) | data
        return write.record(
            kind, given, actor=cast.actor(by), source="office", on=TODAY, at=NOW, grid=grid
        )  # fmt: skip

    return tells


@pytest.fixture
def says(cast: Cast) -> Callable[..., Any]:
    """`says(record, base=1, by="grid_worker", phone=…)` changes fields of a record."""

    def changes(record: Record, *, base: int = 1, by: str = "clerk", branch: str = "", **data: Any) -> Any:
        return write.change(
            record.id, data, base=base, actor=cast.actor(by), source="visit", on=TODAY, at=NOW, branch=branch
        )  # fmt: skip

    return changes
