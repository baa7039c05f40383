"""An example of examples/ on the stage of the tiny town: every step is done, and what must hold after it does."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.clocks.models import Clock
from citong.core.flow.intake import open_case
from citong.core.flow.watch import tick
from citong.core.people.access import Purpose, scope
from citong.core.people.refusal import Refusal
from citong.core.places.current import zone
from citong.core.register import sheets
from citong.services.mediation import batches, examples
from citong.services.mediation.examples import Example, Step
from citong.services.mediation.models import Mediator, Session
from citong.services.mediation.parties import principals
from citong.services.mediation.shelf import readable
from citong.services.mediation.tests.on_paper import text_of
from tests.cast import Cast, unforeseen
from tests.disputes import Quarrel
from tests.mediators import Mediators

FILES = sorted(examples.FOLDER.glob("*.toml"))
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
MOMENT = "%Y-%m-%d %H:%M"


class Played:
    """An example on the stage of the tiny town."""

    def __init__(
        self, example: Example, cast: Cast, mediators: Mediators, set_clock: Callable[[datetime], None]
    ) -> None:  # fmt: skip
        self.example, self.cast, self.mediators, self.set_clock = example, cast, mediators, set_clock
        self.cases: list[Quarrel] = []

    def play(self) -> Iterator[str]:
        """Every step is done and what must hold after it does; yields where it is."""
        for step in self.example.steps:
            yield f"{self.example.file}, line {step.line}: {step.tells or step.act}"
            self._pass_time(step.at)
            before = self._papers()
            self._do(step)
            self._holds(step, before)

    def _pass_time(self, until: datetime) -> None:
        """The platform looks at every clock that runs out before the step, at the moment at which it does."""
        while (due := Clock.objects.filter(wake_at__lte=until).order_by("wake_at").first()) is not None:
            assert due.wake_at is not None
            self.set_clock(due.wake_at)
            tick(at=due.wake_at)
            again = Clock.objects.get(pk=due.pk).wake_at
            assert again is None or again > due.wake_at, f"clock {due.code} stands still"
        self.set_clock(until)

    def _do(self, step: Step) -> None:
        if step.act == "wait":
            return
        if not step.refused:
            return self._act(step)
        with pytest.raises(Refusal) as refusal:
            self._act(step)
        said = " ".join([str(refusal.value), *(one for many in refusal.value.errors.values() for one in many)])
        assert step.refused in said, said
        return None

    def _act(self, step: Step) -> None:
        if step.act == "open":
            return self._open(step)
        if step.act == "open a batch":
            return self._bring(step)
        for one in self.cases:
            for who in self._who(step.who, one):
                one.do(step.act, by=who, at=step.at, **self._said(step, one))
        return None

    def _open(self, step: Step) -> None:
        actor = self._staff(step.who)
        given = unforeseen(case_type("mediation").opening.form()) | dict(step.says)
        opened = open_case("mediation", given, actor=actor, channel="web", at=step.at)
        self.cases = [Quarrel(self.cast, self.mediators, opened.case.pk, opened.secret)]

    def _bring(self, step: Step) -> None:
        told, actor = {name: said for name, said in step.says.items() if name != "row"}, self._staff(step.who)
        batch, table = batches.bring(table_of(step), told, name="批.csv", actor=actor, on=step.at.date(), at=step.at)
        sheets.begin(table)
        while sheets.carry(table.pk):
            pass
        found = batches.cases_of(batch, actor)
        self.cases = [Quarrel(self.cast, self.mediators, case.pk, "") for case in found]

    def _who(self, who: str, one: Quarrel) -> Sequence[Any]:
        if who == "each party":
            return principals(one.parties())
        if who in self.example.people:
            return [self._staff(who)]
        return ["system" if who == "platform" else who]

    def _staff(self, who: str) -> Any:
        name = self.example.people[who]
        return (self.cast if name in self.cast.people else self.mediators).actor(name)

    def _said(self, step: Step, one: Quarrel) -> dict[str, Any]:
        said = {name: self._named(value, one) for name, value in step.says.items()}
        if "terms" in said:
            said["terms"] = json.dumps(said["terms"], ensure_ascii=False)
        return said

    def _named(self, value: Any, one: Quarrel) -> Any:
        """What begins with @ is somebody's id: of the people, of the parties, of a session by its number."""
        if isinstance(value, list):
            return [self._named(each, one) for each in value]
        if isinstance(value, dict):
            return {name: self._named(each, one) for name, each in value.items()}
        if not isinstance(value, str) or not value.startswith("@"):
            return value
        name = value[1:]
        if name.isdecimal():
            return str(Session.objects.get(case=one.id, number=int(name)).pk)
        if name in self.example.people:
            return str(Mediator.objects.get(account=self._account(name)).pk)
        return str(one.party(name).pk)

    def _account(self, who: str) -> Any:
        name = self.example.people[who]
        return self.mediators.people.get(name) or self.cast.people[name]

    def _papers(self) -> set[Any]:
        return {paper.pk for one in self.cases[:1] for paper in readable(one.case, one.actor("system"))}

    def _holds(self, step: Step, before: set[Any]) -> None:
        then = step.then
        if then.counts:
            states = [one.case.state for one in self.cases]
            assert {state: states.count(state) for state in states} == dict(then.counts)
        for one in self.cases:
            assert not then.state or one.case.state == then.state, one.case.state
            assert not then.holder or one.case.holder_id == self._account(then.holder).pk
            for clock, expected in then.due.items():
                assert self._due(one, clock) == expected, f"{clock}: {self._due(one, clock)}"
        if self.cases:
            self._holds_of_words(step, self.cases[0], before)

    def _due(self, one: Quarrel, code: str) -> str:
        clock = Clock.objects.filter(subject=one.id, code=code).order_by("-id").first()
        if clock is None:
            return "none"
        if clock.stopped_at is not None:
            return "stopped"
        return "paused" if clock.state == Clock.State.PAUSED else clock.due_at.astimezone(zone()).strftime(MOMENT)

    def _holds_of_words(self, step: Step, one: Quarrel, before: set[Any]) -> None:
        then = step.then
        for who in then.reads:
            assert not self._told(one, who).veiled, f"{who} does not read it"
        for who in then.veiled:
            assert self._told(one, who).veiled, f"{who} reads it"
        for who in then.unseen:
            assert not Case.objects.filter(scope(self._reader(one, who), Purpose.HANDLING), pk=one.id).exists(), who
        for who, words in then.knows.items():
            assert not (missing := [word for word in words if word not in self._all(one, who)]), f"{who}: {missing}"
        for who, words in then.knows_not.items():
            assert not (found := [word for word in words if word in self._all(one, who)]), f"{who}: {found}"
        if then.papers:
            papers = readable(one.case, one.actor("system"))
            new = {paper.number: paper.kind for paper in papers if paper.pk not in before}
            assert sorted(new.values()) == sorted(then.papers), new

    def _told(self, one: Quarrel, who: str) -> Any:
        return one.told(self._reader(one, who))[-1]

    def _reader(self, one: Quarrel, who: str) -> Any:
        return self._staff(who) if who in self.example.people else one.actor(who)

    def _all(self, one: Quarrel, who: str) -> str:
        """Every word that somebody reads of the case, on its papers too; nothing where they do not see it."""
        reader = self._reader(one, who)
        if not Case.objects.filter(scope(reader, Purpose.HANDLING), pk=one.id).exists():
            return ""
        papers = "\n".join(text_of(paper) for paper in readable(one.case, reader))
        return f"{one.words(reader)}\n{papers}"


def table_of(step: Step) -> bytes:
    """A table with the rows of `says.row`, and a number in each place where it says {n}."""
    row: dict[str, str] = step.says["row"]
    lines = [",".join(cell.format(n=number) for cell in row.values()) for number in range(1, step.rows + 1)]
    return "\n".join([",".join(row), *lines]).encode()
