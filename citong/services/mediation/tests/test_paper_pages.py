"""The papers of a case at the browser: who gets which, what the pages say of them, and a paper that was changed."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citong.core.files.store import path_of
from citong.core.papers.models import Paper, PaperSignature
from citong.core.papers.tests.conftest import change
from citong.core.people.models import Look
from citong.services.mediation.tests.conftest import At
from citong.services.mediation.tests.on_paper import TWO_POINTS, papers_of
from citong.web.asking import PARTIES
from tests.disputes import Quarrel

pytestmark = pytest.mark.django_db
Come = Callable[[str], Client]


@pytest.fixture
def come(at: At, quarrel: Quarrel) -> Come:
    """`come("respondent")` is a party without an account who came in by their slip; others sign in."""

    def comes(who: str) -> Client:
        client = at("" if who in ("applicant", "respondent") else who)
        if who in ("applicant", "respondent"):
            session = client.session
            session[PARTIES] = [str(quarrel.party(who).pk)]
            session.save()
        return client

    return comes


@pytest.fixture
def agreed(quarrel: Quarrel) -> Quarrel:
    quarrel.until("mediating").do("draft", terms=TWO_POINTS)
    return quarrel.until("effective")


def address(quarrel: Quarrel, paper: Paper, more: str = ".pdf") -> str:
    return f"/mediation/{quarrel.case.number}/papers/{paper.pk}{more}"


def page(quarrel: Quarrel, client: Client, *, party: bool) -> str:
    """The page of the case, as staff or as a party."""
    return client.get(
        f"/track/{quarrel.case.number}/" if party else f"/desk/case/{quarrel.case.number}/"
    ).content.decode()


def test_both_sides_and_the_mediator_get_the_agreement_and_nobody_else_does(agreed: Quarrel, come: Come) -> None:
    paper = papers_of(agreed.id, "agreement")[0]
    for who in ("applicant", "respondent", "committee"):
        answer = come(who).get(address(agreed, paper))
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF"), who
        assert answer["Content-Type"] == "application/pdf" and answer["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]
    for who in ("", "supervisor", "head", "elder", "west", "judge", "grid_worker", "outsider"):
        assert come(who).get(address(agreed, paper)).status_code == 404, who


def test_a_look_at_a_paper_is_on_record(agreed: Quarrel, come: Come) -> None:
    come("committee").get(address(agreed, papers_of(agreed.id)[0]))
    assert Look.objects.filter(subject=agreed.id, account=agreed.mediators.committee.id).count() == 1
    come("applicant").get(address(agreed, papers_of(agreed.id)[0]))
    assert Look.objects.filter(subject=agreed.id).count() == 1


def test_the_police_s_paper_is_for_no_party(agreed: Quarrel, come: Come) -> None:
    agreed.do("danger", danger="扬言要打人")
    paper = papers_of(agreed.id, "danger")[0]
    assert come("committee").get(address(agreed, paper)).status_code == 200
    assert come("applicant").get(address(agreed, paper)).status_code == 404
    assert "危险情况报告" not in page(agreed, come("applicant"), party=True)


def test_the_pages_list_papers_with_who_signed_them(agreed: Quarrel, come: Come) -> None:
    for text in (page(agreed, come("committee"), party=False), page(agreed, come("respondent"), party=True)):
        assert "人民调解协议书" in text and "Signed by 林居民、吴邻居、许调解." in text
        assert "Sealed by 东一社区调委会." in text and "In effect since" in text
        assert "拆除外移的墙体" in text and "800.00 yuan" in text and "changed afterwards" not in text


def test_a_draft_says_for_whom_it_waits(quarrel: Quarrel, come: Come) -> None:
    quarrel.until("signing").do("sign", by="applicant")
    text = page(quarrel, come("respondent"), party=True)
    assert "Signed by 林居民." in text and "Waits for 吴邻居、许调解" in text and "Draft 1" in text


def test_the_judge_finds_agreement_application_and_consents_and_no_other_paper(agreed: Quarrel, come: Come) -> None:
    agreed.until("confirm_applied")
    text = page(agreed, come("judge"), party=False)
    for said in (
        "人民调解协议书",
        "司法确认申请书",
        "调解同意书",
        "拆除外移的墙体",
        "林居民",
        "吴邻居",
        "Both have applied",
    ):
        assert said in text
    for other in ("人民调解申请书", "调解员披露声明", "人民调解受理登记表"):
        assert other not in text
    for paper in papers_of(agreed.id):
        handed = paper.kind in ("agreement", "confirmation_application", "consent")
        assert come("judge").get(address(agreed, paper)).status_code == (200 if handed else 404), paper


@pytest.mark.parametrize("what", ["bytes", "row", "signature", "picture", "gone"])
def test_a_paper_that_was_changed_afterwards_is_shown_as_such(agreed: Quarrel, come: Come, what: str) -> None:
    paper = papers_of(agreed.id, "agreement")[0]
    path = path_of(paper.sha256)
    signature = PaperSignature.objects.get(paper__number=paper.number, side="applicant")
    match what:
        case "bytes":
            path.write_bytes(path.read_bytes().replace(b"/Type", b"/Tipe", 1))
        case "gone":
            path.unlink()
        case "row":
            change(paper, title="另一份协议书")
        case "signature":
            change(signature, name="别人")
        case "picture":
            path_of(signature.picture).write_bytes(b"another")
    client = come("applicant")
    assert "changed afterwards" in page(agreed, client, party=True)
    looked = client.get(address(agreed, paper, "/check/")).content.decode()
    assert "changed afterwards" in looked and "Nothing of this paper was changed" not in looked


def test_a_paper_that_is_whole_says_so_with_each_signature(agreed: Quarrel, come: Come) -> None:
    paper = papers_of(agreed.id, "agreement")[0]
    for who in ("applicant", "committee"):
        looked = come(who).get(address(agreed, paper, "/check/")).content.decode()
        assert "Nothing of this paper was changed" in looked and "The ledger bears it out" in looked
        assert "林居民" in looked and paper.sha256 in looked
    assert come("outsider").get(address(agreed, paper, "/check/")).status_code == 404


def test_all_that_went_along_comes_as_one_file_with_its_index_first(agreed: Quarrel, come: Come) -> None:
    agreed.do("breach", by="applicant")
    agreed.do("sue", by="applicant")
    client = come("applicant")
    link = next(part for part in page(agreed, client, party=True).split('"') if part.endswith(".zip"))
    answer: Any = client.get(link)
    assert answer["Content-Type"] == "application/zip" and "attachment" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        names = packed.namelist()
        assert [name.split()[1] for name in names] == ["人民调解卷宗目录", "人民调解协议书"]
        assert packed.read(names[1]).startswith(b"%PDF")
    assert come("supervisor").get(link).status_code == 404
    assert come("respondent").get(link).status_code == 200


def test_the_form_for_signing_leads_to_the_very_paper(quarrel: Quarrel, come: Come) -> None:
    quarrel.until("signing")
    paper = papers_of(quarrel.id, "agreement")[0]
    text = page(quarrel, come("applicant"), party=True)
    assert address(quarrel, paper) in text and paper.sha256 in text
    form = come("committee").get(reverse("do", args=[quarrel.case.number, "sign"])).content.decode()
    assert address(quarrel, paper) in form
