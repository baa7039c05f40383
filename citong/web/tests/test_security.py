"""What no page may let through."""

from typing import Any

import pytest
from django.test import Client


@pytest.mark.parametrize(
    "address",
    ["/map/?kind=%00", "/track/26%00/", "/c/%00/", "/map/cases.geojson?kind=a%00", "/desk/supervision/?area=%00"],
)
def test_an_address_with_a_nul_is_refused_and_breaks_nothing(town: Any, address: str) -> None:
    assert Client().get(address).status_code == 400


def test_pages_let_no_foreign_script_run(town: Any) -> None:
    policy = Client().get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "'unsafe-inline'" not in policy.split("style-src")[0]


def test_pages_of_a_person_who_signed_in_are_kept_by_no_cache(cast: Any) -> None:
    client = Client()
    client.force_login(cast.clerk)
    assert client.get("/desk/").headers["Cache-Control"] == "no-store"
