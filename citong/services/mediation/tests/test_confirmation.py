"""Before the court: who asks, until when, which court, on what grounds it says no, what follows from each answer."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from citong.core.cases.models import Case, Task
from citong.core.clocks.calendar import calendar
from citong.core.clocks.models import Clock
from citong.core.flow.act import possible
from citong.core.flow.refusal import Invalid, NotAllowed, NotThere, WrongState
from citong.core.flow.watch import tick
from citong.core.papers.certificates import path_of as certificate_path
from citong.core.papers.check import check
from citong.core.people.access import Purpose, scope
from citong.core.people.models import Unit
from citong.core.places.current import city, day_of
from citong.core.places.models import Division
from citong.kit.calendar import WorkCalendar
from citong.services.mediation.agreements import current
from citong.services.mediation.courts import courts_for
from citong.services.mediation.grounds import NOT_TAKEN_UP, REJECTED
from citong.services.mediation.models import Confirmation, Objection
from citong.services.mediation.rules.agreements import ObjectedInTime, later, window_ends
from citong.services.mediation.tests.on_paper import TWO_POINTS, kinds, papers_of, text_of
from citong.web.desk.tabs import Tabs
from tests.disputes import Quarrel

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 sealed by hand"
DAYS = WorkCalendar()
NUMBER = "（2026）闽0599民特31号"


def asked(quarrel: Quarrel) -> Confirmation:
    return Confirmation.objects.select_related("court").filter(agreement__case=quarrel.id).latest("asked_at")


def window(effective_at: datetime) -> datetime:
    """When the window of an agreement ends, by the town's own calendar."""
    return window_ends(effective_at, city=city().parameters, days=calendar())


def acts(quarrel: Quarrel, who: Any) -> set[str]:
    """What this person can do now."""
    return {one.name for one in possible(quarrel.case, quarrel.actor(who))}


@pytest.fixture
def agreed(quarrel: Quarrel) -> Quarrel:
    """An agreement of two points is in effect."""
    quarrel.until("mediating").do("draft", terms=TWO_POINTS)
    return quarrel.until("effective")


@pytest.fixture
def before_judge(agreed: Quarrel) -> Quarrel:
    return agreed.until("confirm_accepted")


def test_all_parties_apply_for_one_paper_and_only_then_does_the_court_have_it(agreed: Quarrel) -> None:
    assert agreed.do("apply_confirmation", by="applicant").state == "effective"
    with pytest.raises(NotThere):
        agreed.do("court_accept")
    with pytest.raises(WrongState, match="has signed this paper already"):
        agreed.do("apply_confirmation", by="applicant")
    case = agreed.do("apply_confirmation", by="respondent")
    assert (case.state, case.joint) == ("confirm_applied", [agreed.mediators.court.pk])
    found = asked(agreed)
    assert found.applied_at is not None and found.court == agreed.mediators.court
    assert Task.objects.get(case=case, code="confirmation").unit == found.court
    text = text_of(papers_of(agreed.id, "confirmation_application")[0])
    assert "东区人民法院" in text and "吴邻居于2030年6月30日前拆除" in text
    assert all(one.holds for one in check(papers_of(agreed.id, "confirmation_application")[0]))


def test_whoever_names_another_court_asks_the_other_side_anew(agreed: Quarrel) -> None:
    west = Unit.objects.create(
        code="court-w", name="西区人民法院", function="court", level="district", division=Division.objects.get(code="w")
    )
    agreed.do("apply_confirmation", by="applicant")
    first = asked(agreed)
    assert agreed.do("apply_confirmation", by="respondent", court="court-w").state == "effective"
    first.refresh_from_db()
    assert first.ended_at is not None and asked(agreed).court == west
    assert agreed.do("apply_confirmation", by="applicant").joint == [west.pk]


