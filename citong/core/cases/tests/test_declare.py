"""A faulty declaration stops the start, and its message names the file and the mend."""

from typing import Any

import pytest

from citong.core.cases.declare import Act, CaseType, ClockSpec, Opening, Stage, State, in_area
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
    new = State("New", Stage.FILING, "Received", clock=CLOCK)
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
    new = State("New", Stage.FILING, "Received", clock=ClockSpec("slow", "Slow", "slow", "5 working days", LAW))
    end = State("End", Stage.EVALUATION, "Done", final=True)
    finish = Act("F", "F", [new], in_area(Post.CLERK), end)
    with pytest.raises(DeclarationError, match=r"Does\.RAISE"):
        declare(new=new, end=end, finish=finish, opening=Opening(new, OpenForm))
