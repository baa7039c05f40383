"""What every service gets without asking, tried on every declared act of every enabled service."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from citong.core.cases.declare import SYSTEM, Act, CaseType, Does, Who
from citong.core.cases.models import Case
from citong.core.cases.registry import case_types
from citong.core.clocks.models import Clock
from citong.core.flow.act import act, form_for
from citong.core.flow.effects import EFFECTS
from citong.core.flow.refusal import Refusal, WrongState
from citong.core.ledger.models import Entry
from citong.core.papers.certificates import make_certificate
from citong.core.people.access import Actor, Seat
from citong.core.people.models import Account
from tests.cast import Cast, default_data
from tests.mediators import Mediators
from tests.streets import BY_PLATFORM

Report = Callable[..., Any]
KINDS = list(case_types().values())
ACTS = [pytest.param(kind, one, id=f"{kind.code}.{one.name}") for kind in KINDS for one in kind.acts.values()]


class Undo(Exception):
    """Takes an attempt back, so that the next person finds the case as it was."""


# What a short way through the declaration would take and what comes after could not build upon.
NOT_THE_WAY = {"merge", "agree_orally"}
# What must have been done for an act to make sense; by whom, where it matters.
NEEDS: dict[str, list[Any]] = {
    "finish_part": [("invite", {"units": ["fire-e"]})],
    "decide_delay": ["ask_delay"],
    "spend": ["receive_money"],
    "return_money": ["receive_money"],
    "return_papers": ["receive_papers"],
    "answer_disclosure": ["disclose"],
    "answer_offer": [("offer", None, "committee")],
    "agree_facts": ["facts"],
    "answer_extension": [("ask_extension", None, "committee")],
    "answer_danger": ["danger"],
    "cancel_session": ["schedule"],
    "cancel_apart": ["schedule_apart"],
    "decide_objection": ["object"],
}  # fmt: skip


@pytest.fixture
def cast(cast: Cast, mediators: Mediators, constable: Account, settings: Any, tmp_path: Path) -> Cast:
    """Everybody there is: the cast, the bodies that mediate with their people and seals, and the police."""
    settings.HOME = tmp_path
    for unit in (mediators.court, mediators.bodies["village-e1"].unit):
        make_certificate(unit, at=timezone.now())
    cast.people |= mediators.people | {"constable": constable}
    return cast


def way_to(kind: type[CaseType], wanted: Act) -> list[str]:
    """The shortest row of acts of people from opening to a state in which the wanted act can be taken."""
    start = kind.opening.state.name
    ways, waiting = {start: list[str]()}, deque([start])
    while waiting:
        state = waiting.popleft()
        if any(source.name == state for source in wanted.source):
            return ways[state]
        for one in kind.leaving(state):
            by_somebody = (kind.code, one.name) in BY_PLATFORM or any(w != SYSTEM for w in one.by)
            reached = one.targets[:1] if one.name not in NOT_THE_WAY and by_somebody else []
            for target in reached:
                if target.name not in ways:
                    ways[target.name] = [*ways[state], one.name]
                    waiting.append(target.name)
    raise AssertionError(f"no way to {wanted.name}")


def prepared(kind: type[CaseType], wanted: Act, report: Report, walk: Any) -> tuple[Case, dict[str, Any]]:
    """A case in which the act can be taken, and what it needs besides its form's own answers."""
    case = walk(report(service=kind.code).case, *way_to(kind, wanted), *NEEDS.get(wanted.name, []))
    return case, {"number": report(text="另一件").case.number} if wanted.does == Does.MERGE else {}


def expected(wanted: Act, case: Case, cast: Cast) -> set[str]:
    """Those whom the declaration lets act, read from the posts they hold and the sides they are on."""
    return {
        name for name, actor in cast.actors(case).items() if any(reached(who, name, actor, case) for who in wanted.by)
    }  # fmt: skip


def reached(who: Who, name: str, actor: Actor, case: Case) -> bool:
    """Whether these words of the declaration mean this person."""
    if who.reach == "own":
        return name == "resident"
    if who.reach == "party":
        return actor.standing is not None and who.side in ("", actor.standing.side)
    return any(seat.post == who.post and near(who.reach, seat, actor, case) for seat in actor.seats)


def near(reach: str, seat: Seat, actor: Actor, case: Case) -> bool:
    return {
        "area": seat.unit_code.endswith("-e"),
        "unit": seat.unit == case.unit_id,
        "part": seat.unit in case.joint,
        "held": case.holder_id == actor.account,
    }[str(reach)]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "wanted"), ACTS)
def test_an_act_is_open_to_its_posts_and_closed_to_all_others_and_its_clocks_fit_the_state_it_leads_to(
    kind: type[CaseType], wanted: Act, cast: Cast, report: Report, walk: Any
) -> None:
    case, more = prepared(kind, wanted, report, walk)
    done = {name for name, actor in cast.actors(case).items() if _tries(case, wanted, actor, more)}
    assert done == expected(wanted, case, cast) - set(done_before(case, wanted, cast))
    if not done:
        return  # only the platform itself does it
    with suppress(WrongState):  # a rule does not hold in a fresh case
        fits(kind, walk(case, (wanted.name, more)))


def fits(kind: type[CaseType], case: Case) -> None:
    """The clocks of its state run, and no others."""
    state = kind.states[case.state]
    running = set(Clock.objects.filter(subject=case.id, state="running").values_list("code", flat=True))
    stands = state.pauses or state.ends
    begins = {spec.code for spec in state.clocks if not spec.waits and not stands}
    assert begins <= running <= {spec.code for spec in state.clocks if not stands}
    assert case.open is not state.ends
    assert (case.closed_at is None) is not state.ends


def done_before(case: Case, wanted: Act, cast: Cast) -> list[str]:
    """People who may not, because they did the act's opposite before (four eyes)."""
    ids = {doer for other in wanted.not_by for doer in case.doers.get(other.name, [])}
    return [name for name, account in cast.people.items() if str(account.id) in ids]


def _tries(case: Case, wanted: Act, actor: Actor, more: dict[str, Any]) -> bool:
    """Whether this person could do it; if so, exactly one entry was written. Leaves the case as it was."""
    before = Entry.objects.filter(subject=case.id).count()
    try:
        with transaction.atomic():
            act(case.id, wanted.name, default_data(case, wanted.name, actor) | more, actor=actor)
            assert Entry.objects.filter(subject=case.id, act=wanted.name).exists()
            assert Entry.objects.filter(subject=case.id).count() == before + 1
            raise Undo
    except Undo:
        return True
    except WrongState:  # the state is right, so a rule spoke, which is asked only of those who may
        return bool(wanted.guards or wanted.leads)
    except Refusal:
        assert Entry.objects.filter(subject=case.id).count() == before
        return False


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_act_has_words_and_its_form_can_be_drawn(kind: type[CaseType]) -> None:
    for one in kind.acts.values():
        assert str(one.label) and str(one.done)
        if one.form is not None:
            assert all(field.label for field in one.form.base_fields.values())


def test_every_word_of_does_is_worked_by_a_function() -> None:
    assert set(EFFECTS) == set(Does)


@pytest.mark.django_db
def test_a_form_asks_the_same_questions_everywhere(cast: Cast, report: Report) -> None:
    for kind in KINDS:
        case = report(service=kind.code).case
        for one in kind.acts.values():
            form = form_for(one, case, cast.actor("clerk"))
            assert form is None or form.as_p()
