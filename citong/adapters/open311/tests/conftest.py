"""A program with a key of the town, and reports that their reporters let be shown."""

from collections.abc import Callable
from typing import Any

import pytest

from citong.adapters.open311.tests.world import KEY, Caller
from citong.core.flow.intake import Opened


@pytest.fixture
def caller(cast: Any, settings: Any) -> Caller:
    """A program with a key of the town."""
    settings.OPEN311_KEYS = [KEY, "另一把钥匙"]
    return Caller()


@pytest.fixture
def report(report: Callable[..., Opened]) -> Callable[..., Opened]:
    """As everywhere, and public if unsaid."""
    return lambda **data: report(**{"public": "on"} | data)