def test_the_likeliest_court_is_the_one_that_invited_then_the_one_of_the_district(
    quarrels: Callable[..., Quarrel],
) -> None:
    place = {"level": "district", "division": Division.objects.get(code="w")}
    west = Unit.objects.create(code="court-w", name="一区人民法院", function="court", **place)
    sea = Unit.objects.create(code="sea", name="海事法院", function="maritime_court", **place)
    quarrel = quarrels().until("mediating")
    assert courts_for(quarrel.case) == [quarrel.mediators.court, west]
    quarrel.mediators.bodies["village-e1"].inviting_court = west
    quarrel.mediators.bodies["village-e1"].save()
    assert courts_for(quarrel.case) == [west, quarrel.mediators.court]
    at_sea = quarrels(kind="maritime", mediator="sea").until("mediating")
    assert courts_for(at_sea.case)[0] == sea


def test_after_thirty_days_going_to_court_is_what_is_left(agreed: Quarrel) -> None:
    at = agreed.case.fed_back_at
    assert at is not None
    last = window(at)
    agreed.do("apply_confirmation", by="applicant", at=last)
    with pytest.raises(WrongState, match="thirty days to apply for confirmation are over"):
        agreed.do("apply_confirmation", by="respondent", at=last + timedelta(seconds=1))
    tick(at=last + timedelta(minutes=1))
    assert not agreed.case.late
    assert Clock.objects.get(subject=agreed.id, code="confirm").state == Clock.State.MET
    agreed.do("breach", by="applicant")
    assert "sue" in acts(agreed, "applicant") and "enforce" not in acts(agreed, "applicant")


@pytest.mark.parametrize("ground", [one.code for one in NOT_TAKEN_UP])
def test_the_court_does_not_take_it_up_on_a_ground_of_the_law(agreed: Quarrel, ground: str) -> None:
    began = agreed.case.fed_back_at
    assert began is not None
    agreed.until("confirm_applied")
    case = agreed.do("court_refuse", ground=ground, ruling_number=NUMBER)
    assert (case.state, case.joint) == ("effective", [])
    found = asked(agreed)
    assert (found.ground, found.ruling_number, found.ended_at is not None) == (ground, NUMBER, True)
    text = text_of(papers_of(agreed.id, "confirmation_refusal")[0])
    assert next(one.words for one in NOT_TAKEN_UP if one.code == ground) in text and "不予受理" in text
    clock = Clock.objects.get(subject=agreed.id, code="confirm", stopped_at=None)
    assert clock.due_at == window(began)  # the thirty days do not begin anew
    with pytest.raises(NotThere):
        agreed.do("court_accept")
    if ground == NOT_TAKEN_UP[0].code:
        assert agreed.until("confirm_applied").case.joint == [agreed.mediators.court.pk]


