"""A browser of each person, and a person of the register with a home."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from citong.core.register import write
from citong.core.register.models import Record
from tests.cast import Cast

Browser = Callable[[str], Client]
IDENTITY = "11010519491231002X"


@pytest.fixture
def browser(cast: Cast) -> Browser:
    """`browser("clerk")` is signed in."""

    def opens(who: str) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(cast.people[who])
        return client

    return opens


@pytest.fixture
def made(cast: Cast) -> Callable[..., Record]:
    """`made("person", grid="e11", name=…)` is a record that the clerk wrote down."""

    def makes(kind: str, *, grid: str = "e11", by: str = "clerk", **data: Any) -> Record:
        return write.record(
            kind, data, actor=cast.actor(by), source="visit", on=date(2026, 6, 1), at=timezone.now(), grid=grid
        )

    return makes


@pytest.fixture
def person(made: Callable[..., Record], cast: Cast) -> Record:
    """周独居, with a number, a phone and a home."""
    found = made("person", name="周独居", identity_number=IDENTITY, phone="13800001111")
    home = made("dwelling", address="涂门街1号", room="101")
    write.tie("lives_in", found.id, home.id, source="visit", actor=cast.actor("clerk"), at=timezone.now())
    return found
