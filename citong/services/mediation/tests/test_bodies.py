"""The bodies and their registers, as sentences."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from citong.core.ledger.read import history
from citong.core.people.access import may_lead_body
from citong.core.people.refusal import Invalid, NotAllowed, WrongState
from citong.core.places.current import day_of
from citong.core.places.models import Division
from citong.services.mediation import registers
from citong.services.mediation.kinds import BodyKind, Kind, Language
from citong.services.mediation.models import Body, Interest, Mediator
from citong.services.mediation.rules.bodies import MembersByLaw, TermEndsSoon, TermOfThreeYears, WomanAmongThem
from tests.cast import Cast
from tests.mediators import Mediators

ON = date(2026, 11, 22)
NEW: dict[str, Any] = {
    "username": "lin.xin", "name": "林新人", "sort": Mediator.Sort.MEDIATOR, "fields": [Kind.NEIGHBOUR],
    "languages": [Language.MINNAN], "most": 8, "term_begins": date(2026, 1, 1), "term_ends": date(2029, 1, 1),
    "published": True,
}  # fmt: skip


def enrolled(mediators: Mediators, by: str = "head", **other: Any) -> Mediator:
    body, actor = mediators.bodies["village-e1"], mediators.actor(by)
    return registers.enrol(body, NEW | other, actor=actor, at=timezone.now())


def test_the_tiny_town_has_its_bodies(mediators: Mediators) -> None:
    assert mediators.elder.name == "陈长者"
    assert [seat.post for seat in mediators.actor("judge").seats] == ["judge"]
    assert mediators.actor("expert").seats == ()


def test_only_a_commercial_body_can_charge(mediators: Mediators, cast: Cast) -> None:
    committee = mediators.bodies["village-e1"]
    with pytest.raises(Invalid, match="takes no fee"):
        registers.change_body(
            committee, {"charges": True, "fee": "100"}, actor=cast.actor("supervisor"), at=timezone.now()
        )
    with pytest.raises(IntegrityError, match="body_charges_by_law"), transaction.atomic():
        Body.objects.filter(pk=committee.pk).update(charges=True)
    commercial = mediators.bodies["commercial-e"]
    with pytest.raises(Invalid, match="says what it charges"):
        registers.change_body(commercial, {"fee": ""}, actor=cast.actor("supervisor"), at=timezone.now())


def test_a_head_takes_somebody_into_the_register_who_then_holds_the_post(mediators: Mediators) -> None:
    one = enrolled(mediators)
    (held,) = one.account.appointments.all()
    assert (held.post, held.unit.code, held.begins_on, held.ends_on) == (
        "mediator", "village-e1", date(2026, 1, 1), date(2029, 1, 1),
    )  # fmt: skip
    (entry,) = history(one.id)
    assert (entry.entry.act, entry.entry.post, entry.entry.unit) == ("enrol", "head", "village-e1")
    assert "林新人" not in str(entry.entry.facts)
    assert not one.account.has_usable_password()


def test_who_works_for_the_city_already_keeps_the_account(mediators: Mediators, cast: Cast) -> None:
    one = enrolled(mediators, username="grid_worker", name="陈网格")
    assert one.account == cast.grid_worker


def test_nobody_is_taken_into_a_register_under_somebody_elses_name(mediators: Mediators) -> None:
    for login, name in (("grid_worker", "林新人"), ("resident", "林居民")):
        with pytest.raises(Invalid, match="somebody else's"):
            enrolled(mediators, username=login, name=name)
    with pytest.raises(Invalid, match="already"):
        enrolled(mediators, username="elder", name="陈长者")


@pytest.mark.parametrize("who", ["head", "clerk", "supervisor"])
def test_head_and_desk_of_the_area_keep_a_register(mediators: Mediators, cast: Cast, who: str) -> None:
    actor = mediators.actor(who) if who == "head" else cast.actor(who)
    body = Body.objects.select_related("unit__division").get(pk=mediators.bodies["village-e1"].pk)
    assert may_lead_body(actor, body.unit)


@pytest.mark.parametrize("who", ["committee", "medical_head", "judge", "elder", "west"])
def test_nobody_else_of_the_bodies_does(mediators: Mediators, who: str) -> None:
    with pytest.raises(NotAllowed):
        enrolled(mediators, by=who)


@pytest.mark.parametrize("who", ["dispatcher", "handler", "grid_worker", "administrator", "outsider", "resident"])
def test_nor_do_others_and_an_administrator_only_with_rights_taken(mediators: Mediators, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        registers.enrol(mediators.bodies["village-e1"], NEW, actor=cast.actor(who), at=timezone.now())


def test_an_expert_is_heard_and_holds_no_post(mediators: Mediators) -> None:
    assert not enrolled(mediators, sort=Mediator.Sort.EXPERT).account.appointments.exists()


def test_a_new_term_moves_the_post_with_it(mediators: Mediators) -> None:
    one = enrolled(mediators)
    registers.change_mediator(one, {"term_ends": date(2030, 1, 1)}, actor=mediators.actor("head"), at=timezone.now())
    assert one.account.appointments.get().ends_on == date(2030, 1, 1)


def test_who_leaves_the_register_holds_the_post_no_more_and_can_come_back(mediators: Mediators) -> None:
    one, head, now = enrolled(mediators), mediators.actor("head"), timezone.now()
    registers.end_mediator(one, ends_on=day_of(now), reason="调离", actor=head, at=now)
    assert mediators.actor("head").seats
    one.refresh_from_db()
    assert one.ended_on == day_of(now)
    assert one.account.appointments.get().ends_on == one.ended_on
    again = enrolled(mediators)
    assert (again.id, again.ended_on) == (one.id, None)
    assert [step.entry.act for step in history(one.id)] == ["enrol", "end_mediator", "enrol"]


def test_a_declared_tie_is_sealed_and_its_name_nowhere(mediators: Mediators) -> None:
    elder = mediators.register["elder"]
    registers.declare(
        elder, Interest.Sort.RELATIVE, "陈亲戚", phone="13800000000", actor=mediators.actor("elder"), at=timezone.now()
    )
    held = Interest.objects.get()
    assert "陈亲戚" not in f"{held.name}{held.keys}{[one.entry.facts for one in history(elder.id)]}"
    assert len(held.keys) == 2


def test_nobody_declares_for_a_colleague(mediators: Mediators) -> None:
    with pytest.raises(NotAllowed):
        registers.declare(
            mediators.register["elder"], Interest.Sort.CLIENT, "某公司", actor=mediators.actor("committee"),
            at=timezone.now(),
        )  # fmt: skip


def test_a_body_is_founded_and_ended_by_the_desk_and_nobody_serves_for_it_then(
    mediators: Mediators, cast: Cast
) -> None:
    clerk, now = cast.actor("clerk"), timezone.now()
    values = {"kind": BodyKind.STUDIO, "named_after": "蔡阿姨", "published": True}
    body = registers.found_body("蔡阿姨调解室", Division.objects.get(code="e2"), values, actor=clerk, at=now)
    assert (body.unit.function, body.unit.level) == ("mediation", "community")
    one = registers.enrol(body, NEW, actor=clerk, at=now)
    registers.end_body(body, reason="合并", actor=clerk, at=now)
    one.refresh_from_db()
    assert one.ended_on is not None
    with pytest.raises(NotAllowed):
        registers.found_body("西区的", Division.objects.get(code="w1"), values, actor=clerk, at=now)
    with pytest.raises(WrongState):
        registers.enrol(body, NEW | {"username": "x", "name": "某"}, actor=clerk, at=now)


def test_the_law_on_committees_is_watched() -> None:
    for members, fits in ((2, False), (3, True), (9, True), (10, False), (None, True)):
        assert MembersByLaw.formula(kind=BodyKind.VILLAGE, members=members, on=ON) is fits
    assert MembersByLaw.formula(kind=BodyKind.STUDIO, members=1, on=ON)
    assert not WomanAmongThem.formula(kind=BodyKind.TOWN, women=0, on=ON)
    assert not TermOfThreeYears.formula(kind=BodyKind.TOWN, term_ends=ON - timedelta(days=1), on=ON)
    assert not TermOfThreeYears.formula(kind=BodyKind.TOWN, term_ends=date(2031, 1, 1), on=ON)
    assert TermOfThreeYears.formula(kind=BodyKind.TOWN, term_ends=date(2029, 11, 20), on=ON)
    assert TermEndsSoon.formula(term_ends=date(2026, 12, 31), on=ON)
    assert not TermEndsSoon.formula(term_ends=date(2027, 12, 31), on=ON)
