"""The cast at their desks: `at("clerk")` is a browser in which that person has signed in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tests.cast import Cast

At = Callable[[str], Client]


@pytest.fixture
def at(cast: Cast) -> At:
    """A browser of one of the cast, in English so that tests can read it."""

    def signed_in(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(cast.people[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


@pytest.fixture(autouse=True)
def english() -> Iterator[Any]:
    with translation.override("en"):
        yield
