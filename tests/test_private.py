"""What is said in private stays private: words of every act of a dispute are looked for in every answer of Citong.

Who may read them follows from the declaration alone (`reads` of mediation), worked out by hand from posts and sides.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django import forms
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.urls import reverse

from citong.core.cases.forms import WordsField
from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.flow.act import act, form_for
from citong.core.people.access import actor_of
from citong.core.people.models import Account, Appointment, Unit
from citong.core.people.posts import Post
from citong.core.places.models import Division
from citong.web.asking import PARTIES
from tests.cast import PASSWORD, Cast
from tests.disputes import Quarrel
from tests.doors import PART, addresses

SERVICE = case_type("mediation")
OPENED = "open"
# One walk through everything that people say before a court confirms: act, by whom, further answers.
SAID: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("register", "clerk", {}),
    ("consent", "applicant", {}),
    ("consent", "respondent", {}),
    ("choose", "applicant", {}),
    ("choose", "respondent", {}),
    ("accept", "mediator", {}),
    ("note", "mediator", {}),
    ("caucus", "mediator", {"side": "applicant"}),
    ("caucus", "mediator", {"side": "respondent"}),
    ("confide", "applicant", {}),
    ("confide", "respondent", {}),
    ("offer", "applicant", {"amount": "73519.42"}),
    ("answer_offer", "respondent", {"answer": "decline"}),
    ("danger", "mediator", {}),
    ("answer_danger", "police", {}),
    ("facts", "mediator", {}),
    ("agree_facts", "applicant", {}),
    ("add", "respondent", {}),
    ("draft", "mediator", {}),
    ("sign", "applicant", {}),
    ("sign", "respondent", {}),
    ("sign", "mediator", {}),
    ("apply_confirmation", "applicant", {}),
    ("apply_confirmation", "respondent", {}),
    ("court_accept", "judge", {}),
)
CURIOUS = (
    "applicant", "committee", "second", "elder", "west", "head", "medical_head", "expert", "judge", "police", "clerk",
    "dispatcher", "supervisor", "grid_worker", "administrator", "outsider",
)  # fmt: skip
LEFT_OUT = {"remains"}  # nothing does: the agreement settles all
FORBIDDEN = {"live", "escort_live", "proof"}  # streams without an end; a file that test_the_proof… reads


@dataclass(frozen=True)
class Planted:
    """Words that nobody else writes: with which act, by whom, about which side."""

    word: str
    act: str
    by: str
    side: str


@dataclass
class Affair:
    """A dispute in which everything that was said is marked, and everybody who could come by it."""

    quarrel: Quarrel
    planted: list[Planted]
    clients: Mapping[str, Client]

    def readers(self, one: Planted) -> set[str]:
        """Those whom the declaration lets read it."""
        declared = SERVICE.acts.get(one.act)
        reads = (declared and declared.reads) or SERVICE.reads
        return {one.by, *(name for who in reads for name in _named(who.post, str(who.reach), one.side))}


def _named(post: str, reach: str, side: str) -> Iterable[str]:
    """The people of the town behind a post and its reach; it is the committee's dispute, its court that of the east."""
    if post == Post.RESIDENT:
        return ("applicant", "respondent") if reach == "party" else (side,)
    return {
        (Post.MEDIATOR, "held"): ("committee",),
        (Post.CLERK, "area"): ("clerk",),
        (Post.JUDGE, "part"): ("judge",),
        (Post.HANDLER, "part"): ("police",),
    }[post, reach]  # type: ignore[index]


@pytest.fixture
def affair(quarrels: Callable[..., Quarrel], cast: Cast) -> Affair:
    police = _police()
    opening = {"text": "密语开场", "wish": "密语心愿", "address": "密语地址", "other_name": "密语姓名"}
    quarrel = quarrels(by="resident", **opening)
    planted = [Planted(word, OPENED, "applicant", "applicant") for word in list(opening.values())[:3]]
    planted.append(
        Planted(opening["other_name"], "apply_confirmation", "applicant", "applicant")
    )  # a court knows who the parties are
    people = {"police": police}
    for number, (name, by, more) in enumerate(SAID):
        who = people.get(by) or quarrel.actor(by)
        words = _words(quarrel.case, name, who, f"密语{number:02}")
        _act(quarrel, name, who, more | words)
        side = by if by in ("applicant", "respondent") else more.get("side", "")
        author = {"mediator": "committee"}.get(by, by)
        planted += [Planted(word, name, author, side) for word in words.values()]
        if name == "offer":
            planted += [Planted(form, name, author, side) for form in ("73519.42", "73,519.42", "7351942")]
    return Affair(quarrel, planted, dict(_clients(quarrel, cast)))


def _act(quarrel: Quarrel, name: str, who: Any, said: Mapping[str, Any]) -> None:
    if quarrel.actor(who).account == Account.objects.get(username="constable").pk:
        act(quarrel.id, name, said, actor=who)
    else:
        quarrel.do(name, by=who, **said)


def _words(case: Case, name: str, who: Any, mark: str) -> dict[str, str]:
    """A marked answer to every question for free words."""
    form = form_for(SERVICE.acts[name], case, who)
    fields: Mapping[str, forms.Field] = form.fields if form else {}
    free = [field for field, one in fields.items() if isinstance(one, WordsField)]
    return {field: f"{mark}{field}" for field in free if field not in LEFT_OUT}


