"""Whoever is named in a case can see which office looked at it, when and what for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from citong.core.flow.refusal import NotAllowed, NotThere
from citong.core.flow.slip import issue_slip, looks_by_slip
from citong.core.people.access import Purpose
from citong.core.people.administration import look
from tests.cast import Cast

Report = Callable[..., Any]


def test_a_named_person_sees_who_looked_by_their_slip(cast: Cast, report: Report) -> None:
    case = report(named="某某").case
    party = case.parties.get(role="named")
    look(case.id, actor=cast.actor("verifier"), purpose=Purpose.SUPERVISION, at=timezone.now())
    secret = issue_slip(case.id, party.id, actor=cast.actor("clerk"), at=timezone.now())
    opened = looks_by_slip(case.number, secret)
    assert opened is not None
    assert [(mark.unit, mark.purpose) for mark in opened[1]] == [("centre-e", "supervision")]
    assert looks_by_slip(case.number, "22222-22222") is None


def test_only_the_desk_of_the_case_gives_out_slips(cast: Cast, report: Report) -> None:
    case = report(named="某某").case
    party = case.parties.get(role="named")
    with pytest.raises(NotThere):
        issue_slip(case.id, party.id, actor=cast.actor("outsider"), at=timezone.now())
    with pytest.raises(NotAllowed):
        issue_slip(case.id, party.id, actor=cast.actor("verifier"), at=timezone.now())
