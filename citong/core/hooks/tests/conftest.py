"""A hook of somebody of the cast, and the platform's own minute: seal, spread, send."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from citong.core.hooks import owner
from citong.core.hooks.models import Hook
from citong.core.hooks.sending import deliver
from citong.core.hooks.spread import spread
from citong.core.ledger.seal import seal
from tests.cast import Cast
from tests.receiver import Receiver

Make = Callable[..., Hook]
Minute = Callable[..., int]


@pytest.fixture
def make(cast: Cast, receiver: Receiver) -> Make:
    """`make("clerk", acts=[…])`: a hook of that person, at the receiver."""

    def makes(who: str = "clerk", *, name: str = "mine", address: str = "", **asked: Any) -> Hook:
        data = {"name": name, "address": address or receiver.url, "services": [], "acts": []} | asked
        return owner.make(data, actor=cast.actor(who), at=timezone.now())

    return makes


@pytest.fixture
def minute(receiver: Receiver) -> Minute:
    """`minute(after=timedelta(…))`: what was done is sealed, spread and sent; gives how many were taken."""

    def passes(*, after: timedelta = timedelta(seconds=1), at: datetime | None = None) -> int:
        now = (at or timezone.now()) + after
        seal(at=now)
        spread(at=now)
        return deliver(at=now)

    return passes
