"""A receipt that anyone can check: its file against the city's public key, and nothing else."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from citong.core.ledger.proof import checkpoint_faults
from citong.core.ledger.seal import public_pem, seal
from citong.kit.chain import read_public_key
from citong.kit.receipt import faults, unsealed
from tests.cast import Cast

Report = Callable[..., Any]


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def receipt(cast: Cast, report: Report, walk: Any) -> dict[str, Any]:
    """The file of a case with five sealed entries and one that is not sealed yet."""
    opened = report(reporting="anonymous")
    walk(opened.case, "accept", "dispatch", "feed_back", "close")
    seal(at=timezone.now())
    walk(opened.case, ("reopen", None, "supervisor"))
    header = {"Authorization": f"Receipt {opened.case.number} {opened.secret}"}
    answer = Client().get(f"/api/v1/cases/{opened.case.number}/receipt", headers=header)
    assert answer.status_code == 200
    return dict(answer.json())


def said(receipt: dict[str, Any]) -> list[str]:
    return list(faults(receipt, read_public_key(public_pem())))


def test_an_untouched_receipt_holds_and_says_what_is_not_sealed_yet(receipt: dict[str, Any]) -> None:
    assert said(receipt) == []
    assert len(receipt["entries"]) == 6
    assert unsealed(receipt) == [6]


TAMPERINGS: dict[str, Callable[[dict[str, Any]], object]] = {
    "an act changed": lambda r: r["entries"][1].update(act="refuse"),
    "a time changed": lambda r: r["entries"][2].update(at=r["entries"][1]["at"]),
    "words changed": lambda r: r["entries"][3]["words"].update(result="nothing was done"),
    "an entry left out": lambda r: r["entries"].pop(2),
    "an entry twice": lambda r: r["entries"].insert(2, r["entries"][2]),
    "two entries swapped": lambda r: r["entries"].insert(1, r["entries"].pop(2)),
    "a proof moved": lambda r: r["proofs"]["2"].update(index=r["proofs"]["3"]["index"]),
    "another root": lambda r: r["checkpoints"][0]["statement"].update(root="00" * 32),
    "no checkpoints": lambda r: r.update(checkpoints=[]),
    "nonsense": lambda r: r.update(entries="none"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_receipt_that_was_touched_does_not_hold(receipt: dict[str, Any], name: str) -> None:
    TAMPERINGS[name](receipt)
    assert said(receipt)


def test_another_citys_key_does_not_hold(receipt: dict[str, Any], settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "other"
    assert said(receipt)


def test_the_command_needs_neither_database_nor_server(receipt: dict[str, Any], tmp_path: Path) -> None:
    file, key = tmp_path / "receipt.json", tmp_path / "city.pub"
    file.write_text(json.dumps(receipt))
    key.write_bytes(public_pem())
    command = [sys.executable, "-m", "citong.cli.main", "receipt", "verify", str(file), "--key", str(key)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin"})
    assert (done.returncode, "complete and unchanged" in done.stdout) == (0, True), done.stdout + done.stderr
    receipt["entries"][1]["act"] = "refuse"
    file.write_text(json.dumps(receipt))
    assert subprocess.run(command, capture_output=True, check=False, env={"PATH": "/usr/bin"}).returncode == 1


def test_nobody_else_gets_the_file(cast: Cast, report: Report) -> None:
    case = report().case
    client = Client()
    assert client.get(f"/api/v1/cases/{case.number}/receipt").status_code == 404
    client.force_login(cast.clerk)
    assert client.get(f"/api/v1/cases/{case.number}/receipt").status_code == 404


UNDER = {
    "an entry and its chain rewritten": "UPDATE ledger_entry SET hash = sha256(hash) WHERE position = 2",
    "an entry deleted": "DELETE FROM ledger_entry WHERE position = 5",
    "an entry moved": "UPDATE ledger_seal SET index = 3 - index WHERE index IN (1, 2)",
    "a checkpoint changed": "UPDATE ledger_checkpoint SET count = count + 1",
    "a root replaced": "UPDATE ledger_checkpoint SET root = sha256(root)",
    "a checkpoint deleted": "DELETE FROM ledger_checkpoint WHERE number = 1",
}


@pytest.mark.parametrize("name", UNDER)
def test_what_is_changed_under_a_checkpoint_is_found(report: Report, walk: Any, name: str) -> None:
    walk(report().case, "accept", "dispatch", "feed_back", "close")
    seal(at=timezone.now())
    walk(report().case, "accept")
    seal(at=timezone.now())
    assert list(checkpoint_faults()) == []
    with connection.cursor() as cursor:
        for table in ("ledger_entry", "ledger_checkpoint"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(UNDER[name])
        for table in ("ledger_entry", "ledger_checkpoint"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert list(checkpoint_faults())
