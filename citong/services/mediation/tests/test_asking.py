"""From the finder to the consent of all, as sentences."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from citong.core.cases.models import Case, Party
from citong.core.flow.receipt import receipt_actor
from citong.core.flow.refusal import Invalid, NotAllowed, WrongState
from citong.core.flow.standing import as_party, party_by_slip, party_of
from citong.core.ledger.models import Content, Entry
from citong.core.notices.deliver import deliver
from citong.core.notices.models import Notice
from citong.core.people import slip
from citong.services.mediation.models import Consent, Dispute, Matter, PartyDetails
from citong.services.mediation.parties import identified
from citong.services.mediation.service import Mediation
from tests.disputes import Quarrel

pytestmark = pytest.mark.django_db
Quarrels = Callable[..., Quarrel]
SENT: list[str] = []
IDENTITY = "350521199003071235"  # of nobody


def test_a_resident_brings_in_a_quarrel_and_is_its_applicant(quarrel: Quarrel) -> None:
    case, dispute = quarrel.case, quarrel.dispute
    assert (case.state, case.text, case.address) == ("found", "", "")
    assert (dispute.kind, dispute.origin, dispute.finder) == ("neighbour", "resident", None)
    assert [(one.role, one.side, one.name) for one in quarrel.parties()] == [
        ("reporter", "applicant", "林居民"), ("party", "respondent", "吴邻居"),
    ]  # fmt: skip


def test_whoever_is_signed_in_and_gives_no_name_is_named_by_their_account(quarrels: Quarrels) -> None:
    assert [one.name for one in quarrels(name="").parties()] == ["林居民", "吴邻居"]


def test_the_title_of_the_case_names_the_kind_and_nobody(quarrels: Quarrels) -> None:
    for kind, line in (("neighbour", ""), ("medical", "medical"), ("labour", "labour"), ("commercial", "commercial")):
        case = quarrels(kind=kind, title="吴邻居欠我三万").case
        assert "吴" not in case.title and case.line == line


def test_a_grid_worker_who_finds_a_quarrel_is_no_party_to_it(quarrels: Quarrels) -> None:
    found = quarrels(by="grid_worker")
    assert (found.dispute.origin, found.dispute.finder) == ("visit", found.cast.grid_worker.id)
    assert [(one.role, one.account_id) for one in found.parties()] == [("party", None), ("party", None)]
    held = receipt_actor(found.case.number, found.secret)
    assert held is not None and party_of(held[0], receipt=True) is None
    with pytest.raises(NotAllowed):
        found.do("withdraw", by=held[1])


def test_a_neighbour_who_only_tells_of_it_is_no_party_either(quarrels: Quarrels) -> None:
    told = quarrels(finder="on", name="陈热心", phone="13800000009")
    assert [one.side for one in told.parties()] == ["respondent"]
    assert told.dispute.finder == told.cast.resident.id
    held = receipt_actor(told.case.number, told.secret)
    assert held is not None and "围墙" not in told.words(held[1])


def test_a_court_sends_what_is_filed_with_the_court_s_own_limits(quarrels: Quarrels) -> None:
    sent = quarrels(by="judge", kind="loan", at_court="filed_simple")
    assert (sent.case.line, sent.dispute.origin) == ("filed_simple", "court")


def test_who_the_other_side_is_stands_with_the_parties_alone(quarrels: Quarrels) -> None:
    quarrel = quarrels(identity=IDENTITY, home="东一社区八号")
    entry = Entry.objects.get(subject=quarrel.id, act="open")
    body = Content.objects.get(pk=entry.id).body
    said = f"{entry.facts} {body}"
    assert not any(word in said for word in ("吴邻居", "13800000002", IDENTITY, "八号"))
    assert identified(quarrel.party("applicant")).identity == IDENTITY
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(to_jsonb(held)::text, '') FROM mediation_partydetails AS held")
        stored = cursor.fetchone()[0]
    assert IDENTITY not in stored and "八号" not in stored


def test_a_number_that_can_not_be_right_is_refused(quarrels: Quarrels) -> None:
    with pytest.raises(Invalid) as refusal:
        quarrels(identity="350521199003071236")
    assert list(refusal.value.errors) == ["identity"]


def test_somebody_in_danger_makes_it_urgent(quarrels: Quarrels) -> None:
    assert quarrels(danger="on").case.urgent
    assert not quarrels().case.urgent


def test_registering_needs_both_sides(quarrels: Quarrels) -> None:
    found = quarrels(by="grid_worker", other_name="", other_phone="")
    with pytest.raises(WrongState, match="other side"):
        found.do("register")
    found.do("add_party", side="respondent", name="吴邻居", phone="13800000002")
    assert found.do("register").state == "offered"


def test_the_registrar_says_what_kind_it_is(quarrel: Quarrel) -> None:
    case = quarrel.do("register", kind="medical", languages=["minnan"])
    dispute = quarrel.dispute
    assert (dispute.kind, dispute.languages, case.line, case.title != "") == ("medical", ["minnan"], "medical", True)


def test_one_matter_has_one_code(quarrels: Quarrels) -> None:
    first, second, other = quarrels(), quarrels(other_name="吴先生"), quarrels(kind="loan")
    first.do("register")
    other.do("register")
    with pytest.raises(Invalid, match=first.case.number) as refusal:
        second.do("register")
    assert list(refusal.value.errors) == ["apart"]
    assert second.do("register", apart="on").state == "offered"
    assert second.dispute.double_of == first.case.number


def test_other_people_with_the_same_kind_of_quarrel_are_no_double(quarrels: Quarrels) -> None:
    quarrels().do("register")
    elsewhere = quarrels(other_name="赵邻居", other_phone="13800000077")
    assert elsewhere.do("register").state == "offered"


def test_whoever_applied_has_consented_and_the_other_side_is_asked(quarrel: Quarrel) -> None:
    quarrel.do("register")
    said = Consent.objects.filter(case=quarrel.id, matter=Matter.MEDIATE)
    assert [one.party.side for one in said] == ["applicant"]
    assert quarrel.do("consent", by="respondent", online="on", languages=["minnan"]).state == "choosing"
    assert quarrel.dispute.languages == ["minnan"]


def test_a_party_found_on_a_visit_is_asked_like_the_other(quarrels: Quarrels) -> None:
    found = quarrels(by="grid_worker")
    found.do("register")
    assert found.do("consent", by="applicant").state == "offered"
    assert found.do("consent_noted", by="clerk", whom=str(found.party("respondent").pk), way="call").state == "choosing"


def test_every_party_of_many_must_consent(quarrels: Quarrels) -> None:
    quarrel = quarrels(other2_name="周邻居", other3_name="郑邻居")
    quarrel.do("add_party", by="clerk", side="third", name="村委会")
    quarrel.do("register")
    for name in ("吴邻居", "周邻居", "郑邻居"):
        assert quarrel.do("consent", by=name).state == "offered"
    assert quarrel.do("consent", by="村委会").state == "choosing"


def test_an_agent_agrees_only_with_a_special_authority(quarrel: Quarrel) -> None:
    quarrel.do("register")
    whom = str(quarrel.party("respondent").pk)
    quarrel.do("add_agent", by="clerk", whom=whom, name="甲律师", authority="general")
    quarrel.do("add_agent", by="clerk", whom=whom, name="乙律师", authority="special")
    with pytest.raises(NotAllowed, match="special authority"):
        quarrel.do("consent", by="甲律师")
    assert quarrel.do("add", by="甲律师", note="我方的说明").state == "offered"
    assert quarrel.do("consent", by="乙律师").state == "choosing"
    said = Consent.objects.get(matter=Matter.MEDIATE, party__side="respondent")
    assert said.party.name == "吴邻居"


def test_a_party_names_an_agent_for_themselves_alone(quarrel: Quarrel) -> None:
    with pytest.raises(Invalid):
        quarrel.do("add_agent", by="applicant", whom=str(quarrel.party("respondent").pk), name="甲律师")
    quarrel.do("add_agent", by="applicant", whom=str(quarrel.party("applicant").pk), name="甲律师")
    agent = quarrel.party("甲律师")
    assert (agent.role, agent.side, agent.speaks_for_id) == ("agent", "applicant", quarrel.party("林居民").pk)


def test_at_most_five_speak_for_a_side_of_a_medical_dispute(quarrels: Quarrels) -> None:
    quarrel = quarrels(kind="medical")
    whom = str(quarrel.party("applicant").pk)
    for number in range(5):
        quarrel.do("add_agent", by="clerk", whom=whom, name=f"代表{number}")
    with pytest.raises(WrongState, match="No more people"):
        quarrel.do("add_agent", by="clerk", whom=whom, name="代表六")


def test_the_secret_of_an_invitation_is_kept_nowhere(quarrel: Quarrel, settings: Any) -> None:
    quarrel.do("register")
    party = quarrel.party("respondent")
    quarrel.do("invite_party", by="clerk", party=str(party.pk), way="sms")
    mark = Entry.objects.get(subject=quarrel.id, act="invite_party").facts["slip"]
    secret, _digest = slip.invited(party.pk, mark)
    assert party_by_slip(quarrel.case.number, secret) is not None
    assert not Notice.objects.filter(facts__icontains=secret).exists()
    assert not Entry.objects.filter(facts__icontains=secret).exists()
    settings.SMS_SENDER = f"{__name__}.taken"
    SENT.clear()
    deliver(at=Notice.objects.latest("made_at").made_at)
    assert any(secret in text and quarrel.case.number in text for text in SENT)


def taken(_to: str, text: str) -> None:
    SENT.append(text)


def test_a_second_invitation_makes_the_first_worthless(quarrel: Quarrel) -> None:
    quarrel.do("register")
    party, marks = quarrel.party("respondent"), []
    for _turn in range(2):
        quarrel.do("invite_party", by="clerk", party=str(party.pk), way="letter")
        marks.append(Entry.objects.filter(subject=quarrel.id, act="invite_party").latest("position").facts["slip"])
    first, second = (slip.invited(party.pk, mark)[0] for mark in marks)
    assert party_by_slip(quarrel.case.number, first) is None
    found = party_by_slip(quarrel.case.number, second)
    assert found is not None and found[1].pk == party.pk


def test_a_party_without_a_phone_is_not_invited_by_message(quarrels: Quarrels) -> None:
    quarrel = quarrels(other_phone="")
    quarrel.do("register")
    with pytest.raises(Invalid) as refusal:
        quarrel.do("invite_party", by="clerk", party=str(quarrel.party("respondent").pk), way="sms")
    assert list(refusal.value.errors) == ["way"]


def test_whoever_refuses_ends_it_at_once(quarrel: Quarrel) -> None:
    quarrel.do("register")
    assert quarrel.do("refuse", by="respondent").state == "failed"
    assert quarrel.dispute.failed_as == "unwilling"


def test_whoever_can_not_be_reached_ends_it_too(quarrel: Quarrel) -> None:
    quarrel.do("register")
    whom = str(quarrel.party("respondent").pk)
    assert quarrel.do("unreachable", whom=whom, note="三次上门无人").state == "failed"
    assert quarrel.dispute.failed_as == "unreachable"


def test_the_applicant_withdraws_and_the_other_side_can_not(quarrel: Quarrel) -> None:
    quarrel.do("register")
    with pytest.raises(NotAllowed):
        quarrel.do("withdraw", by="respondent")
    assert quarrel.do("withdraw", by="applicant").state == "withdrawn"


def test_a_party_who_joins_later_must_consent_and_is_asked_for_everything(quarrel: Quarrel) -> None:
    quarrel.until("mediating")
    quarrel.do("add_party", by="mediator", side="respondent", name="周邻居")
    quarrel.do("facts", by="mediator", text="围墙在两家之间")
    for who in ("applicant", "吴邻居"):
        quarrel.do("agree_facts", by=who)
    assert quarrel.dispute.open_facts is not None
    assert quarrel.do("consent", by="周邻居").state == "mediating"
    quarrel.do("agree_facts", by="周邻居")
    assert quarrel.dispute.open_facts is None


def test_what_identifies_people_is_forgotten_with_the_case(quarrels: Quarrels) -> None:
    quarrel = quarrels(identity=IDENTITY)
    Mediation.forget(quarrel.case)
    assert list(PartyDetails.objects.values_list("identity", "address", "keys").distinct()) == [("", "", [])]


def test_a_case_that_was_brought_over_has_a_dispute_once_it_moves(quarrel: Quarrel) -> None:
    Dispute.objects.all().delete()
    quarrel.do("register")
    assert quarrel.dispute.kind == "neighbour"


def test_a_party_by_slip_has_no_post(quarrel: Quarrel) -> None:
    party = Party.objects.get(case=quarrel.id, side="respondent")
    actor = as_party(quarrel.cast.actor("clerk"), party)
    assert not actor.seats and actor.standing is not None
    with pytest.raises(NotAllowed):
        quarrel.do("register", by=actor)
    assert Case.objects.get(pk=quarrel.id).state == "found"
