"""How an agreement is kept, point by point; and what is left where it is not."""

from datetime import UTC, datetime, timedelta

import pytest

from citong.core.clocks.models import Clock
from citong.core.flow.act import possible
from citong.core.flow.refusal import Invalid, NotAllowed, WrongState
from citong.core.flow.watch import tick
from citong.core.ledger.read import history
from citong.core.papers.check import check
from citong.services.mediation.agreements import in_effect, points_of
from citong.services.mediation.shelf import bundle
from citong.services.mediation.tests.on_paper import TWO_POINTS, kinds, papers_of, text_of
from tests.disputes import Quarrel

pytestmark = pytest.mark.django_db


def outcomes(quarrel: Quarrel) -> list[str]:
    found = in_effect(quarrel.id)
    assert found is not None
    return [one.obligation.outcome for one in points_of(found)]


@pytest.fixture
def agreed(quarrel: Quarrel) -> Quarrel:
    """Two points are owed: the wall by the respondent, the pots by the applicant."""
    quarrel.until("mediating").do("draft", terms=TWO_POINTS)
    return quarrel.until("effective")


def test_the_mediator_asks_how_it_goes_and_writes_it_down(agreed: Quarrel) -> None:
    applicant = str(agreed.party("applicant").pk)
    agreed.do("follow_up", asked=applicant, way="visit", found="花盆已经赔了，墙还没拆", kept=["2"], broken=[])
    assert outcomes(agreed) == ["", "kept"]
    text = text_of(papers_of(agreed.id, "follow_up")[0])
    for said in ("上门", "林居民", "花盆已经赔了，墙还没拆", "已经履行", "未到期或者尚未履行", "部分履行"):
        assert said in text
    assert history(agreed.id)[-1].entry.facts["left"] == 1
    with pytest.raises(Invalid):  # it is done already
        agreed.do("follow_up", asked=applicant, kept=["2"], broken=[])
    with pytest.raises(Invalid) as refusal:
        agreed.do("follow_up", asked=applicant, kept=["1"], broken=["1"])
    assert set(refusal.value.errors) == {"broken"}


def test_it_is_kept_once_every_point_is_done(agreed: Quarrel) -> None:
    with pytest.raises(Invalid) as refusal:
        agreed.do("perform", kept=["1"])
    assert "Not all of it is done" in refusal.value.errors["kept"][0]
    case = agreed.do("perform", kept=["1", "2"], note="双方握手")
    assert (case.state, case.open, outcomes(agreed)) == ("performed", False, ["kept", "kept"])
    made = papers_of(agreed.id)
    assert kinds(made)[-2:] == ["follow_up", "file_index"]
    index = text_of(made[-1])
    for paper in made[:-1]:
        assert paper.number in index
    assert all(one.holds for paper in made for one in check(paper))


def test_what_is_done_after_its_day_is_kept_but_late(agreed: Quarrel) -> None:
    agreed.do("perform", kept=["1", "2"], at=datetime(2030, 6, 10, tzinfo=UTC))
    assert outcomes(agreed) == ["kept", "late"]


def test_only_the_mediator_says_that_it_is_kept(agreed: Quarrel) -> None:
    for who in ("applicant", "respondent", "clerk", "head"):
        with pytest.raises(NotAllowed):
            agreed.do("perform", by=who)


def test_the_last_day_that_passes_lets_the_case_rise(agreed: Quarrel) -> None:
    due = Clock.objects.get(subject=agreed.id, code="perform", stopped_at=None).due_at
    tick(at=due + timedelta(minutes=1))
    assert agreed.case.late and history(agreed.id)[-1].entry.act == "escalate"


def test_without_confirmation_a_broken_agreement_leads_to_court(agreed: Quarrel) -> None:
    assert agreed.do("breach", by="applicant", at=datetime(2030, 6, 10, tzinfo=UTC)).state == "breached"
    assert outcomes(agreed) == ["", "broken"]
    names = {one.name for one in possible(agreed.case, agreed.applicant)}
    assert "sue" in names and "enforce" not in names
    with pytest.raises(WrongState, match="Only what a court has confirmed can be enforced"):
        agreed.do("enforce", by="applicant")
    assert agreed.do("sue", by="applicant").state == "suing"
    entry = history(agreed.id)[-1].entry.id
    assert kinds(bundle(agreed.case, agreed.applicant, entry)) == ["file_index", "agreement"]


def test_what_a_court_has_confirmed_is_enforced_with_the_papers_ready(agreed: Quarrel) -> None:
    applicant = str(agreed.party("applicant").pk)
    agreed.until("confirmed")
    agreed.do("follow_up", asked=applicant, kept=[], broken=["1"], found="他说不拆了")
    agreed.do("breach", by="applicant")
    with pytest.raises(WrongState, match="apply for enforcement"):
        agreed.do("sue", by="applicant")
    case = agreed.do("enforce", by="applicant")
    assert (case.state, case.joint) == ("enforcing", [agreed.mediators.court.pk])
    entry = history(agreed.id)[-1].entry.id
    papers = bundle(agreed.case, agreed.applicant, entry)
    assert kinds(papers) == ["file_index", "agreement", "confirmation_application", "confirmation_ruling", "follow_up"]
    assert all(one.number in text_of(papers[0]) for one in papers[1:])
    assert kinds(bundle(agreed.case, agreed.actor("judge"), entry)) == kinds(papers)
    assert bundle(agreed.case, agreed.actor("supervisor"), entry) == []


def test_kept_after_all_ends_well(agreed: Quarrel) -> None:
    agreed.do("breach", by="respondent")
    assert agreed.do("mend", kept=["1", "2"]).state == "performed"


def test_nothing_can_be_broken_or_kept_before_it_binds(quarrel: Quarrel) -> None:
    quarrel.until("signing")
    for act, who in (("perform", "mediator"), ("breach", "applicant"), ("follow_up", "mediator"), ("sue", "applicant")):
        with pytest.raises((WrongState, Invalid)):
            quarrel.do(act, by=who)
