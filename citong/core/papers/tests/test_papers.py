"""Papers are made, signed and sealed, and every later change is found: of a byte, a row, a picture, a signature."""

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import TextStampStyle

from citong.core.files.store import path_of
from citong.core.ledger.write import Head, Signature, append
from citong.core.papers.certificates import NoCertificate, certificate_of, make_certificate
from citong.core.papers.certificates import path_of as certificate_file
from citong.core.papers.check import Finding, check, find
from citong.core.papers.models import Paper, PaperSignature
from citong.core.papers.proof import facts_of, sealed
from citong.core.papers.sealing import seal, with_signatures
from citong.core.papers.state import signing
from citong.core.papers.tests.conftest import AT, CHEN, DATA, LIN, NOTICE, change, delete, drawing
from citong.core.papers.tests.reading import fonts_of, text_of
from citong.core.papers.write import Signer, Unsignable, make, newest, sign, void
from citong.core.people.access import Actor
from citong.core.people.models import Unit
from citong.kit.ids import uuid7
from tests.authority import Authority, served

BESIDE = timedelta(minutes=5)


def bytes_of(paper: Paper) -> bytes:
    return path_of(paper.sha256).read_bytes()


def broken(findings: list[Finding]) -> set[str]:
    return {one.code for one in findings if not one.holds}


@pytest.fixture
def signed(paper: Paper) -> Paper:
    """Both have signed."""
    sign(paper, signer=LIN, picture=drawing(), at=AT)
    sign(paper, signer=CHEN, picture=drawing(20), at=AT + BESIDE)
    return paper


@pytest.fixture
def whole(signed: Paper, body: Unit, court: Unit) -> Paper:
    """Both have signed, the body and the court have sealed."""
    seal(signed, unit=body, at=AT + BESIDE, side="body")
    return seal(signed, unit=court, at=AT + 2 * BESIDE, side="court")


# Making and signing


def test_a_paper_has_a_number_of_its_own_that_is_printed_on_it(paper: Paper) -> None:
    other = make("notice", paper.subject, NOTICE, DATA, title="告知书", actor=Actor(), at=AT)
    assert paper.number != other.number
    assert paper.number in text_of(bytes_of(paper))
    assert find(f" {paper.number.lower()} ") == paper


def test_its_own_blocks_say_who_must_sign(paper: Paper, body: Unit) -> None:
    assert [(one.side, one.name) for one in signing(paper).missing] == [
        ("applicant", "林海生"), ("applicant", "陈阿土"), ("body", "云谷社区人民调解委员会"), ("court", "小城人民法院"),
    ]  # fmt: skip
    sign(paper, signer=CHEN, picture=drawing(), at=AT)
    state = signing(paper)
    assert [one.name for one in state.missing] == ["林海生", "云谷社区人民调解委员会", "小城人民法院"]
    assert not state.all_drawn


def test_it_is_complete_once_all_have(whole: Paper) -> None:
    assert signing(whole).complete
    assert signing(whole).beside == ()


def test_who_signs_without_a_block_stands_beside(paper: Paper) -> None:
    witness = Signer("witness", "苏文")
    sign(paper, signer=witness, picture=None, at=AT)
    assert [one.name for one in signing(paper).beside] == ["苏文"]


def test_nobody_signs_twice(signed: Paper) -> None:
    with pytest.raises(Unsignable):
        sign(signed, signer=LIN, picture=drawing(), at=AT)


def test_a_void_paper_is_neither_signed_nor_sealed(signed: Paper, body: Unit) -> None:
    void(signed, at=AT)
    with pytest.raises(Unsignable):
        sign(newest(signed), signer=Signer("third", "甲"), picture=None, at=AT)
    with pytest.raises(Unsignable):
        seal(newest(signed), unit=body, at=AT)


def test_a_rare_name_finds_its_block(home: Path) -> None:
    paper = make("notice", uuid7(), NOTICE, DATA | {"people": ["林海生", "陈𠮷"]}, title="告知书", actor=Actor(), at=AT)
    sign(paper, signer=Signer("applicant", "陈𠮷"), picture=drawing(), at=AT)
    assert [one.signature is not None for one in signing(paper).places[:2]] == [False, True]


# What grows


def test_each_version_begins_with_the_bytes_that_were_signed(signed: Paper, whole: Paper) -> None:
    first = bytes_of(signed)
    held = [bytes_of(one) for one in Paper.objects.filter(number=signed.number).order_by("version")]
    assert len(held) == 4
    assert all(data.startswith(first) for data in held)


