"""What residents see and do: the public form, the invitation, the page of a party, and what nobody else reads."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from citong.core.cases.models import Case, Party
from citong.core.ledger.read import history
from citong.core.notices.models import Notice
from citong.core.notices.words import message
from citong.core.people.models import Account
from citong.services.mediation.kinds import title_of
from tests.cast import Cast
from tests.disputes import Quarrel

pytestmark = pytest.mark.django_db
DISPUTE = {
    "kind": "neighbour", "text": "隔壁砌墙，巷子只剩半米", "wish": "把墙退回去", "address": "东区东一社区",
    "name": "林居民", "phone": "13812345678", "other_name": "吴邻居", "other_phone": "13887654321", "key": "k" * 40,
}  # fmt: skip


@pytest.fixture
def site(town: Any, client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def invited(quarrel: Quarrel, who: str = "respondent", way: str = "sms") -> tuple[str, Client]:
    """(code, browser): the party was invited, and has opened the case with the code of the message."""
    by = "mediator" if quarrel.case.holder_id else "clerk"
    quarrel.do("invite_party", by=by, party=str(quarrel.party(who).pk), way=way)
    notice = Notice.objects.filter(channel="sms", code="invite_party").latest("id")
    code = re.findall(r"[2-9a-z]{5}-[2-9a-z]{5}", message(notice))[0]
    browser = Client(HTTP_ACCEPT_LANGUAGE="en")
    browser.get(f"/r/{quarrel.case.number}/{code}/")
    return code, browser


def page(browser: Client, quarrel: Quarrel) -> str:
    return browser.get(f"/track/{quarrel.case.number}/").content.decode()


def due(text: str) -> list[str]:
    return re.findall(r'id="due-(\w+)"', text)


def others(text: str) -> set[str]:
    return set(re.findall(r"/do/(\w+)/", text)) - set(due(text))


# The public form -----------------------------------------------------------------------------------


def test_the_first_page_has_a_door_for_each_service_that_lets_residents_in(site: Client) -> None:
    text = site.get("/").content.decode()
    for words in ('href="/report/"', 'href="/report/mediation/"', 'href="/report/errands/"', "Settle a dispute"):
        assert words in text


@pytest.mark.parametrize("path", ["/report/visits/", "/report/nothing/"])
def test_what_has_no_door_is_not_there(site: Client, path: str) -> None:
    assert site.get(path).status_code == 404


def test_the_form_says_who_reads_it_and_whom_to_call_in_danger(site: Client) -> None:
    text = site.get("/report/mediation/").content.decode()
    assert "Call 110 first" in text and "What only the mediator may know" in text
    assert 'name="origin"' not in text and 'name="at_court"' not in text


def test_a_dispute_is_told_once_and_gets_a_receipt_that_opens_it(site: Client, mediators: Any) -> None:
    for _click in range(2):
        assert site.post("/report/mediation/", DISPUTE).headers["Location"] == "/receipt/"
    case = Case.objects.get()
    assert (case.service, case.state, case.text, case.title) == ("mediation", "found", "", title_of("neighbour"))
    assert {(one.side, one.name) for one in case.parties.all()} == {("applicant", "林居民"), ("respondent", "吴邻居")}
    secret = site.session["receipt"]["secret"]
    opened = Client(HTTP_ACCEPT_LANGUAGE="en").get(f"/r/{case.number}/{secret}/", follow=True).content.decode()
    assert "巷子只剩半米" in opened and "把墙退回去" in opened


def test_an_error_keeps_every_word_and_opens_the_page_on_which_it_is(site: Client) -> None:
    answer = site.post("/report/mediation/", DISPUTE | {"email": "no address", "address": "东区东一社区"})
    text = answer.content.decode()
    assert answer.status_code == 422 and 'data-open="5"' in text
    assert "把墙退回去" in text and "吴邻居" in text


def test_an_errand_is_asked_for_at_its_own_door(site: Client, cast: Cast) -> None:
    given = {
        "kind": "medicine",
        "text": "取降压药",
        "lon": "118.605",
        "lat": "24.905",
        "name": "陈奶奶",
        "key": "e" * 40,
    }
    assert site.post("/report/errands/", given).headers["Location"] == "/receipt/"
    assert Case.objects.get().service == "errands"


# Invited ---------------------------------------------------------------------------------------------


def test_the_code_stands_in_the_message_and_nowhere_in_the_database(quarrel: Quarrel) -> None:
    code, _browser = invited(quarrel.until("offered"))
    stored = [*Notice.objects.values_list("facts", flat=True), *(one.entry.facts for one in history(quarrel.id))]
    assert code not in str(stored) and code not in str(Party.objects.values_list("slip", flat=True))


def test_whoever_is_invited_reads_what_it_is_about_and_consents(quarrel: Quarrel) -> None:
    _code, browser = invited(quarrel.until("offered"))
    text = page(browser, quarrel)
    assert "隔壁新砌的围墙" in text and due(text) == ["consent"] and "Your way to court stays open" in text
    sent = {"consent-read": "on", "consent-note": "可以谈", "key": "c" * 20}
    browser.post(f"/track/{quarrel.case.number}/do/consent/", sent)
    assert quarrel.case.state == "choosing"
    assert due(page(browser, quarrel)) == ["choose"]


def test_a_party_sees_no_phone_and_no_number_of_the_other_side(quarrel: Quarrel) -> None:
    _code, browser = invited(quarrel.until("offered"))
    assert "13800000001" not in page(browser, quarrel)


def test_a_party_is_not_offered_what_has_no_place_now(quarrel: Quarrel) -> None:
    _code, browser = invited(quarrel.until("mediating"))
    offered = others(page(browser, quarrel))
    assert {"confide", "offer", "ask_extension", "add"} <= offered
    assert not offered & {"answer_offer", "answer_disclosure", "agree_facts", "answer_extension", "withdraw"}


def test_an_offer_waits_for_the_other_side_with_its_words(quarrel: Quarrel) -> None:
    _code, browser = invited(quarrel.until("mediating"))
    quarrel.do("offer", by="applicant", amount="500", text="各让一步，补偿五百元")
    text = page(browser, quarrel)
    assert due(text) == ["answer_offer"] and "各让一步" in text and "500" in text
    browser.post(f"/track/{quarrel.case.number}/do/answer_offer/", {"answer_offer-answer": "decline", "key": "o" * 20})
    assert due(page(browser, quarrel)) == []


def test_what_is_told_the_mediator_alone_is_marked_and_never_reaches_the_other_side(
    quarrel: Quarrel, cast: Cast, client: Client
) -> None:  # fmt: skip
    _code, browser = invited(quarrel.until("mediating"))
    secret = "其实我可以再退半米"
    browser.post(f"/track/{quarrel.case.number}/do/confide/", {"confide-note": secret, "key": "s" * 20})
    own = page(browser, quarrel)
    assert secret in own and "Only your side and the mediator read this" in own
    client.force_login(cast.resident)
    assert secret not in page(client, quarrel)


def test_a_party_by_account_finds_the_case_once_among_their_reports(quarrel: Quarrel, cast: Cast) -> None:
    neighbour = Account.objects.create_user("neighbour2", "n2@example.org", "x", name="吴邻居")
    Party.objects.filter(pk=quarrel.party("respondent").pk).update(account=neighbour)
    for who in (cast.resident, neighbour):
        browser = Client()
        browser.force_login(who)
        listed = browser.get("/reports/").content.decode()
        assert listed.count(quarrel.case.number) == 2  # its address and its number
        assert browser.get(f"/track/{quarrel.case.number}/").status_code == 200
    outsider = Client()
    outsider.force_login(cast.outsider)
    assert quarrel.case.number not in outsider.get("/reports/").content.decode()
    assert outsider.get(f"/track/{quarrel.case.number}/").status_code == 302


def test_mediators_are_proposed_with_reasons(quarrel: Quarrel) -> None:
    _code, browser = invited(quarrel.until("choosing"))
    text = page(browser, quarrel)
    assert due(text) == ["choose"] and "party-reasons" in text and "许调解" in text
    again = browser.post(f"/track/{quarrel.case.number}/do/choose/", {"key": "z" * 20}).content.decode()
    assert "party-reasons" in again and again.count('type="radio"') == text.count('type="radio"')


def test_the_paper_waits_for_a_signature(quarrel: Quarrel) -> None:
    _code, browser = invited(quarrel.until("signing"))
    text = page(browser, quarrel)
    assert due(text) == ["sign"] and "Your signature binds you" in text and "data-signature" in text


# The desk -------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(cast: Cast) -> Client:
    browser = Client(HTTP_ACCEPT_LANGUAGE="en")
    browser.force_login(cast.clerk)
    return browser


def test_whoever_invited_reads_the_code_out_and_prints_the_letter(quarrel: Quarrel, clerk: Client) -> None:
    quarrel.until("offered")
    case, party = quarrel.case, quarrel.party("respondent")
    answer = clerk.post(f"/desk/case/{case.number}/do/invite_party/", {"party": str(party.pk), "way": "letter"})
    where = answer.headers["Location"]
    assert where == f"/desk/mediation/invitation/{case.number}/"
    shown, letter = (clerk.get(path).content.decode() for path in (where, f"{where}?print=1"))
    code = re.findall(r'read-out-code">([^<]+)<', shown)[0]
    assert code in letter and "Your rights" in letter and "围墙" not in letter
    assert Client().get(f"/r/{case.number}/{code}/").headers["Location"] == f"/track/{case.number}/"


def test_nobody_else_sees_the_code_and_a_new_invitation_makes_the_old_one_worthless(
    quarrel: Quarrel, clerk: Client, cast: Cast
) -> None:  # fmt: skip
    code, _browser = invited(quarrel.until("offered"))
    address = f"/desk/mediation/invitation/{quarrel.case.number}/"
    supervisor = Client()
    supervisor.force_login(cast.supervisor)
    assert supervisor.get(address).status_code == 302 and code in clerk.get(address).content.decode()
    quarrel.do("invite_party", by="clerk", party=str(quarrel.party("respondent").pk), way="hand")
    assert Client().get(f"/r/{quarrel.case.number}/{code}/").headers["Location"] == "/track/?again=1"


def test_after_an_hour_the_code_is_shown_no_more(quarrel: Quarrel, clerk: Client) -> None:
    quarrel.until("offered")
    before = timezone.now() - timedelta(minutes=61)
    quarrel.do("invite_party", by="clerk", party=str(quarrel.party("respondent").pk), way="hand", at=before)
    assert clerk.get(f"/desk/mediation/invitation/{quarrel.case.number}/").status_code == 302
    assert not mail.outbox
