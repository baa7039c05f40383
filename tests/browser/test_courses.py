"""The worked examples of mediation, clicked through: staff at the desk, parties on phones, on the real calendar."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import FilePayload, Locator, expect

from citong.core.cases.models import Case, Party
from citong.core.cases.registry import case_type
from citong.core.papers.certificates import make_certificate
from citong.core.people import slip
from citong.core.register import sheets
from citong.core.register.models import TableImport
from citong.kit.ids import uuid7
from citong.services.mediation import batch_acts, batches, examples
from citong.services.mediation.examples import Step
from citong.services.mediation.models import Batch
from citong.services.mediation.parties import principals
from citong.services.mediation.tests.playing import BEGAN, FILES, Played, table_of
from tests.browser.conftest import Window
from tests.browser.person import Person
from tests.browser.test_agreement import drawn
from tests.cast import Cast, default_data, unforeseen
from tests.disputes import Quarrel
from tests.mediators import Mediators

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Clicked(Played):
    """Every act that somebody may do is done on their page; what is refused is asked at the one door."""

    def __init__(self, *played: Any, window: Window) -> None:
        super().__init__(*played)
        self.window, self.desks, self.phones = (
            window,
            dict[tuple[str, date], Person](),
            dict[UUID, tuple[Person, str]](),
        )

    def _pass_time(self, until: datetime) -> None:
        beside(partial(super()._pass_time, until))

    def _open(self, step: Step) -> None:
        clerk = self._at_desk(step.who).go("/desk/report/mediation/")
        form = clerk.page.locator("main form").last
        fill(form, unforeseen(case_type("mediation").opening.form()) | dict(step.says))
        with clerk.page.expect_navigation():
            form.locator("button[type=submit], button:not([type])").last.click()
        self.cases = [Quarrel(self.cast, self.mediators, Case.objects.latest("opened_at").pk, "")]

    def _bring(self, step: Step) -> None:
        clerk = self._at_desk(step.who).go("/desk/mediation/batches/new/")
        form = clerk.page.locator("main form.office-form")
        fill(form, {name: said for name, said in step.says.items() if name != "row"} | {"on": step.at.date()})
        table = FilePayload(name="名单.csv", mimeType="text/csv", buffer=table_of(step))
        form.locator("[name=file]").set_input_files(table)
        with clerk.page.expect_navigation():
            form.locator(".act-send button").click()
        brought = TableImport.objects.get()
        clerk.page.locator(f"form[action='{reverse('table_start', args=[brought.pk])}'] button").click()
        with clerk.page.expect_navigation():
            clerk.press("Yes, do it", within=clerk.page.locator("dialog#confirm"))
        beside(partial(to_its_end, sheets.carry, brought.pk))
        cases = batches.cases_of(Batch.objects.get(), self._staff(step.who))
        self.cases = [Quarrel(self.cast, self.mediators, case.pk, "") for case in cases]

    def _does_at_once(self, step: Step) -> None:
        """One act for all disputes of the batch, from its page."""
        given = default_data(self.cases[0].case, step.act, self._staff(step.who)) | self._said(step, self.cases[0])
        batch = Batch.objects.get()
        person = self._at_desk(step.who).go(f"/desk/mediation/batches/{batch.pk}/")
        person.page.locator("[name=act]").select_option(step.act)
        with person.page.expect_navigation():
            person.page.locator("button[name=all]").click()
        form = person.page.locator("main form.office-form")
        fill(form, given)
        form.locator(".act-send button").click()
        with person.page.expect_navigation():
            person.press("Yes, do it", within=person.page.locator("dialog#confirm"))
        beside(partial(to_its_end, batch_acts.carry, batch.acts.latest("pk").pk))

    def _act(self, step: Step) -> None:
        if step.act in ("open", "open a batch") or step.refused or step.who == "platform":
            return super()._act(step)
        if len(self.cases) > 1 and step.act in batch_acts.TOGETHER:
            return self._does_at_once(step)
        if len(self.cases) > 1:  # what is each one's own was clicked in the other courses
            return beside(partial(super()._act, step))
        one = self.cases[0]
        if step.who in self.example.people:
            return self._does_at_desk(step, one)
        parties = principals(one.parties()) if step.who == "each party" else [one.party(step.who)]
        done = [self._does_as_party(step, one, party) for party in parties]
        assert any(done), f"nobody was asked: {step.act}"
        return None

    def _does_at_desk(self, step: Step, one: Quarrel) -> None:
        given = default_data(one.case, step.act, one.actor(self._staff(step.who))) | self._said(step, one)
        if "terms" in given:
            given["terms"] = json.loads(given["terms"])
        person = self._at_desk(step.who).go(f"/desk/case/{one.case.number}/do/{step.act}/")
        form = person.page.locator("main form.act-form")
        fill(form, given)
        with person.page.expect_navigation():
            form.locator(".act-send button").first.click()
        expect(person.page.locator("main [role=status] .alert")).to_be_visible()

    def _does_as_party(self, step: Step, one: Quarrel, party: Party) -> bool:
        """Whether the page asked the party for it: who applied for mediation is not asked to consent once more."""
        given = default_data(one.case, step.act, one.actor(party)) | self._said(step, one)
        person = self._at_phone(one, party)
        form = person.page.locator(f"form:has([name^='{step.act}-']):has(button.public-do)").first
        if step.who == "each party" and form.count() == 0:
            return False
        folded = person.page.locator(f"details:not([open]):has(form [name^='{step.act}-']) > summary")
        if folded.count():
            folded.first.click()
        fill(form, {f"{step.act}-{name}": value for name, value in given.items()})
        with person.page.expect_navigation():
            form.locator("button.public-do").click()
        expect(person.page.locator("main [role=status] .alert")).to_be_visible()
        return True

    def _at_desk(self, who: str) -> Person:
        """They have signed in today."""
        day = (who, timezone.now().date())
        if day not in self.desks:
            self.desks[day] = self.window(self._account(who))
        return self.desks[day]

    def _at_phone(self, one: Quarrel, party: Party) -> Person:
        """The party has the slip that the centre gave them, and has opened the case with it."""
        if party.pk not in self.phones:
            secret, party.slip = slip.invited(party.pk, uuid7(timezone.now()).hex)
            party.save(update_fields=["slip"])
            self.phones[party.pk] = self.window(phone=True), f"/r/{one.case.number}/{secret}/"
        person, address = self.phones[party.pk]
        return person.go(address)


def beside(does: Callable[[], Any]) -> None:
    """In a thread of its own: sealing keeps a loop, as playwright does in this one."""

    def done() -> None:
        try:
            does()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(done).result()


def to_its_end(carry: Callable[[Any], bool], key: Any) -> None:
    """What a job does in pieces."""
    while carry(key):
        pass


def fill(form: Locator, given: Mapping[str, Any]) -> None:
    """Every answer that the form asks for stands in its field; a name is drawn, points are put one in each row."""
    for name, value in given.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for row, point in enumerate(value):
                fill(form, {f"{name}-{row}-{part}": said for part, said in point.items()})
        elif form.locator(f"[name='{name}']").count():
            put(form, name, value)


def put(form: Locator, name: str, value: Any) -> None:
    """One answer in whatever kind of field; what a map fills in is put there without it."""
    found = form.locator(f"[name='{name}']")
    kind = str(found.first.evaluate("one => one.type"))
    if name.endswith("signature"):
        drawn(form)
    elif kind == "checkbox" and not isinstance(value, list):
        found.first.set_checked(bool(value))
    elif kind in ("radio", "checkbox"):
        for one in value if isinstance(value, list) else [value]:
            form.locator(f"[name='{name}'][value='{one}']").check()
    elif kind.startswith("select"):
        found.select_option(value)
    elif kind not in ("file", "hidden"):
        found.fill(str(value)) if found.is_visible() else found.evaluate("(one, to) => one.value = to", str(value))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_whole_course_is_clicked_through(
    path: Path, cast: Cast, mediators: Mediators, window: Window, settings: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings.HOME = tmp_path
    for unit in (*(body.unit for body in mediators.bodies.values()), mediators.court):
        make_certificate(unit, at=BEGAN)
    played = Clicked(
        examples.read(path), cast, mediators, lambda at: monkeypatch.setattr(timezone, "now", lambda: at), window=window
    )
    for where in played.play():
        print(f"✓ {where}")
