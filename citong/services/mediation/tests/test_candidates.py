"""From the registers to the proposals for one dispute, as sentences."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from citong.core.cases.models import Case, Party
from citong.core.people.models import Absence, Unit
from citong.core.places.current import day_of
from citong.services.mediation import registers
from citong.services.mediation.candidates import Choice, appoint_choice, propose_for, why_not
from citong.services.mediation.kinds import Kind, Language
from citong.services.mediation.models import Interest, Mediator
from citong.services.mediation.ties import taken_up
from tests.cast import Cast
from tests.mediators import Mediators

Quarrel = Callable[..., Case]


@pytest.fixture
def quarrel(mediators: Mediators) -> Quarrel:
    """`quarrel(line=…, holder=…)` is an open dispute in community e1."""

    def opened(**said: object) -> Case:
        desk, now = Unit.objects.get(code="centre-e"), timezone.now()
        usual: dict[str, object] = {
            "number": uuid4().hex[:20], "service": "mediation", "state": "choosing", "title": "邻里纠纷",
            "channel": "web", "district": "e", "street": "es", "community": "e1", "desk": desk, "unit": desk,
            "routed_unit": desk, "route_reason": "", "opened_at": now, "changed_at": now, "receipt": b"",
        }  # fmt: skip
        return Case.objects.create(**(usual | said))

    return opened


def proposed(choice: Choice) -> list[str]:
    return [one.candidate.name for one in choice.proposals]


def out(choice: Choice) -> dict[str, str]:
    return {one.candidate.name: one.bar.value for one in choice.excluded}


def party(case: Case, **said: object) -> Party:
    return Party.objects.create(case=case, role=Party.Role.PARTY, side="applicant", **said)


def test_near_and_fitting_people_are_proposed_with_their_reasons(quarrel: Quarrel) -> None:
    choice = propose_for(quarrel(), kind=Kind.NEIGHBOUR, languages=[Language.MINNAN])
    assert set(proposed(choice)[:2]) == {"陈长者", "许调解"}
    reasons = next(one for one in choice.proposals if one.candidate.name == "陈长者").reasons
    assert reasons == [
        "Knows such disputes: Dispute between neighbours", "In the same community", "Speaks Minnan",
        "0 open of at most 6",
    ]  # fmt: skip


def test_experts_and_other_districts_are_not_even_read(quarrel: Quarrel) -> None:
    choice = propose_for(quarrel(), kind=Kind.NEIGHBOUR, most=99)
    assert {"傅专家", "西调解"}.isdisjoint([*proposed(choice), *out(choice)])


def test_whoever_opened_a_dispute_is_excluded_as_its_finder(quarrel: Quarrel, mediators: Mediators) -> None:
    case = quarrel(doers={"open": [str(mediators.elder.pk)]})
    assert out(propose_for(case, kind=Kind.NEIGHBOUR))["陈长者"] == "finder"
    found_by = propose_for(quarrel(), kind=Kind.NEIGHBOUR, finders=[mediators.committee.pk])
    assert out(found_by)["许调解"] == "finder"


def test_a_declared_tie_to_a_party_excludes_until_it_ends(
    quarrel: Quarrel, mediators: Mediators
) -> None:  # fmt: skip
    case, elder = quarrel(), mediators.actor("elder")
    applicant = party(case, name="周 大爷", phone="139 5950 0000")
    tie = registers.declare(
        mediators.register["elder"], Interest.Sort.RELATIVE, "周大爷", actor=elder, at=timezone.now()
    )
    assert out(propose_for(case, kind=Kind.NEIGHBOUR, parties=[applicant]))["陈长者"] == "interest"
    registers.end_interest(tie, reason="不再有此关系", actor=elder, at=timezone.now())
    assert "陈长者" in proposed(propose_for(case, kind=Kind.NEIGHBOUR, parties=[applicant]))


def test_a_past_dispute_of_the_same_party_excludes_but_a_namesake_does_not(
    quarrel: Quarrel, mediators: Mediators
) -> None:
    old, new = quarrel(open=False), quarrel()
    known = party(old, name="周大爷", phone="13959500000")
    now = timezone.now()
    taken_up(mediators.elder.pk, case=old.id, parties=[known], at=now - timedelta(days=90))
    same, namesake = party(new, name="周某", phone="13959500000"), party(new, name="周大爷", phone="13959500001")
    assert out(propose_for(new, kind=Kind.NEIGHBOUR, parties=[same]))["陈长者"] == "past"
    assert "陈长者" in proposed(propose_for(new, kind=Kind.NEIGHBOUR, parties=[namesake]))
    assert "陈长者" in proposed(propose_for(old, kind=Kind.NEIGHBOUR, parties=[known]))
    assert out(propose_for(new, kind=Kind.NEIGHBOUR, parties=[same], at=now + timedelta(days=639)))["陈长者"] == "past"
    assert "陈长者" in proposed(propose_for(new, kind=Kind.NEIGHBOUR, parties=[same], at=now + timedelta(days=641)))


def test_a_party_never_mediates_their_own_dispute(quarrel: Quarrel, mediators: Mediators) -> None:
    case = quarrel()
    own = party(case, name="许调解", account=mediators.committee)
    assert out(propose_for(case, kind=Kind.NEIGHBOUR, parties=[own]))["许调解"] == "party"


def test_the_absent_the_full_and_those_out_of_term_are_excluded(quarrel: Quarrel, mediators: Mediators) -> None:
    now = timezone.now()
    Absence.objects.create(
        account=mediators.committee, stand_in=mediators.second, begins_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=1),
    )  # fmt: skip
    quarrel(holder=mediators.second)
    Mediator.objects.filter(account=mediators.elder).update(term_ends=day_of(now))
    found = out(propose_for(quarrel(), kind=Kind.NEIGHBOUR))
    assert (found["许调解"], found["方调解"], found["陈长者"]) == ("away", "full", "ended")


def test_the_dispute_itself_is_no_load_on_who_has_it(quarrel: Quarrel, mediators: Mediators) -> None:
    case = quarrel(holder=mediators.second)
    assert "方调解" in proposed(propose_for(case, kind=Kind.NEIGHBOUR))


def test_who_lost_the_post_is_not_proposed_whatever_the_register_says(quarrel: Quarrel, mediators: Mediators) -> None:
    mediators.elder.appointments.update(ends_on=day_of(timezone.now()))
    assert out(propose_for(quarrel(), kind=Kind.NEIGHBOUR))["陈长者"] == "ended"


def test_the_platform_appoints_the_first_proposal_and_nobody_where_there_is_none(quarrel: Quarrel) -> None:
    case = quarrel(line="medical")
    chosen = appoint_choice(case, kind=Kind.MEDICAL)
    assert chosen is not None
    assert chosen.candidate.name == "曾医调"
    again = appoint_choice(case, kind=Kind.MEDICAL, tried=[chosen.candidate.account])
    assert again is not None
    assert again.candidate.name == "苏诉前"
    assert appoint_choice(quarrel(district="x", street="", community=""), kind=Kind.NEIGHBOUR) is None


def test_what_a_court_sends_goes_to_the_invited(quarrel: Quarrel) -> None:
    choice = propose_for(quarrel(line="filed"), kind=Kind.LOAN)
    assert set(proposed(choice)) == {"蔡金融", "苏诉前"}


def test_a_choice_is_checked_by_the_same_rules(quarrel: Quarrel, mediators: Mediators, cast: Cast) -> None:
    case = quarrel()
    assert why_not(case, mediators.elder.pk, kind=Kind.NEIGHBOUR) == ""
    assert why_not(case, mediators.elder.pk, kind=Kind.NEIGHBOUR, finders=[mediators.elder.pk]).startswith("Found")
    assert why_not(case, mediators.west.pk, kind=Kind.NEIGHBOUR) == "Works in other districts."
    assert why_not(case, cast.handler.pk, kind=Kind.NEIGHBOUR)


def test_any_number_of_mediators_and_parties_costs_one_query(quarrel: Quarrel, mediators: Mediators) -> None:
    case = quarrel()
    parties = [party(case, name=f"当事人{number}", phone=f"1390000000{number}") for number in range(4)]
    propose_for(case, kind=Kind.NEIGHBOUR, parties=parties)
    with CaptureQueriesContext(connection) as asked:
        propose_for(case, kind=Kind.NEIGHBOUR, parties=parties)
    assert len(asked) == 1