def test_the_signed_version_shows_the_dates(signed: Paper) -> None:
    assert "2026" not in text_of(bytes_of(signed)).replace("26-0000012-3", "")
    assert text_of(bytes_of(with_signatures(signed, at=AT))).count("2026") == 2


def test_nothing_new_to_show_makes_no_version(signed: Paper) -> None:
    once = with_signatures(signed, at=AT)
    assert with_signatures(signed, at=AT + BESIDE) == once


def test_who_has_no_block_makes_no_version(paper: Paper) -> None:
    sign(paper, signer=Signer("witness", "苏文"), picture=drawing(), at=AT)
    assert with_signatures(paper, at=AT) == paper


def test_what_is_signed_after_a_seal_is_kept_beside_and_breaks_nothing(whole: Paper) -> None:
    sign(whole, signer=Signer("witness", "苏文"), picture=drawing(), at=AT + 3 * BESIDE)
    assert with_signatures(whole, at=AT + 3 * BESIDE) == whole
    assert not broken(check(whole))


def test_a_sealed_paper_still_says_it_is_pdf_a_with_all_fonts_inside(whole: Paper) -> None:
    data = bytes_of(whole)
    root = PdfFileReader(io.BytesIO(data)).root
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    first = PdfFileReader(io.BytesIO(bytes_of(Paper.objects.get(number=whole.number, version=1)))).root
    assert root["/Metadata"].data == first["/Metadata"].data
    assert all(embedded for _name, embedded in fonts_of(data))
    shown = [one.get_object() for one in root["/AcroForm"]["/Fields"]]
    assert len(shown) == 2
    assert all(one["/F"] & 4 and "/N" in one["/AP"] for one in shown)  # printed, and with a form of their own


def test_a_unit_without_certificate_is_told_how_to_get_one(signed: Paper) -> None:
    with pytest.raises(NoCertificate, match="citong papers certificate urban-e"):
        seal(signed, unit=Unit.objects.get(code="urban-e"), at=AT)


def test_a_certificate_that_ran_out_seals_nothing(signed: Paper, body: Unit) -> None:
    with pytest.raises(NoCertificate, match="run out"):
        seal(signed, unit=body, at=AT + timedelta(days=4000))


def test_seals_made_with_an_earlier_certificate_hold(whole: Paper, body: Unit) -> None:
    before = certificate_of(body).fingerprint
    make_certificate(body, at=AT)
    assert certificate_of(body).fingerprint != before
    assert not broken(check(whole))


def test_only_the_owner_can_read_a_certificates_file(body: Unit) -> None:
    assert certificate_file(body).stat().st_mode & 0o077 == 0


def test_a_seal_carries_a_time_stamp_where_there_is_an_authority(signed: Paper, body: Unit, settings: Any) -> None:
    with served(Authority()) as url:
        settings.TIMESTAMP_URL = url
        data = bytes_of(seal(signed, unit=body, at=AT))
    (one,) = PdfFileReader(io.BytesIO(data)).embedded_regular_signatures
    unsigned = one.signer_info["unsigned_attrs"]
    assert [attribute["type"].native for attribute in unsigned] == ["signature_time_stamp_token"]


def test_an_authority_that_is_down_holds_up_no_seal(signed: Paper, body: Unit, settings: Any) -> None:
    settings.TIMESTAMP_URL = "http://127.0.0.1:1/"
    assert not broken(check(seal(signed, unit=body, at=AT)))


# Every change is found


def test_all_holds_of_an_untouched_paper_and_of_its_file(whole: Paper) -> None:
    assert not broken(check(whole))
    assert not broken(check(bytes_of(whole)))
    sentences = " ".join(one.what for one in check(whole))
    assert "林海生 (申请人) signed it on 2026-06-03 10:30." in sentences
    assert "the unit itself made its certificate" in sentences


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_one_changed_byte_in_the_store(whole: Paper, share: float) -> None:
    path = path_of(whole.sha256)
    data = bytearray(path.read_bytes())
    data[int(len(data) * share)] ^= 1
    path.write_bytes(bytes(data))
    assert "bytes" in broken(check(whole))


def test_one_changed_byte_in_a_file_somebody_brings(whole: Paper) -> None:
    data = bytearray(bytes_of(whole))
    data[len(data) // 2] ^= 1
    findings = check(bytes(data))
    assert "file" in broken(findings)
    assert whole.number in findings[0].what


def test_something_added_to_a_file(whole: Paper) -> None:
    assert "something was added" in check(bytes_of(whole) + b"\n%more")[0].what


def test_a_stamp_after_a_seal(whole: Paper) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(bytes_of(whole)))
    style = TextStampStyle(stamp_text="void", background=RawContent(b"q Q", box=BoxConstraints(width=90, height=30)))
    style.create_stamp(writer, BoxConstraints(width=90, height=30), {}).apply(0, 50, 50)
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    assert broken(check(out.getvalue())) >= {"file", "seal"}


