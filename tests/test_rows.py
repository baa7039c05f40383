"""What one command leaves behind is written in one statement, or not at all."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from citong.core.cases.models import Case, Submission
from citong.core.clocks.models import Clock
from citong.core.flow.intake import open_case
from citong.core.ledger.models import Entry, Seal
from citong.core.ledger.rows import Rows
from citong.core.notices.models import Notice
from citong.core.search.models import Document
from tests.cast import BEGAN, REPORT, Cast

pytestmark = pytest.mark.django_db


def test_an_opening_is_one_statement(cast: Cast) -> None:
    resident = cast.actor("resident")
    open_case("requests", REPORT, actor=resident, channel="web")
    with CaptureQueriesContext(connection) as asked:
        case = open_case("requests", REPORT, actor=resident, channel="web").case
    assert len(asked) == 1
    assert Seal.objects.filter(entry=Entry.objects.get(subject=case.id).id).exists()
    assert Document.objects.filter(subject=case.id).exists() and Notice.objects.filter(subject=case.id).exists()


def test_one_row_that_can_not_be_leaves_none_behind(cast: Cast, report: Callable[..., Any]) -> None:
    case = report().case
    rows = Rows()
    rows.add(Submission(key="k", case=case.id, act="open", at=BEGAN))
    rows.add(
        Clock(
            subject=case.id,
            code="accept",
            span="1 hour",
            state="running",
            started_at=BEGAN,
            due_at=BEGAN,
            warn_at=BEGAN,
            wake_at=None,
        )
    )  # fmt: skip  a running clock must wake
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        rows.write()
    connection.cursor().execute("ROLLBACK TO before")
    assert not Submission.objects.filter(key="k").exists()


def test_changed_rows_get_every_value_as_their_models_have_it(cast: Cast, report: Callable[..., Any]) -> None:
    case = report().case
    case.title, case.joint, case.doers, case.lat = "a'b\"\\ 😀", [3, 4], {"accept": ["x"]}, None
    rows = Rows()
    rows.change(case)
    rows.write()
    again = Case.objects.get(pk=case.pk)
    for field in Case._meta.concrete_fields:
        one, other = getattr(case, field.attname), getattr(again, field.attname)
        assert (bytes(one) if isinstance(one, memoryview) else one) == (
            bytes(other) if isinstance(other, memoryview) else other
        ), field.name
