"""Homes in the tiny town, in the grids of its grid worker, and a colleague."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import pytest
from django.utils import timezone

from citong.core.people.models import Account, Appointment, Beat, Unit
from citong.core.people.posts import Post
from citong.core.register.write import record
from citong.services.visits.refresh import refresh
from tests.cast import Cast

Homes = Callable[..., list[UUID]]


@pytest.fixture
def homes(cast: Cast) -> Homes:
    """`homes(3, grid="e10")` records so many dwellings and brings the households up to date."""

    def recorded(number: int, *, grid: str = "e10", at: datetime | None = None) -> list[UUID]:
        at = at or timezone.now()
        made = [
            record(
                "dwelling", {"address": f"{grid} 东街 {n} 号", "use": "home"}, actor=cast.actor("clerk"),
                source="office", on=date(2026, 11, 1), at=at, grid=grid,
            ).id
            for n in range(number)
        ]  # fmt: skip
        refresh(at=at)
        return made

    return recorded


@pytest.fixture
def colleague(cast: Cast) -> Account:
    """A second grid worker for grid e10 alone."""
    account = Account.objects.create_user("colleague", name="许网格")
    held = Appointment.objects.create(
        account=account, unit=Unit.objects.get(code="station-e1"), post=Post.GRID_WORKER, begins_on=date(2026, 1, 1)
    )
    Beat.objects.create(appointment=held, grid="e10")
    cast.people["colleague"] = account
    return account
