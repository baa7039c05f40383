"""Somebody at a browser, by their name in the tiny town."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Cast
from tests.mediators import Mediators

At = Callable[[str], Client]


@pytest.fixture
def at(cast: Cast, mediators: Mediators) -> At:
    """`at("head")` is signed in, and reads English."""

    def signed_in(who: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.cookies["django_language"] = "en"
        if who:
            client.force_login(mediators.people.get(who) or cast.people[who])
        return client

    return signed_in
