"""Who mediates, as sentences."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from citong.core.clocks.models import Clock
from citong.core.flow.refusal import Invalid, NotThere, WrongState
from citong.core.flow.watch import tick
from citong.services.mediation.models import Interest, Met
from citong.services.mediation.seeking import proposals
from citong.services.mediation.ties import keys_of
from tests.disputes import Quarrel

pytestmark = pytest.mark.django_db
Quarrels = Callable[..., Quarrel]
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


def named(quarrel: Quarrel, name: str) -> str:
    return str(quarrel.mediators.register[name].pk)


def test_parties_see_proposals_with_reasons(quarrel: Quarrel) -> None:
    quarrel.until("choosing")
    found = proposals(quarrel.case)
    assert {"committee", "elder"} <= {name for name, one in quarrel.mediators.register.items()
                                      for each in found if each.candidate.id == one.pk}  # fmt: skip
    assert all(one.reasons for one in found)


def test_the_same_choice_of_all_is_the_mediator(quarrel: Quarrel) -> None:
    quarrel.until("choosing")
    assert quarrel.do("choose", by="applicant", mediator=named(quarrel, "elder")).state == "choosing"
    assert quarrel.do("choose", by="respondent", mediator=named(quarrel, "committee")).state == "choosing"
    case = quarrel.do("choose", by="respondent", mediator=named(quarrel, "elder"))
    assert (case.state, case.holder_id) == ("assigned", quarrel.mediators.elder.id)
    assert case.unit.code == "studio-e1"
    assert not quarrel.dispute.appointed


@pytest.mark.parametrize("name", ["west", "medical"])
def test_who_may_not_mediate_can_not_be_chosen(quarrel: Quarrel, name: str) -> None:
    quarrel.until("choosing")
    with pytest.raises(Invalid, match="can not mediate") as refusal:
        quarrel.do("choose", by="applicant", mediator=named(quarrel, name))
    assert list(refusal.value.errors) == ["mediator"]


def test_whoever_has_a_tie_to_a_party_can_not_be_chosen(quarrel: Quarrel) -> None:
    quarrel.until("choosing")
    Interest.objects.create(
        mediator=quarrel.mediators.register["elder"], sort="relative", name="", declared_at=MONDAY,
        keys=sorted(keys_of(phone="13800000002")),
    )  # fmt: skip
    with pytest.raises(Invalid, match="tie to a party"):
        quarrel.do("appoint", by="clerk", mediator=named(quarrel, "elder"))


def test_whoever_found_it_never_mediates_it(quarrels: Quarrels) -> None:
    found = quarrels(by="grid_worker")
    found.dispute.__class__.objects.filter(case=found.id).update(finder=found.mediators.elder.id)
    found.until("choosing")
    with pytest.raises(Invalid, match="whoever finds one does not mediate it"):
        found.do("appoint", by="clerk", mediator=named(found, "elder"))


def test_the_registrar_appoints_where_they_do_not_agree(quarrel: Quarrel) -> None:
    quarrel.until("choosing")
    case = quarrel.do("appoint", by="clerk", mediator=named(quarrel, "street"))
    assert (case.state, case.holder_id) == ("assigned", quarrel.mediators.street.id)
    assert quarrel.dispute.appointed


def test_after_two_working_days_the_rules_appoint(quarrels: Quarrels) -> None:
    quarrel = quarrels(at=MONDAY).until("choosing", at=MONDAY)
    due = Clock.objects.get(subject=quarrel.id, code="choose", state="running").due_at
    assert due.date().isoformat() == "2026-03-04"
    tick(at=due + timedelta(minutes=1))
    assert quarrel.case.state == "assigned" and quarrel.dispute.appointed
    assert quarrel.case.holder_id is not None


def test_where_nobody_may_mediate_the_desk_is_told_and_the_case_waits(quarrels: Quarrels) -> None:
    quarrel = quarrels(at=MONDAY).until("choosing", at=MONDAY)
    for one in quarrel.mediators.register.values():
        one.ended_on = MONDAY.date()
        one.save()
    due = Clock.objects.get(subject=quarrel.id, code="choose", state="running").due_at
    tick(at=due + timedelta(minutes=1))
    assert quarrel.case.state == "choosing"
    assert any(one.entry.facts.get("nobody") for one in quarrel.told("clerk"))


def test_the_clock_of_mediation_starts_when_the_mediator_accepts(quarrel: Quarrel) -> None:
    quarrel.until("assigned")
    assert not Clock.objects.filter(subject=quarrel.id, code="mediate").exists()
    quarrel.do("accept")
    assert quarrel.dispute.accepted_at is not None
    assert Clock.objects.get(subject=quarrel.id, code="mediate").span == "30 days"
    assert Met.objects.filter(mediator=quarrel.mediators.register["committee"], case=quarrel.id).exists()


@pytest.mark.parametrize(
    ("data", "mediator", "span"),
    [
        ({"kind": "medical"}, "medical", "30 working days"),
        ({"kind": "labour"}, "labour", "15 days"),
        ({"by": "judge", "kind": "loan", "at_court": "filed"}, "centre", "15 days"),
        ({"by": "judge", "kind": "loan", "at_court": "filed_simple"}, "centre", "7 days"),
    ],
)
def test_each_line_of_law_has_its_own_time(quarrels: Quarrels, data: dict[str, str], mediator: str, span: str) -> None:
    quarrel = quarrels(mediator=mediator, **data).until("mediating")
    assert Clock.objects.get(subject=quarrel.id, code="mediate").span == span


def test_whoever_declines_is_not_asked_again(quarrel: Quarrel) -> None:
    quarrel.until("assigned")
    assert quarrel.do("decline", reason="与本人有亲戚关系").state == "choosing"
    with pytest.raises(Invalid, match="declined it"):
        quarrel.do("choose", by="applicant")
    quarrel.mediator = "elder"
    assert quarrel.until("mediating").case.holder_id == quarrel.mediators.elder.id


def test_silence_is_no(quarrels: Quarrels) -> None:
    quarrel = quarrels(at=MONDAY).until("assigned", at=MONDAY)
    due = Clock.objects.get(subject=quarrel.id, code="accept", state="running").due_at
    assert due.date().isoformat() == "2026-03-05"
    tick(at=due + timedelta(minutes=1))
    assert quarrel.case.state == "choosing"
    assert quarrel.mediators.committee.id in quarrel.dispute.tried


def test_a_disclosed_interest_waits_for_every_party(quarrel: Quarrel) -> None:
    quarrel.until("assigned")
    quarrel.do("disclose", interest="曾与申请人同厂工作")
    with pytest.raises(WrongState, match="not all answered"):
        quarrel.do("accept")
    quarrel.do("answer_disclosure", by="applicant", answer="yes")
    quarrel.do("answer_disclosure", by="respondent", answer="yes")
    assert quarrel.dispute.open_disclosure is None
    assert quarrel.do("accept").state == "mediating"


def test_one_no_to_a_disclosure_replaces_the_mediator(quarrel: Quarrel) -> None:
    quarrel.until("mediating").do("disclose", interest="曾与申请人同厂工作")
    assert quarrel.do("answer_disclosure", by="respondent", answer="no").state == "choosing"
    assert quarrel.dispute.mediator is None


def test_nothing_disclosed_nothing_to_answer(quarrel: Quarrel) -> None:
    quarrel.until("mediating")
    with pytest.raises(WrongState, match="no disclosure"):
        quarrel.do("answer_disclosure", by="respondent", answer="no")


def test_refusing_the_second_mediator_too_is_refusing_mediation(quarrel: Quarrel) -> None:
    quarrel.until("mediating")
    assert quarrel.do("replace", by="respondent", reason="不公道").state == "choosing"
    quarrel.mediator = "elder"
    quarrel.until("mediating")
    assert quarrel.do("replace", by="applicant", reason="也不公道").state == "failed"
    assert quarrel.dispute.failed_as == "unwilling"


def test_the_head_of_the_body_gives_it_to_a_colleague(quarrel: Quarrel) -> None:
    quarrel.until("mediating")
    with pytest.raises(NotThere):
        quarrel.do("pass_on", by="medical_head", mediator=named(quarrel, "second"))
    quarrel.do("pass_on", by="head", mediator=named(quarrel, "second"), reason="休假")
    assert quarrel.case.holder_id == quarrel.mediators.second.id
    assert quarrel.dispute.mediator == quarrel.mediators.register["second"]
    with pytest.raises(NotThere):
        quarrel.do("caucus", by="committee", side="applicant", note="无权")


def test_a_colleague_is_one_of_the_same_body(quarrel: Quarrel) -> None:
    quarrel.until("mediating")
    with pytest.raises(Invalid):
        quarrel.do("pass_on", by="head", mediator=named(quarrel, "elder"), reason="休假")


def test_they_may_try_once_more_with_somebody_new(quarrel: Quarrel) -> None:
    quarrel.until("failed")
    assert quarrel.do("again", note="双方愿意再谈").state == "choosing"
    assert (quarrel.dispute.failed_as, quarrel.dispute.round) == ("", 2)
    assert quarrel.until("mediating").case.state == "mediating"


def test_an_agent_with_authority_chooses_for_the_party(quarrel: Quarrel) -> None:
    quarrel.until("choosing")
    whom = str(quarrel.party("respondent").pk)
    quarrel.do("add_agent", by="clerk", whom=whom, name="乙律师", authority="special")
    quarrel.do("choose", by="applicant")
    assert quarrel.do("choose", by="乙律师").state == "assigned"
