"""Time stamps: an authority outside the city bears out that history was there, and when."""

import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from citong.cli.main import main
from citong.core.flow.receipt import holder_of, proof_of
from citong.core.ledger.models import Checkpoint, Stamp
from citong.core.ledger.seal import private_key, public_pem, seal
from citong.core.ledger.stamp import LONGEST_CHAIN, anchoring, stamp, stamp_faults, unstamped_since
from citong.core.people.administration import elevate
from citong.kit.chain import Signed, read_public_key
from citong.kit.receipt import anchored, faults
from citong.kit.receipt import stamp_faults as receipt_faults
from citong.kit.stamp import BadStamp, check, query, read_certificates
from tests.authority import REJECTED, Authority, served
from tests.cast import Cast

Report = Callable[..., Any]
WEEK_AGO = (timedelta(days=-9), timedelta(days=-5))


@pytest.fixture
def authority(settings: Any, tmp_path: Path) -> Iterator[Authority]:
    """The city's time-stamp authority, up and trusted."""
    settings.HOME = tmp_path
    trusting(made := Authority(), settings, tmp_path)
    with served(made) as url:
        settings.TIMESTAMP_URL = url
        yield made


@pytest.fixture
def case(report: Report, walk: Any) -> Any:
    """A case whose four entries lie under four checkpoints."""
    opened = report().case
    seal(at=timezone.now())
    for step in ("accept", "dispatch", "feed_back"):
        opened = walk(opened, step)
        seal(at=timezone.now())
    return opened


def trusting(authority: Authority, settings: Any, folder: Path) -> None:
    file = folder / "tsa.pem"
    file.write_bytes(authority.pem())
    settings.TIMESTAMP_CERTIFICATES = str(file)


def tampered(statement: str) -> None:
    """Direct SQL of somebody who could switch the triggers off."""
    with connection.cursor() as cursor:
        for what, sql in (("DISABLE", statement), ("ENABLE", "SELECT 1")):
            for table in ("ledger_stamp", "ledger_checkpoint"):
                cursor.execute(f"ALTER TABLE {table} {what} TRIGGER USER")
            cursor.execute(sql)


def test_a_stamp_says_when_by_whom_and_over_what() -> None:
    authority = Authority()
    asked = query(b"a statement")
    token = authority.answer(asked.body)
    stated = asked.answered(token, [authority.root])
    assert stated == check(token, b"a statement", [authority.root])
    assert stated.authority == authority.name and abs(stated.at - datetime.now(UTC)) < timedelta(minutes=1)