def test_a_strange_file(home: Path) -> None:
    assert "no paper of this city" in check(b"%PDF-1.7 nothing")[0].what


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "别的"), ("kind", "other"), ("side", "applicant"), ("places", "[]"), ("made_at", datetime(2025, 1, 1)),
     ("number", "W26-9999999-9"), ("subject", uuid7()), ("made_by", uuid7()), ("entry", uuid7())],
)  # fmt: skip
def test_a_changed_field_of_a_paper(paper: Paper, field: str, value: Any) -> None:
    change(paper, **{field: value})
    assert "row" in broken(check(Paper.objects.get(pk=paper.pk)))


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "别人"), ("side", "third"), ("role", "x"), ("party", uuid7()), ("account", uuid7()), ("unit", "urban-e"),
     ("method", "certificate"), ("picture", "0" * 64), ("signed_at", datetime(2025, 1, 1))],
)  # fmt: skip
def test_a_changed_field_of_a_signature(signed: Paper, field: str, value: Any) -> None:
    change(PaperSignature.objects.first(), **{field: value})
    assert "signature" in broken(check(signed))


def test_a_paper_that_names_another_file(signed: Paper, home: Path) -> None:
    other = make("notice", uuid7(), NOTICE, DATA | {"text": "别的。"}, title="告知书", actor=Actor(), at=AT)
    change(signed, file=other.sha256)
    assert broken(check(Paper.objects.get(pk=signed.pk))) >= {"row", "signature"}


def test_swapped_pictures_in_rows(signed: Paper) -> None:
    one, two = PaperSignature.objects.order_by("id")
    first, second = one.picture, two.picture
    change(one, picture=second)
    change(two, picture=first)
    assert [found.holds for found in check(signed) if found.code == "signature"] == [False, False]


def test_swapped_pictures_in_the_store(signed: Paper) -> None:
    one, two = (path_of(row.picture) for row in PaperSignature.objects.order_by("id"))
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    assert "picture" in broken(check(signed))


def test_a_signature_made_up_later(paper: Paper) -> None:
    row = PaperSignature(paper=paper, side="applicant", name="林海生", method="drawn", signed_at=AT)
    sealed(row)
    row.seal = bytes(64)
    row.save(force_insert=True)
    assert "signature" in broken(check(paper))


def test_a_signature_moved_to_another_paper(signed: Paper, home: Path) -> None:
    other = make("notice", uuid7(), NOTICE, DATA | {"text": "别的。"}, title="告知书", actor=Actor(), at=AT)
    change(PaperSignature.objects.first(), paper=other.pk)
    assert "signature" in broken(check(other))


def test_a_signature_or_paper_taken_away_that_the_ledger_knows(signed: Paper) -> None:
    rows: list[Paper | PaperSignature] = [signed, *PaperSignature.objects.all()]
    by = Signature(None, "system")
    append(signed.subject, "sign", kind="case", by=by, at=AT, head=Head(), facts=facts_of(*rows))
    assert any(one.code == "ledger" and one.holds for one in check(signed))
    gone = PaperSignature.objects.first()
    assert gone is not None
    delete(gone)
    assert "ledger" in broken(check(signed))


def test_a_seal_taken_out_of_the_record(whole: Paper) -> None:
    gone = PaperSignature.objects.filter(method="certificate").first()
    assert gone is not None
    delete(gone)
    assert "seal" in broken(check(whole))


def test_void_set_or_lifted_by_hand(paper: Paper) -> None:
    change(paper, void_at=AT)
    assert "void" in broken(check(Paper.objects.get(pk=paper.pk)))
    change(paper, void_at=None)
    void(paper, at=AT)
    assert not broken(check(Paper.objects.get(pk=paper.pk)))
    change(paper, void_at=None)
    assert "void" in broken(check(Paper.objects.get(pk=paper.pk)))


def test_a_missing_version(whole: Paper) -> None:
    middle = Paper.objects.get(number=whole.number, version=2)
    delete(middle)
    assert "version" in broken(check(whole))


@pytest.mark.parametrize("statement", ["UPDATE {} SET key = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["papers_paper", "papers_papersignature"])
def test_the_database_itself_refuses_changes(signed: Paper, table: str, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
