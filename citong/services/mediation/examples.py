"""Whole disputes as files that a jurist reads: who says what, when, and what must hold afterwards.

A file of `examples/` is a title, a story, its people, and its steps in the order of time. What may stand in it is said
below, field by field; anything else is a fault that names file and line.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "examples"
STEP = re.compile(r"^\s*\[\[\s*step\s*\]\]")


class Unreadable(ValueError):
    """The file can not be played; the sentence names file, line and mend."""


@dataclass(frozen=True)
class Then:
    """What must hold after a step; what is not named is not asked.

    `due`: clock to the moment at which it runs out, "stopped", "paused" or "none". `reads`: who reads the words of this
    step; `veiled`: who sees that it happened and not what was said; `unseen`: who sees nothing of the case. `knows` and
    `knows_not`: what somebody can, and can not, find in all they read, papers included. `papers`: kinds that the step
    made. `counts`: of a batch, state to number.
    """

    state: str = ""
    holder: str = ""
    due: Mapping[str, str] = field(default_factory=dict)
    reads: Sequence[str] = ()
    veiled: Sequence[str] = ()
    unseen: Sequence[str] = ()
    knows: Mapping[str, Sequence[str]] = field(default_factory=dict)
    knows_not: Mapping[str, Sequence[str]] = field(default_factory=dict)
    papers: Sequence[str] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One thing that somebody does, or time that passes.

    `who` is a name of `people`, a party by name, "applicant", "respondent", "each party" or "platform". `act` is an act
    of the service, or "open" for the opening, "open a batch" (`rows` disputes) or "wait". `says` are the answers to its
    form; a value that begins with @ names somebody. `refused`: it must not be done, for this reason. `tells` is for
    readers.
    """

    line: int
    at: datetime
    who: str = "platform"
    act: str = "wait"
    tells: str = ""
    says: Mapping[str, Any] = field(default_factory=dict)
    rows: int = 0
    refused: str = ""
    then: Then = field(default_factory=Then)


@dataclass(frozen=True)
class Example:
    """A whole course. `people`: who plays, each a name of the tiny town's cast or of its mediators."""

    file: str
    title: str
    law: Sequence[str]
    story: str
    people: Mapping[str, str]
    steps: Sequence[Step]


def examples() -> list[Example]:
    """Every example, in the order of file names. Raises Unreadable."""
    return [read(path) for path in sorted(FOLDER.glob("*.toml"))]


def read(path: Path) -> Example:
    """The example in this file. Raises Unreadable."""
    text = path.read_text(encoding="utf-8")
    lines = _Lines(path, text)
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise Unreadable(f"{path}: no readable TOML: {fault}.") from None
    known = {"title": str, "law": list, "story": str, "people": dict, "step": list}
    _checked(told, known, lines, 0, "an example")
    for name in known:
        if name not in told:
            raise Unreadable(f"{path}, line 1: `{name}` is missing: write it.")
    steps = [_step(one, lines, number) for number, one in enumerate(told["step"])]
    for before, step in pairwise(steps):
        if step.at < before.at:
            raise Unreadable(f"{path}, line {step.line}: this is before the step above it: put the steps in order.")
    return Example(path.name, told["title"], told["law"], told["story"].strip(), told["people"], steps)


class _Lines:
    """Where the words of the file stand, for faults that name their line."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.lines = path, text.splitlines()
        self.starts = [number for number, line in enumerate(self.lines, start=1) if STEP.match(line)]

    def of_step(self, step: int) -> int:
        return self.starts[step]

    def of(self, name: str, after: int) -> int:
        """The line of this word, the first one from the given line on."""
        word = re.compile(rf"(^|[\s.\[{{,]){re.escape(name)}[\s\]]*(=|\]|\.)")
        found = (number for number, line in enumerate(self.lines, start=1) if number >= after and word.search(line))
        return next(found, max(after, 1))

    def fault(self, name: str, after: int, sentence: str) -> Unreadable:
        return Unreadable(f"{self.path}, line {self.of(name, after)}: {sentence}")


def _step(told: Mapping[str, Any], lines: _Lines, number: int) -> Step:
    line = lines.of_step(number)
    types = {
        "at": datetime, "who": str, "act": str, "tells": str, "says": dict, "rows": int, "refused": str, "then": dict,
    }  # fmt: skip
    _checked(told, types, lines, line, "a step")
    if "at" not in told:
        raise lines.fault("at", line, "`at` is missing: say when, with its offset, such as 2026-04-20T09:30:00+08:00.")
    if told["at"].tzinfo is None:
        raise lines.fault("at", line, "this moment has no offset: write it such as 2026-04-20T09:30:00+08:00.")
    then = Then(**_expected(told.get("then", {}), lines, line))
    return Step(line=line, **{name: value for name, value in told.items() if name != "then"}, then=then)


def _expected(told: Mapping[str, Any], lines: _Lines, line: int) -> Mapping[str, Any]:
    lists = {"reads", "veiled", "unseen", "papers"}
    tables = {"due", "knows", "knows_not", "counts"}
    types = {one.name: list if one.name in lists else dict if one.name in tables else str for one in fields(Then)}
    _checked(told, types, lines, line, "what must hold")
    return told


def _checked(told: Mapping[str, Any], known: Mapping[str, type], lines: _Lines, after: int, where: str) -> None:
    for name, value in told.items():
        if name not in known:
            raise lines.fault(name, after, f"`{name}` is no word of {where}: use one of {', '.join(known)}.")
        if not isinstance(value, known[name]):
            raise lines.fault(name, after, f"`{name}` must be of the kind {known[name].__name__}.")


def story(example: Example) -> Iterator[str]:
    """The example as lines to read: Markdown, one paragraph for each step."""
    yield from (f"# {example.title}", "", example.story, "")
    yield from (f"- {law}" for law in example.law)
    yield ""
    for step in example.steps:
        yield from _told(step)


def _told(step: Step) -> Iterator[str]:
    who = "" if step.act == "wait" else f" {step.who}:"
    yield f"**{step.at:%Y-%m-%d %H:%M}**{who} {step.tells or step.act}"
    for value in (value for name, value in step.says.items() if name in SPOKEN):
        yield from (f"> {line}" for word in _spoken(value) for line in word.splitlines())
    yield from (f"- {sentence}" for sentence in _expectations(step))
    yield ""


SPOKEN = ("text", "wish", "record", "note", "reason", "terms", "about", "opinion", "question", "found", "danger")


def _spoken(value: Any) -> list[str]:
    """What is said as lines; of points each with who owes it and until when."""
    points = value if isinstance(value, list) else [value]
    return [" · ".join(map(str, one.values())) if isinstance(one, dict) else str(one) for one in points]


def _expectations(step: Step) -> Iterator[str]:
    if step.refused:
        yield f"not possible: {step.refused}"
    if step.then.state:
        yield f"state: {step.then.state}"
    yield from (f"clock {clock}: {moment}" for clock, moment in step.then.due.items())
    lists = {"read by": step.then.reads, "seen, not read, by": step.then.veiled, "not seen by": step.then.unseen}
    yield from (f"{label} {', '.join(names)}" for label, names in lists.items() if names)
    yield from (f"{who} finds: {'; '.join(words)}" for who, words in step.then.knows.items())
    yield from (f"{who} does not find: {'; '.join(words)}" for who, words in step.then.knows_not.items())
