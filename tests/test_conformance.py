"""What every service gets without asking, tried on every declared act of every enabled service."""

from collections import deque
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from citong.core.cases.declare import Act, CaseType, Does
from citong.core.cases.models import Case
from citong.core.cases.registry import case_types
from citong.core.clocks.models import Clock
from citong.core.flow.act import act, form_for
from citong.core.flow.effects import EFFECTS
from citong.core.flow.refusal import Refusal, WrongState
from citong.core.ledger.models import Entry
from citong.core.people.models import Unit
from tests.cast import PEOPLE, Cast, default_data, doer

Report = Callable[..., Any]
KINDS = list(case_types().values())
ACTS = [pytest.param(kind, one, id=f"{kind.code}.{one.name}") for kind in KINDS for one in kind.acts.values()]


class Undo(Exception):
    """Takes an attempt back, so that the next person finds the case as it was."""


def way_to(kind: type[CaseType], wanted: Act) -> list[str]:
    """The shortest row of acts from opening to a state in which the wanted act can be taken."""
    start = kind.opening.state.name
    ways, waiting = {start: list[str]()}, deque([start])
    while waiting:
        state = waiting.popleft()
        if any(source.name == state for source in wanted.source):
            return ways[state]
        for one in kind.leaving(state):
            if one.target and one.target.name not in ways and doer(one) and one.does != Does.MERGE:
                ways[one.target.name] = [*ways[state], one.name]
                waiting.append(one.target.name)
    raise AssertionError(f"no way to {wanted.name}")


def prepared(kind: type[CaseType], wanted: Act, report: Report, walk: Any) -> tuple[Case, dict[str, Any]]:
    """A case in which the act can be taken, and what it needs besides its form's own answers."""
    needs: dict[str, list[Any]] = {
        "finish_part": [("invite", {"units": ["fire-e"]})],
        "decide_delay": ["ask_delay"],
        "spend": ["receive_money"],
        "return_money": ["receive_money"],
        "return_papers": ["receive_papers"],
    }
    case = walk(report(service=kind.code).case, *way_to(kind, wanted), *needs.get(wanted.name, []))
    return case, {"number": report(text="另一件").case.number} if wanted.does == Does.MERGE else {}


def expected(wanted: Act, case: Case, cast: Cast) -> set[str]:
    """The people whom the declaration lets act, read from the cast's own list of posts."""
    units = {name: unit for name, (unit, _post, _name) in PEOPLE.items()}
    allowed = {"resident"} if any(who.reach == "own" for who in wanted.by) else set()
    helping = set(Unit.objects.filter(pk__in=case.joint).values_list("code", flat=True))
    for who in wanted.by:
        for name, (unit, post, _name) in PEOPLE.items():
            near = {"area": unit.endswith("-e"), "unit": units[name] == case.unit.code, "part": units[name] in helping}
            if post == who.post and near.get(str(who.reach), False):
                allowed.add(name)
    return allowed


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "wanted"), ACTS)
def test_an_act_is_open_to_its_posts_and_closed_to_all_others(
    kind: type[CaseType], wanted: Act, cast: Cast, report: Report, walk: Any
) -> None:
    case, more = prepared(kind, wanted, report, walk)
    done = {name for name in cast.people if _tries(case, wanted, cast, name, more)}
    assert done == expected(wanted, case, cast) - set(done_before(case, wanted, cast))


def done_before(case: Case, wanted: Act, cast: Cast) -> list[str]:
    """People who may not, because they did the act's opposite before (four eyes)."""
    ids = {doer for other in wanted.not_by for doer in case.doers.get(other.name, [])}
    return [name for name, account in cast.people.items() if str(account.id) in ids]


def _tries(case: Case, wanted: Act, cast: Cast, name: str, more: dict[str, Any]) -> bool:
    """Whether this person could do it; if so, exactly one entry was written. Leaves the case as it was."""
    actor = cast.actor(name)
    before = Entry.objects.filter(subject=case.id).count()
    try:
        with transaction.atomic():
            act(case.id, wanted.name, default_data(case, wanted.name, actor) | more, actor=actor)
            assert Entry.objects.filter(subject=case.id, act=wanted.name).exists()
            assert Entry.objects.filter(subject=case.id).count() == before + 1
            raise Undo
    except Undo:
        return True
    except WrongState:  # the state is right, so a guard spoke, which is asked only of those who may
        return bool(wanted.guards)
    except Refusal:
        assert Entry.objects.filter(subject=case.id).count() == before
        return False


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "wanted"), ACTS)
def test_after_an_act_clocks_fit_the_state(
    kind: type[CaseType], wanted: Act, cast: Cast, report: Report, walk: Any
) -> None:
    if doer(wanted) is None:
        pytest.skip("only the platform itself does it")
    case, more = prepared(kind, wanted, report, walk)
    try:
        case = walk(case, (wanted.name, more))
    except WrongState:
        pytest.skip("its guard does not hold in a fresh case")
    state = kind.states[case.state]
    running = set(Clock.objects.filter(subject=case.id, state="running").values_list("code", flat=True))
    wanted_clock = {state.clock.code} if state.clock and not state.pauses and not state.ends else set()
    assert running == wanted_clock
    assert case.open is not state.ends
    assert (case.closed_at is None) is not state.ends


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
