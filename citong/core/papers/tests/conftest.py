"""A small paper with two people who sign, a body and a court that seal."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image, ImageDraw

from citong.core.files.store import Cleaned, clean
from citong.core.papers.certificates import make_certificate
from citong.core.papers.models import Paper
from citong.core.papers.write import Signer, make
from citong.core.people.access import Actor
from citong.core.people.models import Unit
from citong.kit.ids import uuid7

TABLES = ("papers_paper", "papers_papersignature")
NOTICE = Path(__file__).parent / "notice.typ"
AT = datetime(2026, 6, 3, 2, 30, tzinfo=UTC)
DATA = {
    "matter": {"number": "26-0000012-3"},
    "text": "请各方核对。",
    "people": ["林海生", "陈阿土"],
    "body": "云谷社区人民调解委员会",
}
LIN, CHEN = Signer("applicant", "林海生", "申请人"), Signer("applicant", "陈阿土", "申请人")


def drawing(turn: int = 0) -> Cleaned:
    """A picture of a signature, as a phone sends it."""
    image = Image.new("RGB", (600, 200), "white")
    ImageDraw.Draw(image).line([(40, 150), (200 + turn, 40), (330, 160), (560, 60 + turn)], fill="black", width=9)
    out = io.BytesIO()
    image.save(out, "PNG")
    return clean(SimpleUploadedFile("signature.png", out.getvalue()))


@pytest.fixture
def home(town: Any, settings: Any, tmp_path: Path) -> Path:
    """A home of its own, for keys and files."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def body(home: Path) -> Unit:
    """A unit with a certificate."""
    unit = Unit.objects.get(code="station-e1")
    make_certificate(unit, at=AT)
    return unit


@pytest.fixture
def court(home: Path) -> Unit:
    """Another one."""
    unit = Unit.objects.get(code="centre-e")
    make_certificate(unit, at=AT)
    return unit


@pytest.fixture
def paper(home: Path) -> Paper:
    """The small paper, made."""
    return make("notice", uuid7(), NOTICE, DATA, title="告知书", actor=Actor(), at=AT)


@contextmanager
def behind_its_back() -> Iterator[Any]:
    """A cursor of somebody with the database's own password, whom no trigger stops."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is pending would hold the table
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def change(row: Any, **values: Any) -> None:
    """The row has other values."""
    with behind_its_back() as cursor:
        for field, value in values.items():
            column = row._meta.get_field(field).column
            cursor.execute(f'UPDATE {row._meta.db_table} SET "{column}" = %s WHERE id = %s', [value, row.pk])


def delete(row: Any) -> None:
    """The row is gone."""
    with behind_its_back() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])
