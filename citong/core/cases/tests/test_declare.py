"""A faulty declaration stops the start, and its message names the file and the mend."""

from collections.abc import Sequence
from typing import Any

import pytest

from citong.core.cases.declare import (
    PARTY,
    REPORTER,
    SYSTEM,
    Act,
    CaseType,
    ClockSpec,
    Opening,
    Stage,
    State,
    Term,
    Who,
    in_area,
)
from citong.core.cases.door import Door, Step
from citong.core.cases.forms import ActForm, LineField, WordsField
from citong.core.people.posts import Post
from citong.kit.rule import DeclarationError, Law

LAW = Law("A law", 1)


class OpenForm(ActForm):
    title = LineField(label="Title")
    text = WordsField(label="Text")


def declare(**parts: Any) -> type[CaseType]:
    """A sound little declaration, with `parts` in place of its own; a part of None is left out."""
    new = State("New", Stage.FILING, "Received")
    end = State("End", Stage.EVALUATION, "Done", ends=True, final=True)
    sound = {
        "code": "small", "label": "Small", "description": "A small thing", "ground": LAW,
        "new": new, "end": end, "opening": Opening(new, OpenForm),
        "finish": Act("Finish", "It was finished.", [new], in_area(Post.CLERK), end),
    }  # fmt: skip
    return type("Small", (CaseType,), {k: v for k, v in (sound | parts).items() if v is not None})


def test_a_sound_declaration_knows_its_states_and_acts() -> None:
    small = declare()
    assert list(small.states) == ["new", "end"]
    assert [act.name for act in small.leaving("new")] == ["finish"]


STATE = State("Lost", Stage.FILING, "Lost", final=True)
CLOCK = ClockSpec("slow", "Slow", "slow", "5 fortnights", LAW)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"ground": None}, "`ground` is missing"),
        ({"ground": "some law"}, "must be a Law"),
        ({"colour": "red"}, "`colour` is not a word of a declaration"),
        ({"lost": STATE}, "state `lost` can not be reached"),
        ({"finish": None}, "has no way out"),
        ({"finish": Act("F", "F", [STATE], in_area(Post.CLERK))}, "names a state of another declaration"),
        ({"again": Act("A", "A", [], in_area(Post.CLERK))}, "starts nowhere"),
    ],
)
def test_a_fault_is_named_with_its_mend(parts: dict[str, Any], said: str) -> None:
    with pytest.raises(DeclarationError, match=said) as raised:
        declare(**parts)
    assert "test_declare.py" in str(raised.value)


def test_a_final_state_has_no_way_out() -> None:
    new = State("New", Stage.FILING, "Received")
    end = State("End", Stage.EVALUATION, "Done", final=True)
    acts = {
        "finish": Act("F", "F", [new], in_area(Post.CLERK), end),
        "back": Act("B", "B", [end], in_area(Post.CLERK), new),
    }
    with pytest.raises(DeclarationError, match="is final and `back` leads out of it"):
        declare(new=new, end=end, opening=Opening(new, OpenForm), **acts)


def test_a_clock_needs_a_usable_span() -> None:
    new = State("New", Stage.FILING, "Received", clocks=[CLOCK])
    end = State("End", Stage.EVALUATION, "Done", final=True)
    finish = Act("F", "F", [new], in_area(Post.CLERK), end)
    with pytest.raises(DeclarationError, match="clock `slow` has no usable span"):
        declare(new=new, end=end, finish=finish, opening=Opening(new, OpenForm))


def test_an_act_is_for_a_post_that_exists() -> None:
    new = State("New", Stage.FILING, "Received")
    end = State("End", Stage.EVALUATION, "Done", final=True)
    finish = Act("F", "F", [new], in_area("mayor"), end)
    with pytest.raises(DeclarationError, match="`mayor`, which is no post"):
        declare(new=new, end=end, finish=finish, opening=Opening(new, OpenForm))


def test_the_form_of_the_opening_yields_what_every_case_has() -> None:
    new = State("New", Stage.FILING, "Received")
    end = State("End", Stage.EVALUATION, "Done", final=True)
    finish = Act("F", "F", [new], in_area(Post.CLERK), end)
    with pytest.raises(DeclarationError, match="has no field `title`"):
        declare(new=new, end=end, finish=finish, opening=Opening(new, ActForm))


