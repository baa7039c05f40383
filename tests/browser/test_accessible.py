"""Every screen: axe finds nothing serious, nothing is wider than the screen, the console is silent."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from citong.core.people.administration import elevate
from tests.browser.conftest import DESK, PHONE, Report, Someone, Walk
from tests.browser.demo_city import TREE
from tests.browser.person import Person, answer
from tests.browser.reporting import points, sends, tells
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (TREE / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
RUN = """async (rules) => (await axe.run(document, {resultTypes: ['violations'], preload: false, rules})).violations
    .filter((found) => ['serious', 'critical'].includes(found.impact))
    .flatMap((found) => found.nodes.map((node) => [found.id, node.target.join(' '), node.failureSummary]))"""
SEEN_ALREADY = {"color-contrast": {"enabled": False}}
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .slice(-5).map((one) => ['too wide', `${one.tagName}.${one.className}`, `${one.offsetWidth} px`])"""


class Inspector:
    """Looks at whatever a person has open, on a desk and on a phone, and says at the end what was wrong and where."""

    def __init__(self) -> None:
        self.wrong: list[tuple[str, ...]] = []

    def look(self, person: Person, *paths: str) -> None:
        """The open page, or each of these; in English only its width on a phone, where words are longest."""
        for path in paths or (None,):
            if path is not None:
                person.go(path)
            if person.language != "en":
                person.page.evaluate(AXE)
                self._find(person, RUN, {})
            person.page.set_viewport_size(PHONE)
            self._find(person, TOO_WIDE)
            if person.language != "en":
                self._find(person, RUN, SEEN_ALREADY)
                person.page.set_viewport_size(DESK)

    def _find(self, person: Person, script: str, given: Any = None) -> None:
        place = person.page.url.removeprefix(person.url)
        self.wrong += [(place, *each) for each in person.page.evaluate(script, given)]


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    looking = Inspector()
    yield looking
    assert looking.wrong == []


LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


@LANGUAGES
def test_the_public_site(someone: Someone, inspector: Inspector, report: Report, language: str) -> None:
    shown = report(public="on", text="路口井盖松动").case
    person = someone(language=language, maps=language != "en").foresees(404)
    inspector.look(person, "/", "/map/", "/privacy/", "/track/", "/track/?again=1", f"/c/{shown.number}/", "/404/")
    tells(person, "东一社区门口的井盖不见了", kind="urban.manhole")
    inspector.look(person.go("/report/"))
    tells(person, "东一社区门口的井盖不见了", kind="urban.manhole")
    answer(person.page.locator("#report-form"), address="东区东一社区") if language == "en" else points(person)
    inspector.look(person)
    person.press("Next")
    inspector.look(person)
    number, _secret = sends(person)
    inspector.look(person)
    inspector.look(person, "/receipt/print/", f"/track/{number}/", f"/track/{number}/looks/")


@LANGUAGES
def test_the_doors(someone: Someone, inspector: Inspector, language: str) -> None:
    inspector.look(someone(language=language), "/account/login/", "/account/signup/", "/account/password/reset/")
    resident = someone("resident", language=language)
    inspector.look(resident, "/reports/", "/account/password/change/", "/account/2fa/", "/account/email/")


@LANGUAGES
def test_the_desk(someone: Someone, inspector: Inspector, report: Report, walk: Walk, language: str) -> None:
    first, second = report(name="陈女士", phone="05950001234").case, report(text="旁边的井盖也松了").case
    walk(second, "accept", "dispatch", ("ask_delay", {"days": 3}))
    clerk = someone("clerk", language=language)
    inspector.look(clerk, "/desk/", "/desk/?tab=late", f"/desk/case/{first.number}/")
    with clerk.drawer("Accept"):
        inspector.look(clerk)
    inspector.look(clerk, f"/desk/case/{first.number}/do/merge/", "/desk/search?q=井盖", "/desk/search?q=nothing")
    inspector.look(clerk, "/desk/notices/", "/desk/profile/", "/desk/report/")
    handler = someone("handler", language=language, maps=language != "en")
    inspector.look(handler, f"/desk/case/{second.number}/", "/desk/map/")


@LANGUAGES
def test_supervision(someone: Someone, inspector: Inspector, report: Report, walk: Walk, language: str) -> None:
    walk(report().case, "accept", "dispatch", "feed_back", "close", "rate")
    report(text="还在等的井盖")
    supervisor = someone("supervisor", language=language)
    inspector.look(supervisor, "/desk/supervision/", "/desk/supervision/?by=kind")
    supervisor.go("/desk/supervision/").page.locator(".office-figures a").first.click()
    inspector.look(supervisor)


@LANGUAGES
def test_administration(someone: Someone, inspector: Inspector, cast: Cast, report: Report, language: str) -> None:
    report(category="strange")
    admin = someone("administrator", language=language)
    inspector.look(admin, "/desk/admin/rights")
    elevate(cast.administrator, reason="test", at=timezone.now())
    addresses = (
        admin.go("/desk/admin/").page.locator(".office-menu a").evaluate_all("all => all.map((a) => a.pathname)")
    )
    inspector.look(admin, *addresses, "/desk/admin/units/urban-e/", "/desk/admin/duties/new")
    inspector.look(admin, "/desk/admin/routing?category=urban.manhole&lon=118.605&lat=24.905")
