"""A dispute that was not settled goes to court with its papers, and with nothing that was offered, conceded or said."""

import json
from collections.abc import Callable

import pytest

from citong.core.cases.models import Task
from citong.core.flow.reading import told
from citong.core.flow.refusal import Invalid, NotThere, WrongState
from citong.core.papers.models import Paper
from citong.services.mediation.papers_made import MADE
from citong.services.mediation.shelf import readable
from citong.services.mediation.tests.on_paper import kinds, papers_of, text_of
from tests.disputes import Quarrel

pytestmark = pytest.mark.django_db
# Words that stand nowhere but where they are planted, and never before a court.
SECRETS = {
    "consent": "蓝鲸", "accept": "红枫", "hold_session": "白鹭", "caucus": "黑豹", "confide": "银杏", "offer": "金桂",
    "answer_offer": "青瓷", "draft": "紫檀", "back_to_table": "绿萝", "fail": "雪松", "note": "榕树",
    "disputed": "海棠", "ask_extension": "碧桃",
}  # fmt: skip
UNDISPUTED = "通道原宽一米八"


@pytest.fixture
def failed(quarrel: Quarrel) -> Quarrel:
    """A dispute that failed after offers, a session, talks apart, a draft that one side signed, and facts."""
    say = SECRETS
    quarrel.until("offered").each("consent", note=say["consent"])
    quarrel.until("assigned").do("accept", note=say["accept"])
    quarrel.do("facts", text=say["disputed"])
    quarrel.do("agree_facts", by="applicant")
    quarrel.do("facts", text=UNDISPUTED)
    quarrel.each("agree_facts")
    quarrel.do("hold_session", session="unset", record=say["hold_session"], result=say["hold_session"])
    quarrel.do("caucus", side="respondent", note=say["caucus"])
    quarrel.do("confide", by="respondent", note=say["confide"])
    quarrel.do("offer", by="respondent", amount="4321", text=say["offer"])
    quarrel.do("answer_offer", by="applicant", answer="decline", note=say["answer_offer"])
    quarrel.do("ask_extension", reason=say["ask_extension"])
    quarrel.do("note", note=say["note"])
    quarrel.do("draft", terms=json.dumps([{"what": say["draft"], "amount": "4321", "due": "2030-01-01"}]))
    quarrel.do("sign", by="respondent")
    quarrel.do("back_to_table", reason=say["back_to_table"])
    quarrel.do("fail", cause="wide_gap", note=say["fail"])
    return quarrel


def secrets_in(text: str) -> set[str]:
    return {act for act, word in SECRETS.items() if word in text} | (
        {"amount"} if "4321" in text or "4,321" in text else set()
    )


def test_every_secret_was_planted(failed: Quarrel) -> None:
    assert secrets_in(failed.words("mediator")) == {*SECRETS, "amount"}


def test_the_court_has_the_papers_and_what_all_hold_undisputed_and_nothing_of_the_table(failed: Quarrel) -> None:
    with pytest.raises(NotThere):
        failed.do("court_file")
    case = failed.do("file_to_court", costs="")
    assert (case.state, case.joint) == ("filing", [failed.mediators.court.pk])
    judge = failed.actor("judge")
    read = failed.words(judge)
    assert secrets_in(read) == set()
    papers = readable(failed.case, judge)
    assert set(kinds(papers)) == {"application", "consent", "undisputed_facts", "failure", "referral", "file_index"}
    for paper in papers:
        assert secrets_in(text_of(paper)) == set(), paper
    facts = [paper for paper in papers if paper.kind == "undisputed_facts"]
    assert len({paper.number for paper in facts}) == 1 and UNDISPUTED in text_of(facts[-1])


def test_no_paper_but_those_of_the_table_bears_what_was_said_there(failed: Quarrel) -> None:
    failed.do("file_to_court")
    found: dict[str, set[str]] = {}
    for paper in Paper.objects.filter(subject=failed.id):
        found.setdefault(paper.kind, set()).update(secrets_in(text_of(paper)))
    assert {kind: acts for kind, acts in found.items() if acts} == {
        "record": {"hold_session"}, "agreement": {"draft", "amount"}, "undisputed_facts": {"disputed"},
    }  # fmt: skip
    assert "agreement" not in kinds(readable(failed.case, failed.actor("judge")))


def test_a_third_file_index_names_all_that_went_along(failed: Quarrel) -> None:
    failed.do("file_to_court")
    index = papers_of(failed.id, "file_index")[-1]
    letter = papers_of(failed.id, "referral")[-1]
    handed = [one for one in readable(failed.case, failed.actor("judge")) if one.kind != "file_index"]
    assert all(one.number in text_of(index) for one in handed)
    assert "不随案移送" in text_of(letter) and letter.version == 2  # under the body's seal


def test_facts_that_not_all_agreed_to_are_no_undisputed_facts(quarrel: Quarrel) -> None:
    quarrel.until("mediating").do("facts", text="有争议的事")
    quarrel.do("agree_facts", by="applicant")
    quarrel.until("failed").do("file_to_court")
    assert "undisputed_facts" not in kinds(readable(quarrel.case, quarrel.actor("judge")))
    assert "已另行记载" not in text_of(papers_of(quarrel.id, "failure")[-1])


def test_the_court_registers_the_action_under_a_number(failed: Quarrel) -> None:
    failed.do("file_to_court")
    with pytest.raises(Invalid):
        failed.do("court_file", court_number="")
    case = failed.do("court_file", court_number="（2026）闽0599民初7号")
    assert (case.state, case.open) == ("filed", False)
    assert Task.objects.get(case=case, code="filing").outcome == "registered"
    assert "（2026）闽0599民初7号" in failed.words("applicant")


def test_a_court_of_another_place_sees_nothing(failed: Quarrel, quarrels: Callable[..., Quarrel]) -> None:
    with pytest.raises(Invalid):
        failed.do("file_to_court", court="centre-e")
    assert readable(failed.case, failed.actor("judge")) == []
    assert all(one.veiled for one in told(failed.case, failed.actor("judge")))


def test_a_case_that_did_not_fail_does_not_go_to_court(quarrel: Quarrel) -> None:
    quarrel.until("mediating")
    with pytest.raises(WrongState):
        quarrel.do("file_to_court", by="mediator")


def test_the_table_of_papers_names_known_kinds_and_acts() -> None:
    from citong.core.cases.registry import case_type
    from citong.services.mediation.papers import PAPERS

    acts = case_type("mediation").acts
    assert set(MADE) <= set(acts)
    made = {one.kind for row in MADE.values() for one in row} | {"failure", "commercial_agreement"}
    assert made == set(PAPERS)
