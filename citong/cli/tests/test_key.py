"""`citong key`: programs get their keys from the command line."""

from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from citong.cli import key as key_command
from tests.cast import Cast


def test_keys_are_made_shown_and_revoked_by_command(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_command, "django_ready", lambda: None)

    def run(*words: str) -> Any:
        return CliRunner().invoke(key_command.command, list(words))

    def knock(key: str) -> int:
        return Client().get("/api/v1/requests/cases", headers={"Authorization": f"Bearer {key}"}).status_code

    made = run("create", "map", "--account", "clerk", "--scope", "read", "--scope", "act", "--per-minute", "9")
    text = made.stdout.split()[0]
    assert knock(text) == 200
    assert run("create", "map", "--account", "clerk").exit_code == 1
    assert run("create", "other", "--account", "nobody").exit_code == 1
    assert "read, act" in run("list").stdout and text not in run("list").stdout
    assert run("revoke", "map").exit_code == 0
    assert knock(text) == 401
    assert run("revoke", "map").exit_code == 1