def test_no_ground_no_refusal(agreed: Quarrel) -> None:
    agreed.until("confirm_applied")
    for said in ({"ground": ""}, {"ground": "because"}, {"ruling_number": ""}):
        with pytest.raises(Invalid):
            agreed.do("court_refuse", **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("ground", [one.code for one in REJECTED])
def test_a_rejected_agreement_binds_still_but_no_court_confirms_it_any_more(before_judge: Quarrel, ground: str) -> None:
    case = before_judge.do("rule_reject", ground=ground, ruling_number=NUMBER, reason="理由")
    assert (case.state, case.joint, asked(before_judge).ruling) == ("effective", [], "reject")
    text = text_of(papers_of(before_judge.id, "confirmation_refusal")[0])
    assert next(one.words for one in REJECTED if one.code == ground) in text and "驳回" in text
    assert "apply_confirmation" not in acts(before_judge, "applicant")
    with pytest.raises(WrongState, match="has rejected this agreement"):
        before_judge.do("apply_confirmation", by="applicant")
    before_judge.do("breach", by="applicant")
    assert {"sue"} <= acts(before_judge, "applicant") and "enforce" not in acts(before_judge, "applicant")


def test_after_a_rejection_both_return_to_the_table_and_what_they_agree_then_can_be_confirmed(
    before_judge: Quarrel,
) -> None:
    rejected = asked(before_judge).agreement
    before_judge.do("rule_reject", ground=REJECTED[0].code, ruling_number=NUMBER, reason="理由")
    assert [one.code for one in Clock.objects.filter(subject=before_judge.id, stopped_at=None)] == ["perform"]
    case = before_judge.do("renew", reason="双方愿意重新协商")
    assert (case.state, case.fed_back_at, current(before_judge.id)) == ("mediating", None, None)
    assert [one.code for one in Clock.objects.filter(subject=before_judge.id, stopped_at=None)] == ["mediate"]
    rejected.refresh_from_db()
    assert rejected.void_at is not None and rejected.paper is not None and rejected.paper.void_at is not None
    before_judge.do("draft", terms=TWO_POINTS)
    before_judge.each("sign")
    before_judge.do("sign", by="mediator")
    before_judge.each("apply_confirmation")
    before_judge.do("court_accept")
    assert before_judge.do("rule_confirm", ruling_number=NUMBER).state == "confirmed"


def test_an_agreement_that_no_court_rejected_binds(agreed: Quarrel) -> None:
    with pytest.raises(WrongState, match="No court has rejected"):
        agreed.do("renew")


def test_a_court_has_a_case_in_its_inbox_while_it_owes_something(before_judge: Quarrel) -> None:
    def waits() -> bool:
        judge, now = before_judge.actor("judge"), timezone.now()
        tab = Tabs.of(judge, at=now).condition("unit")
        return Case.objects.filter(scope(judge, Purpose.HANDLING), tab, pk=before_judge.id).exists()

    assert waits()
    before_judge.do("rule_confirm", ruling_number=NUMBER)
    assert not waits()
    before_judge.do("object", by="respondent", reason="没有到场")
    assert waits()
    before_judge.do("decide_objection", outcome="dismissed")
    assert not waits()


def test_the_judge_hears_both_and_confirms_under_a_number_and_the_court_s_seal(before_judge: Quarrel) -> None:
    with pytest.raises(Invalid) as refusal:
        before_judge.do("rule_confirm", heard="", ruling_number="")
    assert set(refusal.value.errors) == {"heard", "ruling_number"}
    case = before_judge.do("rule_confirm", ruling_number=NUMBER, clerk="罗书记")
    assert (case.state, case.joint) == ("confirmed", [before_judge.mediators.court.pk])
    found = asked(before_judge)
    assert (found.ruling, found.ruling_number, found.ended_at) == ("confirm", NUMBER, None)
    ruling = papers_of(before_judge.id, "confirmation_ruling")[0]
    assert ruling.version == 2 and all(one.holds for one in check(ruling))
    for said in ("东区人民法院", NUMBER, "江法官", "吴邻居于2030年6月30日前拆除", "协议有效"):
        assert said in text_of(ruling)
    assert Task.objects.get(case=case, code="confirmation").outcome == "confirmed"


def test_a_court_without_a_certificate_adds_the_ruling_with_its_seal(before_judge: Quarrel) -> None:
    certificate_path(before_judge.mediators.court).unlink()
    with pytest.raises(Invalid) as refusal:
        before_judge.do("rule_confirm", ruling_number=NUMBER)
    assert set(refusal.value.errors) == {"photos"}
    files = MultiValueDict({"photos": [SimpleUploadedFile("ruling.pdf", PDF, "application/pdf")]})
    assert before_judge.do("rule_confirm", ruling_number=NUMBER, files=files).state == "confirmed"


@pytest.mark.parametrize("state", ["confirm_applied", "confirm_accepted"])
def test_an_application_can_be_taken_back_and_made_again_in_time(agreed: Quarrel, state: str) -> None:
    agreed.until(state)
    case = agreed.do("withdraw_confirmation", by="respondent")
    assert (case.state, case.joint) == ("effective", [])
    assert agreed.until("confirm_applied").case.state == "confirm_applied"


def test_only_a_judge_of_the_court_that_has_it_rules(before_judge: Quarrel) -> None:
    for who in ("mediator", "clerk", "supervisor", "head"):
        with pytest.raises((NotAllowed, NotThere)):
            before_judge.do("rule_confirm", by=who)


def test_the_judge_reads_what_was_handed_over_and_nothing_of_the_table(agreed: Quarrel) -> None:
    agreed.until("confirm_applied")
    read = agreed.words("judge")
    assert "apply_confirmation" in read and "draft" not in read and "围墙" not in read


@pytest.mark.parametrize("act", ["court_accept", "court_refuse", "rule_confirm", "rule_reject", "object", "enforce"])
def test_the_court_does_nothing_before_it_is_asked(agreed: Quarrel, act: str) -> None:
    with pytest.raises((NotThere, WrongState, NotAllowed)):
        agreed.do(act)


def test_a_party_objects_within_fifteen_days_and_the_court_decides(before_judge: Quarrel) -> None:
    at = timezone.now()
    before_judge.do("rule_confirm", ruling_number=NUMBER, at=at)
    with pytest.raises(WrongState, match="no objection to decide on"):
        before_judge.do("decide_objection")
    with pytest.raises(WrongState, match="within fifteen days"):
        before_judge.do("object", by="respondent", at=at + timedelta(days=19))
    before_judge.do("object", by="respondent", reason="没有到场", at=at + timedelta(days=15))
    with pytest.raises(WrongState, match="an objection already"):
        before_judge.do("object", by="applicant", at=at + timedelta(days=15))
    assert before_judge.do("decide_objection", outcome="dismissed").state == "confirmed"
    assert Objection.objects.get(confirmation=asked(before_judge)).outcome == "dismissed"


def test_somebody_else_objects_within_six_months_of_knowing(before_judge: Quarrel) -> None:
    before_judge.do("rule_confirm", ruling_number=NUMBER)
    day = day_of(timezone.now())
    with pytest.raises(Invalid):
        before_judge.do("object", by="judge", known_on=(day + timedelta(days=2)).isoformat())
    with pytest.raises(WrongState, match="six months"):
        before_judge.do("object", by="judge", known_on=(day - timedelta(days=200)).isoformat())
    before_judge.do("object", by="judge", known_on=(day - timedelta(days=100)).isoformat())
    assert Objection.objects.get().by == "other"


def test_a_ruling_that_is_set_aside_can_not_be_enforced(before_judge: Quarrel) -> None:
    before_judge.do("rule_confirm", ruling_number=NUMBER)
    before_judge.do("object", by="respondent")
    with pytest.raises(Invalid) as refusal:
        before_judge.do("decide_objection", outcome="set_aside", ruling_number="")
    assert set(refusal.value.errors) == {"ruling_number"}
    case = before_judge.do("decide_objection", outcome="set_aside", ruling_number="（2026）闽0599民特监1号")
    assert (case.state, case.joint, asked(before_judge).ended_at is not None) == ("effective", [], True)
    before_judge.do("breach", by="applicant")
    assert "enforce" not in acts(before_judge, "applicant") and "sue" in acts(before_judge, "applicant")


@given(known=st.dates(date(2024, 1, 1), date(2027, 12, 31)), after=st.integers(0, 400))
def test_the_days_to_object_end_on_a_working_day_and_never_earlier_than_the_law_says(known: date, after: int) -> None:
    on = known + timedelta(days=after)
    party = ObjectedInTime.formula(party=True, known_on=known, on=on, days=DAYS)
    other = ObjectedInTime.formula(party=False, known_on=known, on=on, days=DAYS)
    assert party or after > 15
    assert not party or on <= DAYS.next_working(known + timedelta(days=15))
    assert other or on > later(known, 6)
    assert not other or on <= DAYS.next_working(later(known, 6))


@pytest.mark.parametrize(
    ("day", "then"),
    [
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2026, 7, 1), date(2027, 1, 1)),
        (date(2027, 8, 29), date(2028, 2, 29)),
    ],
)
def test_six_months_later_is_the_same_day_or_the_last_of_the_month(day: date, then: date) -> None:
    assert later(day, 6) == then


def test_the_window_counts_from_effect_and_ends_at_the_close_of_its_last_day(town: Any) -> None:
    assert window(datetime(2027, 3, 1, 2, tzinfo=UTC)).date() == date(2027, 3, 31)


def test_papers_of_the_way_to_the_court_are_made_once_each(before_judge: Quarrel) -> None:
    before_judge.do("rule_confirm", ruling_number=NUMBER)
    made = kinds(papers_of(before_judge.id))
    assert made == [
        "application", "registration", "consent", "consent", "disclosure", "agreement", "confirmation_application",
        "confirmation_ruling",
    ]  # fmt: skip
    assert current(before_judge.id) is not None
