"""`citong papers`: anybody with the file learns whether it is still what was signed."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from citong.cli import papers as papers_command
from citong.core.files.store import path_of
from citong.core.papers.certificates import certificate_of
from citong.core.papers.sealing import seal
from citong.core.papers.tests.conftest import AT, DATA, LIN, NOTICE, drawing
from citong.core.papers.write import make, sign
from citong.core.people.access import Actor
from citong.core.people.models import Unit
from citong.kit.ids import uuid7


@pytest.fixture
def run(town: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.HOME = tmp_path
    monkeypatch.setattr(papers_command, "django_ready", lambda: None)
    return lambda *words, **rest: CliRunner().invoke(papers_command.command, list(words), **rest)


def test_a_paper_is_found_by_file_and_number_and_every_change_is_said(run: Any, tmp_path: Path) -> None:
    assert "good for trying" in run("certificate", "station-e1").stdout
    paper = make("notice", uuid7(), NOTICE, DATA, title="告知书", actor=Actor(), at=AT)
    sign(paper, signer=LIN, picture=drawing(), at=AT)
    made = seal(paper, unit=Unit.objects.get(code="station-e1"), at=AT)
    file = tmp_path / "paper.pdf"
    file.write_bytes(path_of(made.sha256).read_bytes())

    told = run("verify", str(file))
    assert told.exit_code == 0
    assert "BROKEN" not in told.stdout
    assert "林海生 (申请人) signed it" in told.stdout
    assert run("verify", made.number).exit_code == 0

    file.write_bytes(file.read_bytes().replace(b"2026", b"2025", 1))
    told = run("verify", str(file))
    assert told.exit_code == 1
    assert f"BROKEN  This file says it is 告知书 {made.number}, but its contents were changed." in told.stdout

    assert run("verify", "W26-9999999-0").exit_code == 1


def test_a_certificate_is_taken_from_a_file_and_not_replaced_unasked(run: Any, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

    run("certificate", "centre-e")
    assert "has a certificate already" in run("certificate", "centre-e").output
    held = pkcs12.load_pkcs12((tmp_path / "keys/unit-centre-e.p12").read_bytes(), _password())
    assert held.key is not None and held.cert is not None
    brought = pkcs12.serialize_key_and_certificates(
        b"brought", held.key, held.cert.certificate, None, BestAvailableEncryption(b"open sesame")  # type: ignore[arg-type]
    )  # fmt: skip
    (tmp_path / "brought.p12").write_bytes(brought)
    wrong = run("certificate", "urban-e", "--take", str(tmp_path / "brought.p12"), input="wrong\n")
    assert "password is wrong" in wrong.output
    assert run("certificate", "urban-e", "--take", str(tmp_path / "brought.p12"), input="open sesame\n").exit_code == 0
    unit = Unit.objects.get(code="urban-e")
    assert certificate_of(unit).fingerprint == certificate_of(Unit.objects.get(code="centre-e")).fingerprint
    assert run("certificate", "nowhere").exit_code == 1


def _password() -> bytes:
    from django.conf import settings

    return str(settings.PAPERS_KEY).encode()
