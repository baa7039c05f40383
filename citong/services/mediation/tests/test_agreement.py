"""From the draft to the agreement that binds: what stands in it, who signs it, in which order, and what voids it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from citong.core.cases.models import Case, Link, Party
from citong.core.clocks.models import Clock
from citong.core.files.store import path_of
from citong.core.flow.act import possible
from citong.core.flow.refusal import Invalid, NotAllowed, WrongState
from citong.core.ledger.read import faults, history
from citong.core.papers.certificates import path_of as certificate_path
from citong.core.papers.check import check
from citong.core.papers.models import Paper, PaperSignature
from citong.core.papers.write import newest
from citong.services.mediation.agreements import current, points_of
from citong.services.mediation.grounds import CHECKS
from citong.services.mediation.models import Agreement, Dispute, PartyDetails
from citong.services.mediation.parties import identified
from citong.services.mediation.terms import Owed, TermsField, TermsInput, called, line, what_of
from citong.services.mediation.tests.on_paper import TWO_POINTS, kinds, papers_of, text_of
from tests.disputes import Quarrel

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 stamped by hand"


def draft_of(quarrel: Quarrel) -> Agreement:
    found = current(quarrel.id)
    assert found is not None
    return found


def paper_of(quarrel: Quarrel) -> Paper:
    paper = draft_of(quarrel).paper
    assert paper is not None
    return paper


@pytest.fixture
def drafted(quarrel: Quarrel) -> Quarrel:
    """Two points are drafted and wait for signatures."""
    quarrel.until("mediating")
    quarrel.do("draft", terms=TWO_POINTS, about="墙与路", performance="墙由被申请人自行拆除")
    return quarrel


def test_a_draft_says_who_does_what_how_much_and_until_when(drafted: Quarrel) -> None:
    found = draft_of(drafted)
    assert (found.version, found.settles, found.perform_by, found.effective_at) == (1, "all", date(2030, 6, 30), None)
    rows = [(one.obligation.party and one.obligation.party.name, one.obligation.amount) for one in points_of(found)]
    assert rows == [("吴邻居", None), ("林居民", 80_000)]
    text = text_of(paper_of(drafted))
    for said in (
        "吴邻居于2030年6月30日前拆除外移的墙体",
        "人民币800.00元（大写：捌佰元整）",
        "墙由被申请人自行拆除",
        "墙与路",
    ):
        assert said in text


def test_no_word_of_a_draft_stands_outside_of_the_ledger_s_words(drafted: Quarrel) -> None:
    entry = next(one for one in history(drafted.id) if one.entry.act == "draft")
    assert "拆除" not in str(entry.entry.facts) and "吴邻居" not in str(entry.entry.facts)
    assert entry.entry.facts["amounts"] == [80_000]
    assert "拆除外移的墙体" in str(entry.words)


def test_a_mediator_makes_sure_of_each_point_before_anybody_signs(quarrel: Quarrel) -> None:
    quarrel.until("mediating")
    fields = ("is_willing", "is_able", "is_lawful", "harms_nobody", "is_clear", "is_true")
    assert len(fields) == len(CHECKS) and all(str(one.source) for one in CHECKS.values())
    with pytest.raises(Invalid) as refusal:
        quarrel.do("draft", **dict.fromkeys(fields, ""))  # type: ignore[arg-type]
    assert set(refusal.value.errors) == set(fields)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"amount": "5"}, "say what is to be done"),
        ({"what": "还钱", "amount": "五元", "due": "2030-01-01"}, "write the amount"),
        ({"what": "还钱", "amount": "5"}, "until when"),
        ({"what": "还钱", "due": "明天"}, "write the day"),
        ({"what": "还钱", "by": "nobody"}, "choose who owes it"),
        ({"what": "长" * 501}, "at most 500"),
        ("还钱", "at most 24 points"),
    ],
)
def test_a_point_that_is_unclear_is_sent_back_with_its_number(row: Any, fault: str) -> None:
    with pytest.raises(Exception, match=fault):
        TermsField().clean(json.dumps([row]))
    with pytest.raises(Exception, match="one point at least"):
        TermsField().clean("[]")


def test_the_form_gives_back_the_rows_that_were_filled_in() -> None:
    sent = {"terms-0-what": "还钱", "terms-0-amount": "5", "terms-0-due": "2030-01-01", "terms-2-what": "道歉"}
    rows = TermsInput().value_from_datadict(sent, {}, "terms")
    assert [(one.what, one.amount) for one in TermsField().clean(rows)] == [("还钱", 500), ("道歉", None)]
    drawn = TermsInput().render("terms", rows, {"id": "id_terms"})
    assert drawn.count("<fieldset") == 24 and 'for="id_terms-0-what"' in drawn and "道歉" in drawn
    assert line(Owed("道歉"), called(None)) == "各方当事人道歉"


@pytest.mark.parametrize(
    ("owed", "said"),
    [
        (Owed("拆墙", due_on=date(2030, 6, 30)), "吴邻居于2030年6月30日前拆墙"),
        (Owed("拆墙"), "吴邻居拆墙"),
        (Owed("双方不再堆物"), "双方不再堆物"),
        (Owed("各方互不追究", due_on=date(2030, 1, 1)), "于2030年1月1日前各方互不追究"),
    ],
)
def test_a_point_is_a_sentence_from_which_it_is_read_back(owed: Owed, said: str) -> None:
    assert line(owed, "吴邻居") == said
    assert what_of(said, replace(owed, what=""), "吴邻居") == owed.what


def test_parties_sign_in_any_order_and_the_mediator_last_then_the_seal_is_on_it(drafted: Quarrel) -> None:
    with pytest.raises(WrongState, match="林居民、吴邻居"):
        drafted.do("sign", by="mediator")
    drafted.do("sign", by="respondent")
    with pytest.raises(WrongState, match="林居民"):
        drafted.do("sign", by="mediator")
    assert drafted.do("sign", by="applicant").state == "signing"
    assert drafted.do("sign", by="mediator").state == "effective"
    found = draft_of(drafted)
    assert found.effective_at == drafted.case.fed_back_at and drafted.dispute.agreed_at == found.effective_at
    signed = PaperSignature.objects.filter(paper__number=paper_of(drafted).number).order_by("signed_at", "id")
    assert [(one.side, one.name, one.method) for one in signed] == [
        ("respondent", "吴邻居", "drawn"), ("applicant", "林居民", "drawn"), ("mediator", "许调解", "drawn"),
        ("body", "东一社区调委会", "certificate"),
    ]  # fmt: skip
    assert all(one.holds for one in check(newest(paper_of(drafted))))


def test_nobody_signs_twice_or_for_others(drafted: Quarrel) -> None:
    drafted.do("sign", by="applicant")
    with pytest.raises(WrongState, match="has signed this paper already"):
        drafted.do("sign", by="applicant")
    with pytest.raises(NotAllowed):
        drafted.do("sign", by="clerk")


def test_whoever_signs_has_been_shown_the_very_paper(drafted: Quarrel) -> None:
    shown = paper_of(drafted).sha256
    drafted.do("draft", terms=TWO_POINTS, about="墙、路与花盆")
    with pytest.raises(Invalid) as refusal:
        drafted.do("sign", by="applicant", paper=shown)
    assert "changed meanwhile" in refusal.value.errors["paper"][0]
    with pytest.raises(Invalid) as refusal:
        drafted.do("sign", by="applicant", read="")
    assert "read" in refusal.value.errors


def test_a_new_draft_voids_the_one_before_with_its_signatures(drafted: Quarrel) -> None:
    before = paper_of(drafted)
    drafted.do("sign", by="applicant")
    drafted.do("draft", terms='[{"what": "各自维护通道", "due": ""}]')
    before.refresh_from_db()
    assert before.void_at is not None and draft_of(drafted).version == 2
    with pytest.raises(WrongState, match="林居民"):
        drafted.do("sign", by="mediator")
    assert drafted.each("sign").state == "signing"
    assert drafted.do("sign", by="mediator").state == "effective"


def test_a_new_draft_begins_with_the_points_of_the_one_before(drafted: Quarrel) -> None:
    from citong.services.mediation.forms import AgreementForm

    form = AgreementForm(case=drafted.case, actor=drafted.actor("mediator"))
    assert form.initial["about"] == "墙与路" and form.initial["performance"] == "墙由被申请人自行拆除"
    again = form.fields["terms"].clean(form.initial["terms"])
    assert [(one.what, one.amount, one.due_on) for one in again] == [
        ("拆除外移的墙体，把路恢复到一米七", None, date(2030, 6, 30)), ("赔偿花盆损失", 80_000, date(2030, 5, 31)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "by", "state"),
    [
        ("back_to_table", "mediator", "mediating"),
        ("refuse", "respondent", "failed"),
        ("fail", "mediator", "failed"),
        ("suspect", "mediator", "suspended"),
    ],
)
def test_a_draft_is_void_once_the_table_is_left(drafted: Quarrel, act: str, by: str, state: str) -> None:
    drafted.do("sign", by="applicant")
    before = paper_of(drafted)
    assert drafted.do(act, by=by).state == state
    before.refresh_from_db()
    assert before.void_at is not None and current(drafted.id) is None


def test_a_paper_that_was_changed_on_the_disk_can_not_be_signed(drafted: Quarrel) -> None:
    path = path_of(paper_of(drafted).sha256)
    path.write_bytes(path.read_bytes().replace(b"/Type", b"/Tipe", 1))
    with pytest.raises(WrongState, match="was changed after it was made"):
        drafted.do("sign", by="applicant")


def test_a_body_without_a_certificate_adds_the_paper_with_its_stamp(drafted: Quarrel) -> None:
    certificate_path(drafted.mediators.bodies["village-e1"].unit).unlink()
    drafted.each("sign")
    with pytest.raises(Invalid) as refusal:
        drafted.do("sign", by="mediator")
    assert "stamp" in refusal.value.errors["photos"][0]
    files = MultiValueDict({"photos": [SimpleUploadedFile("agreement.pdf", PDF, "application/pdf")]})
    assert drafted.do("sign", by="mediator", files=files).state == "effective"
    last = newest(paper_of(drafted))
    assert last.version == 2 and all(one.holds for one in check(last))  # with what all have drawn, without a seal


def test_an_agent_signs_with_full_authority_alone_and_in_the_party_s_name(drafted: Quarrel) -> None:
    whom = drafted.party("respondent")
    agent = Party.objects.create(case=drafted.case, role="agent", side="respondent", name="郑律师", speaks_for=whom)
    details = PartyDetails.objects.create(party=agent, authority="general")
    with pytest.raises(NotAllowed, match="special authority"):
        drafted.do("sign", by="郑律师")
    PartyDetails.objects.filter(pk=details.pk).update(authority="special")
    drafted.do("sign", by="郑律师")
    signed = PaperSignature.objects.get(party=whom.pk)
    assert (signed.name, signed.role) == ("吴邻居", "代理人郑律师")
    with pytest.raises(WrongState):
        drafted.do("sign", by="respondent")


def test_performance_is_watched_until_the_last_day_and_confirmation_may_be_asked_for_thirty_days(
    drafted: Quarrel,
) -> None:
    drafted.each("sign")
    drafted.do("sign", by="mediator", at=datetime(2027, 3, 1, 2, tzinfo=UTC))
    clocks = {one.code: one for one in Clock.objects.filter(subject=drafted.id, stopped_at=None)}
    assert set(clocks) == {"confirm", "perform"}
    assert clocks["perform"].due_at.date() in (date(2030, 6, 30), date(2030, 7, 1))  # a Sunday goes over to Monday
    assert clocks["confirm"].due_at.date() == date(2027, 3, 31)


def test_what_is_agreed_by_word_of_mouth_is_recorded_with_the_word_of_each(quarrel: Quarrel) -> None:
    quarrel.until("mediating")
    with pytest.raises(Invalid) as refusal:
        quarrel.do("agree_orally", terms=TWO_POINTS, word_1="")
    assert set(refusal.value.errors) == {"word_1"}
    with pytest.raises(Invalid) as refusal:
        quarrel.do("agree_orally", terms=TWO_POINTS, reached_on="2999-01-01")
    assert set(refusal.value.errors) == {"reached_on"}
    assert quarrel.do("agree_orally", terms=TWO_POINTS).state == "effective"
    found = draft_of(quarrel)
    assert found.oral and found.effective_at is not None
    text = text_of(papers_of(quarrel.id, "record")[-1])
    assert "口头协议" in text and "林居民：以上内容属实，本人同意" in text and "拆除外移的墙体" in text
    assert "apply_confirmation" not in [one.name for one in possible(quarrel.case, quarrel.applicant)]
    assert [one.code for one in Clock.objects.filter(subject=quarrel.id, stopped_at=None)] == ["perform"]


def test_an_agreement_in_part_says_what_remains_and_that_goes_on_as_a_case_of_its_own(quarrel: Quarrel) -> None:
    quarrel.until("mediating")
    with pytest.raises(Invalid) as refusal:
        quarrel.do("draft", terms=TWO_POINTS, settles="part", remains="")
    assert set(refusal.value.errors) == {"remains"}
    with pytest.raises(Invalid) as refusal:
        quarrel.do("draft", terms=TWO_POINTS, settles="all", remains="排水沟的费用")
    assert set(refusal.value.errors) == {"settles"}
    quarrel.do("draft", terms=TWO_POINTS, settles="part", remains="排水沟的费用")
    assert "没有达成一致的事项" in text_of(paper_of(quarrel))
    quarrel.each("sign")
    assert quarrel.do("sign", by="mediator").state == "effective"
    rest = draft_of(quarrel).rest
    assert rest is not None and Link.objects.filter(first=quarrel.id, second=rest, kind="split").exists()
    other = Quarrel(quarrel.cast, quarrel.mediators, rest.pk, "")
    assert (other.case.state, other.case.holder_id, other.case.title) == (
        "failed",
        quarrel.case.holder_id,
        quarrel.case.title,
    )
    assert [one.words for one in history(rest.pk)] == [{"text": "排水沟的费用"}]
    assert {one.code for one in Clock.objects.filter(subject=rest.pk, stopped_at=None)} == {"hand_on"}
    assert kinds(papers_of(rest.pk)) == ["failure"] and rest.number in text_of(papers_of(rest.pk)[0])
    assert [one.name for one in other.parties()] == ["林居民", "吴邻居"]
    assert identified(other.party("respondent")).phone == "13800000002"
    assert (other.dispute.failed_as, Dispute.objects.get(case=quarrel.id).failed_as) == ("wide_gap", "")
    assert list(faults([one.entry for one in history(rest.pk)])) == []
    assert other.do("file_to_court").state == "filing"
    assert set(kinds(papers_of(rest.pk))) == {"failure", "referral", "file_index"}


def test_nothing_is_signed_before_there_is_a_draft_or_after_it_binds(quarrel: Quarrel) -> None:
    quarrel.until("mediating")
    with pytest.raises(WrongState):
        quarrel.do("sign", by="applicant")
    quarrel.until("effective")
    for act in ("draft", "back_to_table", "sign"):
        with pytest.raises(WrongState):
            quarrel.do(act, by="mediator")
    assert Case.objects.get(pk=quarrel.id).state == "effective"