UNFIT: dict[str, tuple[Callable[[], Authority], str]] = {
    "the certificate had run out": (lambda: Authority(valid=WEEK_AGO), "certificate has expired"),
    "the certificate is for another purpose": (
        lambda: Authority(purpose=ExtendedKeyUsageOID.SERVER_AUTH), "unsuitable certificate purpose",
    ),
    "the authority refuses": (lambda: Authority(status=REJECTED), "the authority refused"),
    "the signature is another": (lambda: Authority(changed=lambda one: one[:-4] + b"\0\1\2\3"), "signature"),
    "half of it is missing": (lambda: Authority(changed=lambda one: one[: len(one) // 2]), "can not be read"),
    "it is something else": (lambda: Authority(changed=lambda one: b"<html>"), "can not be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNFIT)
def test_a_stamp_does_not_hold_when(name: str) -> None:
    made, said = UNFIT[name]
    authority = made()
    with pytest.raises(BadStamp, match=said):
        check(authority.answer(query(b"data").body), b"data", [authority.root])


def test_a_stamp_of_an_unknown_authority_or_over_other_data_does_not_hold() -> None:
    authority, other = Authority(), Authority()
    token = authority.answer(query(b"data").body)
    with pytest.raises(BadStamp, match="not trusted"):
        check(token, b"data", [other.root])
    with pytest.raises(BadStamp, match="something else"):
        check(token, b"datum", [authority.root])
    assert check(token, b"data", [other.root, authority.root])


def test_the_answer_to_another_question_about_the_same_is_not_taken() -> None:
    authority = Authority()
    with pytest.raises(BadStamp, match="Nonce"):
        query(b"data").answered(authority.answer(query(b"data").body), [authority.root])


def test_a_certificate_that_ran_out_since_does_no_harm() -> None:
    authority = Authority(valid=WEEK_AGO, now=lambda: datetime.now(UTC) - timedelta(days=7))
    assert check(authority.answer(query(b"data").body), b"data", [authority.root])


def test_the_newest_checkpoint_is_stamped_once(authority: Authority, case: Any) -> None:
    made = stamp()
    assert made is not None and made.checkpoint == Checkpoint.objects.count() == 4
    assert stamp() is None and authority.asked == 1
    assert unstamped_since() is None and list(stamp_faults([authority.root])) == []


def test_without_an_authority_or_a_checkpoint_nobody_is_asked(town: Any, authority: Authority, settings: Any) -> None:
    assert stamp() is None
    settings.TIMESTAMP_URL = ""
    assert stamp() is None and authority.asked == 0


DOWN: dict[str, Callable[[Any, Authority], Any]] = {
    "nobody is there": lambda settings, authority: setattr(settings, "TIMESTAMP_URL", "http://127.0.0.1:9/"),
    "no address": lambda settings, authority: setattr(settings, "TIMESTAMP_URL", "file:///etc/hostname"),
    "it refuses": lambda settings, authority: setattr(authority, "status", REJECTED),
    "it answers nonsense": lambda settings, authority: setattr(authority, "changed", lambda one: b"busy"),
    "another one answers": lambda settings, authority: trusting(
        Authority(), settings, Path(settings.TIMESTAMP_CERTIFICATES).parent
    ),
    "the certificates are gone": lambda settings, authority: Path(settings.TIMESTAMP_CERTIFICATES).unlink(),
}


@pytest.mark.parametrize("name", DOWN)
def test_an_authority_that_fails_holds_up_nothing(
    authority: Authority, case: Any, settings: Any, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    DOWN[name](settings, authority)
    with caplog.at_level(logging.WARNING):
        assert stamp() is None
    first = Checkpoint.objects.get(number=1)
    assert f"Not anchored since {first.at}" in caplog.text and unstamped_since() == first.at
    assert not Stamp.objects.exists()


def test_one_stamp_makes_up_for_all_that_failed(authority: Authority, case: Any) -> None:
    authority.status = REJECTED
    assert stamp() is None
    authority.status = 0
    assert stamp() is not None
    assert (anchoring().stamps, anchoring().after) == (1, 0)


TAMPERINGS = {
    "a statement changed": "UPDATE ledger_checkpoint SET count = count + 1",
    "a stamp moved": "UPDATE ledger_stamp SET checkpoint = checkpoint - 1",
    "a checkpoint gone": "DELETE FROM ledger_checkpoint WHERE number = 4",
    "a time retold": "UPDATE ledger_stamp SET at = at - interval '1 day'",
    "a token changed": "UPDATE ledger_stamp SET token = set_byte(token, length(token) - 5, 0)",
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_is_changed_under_a_stamp_is_found(authority: Authority, case: Any, name: str) -> None:
    stamp()
    tampered(TAMPERINGS[name])
    assert list(stamp_faults([authority.root]))


@pytest.mark.parametrize("change", [lambda: Stamp.objects.update(authority="x"), lambda: Stamp.objects.all().delete()])
def test_the_database_itself_keeps_stamps(authority: Authority, case: Any, change: Callable[[], object]) -> None:
    stamp()
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_a_receipt_carries_the_first_stamp_and_the_chain_up_to_it(authority: Authority, case: Any) -> None:
    made = stamp()
    receipt = written(case)
    assert [one["checkpoint"] for one in receipt["stamps"]] == [4]
    assert list(faults(receipt, read_public_key(public_pem()))) == []
    assert list(receipt_faults(receipt, [authority.root])) == []
    found = anchored(receipt, [authority.root])
    assert made is not None and {position: one.at for position, one in found.items()} == dict.fromkeys(
        range(1, 5), made.at
    )


def test_the_earliest_stamp_counts_and_later_entries_have_none_yet(authority: Authority, case: Any, walk: Any) -> None:
    early = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    authority.now = lambda: early
    stamp()
    walk(case, "close")
    seal(at=timezone.now())
    assert sorted(anchored(written(case), [authority.root])) == [1, 2, 3, 4]
    authority.now = lambda: early + timedelta(minutes=10)
    stamp()
    found = anchored(written(case), [authority.root])
    assert {position: one.at for position, one in found.items()} == dict.fromkeys(range(1, 5), early) | {
        5: early + timedelta(minutes=10)
    }


def test_a_stamp_too_far_away_is_left_out(authority: Authority, report: Report, walk: Any) -> None:
    first = report().case
    seal(at=timezone.now())
    for _checkpoint in range(LONGEST_CHAIN + 1):
        report()
        seal(at=timezone.now())
    stamp()
    assert (written(first)["stamps"], len(written(first)["checkpoints"])) == ([], 1)


SPOILT: dict[str, Callable[[dict[str, Any]], object]] = {
    "a token changed": lambda r: r["stamps"][0].update(token=spoilt(r["stamps"][0]["token"])),
    "a stamp over another checkpoint": lambda r: r["stamps"][0].update(checkpoint=3),
    "a stamp over no checkpoint": lambda r: r["stamps"][0].update(checkpoint=9),
    "no token": lambda r: r["stamps"][0].pop("token"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_stamp_in_a_receipt_that_was_touched_is_named(authority: Authority, case: Any, name: str) -> None:
    stamp()
    receipt = written(case)
    SPOILT[name](receipt)
    (said,) = receipt_faults(receipt, [authority.root])
    assert "time stamp over checkpoint" in said


def test_a_gap_in_the_chain_anchors_nothing_before_it(authority: Authority, case: Any) -> None:
    stamp()
    receipt = written(case)
    receipt["checkpoints"] = [one for one in receipt["checkpoints"] if one["statement"]["number"] != 3]
    receipt["proofs"].pop("3")
    assert sorted(anchored(receipt, [authority.root])) == [4]


def test_two_histories_signed_by_the_same_city_are_found(authority: Authority, case: Any) -> None:
    receipt = written(case)
    third = receipt["checkpoints"][2]
    third["statement"]["previous"] = "00" * 32
    third["signature"] = private_key().sign(Signed(**third["statement"]).statement()).hex()
    said = list(faults(receipt, read_public_key(public_pem())))
    assert "Checkpoint 3 does not follow checkpoint 2." in said


def test_the_command_checks_stamps_of_a_receipt_offline(authority: Authority, case: Any, tmp_path: Path) -> None:
    made = stamp()
    file, key, other = tmp_path / "receipt.json", tmp_path / "city.pub", tmp_path / "other.pem"
    file.write_text(json.dumps(written(case)))
    key.write_bytes(public_pem())
    other.write_bytes(Authority().pem())
    assert made is not None

    def verify(*more: object) -> Result:
        return CliRunner().invoke(main, ["receipt", "verify", str(file), "--key", str(key), *map(str, more)])

    assert "1 time stamps are in the file" in verify().output and verify().exit_code == 0
    held = verify("--tsa", tmp_path / "tsa.pem")
    assert held.exit_code == 0 and f"Entry 4 was there by {made.at:%Y-%m-%d %H:%M:%S} UTC" in held.output
    refused = verify("--tsa", other)
    assert refused.exit_code == 1 and "not trusted" in refused.output
    assert verify("--tsa", key).exit_code == 2


def test_a_receipt_without_a_stamp_says_so(case: Any, tmp_path: Path, settings: Any) -> None:
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(written(case) | {"stamps": []}))
    done = CliRunner().invoke(main, ["receipt", "verify", str(file)])
    assert done.exit_code == 0 and "Not anchored by anybody outside the city: 1, 2, 3, 4." in done.output


def test_the_whole_ledger_is_checked_against_its_stamps(
    authority: Authority, case: Any, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr("citong.cli.ledger.django_ready", lambda: None)

    def citong(*words: str) -> Result:
        return CliRunner().invoke(main, ["ledger", *words])

    assert "Not anchored" in citong("verify").output
    assert "Checkpoint 4:" in citong("stamp").output
    whole = citong("verify")
    assert whole.exit_code == 0 and "Anchored by 1 time stamps up to checkpoint 4" in whole.output
    trusting(Authority(), settings, tmp_path)
    broken = citong("verify")
    assert broken.exit_code == 1 and "time stamp over checkpoint 4 does not hold" in broken.output
    settings.TIMESTAMP_CERTIFICATES = ""
    assert "NOT checked" in citong("verify").output
    settings.TIMESTAMP_URL = ""
    assert citong("stamp").exit_code == 1


def test_an_authority_without_certificates_does_not_start(settings: Any, authority: Authority) -> None:
    assert not [one for one in run_checks() if one.id == "citong.E001"]
    settings.TIMESTAMP_CERTIFICATES = ""
    assert [one for one in run_checks() if one.id == "citong.E001"]


def test_the_administrator_sees_since_when_nobody_stamps(authority: Authority, case: Any, cast: Cast) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.administrator)
    elevate(cast.administrator, reason="look", at=timezone.now())
    tampered("UPDATE ledger_checkpoint SET at = at - interval '1 hour' WHERE number = 1")
    assert "carry no stamp" in client.get("/desk/admin/ledger").content.decode()


def written(case: Any) -> dict[str, Any]:
    """The file of the case's receipt as somebody reads it."""
    return dict(json.loads(json.dumps(proof_of(case, holder_of(case.id)))))


def spoilt(token: str) -> str:
    data = bytearray(b64decode(token))
    data[-5] ^= 1
    return b64encode(bytes(data)).decode()


def test_a_file_without_certificates_is_refused() -> None:
    with pytest.raises(ValueError, match="no certificates"):
        read_certificates(b"nothing")
