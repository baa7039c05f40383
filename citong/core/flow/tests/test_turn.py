"""A request that is a dispute goes on as one: with its words, its reporter and their receipt, and with its finders."""

from collections.abc import Callable
from typing import Any

import pytest

from citong.core.cases.models import Case, Link, Party
from citong.core.files.models import Attachment
from citong.core.files.store import Cleaned, keep
from citong.core.flow.act import act, form_for, possible
from citong.core.flow.receipt import receipt_actor
from citong.core.flow.refusal import Invalid
from citong.core.ledger.read import faults, history
from tests.cast import Cast

pytestmark = pytest.mark.django_db
QUARREL = "隔壁砌墙，巷子只剩半米，吵了三次"
TURN = {"service": "mediation", "reason": "这是邻里纠纷，转人民调解"}
Report = Callable[..., Any]


@pytest.fixture
def turned(cast: Cast, report: Report) -> Callable[..., tuple[Any, Case]]:
    """`turned(by=…)` opens a request about a quarrel and turns it; returns what was opened and the new case."""

    def turns(*, by_turner: str = "clerk", **data: Any) -> tuple[Any, Case]:
        opened = report(**({"text": QUARREL, "name": "林居民", "phone": "13812345678"} | data))
        act(opened.case.id, "turn", TURN, actor=cast.actor(by_turner))
        return opened, Case.objects.get(service="mediation")

    return turns


def test_the_request_ends_and_both_name_each_other(turned: Any) -> None:
    opened, child = turned()
    request = Case.objects.get(pk=opened.case.pk)
    assert (request.state, request.open, child.state, child.channel) == ("turned", False, "found", "turned")
    link = Link.objects.get()
    assert (link.first_id, link.second_id, link.kind) == (request.pk, child.pk, Link.Kind.BECAME)
    assert history(request.id)[-1].entry.facts["number"] == child.number
    assert history(child.id)[0].entry.facts["turned_from"] == request.number
    assert not list(faults([one.entry for one in history(child.id)]))


def test_its_words_and_place_go_with_it_and_stand_in_the_ledger_alone(turned: Any) -> None:
    opened, child = turned()
    assert (child.text, child.address, child.given_place) == ("", "", {})
    assert (child.lon, child.lat, child.grid_id) == (opened.case.lon, opened.case.lat, opened.case.grid_id)
    first = history(child.id)[0]
    assert first.words is not None and QUARREL in first.words["text"]


def test_the_reporter_is_its_applicant_and_the_same_receipt_opens_it(turned: Any, cast: Cast) -> None:
    opened, child = turned(by="resident")
    assert child.reporter_id == cast.resident.id
    applicant = Party.objects.get(case=child, role=Party.Role.REPORTER)
    assert (applicant.side, applicant.name, applicant.account_id) == ("applicant", "林居民", cast.resident.id)
    found = receipt_actor(child.number, opened.secret)
    assert found is not None and found[0].pk == child.pk


@pytest.mark.parametrize("reporting", ["anonymous", "confidential"])
def test_whoever_did_not_wish_to_be_named_is_no_party_to_it(turned: Any, reporting: str) -> None:
    opened, child = turned(reporting=reporting)
    assert child.reporter_id is None and not Party.objects.filter(case=child).exists()
    assert receipt_actor(child.number, opened.secret) is None


def test_whoever_found_it_and_whoever_turned_it_are_its_finders(turned: Any, cast: Cast) -> None:
    _opened, child = turned(by="grid_worker", channel="grid")
    assert set(child.doers["open"]) == {str(cast.grid_worker.id), str(cast.clerk.id)}
    assert child.reporter_id is None and not Party.objects.filter(case=child).exclude(side="").exists()


def test_a_reporter_who_is_staff_is_a_finder_too(turned: Any, cast: Cast) -> None:
    _opened, child = turned(by="resident")
    assert set(child.doers["open"]) == {str(cast.resident.id), str(cast.clerk.id)}


def test_only_services_that_take_matters_over_can_be_chosen(report: Report, cast: Cast) -> None:
    case, clerk = report(text=QUARREL).case, cast.actor("clerk")
    declared = next(one for one in possible(case, clerk) if one.name == "turn")
    form = form_for(declared, case, clerk)
    assert form is not None and [code for code, _label in form.fields["service"].choices] == ["mediation"]  # type: ignore[attr-defined]
    with pytest.raises(Invalid):
        act(case.id, "turn", TURN | {"service": "errands"}, actor=clerk)
    assert Case.objects.count() == 1


def test_a_dispatcher_turns_what_intake_took_for_a_request(report: Report, walk: Any, cast: Cast) -> None:
    case = walk(report(text=QUARREL, by="resident").case, "accept")
    act(case.id, "turn", TURN, actor=cast.actor("dispatcher"))
    assert str(cast.dispatcher.id) in Case.objects.get(service="mediation").doers["open"]


def test_its_photos_hang_on_both(cast: Cast, report: Report) -> None:
    case = report(text=QUARREL).case
    entry = history(case.id)[0].entry
    photo = keep(Cleaned(b"x" * 10, "image/png", "a.png", 1, 1))
    Attachment.objects.create(subject=case.id, entry=entry.id, file=photo, name="a.png")
    act(case.id, "turn", TURN, actor=cast.actor("clerk"))
    child = Case.objects.get(service="mediation")
    assert Attachment.objects.get(subject=child.id).entry == history(child.id)[0].entry.id
