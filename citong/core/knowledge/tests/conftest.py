"""The law that comes with the program, loaded once for a test."""

import pytest

from citong.core.knowledge.load import Report, load_shipped


@pytest.fixture
def shipped(db: None) -> Report:
    return load_shipped()