def _police() -> Any:
    place = Division.objects.get(code="e")
    unit = Unit.objects.create(code="police-e", name="东区公安", level="district", function="police", division=place)
    account = Account.objects.create_user("constable", "constable@example.org", PASSWORD, name="民警")
    Appointment.objects.create(account=account, unit=unit, post=Post.HANDLER, begins_on=date(2026, 1, 1))
    return actor_of(account)


def _clients(quarrel: Quarrel, cast: Cast) -> Iterator[tuple[str, Client]]:
    accounts = {**cast.people, **quarrel.mediators.people, "police": Account.objects.get(username="constable")}
    accounts["applicant"] = accounts.pop("resident")
    for name, account in ((name, accounts[name]) for name in CURIOUS):
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(account)
        yield name, client
    yield "nobody", Client()
    session = SessionStore()
    session[PARTIES] = [str(quarrel.party("respondent").pk)]
    session.save()
    client = Client(headers={"Accept-Language": "en"})
    client.cookies["sessionid"] = session.session_key or ""
    yield "respondent", client


def _pages(case: Case) -> list[str]:
    """Every address that needs nothing but the case's number, or nothing at all."""
    found = []
    for name, (route, named) in addresses().items():
        parts = PART.findall(route)
        if not named or name in FORBIDDEN or name.startswith(("account_", "mfa_", "socialaccount")):
            continue
        if set(parts) <= {"number"}:
            found.append(reverse(name, kwargs=dict.fromkeys(parts, case.number)))
    return sorted(found)


def _read(client: Client, urls: Iterable[str], case: Case) -> str:
    """All that this browser can get to read, a purpose stated wherever one is asked for."""
    client.post(reverse("case_purpose", args=[case.number]), {"purpose": "handling"})
    answers = [client.get(url) for url in urls] + [client.get(reverse("desk") + "?q=密语&tab=all")]
    return "\n".join(
        one.content.decode(errors="replace") for one in answers if not one.streaming and one.status_code < 400
    )


@pytest.mark.django_db
def test_nobody_but_its_readers_gets_to_see_a_word_of_it(affair: Affair) -> None:
    case, faults = affair.quarrel.case, []
    urls = _pages(case)
    assert len(urls) > 40
    for name, client in affair.clients.items():
        text = _read(client, urls, case)
        faults += [
            f"{name} reads {one}" for one in affair.planted if one.word in text and name not in affair.readers(one)
        ]
    assert faults == []


@pytest.mark.django_db
def test_whoever_may_read_it_finds_it_on_their_page(affair: Affair) -> None:
    case = affair.quarrel.case
    missing = []
    for name in ("applicant", "respondent", "committee", "clerk", "judge"):
        page = "tracked" if name in ("applicant", "respondent") else "case"
        text = _read(affair.clients[name], [reverse(page, args=[case.number])], case)
        words = [one for one in affair.planted if name in affair.readers(one) and one.word.startswith("密语")]
        missing += [f"{name} does not find {one}" for one in words if one.word not in text]
    assert missing == []


@pytest.mark.django_db
def test_the_proof_of_a_party_holds_without_the_words_of_the_other(affair: Affair) -> None:
    text = affair.clients["respondent"].get(reverse("proof", args=[affair.quarrel.case.number])).content.decode()
    read = [one for one in affair.planted if one.word in text]
    assert read and all("respondent" in affair.readers(one) for one in read)
    assert '"withheld": true' in text


@pytest.mark.django_db
def test_the_head_of_the_body_sees_states_and_clocks_and_another_body_sees_nothing(affair: Affair) -> None:
    number = affair.quarrel.case.number
    affair.clients["head"].post(reverse("case_purpose", args=[number]), {"purpose": "handling"})
    page = affair.clients["head"].get(reverse("case", args=[number])).content.decode()
    assert str(SERVICE.acts["caucus"].done) in page and str(SERVICE.clocks()["rule"].label) in page
    for name in ("west", "elder", "medical_head", "outsider"):
        answer = affair.clients[name].get(reverse("case", args=[number]))
        assert answer.status_code == 404, name
        assert number not in affair.clients[name].get(reverse("desk") + "?tab=all").content.decode()


@pytest.mark.django_db
def test_tables_hold_no_word_of_anybody(affair: Affair) -> None:
    """Outside of the ledger's contents, of what is sealed and of papers, nothing that was said lies anywhere."""
    named = {"cases_party", "papers_paper", "papers_papersignature"}  # there a name stands, and nothing else
    with connection.cursor() as cursor:
        cursor.execute("SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                       "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')")  # fmt: skip
        tables = {name for (name,) in cursor.fetchall() if not name.startswith("ledger_content")}
        found = []
        for table in sorted(tables):
            cursor.execute(f"SELECT count(*) FROM {table} AS row WHERE row::text LIKE %s", ["%密语%"])
            if (cursor.fetchone() or (0,))[0]:
                found.append(table)
        assert set(found) <= named
        for table in found:
            cursor.execute(f"SELECT count(*) FROM {table} AS row WHERE replace(row::text, '密语姓名', '') LIKE %s",
                           ["%密语%"])  # fmt: skip
            assert cursor.fetchone() == (0,), table
