"""The course of mediation and its end without agreement, as sentences."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from citong.core.cases.models import Case, Task
from citong.core.clocks.models import Clock
from citong.core.flow.act import possible
from citong.core.flow.refusal import Invalid, NotAllowed, NotThere, WrongState
from citong.core.flow.watch import tick
from citong.core.notices.models import Notice
from citong.core.people.access import Purpose, scope
from citong.core.people.models import Account, Unit
from citong.services.mediation.models import Dispute, Interest, Question
from citong.services.mediation.rules.failing import WaysOn
from citong.services.mediation.ties import keys_of
from tests.disputes import Quarrel

pytestmark = pytest.mark.django_db
Quarrels = Callable[..., Quarrel]
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture
def at_table(quarrel: Quarrel) -> Quarrel:
    return quarrel.until("mediating")


def clock(quarrel: Quarrel) -> Clock:
    return Clock.objects.get(subject=quarrel.id, code="mediate", state__in=("running", "paused"))


def test_what_was_said_apart_is_read_by_that_side_and_the_mediator_alone(at_table: Quarrel) -> None:
    at_table.do("caucus", side="applicant", note="底线是三千元")
    at_table.do("confide", by="respondent", note="我其实愿意赔两千")
    assert "三千" in at_table.words("applicant") and "两千" not in at_table.words("applicant")
    assert "两千" in at_table.words("respondent") and "三千" not in at_table.words("respondent")
    for who in ("head", "clerk", "supervisor"):
        assert "三千" not in at_table.words(who) and "两千" not in at_table.words(who)
    assert "三千" in at_table.words("mediator") and "两千" in at_table.words("mediator")


def test_whoever_mediated_before_reads_nothing_more(at_table: Quarrel) -> None:
    at_table.do("pass_on", by="head", mediator=str(at_table.mediators.register["second"].pk), reason="休假")
    at_table.do("caucus", by="second", side="applicant", note="底线是三千元")
    assert "三千" not in at_table.words("committee")


def test_heads_and_supervisors_see_its_course_without_a_word(at_table: Quarrel) -> None:
    for who in ("head", "supervisor", "dispatcher"):
        assert "围墙" not in at_table.words(who)
        assert [one.entry.act for one in at_table.told(who)][-1] == "accept"


def test_another_body_does_not_see_that_it_exists(at_table: Quarrel) -> None:
    for who in ("west", "elder", "medical_head", "judge", "outsider"):
        assert not Case.objects.filter(scope(at_table.actor(who), Purpose.HANDLING), pk=at_table.id).exists()
    with pytest.raises(NotThere):
        at_table.do("caucus", by="elder", side="applicant", note="?")


def test_an_offer_is_answered_by_the_other_side(at_table: Quarrel) -> None:
    at_table.do("offer", by="applicant", amount="5000", text="退回三十公分")
    with pytest.raises(NotAllowed, match="your own side"):
        at_table.do("answer_offer", by="applicant", answer="accept")
    at_table.do("answer_offer", by="respondent", answer="accept")
    question = Question.objects.get(case=at_table.id, matter="offer")
    assert (question.outcome, question.terms) == ("yes", {"amount": 500_000})
    assert at_table.dispute.open_offer is None


def test_a_counter_offer_takes_the_place_of_the_offer(at_table: Quarrel) -> None:
    at_table.do("offer", by="applicant", amount="5000")
    at_table.do("offer", by="respondent", amount="2000")
    assert list(Question.objects.filter(case=at_table.id).order_by("number").values_list("outcome", flat=True)) == [
        "replaced", "",
    ]  # fmt: skip
    at_table.do("answer_offer", by="applicant", answer="decline")
    with pytest.raises(WrongState, match="no open offer"):
        at_table.do("answer_offer", by="applicant", answer="accept")


def test_every_party_of_the_other_side_must_take_an_offer(quarrels: Quarrels) -> None:
    quarrel = quarrels(other2_name="周邻居").until("mediating")
    quarrel.do("offer", by="applicant", amount="5000")
    quarrel.do("answer_offer", by="吴邻居", answer="accept")
    assert quarrel.dispute.open_offer is not None
    quarrel.do("answer_offer", by="周邻居", answer="accept")
    assert quarrel.dispute.open_offer is None


def test_the_mediator_s_own_proposal_needs_both_sides(at_table: Quarrel) -> None:
    at_table.do("offer", by="mediator", text="各退一步")
    at_table.do("answer_offer", by="applicant", answer="accept")
    assert at_table.dispute.open_offer is not None
    at_table.do("answer_offer", by="respondent", answer="accept")
    assert Question.objects.get(case=at_table.id).outcome == "yes"


def test_an_offer_says_something(at_table: Quarrel) -> None:
    with pytest.raises(Invalid):
        at_table.do("offer", by="applicant", amount="", text="")


def test_facts_are_undisputed_once_all_agree_to_the_same_text(at_table: Quarrel) -> None:
    at_table.do("facts", text="围墙于三月砌成")
    at_table.do("agree_facts", by="applicant")
    at_table.do("facts", text="围墙于四月砌成")
    at_table.do("agree_facts", by="respondent")
    assert at_table.dispute.open_facts is not None
    at_table.do("agree_facts", by="applicant")
    outcomes = Question.objects.filter(case=at_table.id, matter="facts").order_by("number").values_list("outcome")
    assert [one for (one,) in outcomes] == ["replaced", "yes"]


def test_only_what_waits_is_offered_to_a_party(at_table: Quarrel) -> None:
    answers = {"answer_offer", "answer_extension", "answer_disclosure", "agree_facts"}
    assert answers.isdisjoint(one.name for one in possible(at_table.case, at_table.respondent))
    at_table.do("offer", by="applicant", amount="5000")
    assert "answer_offer" in {one.name for one in possible(at_table.case, at_table.respondent)}


def test_an_appraisal_stops_the_clock_until_the_opinion_is_here(quarrels: Quarrels) -> None:
    quarrel = quarrels(at=MONDAY).until("mediating", at=MONDAY)
    due = clock(quarrel).due_at
    quarrel.do("appraise", at=MONDAY + timedelta(days=3), office="司法鉴定所", question="墙的位置")
    tick(at=due + timedelta(days=20))
    assert quarrel.case.state == "paused"
    quarrel.do("opinion", at=MONDAY + timedelta(days=43), opinion="越界二十公分")
    assert clock(quarrel).due_at >= due + timedelta(days=40)


def test_an_expert_with_a_tie_to_a_party_is_not_offered(quarrels: Quarrels) -> None:
    quarrel = quarrels(kind="medical", mediator="medical").until("mediating")
    expert = quarrel.mediators.register["expert"]
    Interest.objects.create(
        mediator=expert, sort="relative", name="", declared_at=MONDAY, keys=sorted(keys_of(phone="13800000002"))
    )
    with pytest.raises(Invalid) as refusal:
        quarrel.do("appraise", expert=str(expert.pk), office="")
    assert "expert" in refusal.value.errors
    Interest.objects.all().delete()
    assert quarrel.do("appraise", expert=str(expert.pk), office="").state == "paused"
    assert expert.account.name not in str([one.entry.facts for one in quarrel.told("mediator")])


def test_more_time_needs_every_party(at_table: Quarrel) -> None:
    due = clock(at_table).due_at
    at_table.do("ask_extension", by="applicant", more=15, reason="还差一点")
    assert clock(at_table).due_at == due
    at_table.do("answer_extension", by="respondent", answer="yes")
    assert clock(at_table).due_at >= due + timedelta(days=15)
    at_table.do("ask_extension", by="mediator", more=7, reason="再谈一次")
    at_table.do("answer_extension", by="applicant", answer="no")
    assert len(clock(at_table).extensions) == 1


def test_a_time_that_is_over_is_not_extended(quarrels: Quarrels) -> None:
    quarrel = quarrels(at=MONDAY).until("mediating", at=MONDAY)
    due = clock(quarrel).due_at
    quarrel.do("ask_extension", by="applicant", more=15, reason="还差一点", at=due - timedelta(hours=1))
    with pytest.raises(WrongState, match="is over"):
        quarrel.do("answer_extension", by="respondent", answer="yes", at=due + timedelta(seconds=1))
    tick(at=due + timedelta(minutes=1))
    assert (quarrel.case.state, quarrel.dispute.failed_as) == ("failed", "time_over")


def test_a_draft_taken_back_gives_no_fresh_time(quarrels: Quarrels) -> None:
    quarrel = quarrels(at=MONDAY).until("mediating", at=MONDAY)
    due = clock(quarrel).due_at
    quarrel.until("signing", at=MONDAY + timedelta(days=5))
    assert clock(quarrel).due_at == due
    quarrel.do("back_to_table", at=MONDAY + timedelta(days=6))
    assert clock(quarrel).due_at == due


def test_a_suspected_sham_stands_still_until_the_desk_has_judged(at_table: Quarrel) -> None:
    due = clock(at_table).due_at
    at_table.do("suspect", reason="双方说辞一致,疑似串通")
    assert (at_table.case.state, clock(at_table).state) == ("suspended", "paused")
    assert "串通" not in at_table.words("applicant") and "串通" in at_table.words("clerk")
    at_table.do("clear", reason="查无此事")
    assert at_table.case.state == "mediating" and clock(at_table).due_at >= due
    at_table.do("suspect", reason="又有新证据")
    assert at_table.do("stop_sham", by="clerk", reason="属实").state == "failed"
    assert at_table.dispute.sham
    assert WaysOn.formula(failed_as="other", kind="neighbour", sham=True).ways == ("none",)


def test_a_danger_goes_to_the_police_of_the_place_and_nothing_stops(at_table: Quarrel, constable: Account) -> None:
    state, police = at_table.case.state, Unit.objects.get(code="police-e")
    at_table.cast.people["constable"] = constable
    at_table.do("offer", by="applicant", amount="5000", text="绝不外传的让步")
    at_table.do("danger", danger="被申请人扬言放火", now="on")
    case = at_table.case
    assert (case.state, case.joint, case.urgent) == (state, [police.pk], True)
    words = at_table.words("constable")
    assert "放火" in words and "让步" not in words and "围墙" not in words and "吴邻居" not in words
    assert Notice.objects.filter(unit=police, code="danger").exists()
    assert "放火" not in at_table.words("applicant")
    at_table.do("answer_danger", by="constable", reason="已上门训诫")
    assert at_table.case.joint == [] and Task.objects.get(code="danger").outcome == "answered"
    with pytest.raises(NotThere):
        at_table.do("answer_danger", by="constable", reason="再看看")


def test_where_no_police_are_known_the_desk_hears_of_the_danger(at_table: Quarrel) -> None:
    assert at_table.do("danger", danger="扬言放火").joint == []
    assert Notice.objects.filter(unit=at_table.case.desk_id, code="danger").exists()


@pytest.mark.parametrize("cause", Dispute.Failure.values)
def test_each_of_the_eight_ways_to_fail_says_what_comes_next(at_table: Quarrel, cause: str) -> None:
    at_table.do("offer", by="applicant", amount="5000")
    at_table.do("fail", cause=cause, note="双方差距太大")
    dispute = at_table.dispute
    assert (at_table.case.state, dispute.failed_as, dispute.open_offer) == ("failed", cause, None)
    assert WaysOn.formula(failed_as=cause, kind=dispute.kind).ways


def test_labour_goes_to_arbitration_and_land_to_the_government_before_any_court() -> None:
    assert WaysOn.formula(failed_as="time_over", kind="labour").ways[0] == "arbitration"
    assert WaysOn.formula(failed_as="wide_gap", kind="land").ways[0] == "administrative"
    assert WaysOn.formula(failed_as="wide_gap", kind="loan").ways[0] == "court"
    assert "anew" not in WaysOn.formula(failed_as="unwilling", kind="loan").ways
    assert WaysOn.formula(failed_as="agreed", kind="loan").ways == ("none",)


def test_another_reason_is_said_in_words(at_table: Quarrel) -> None:
    with pytest.raises(Invalid):
        at_table.do("fail", cause="other", note="")


def test_its_facts_name_nobody(at_table: Quarrel) -> None:
    at_table.do("add_agent", by="mediator", whom=str(at_table.party("applicant").pk), name="甲律师")
    at_table.do("offer", by="respondent", amount="100")
    at_table.do("caucus", side="respondent", note="吴邻居说愿意退让")
    facts = str([one.entry.facts for one in at_table.told("mediator")])
    people = ("林居民", "吴邻居", "甲律师", "许调解", "13800000001", "退让")
    assert not any(word in facts for word in people)
