"""The worked examples are played through the one door, on the real calendar, and hold to the word."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from citong.core.papers.certificates import make_certificate
from citong.core.places.models import City
from citong.services.mediation import examples
from citong.services.mediation.examples import Unreadable
from citong.services.mediation.tests.playing import BEGAN, FILES, Played
from tests.cast import Cast
from tests.mediators import Mediators


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_example_plays_as_it_is_written(
    path: Path, town: City, cast: Cast, mediators: Mediators, settings: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings.HOME = tmp_path
    example = examples.read(path)
    print("\n".join(examples.story(example)))
    for unit in (*(body.unit for body in mediators.bodies.values()), mediators.court):
        make_certificate(unit, at=BEGAN)
    played = Played(example, cast, mediators, lambda at: monkeypatch.setattr(timezone, "now", lambda: at))
    for where in played.play():
        print(f"✓ {where}")


def test_every_example_of_the_issue_is_there() -> None:
    assert [path.stem[0] for path in FILES] == ["a", "b", "c", "d", "e"]


GOOD = 'title = "t"\nlaw = []\nstory = "s"\n[people]\n[[step]]\nat = 2026-04-21T09:40:00+08:00\nact = "wait"\n'
FAULTS = {
    "titel = 1\n" + GOOD: "line 1: `titel` is no word of an example",
    GOOD + 'states = "found"\n': "line 8: `states` is no word of a step",
    GOOD + '[step.then]\nstat = "found"\n': "line 9: `stat` is no word of what must hold",
    GOOD + 'then = { state = 3 }\n': "line 8: `state` must be of the kind str",
    GOOD + "[[step]]\nact = \"wait\"\n": "`at` is missing",
    GOOD + "[[step]]\nat = 2026-04-21T09:40:00\n": "line 9: this moment has no offset",
    GOOD + "[[step]]\nat = 2026-04-20T09:40:00+08:00\n": "line 8: this is before the step above it",
    "law = []\n": "`title` is missing",
    "title = \n": "no readable TOML",
}  # fmt: skip


@pytest.mark.parametrize("text", FAULTS)
def test_what_no_example_knows_is_a_fault_that_names_file_and_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable, match="x") as fault:
        examples.read(path)
    assert FAULTS[text] in str(fault.value)
