"""What visitors and programs are told while the database is away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

Breaking = Callable[[Exception], Any]


@pytest.fixture
def broken(town: Any, monkeypatch: pytest.MonkeyPatch) -> Breaking:
    """`with broken(fault) as client` gives a visitor whose every query ends in that fault."""

    @contextmanager
    def breaks(fault: Exception) -> Iterator[Client]:
        def fail(*_given: Any, **_named: Any) -> None:
            raise fault

        with monkeypatch.context() as patched:
            patched.setattr("django.db.backends.utils.CursorWrapper.execute", fail)
            yield Client(raise_request_exception=False)

    return breaks


def test_a_page_says_that_the_database_is_away_and_when_to_come_back(broken: Breaking) -> None:
    with broken(OperationalError("server closed the connection unexpectedly")) as visitor:
        answer = visitor.get("/", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "3"
    assert answer["Cache-Control"] == "no-store"
    assert "One moment, please" in answer.content.decode()


def test_a_program_is_told_in_a_problem(broken: Breaking) -> None:
    with broken(OperationalError("server closed the connection unexpectedly")) as program:
        answer = program.get("/api/v1/requests/cases", headers={"Authorization": "Bearer ct_any"})
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == "3"
    assert answer.json()["status"] == 503


def test_any_other_fault_stays_a_fault_of_ours(broken: Breaking) -> None:
    with broken(ZeroDivisionError()) as visitor:
        assert visitor.get("/").status_code == 500