def test_a_clock_that_runs_out_must_lead_somewhere() -> None:
    new = State("New", Stage.FILING, "Received", clocks=[ClockSpec("slow", "Slow", "slow", "5 working days", LAW)])
    end = State("End", Stage.EVALUATION, "Done", final=True)
    finish = Act("F", "F", [new], in_area(Post.CLERK), end)
    with pytest.raises(DeclarationError, match=r"Does\.RAISE"):
        declare(new=new, end=end, finish=finish, opening=Opening(new, OpenForm))


def clocked(spec: ClockSpec, *, lapse: Act | None = None) -> type[CaseType]:
    """A declaration whose first state has this clock."""
    new = State("New", Stage.FILING, "Received", clocks=[spec])
    end = State("End", Stage.EVALUATION, "Done", ends=True, final=True)
    lapsing = Act("L", "L", [new], [SYSTEM], end) if lapse is None else lapse
    return declare(
        new=new, end=end, finish=Act("F", "F", [new], in_area(Post.CLERK), end), lapse=lapsing,
        opening=Opening(new, OpenForm),
    )  # fmt: skip


def test_a_clock_may_end_in_an_act_of_the_platform() -> None:
    spec = ClockSpec("slow", "Slow", "slow", "5 working days", LAW, then="lapse")
    assert clocked(spec).clocks() == {"slow": spec}
    with pytest.raises(DeclarationError, match="ends in `finish`, which the platform can not do"):
        clocked(ClockSpec("slow", "Slow", "slow", "5 working days", LAW, then="finish"))


def test_a_window_that_passes_leads_nowhere() -> None:
    assert clocked(ClockSpec("right", "A right", "right", "30 days", LAW, window=True)).clocks()["right"].window


def test_a_line_of_law_has_a_term_of_its_own() -> None:
    other = Law("Another law", 38)
    spec = ClockSpec(
        "slow", "Slow", "slow", "30 days", LAW, then="lapse", by_line={"medical": Term("30 working days", other)}
    )
    assert (spec.term("").span, spec.term("medical")) == ("30 days", Term("30 working days", other))
    with pytest.raises(DeclarationError, match="no usable span"):
        clocked(ClockSpec("slow", "Slow", "slow", "1 day", LAW, then="lapse", by_line={"x": Term("soon", LAW)}))


def test_a_state_is_reached_by_what_an_effect_may_lead_to() -> None:
    new, agreed = State("New", Stage.FILING, "Received"), State("Agreed", Stage.FEEDBACK, "Agreed", final=True)
    consent = Act("C", "C", [new], [PARTY], leads=[agreed])
    small = declare(new=new, end=None, finish=None, agreed=agreed, consent=consent, opening=Opening(new, OpenForm))
    assert small.acts["consent"].targets == [agreed]


def test_an_open_service_hides_no_words() -> None:
    new = State("New", Stage.FILING, "Received")
    end = State("End", Stage.EVALUATION, "Done", ends=True, final=True)
    finish = Act("F", "F", [new], in_area(Post.CLERK), end, reads=[PARTY])
    with pytest.raises(DeclarationError, match="the service is not private"):
        declare(new=new, end=end, finish=finish, opening=Opening(new, OpenForm))
    assert declare(new=new, end=end, finish=finish, opening=Opening(new, OpenForm), reads=[PARTY]).reads


WHOLE = Step("What", ("title", "text"))


@pytest.mark.parametrize(
    ("steps", "by", "said"),
    [
        ([WHOLE], in_area(Post.CLERK), "residents may not open it"),
        ([WHOLE, Step("More", ("colour",))], [REPORTER], "asks for `colour`, which is no field"),
        ([Step("What", ("title",))], [REPORTER], "never asks for `text`"),
    ],
)
def test_a_door_leads_to_the_form_of_the_opening(steps: Sequence[Step], by: Sequence[Who], said: str) -> None:
    new = State("New", Stage.FILING, "Received")
    finish = Act("F", "F", [new], in_area(Post.CLERK), State("End", Stage.EVALUATION, "Done", ends=True, final=True))
    opening = Opening(new, OpenForm, by=by, door=Door("Come in", "It is short.", steps))
    with pytest.raises(DeclarationError, match=said):
        declare(new=new, end=finish.target, opening=opening, finish=finish)


def test_a_sound_door_opens() -> None:
    new = State("New", Stage.FILING, "Received")
    finish = Act("F", "F", [new], in_area(Post.CLERK), State("End", Stage.EVALUATION, "Done", ends=True, final=True))
    opening = Opening(new, OpenForm, by=[REPORTER], door=Door("Come in", "It is short.", [WHOLE]))
    assert declare(new=new, end=finish.target, opening=opening, finish=finish).opening.door is opening.door
