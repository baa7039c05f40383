"""Every screen: axe finds nothing serious, nothing is wider than the screen, the console is silent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from citong.core.people.administration import elevate
from tests.browser.conftest import Report, Someone, Walk
from tests.browser.person import Person
from tests.browser.reporting import points, sends, tells
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .filter((found) => ['serious', 'critical'].includes(found.impact))
    .flatMap((found) => found.nodes.map((node) => [found.id, node.target.join(' '), node.failureSummary]))"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 5).map((one) => ['too wide', `${one.tagName}.${one.className}`, `${one.offsetWidth} px`])"""
SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])


class Inspector:
    """Looks at whatever a person has open, and says at the end what was wrong and where."""

    def __init__(self) -> None:
        self.wrong: list[tuple[str, ...]] = []

    def look(self, person: Person, *paths: str) -> None:
        """The open page, or each of these."""
        for path in paths or (None,):
            if path is not None:
                person.go(path)
            person.page.evaluate(AXE.read_text())
            found = [*person.page.evaluate(RUN), *person.page.evaluate(TOO_WIDE)]
            self.wrong += [(person.page.url.removeprefix(person.url), *each) for each in found]


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    looking = Inspector()
    yield looking
    assert looking.wrong == []


@SIZES
def test_the_public_site(someone: Someone, inspector: Inspector, report: Report, phone: bool) -> None:
    shown = report(public="on", text="路口井盖松动").case
    person = someone(phone=phone, maps=True).foresees(404)
    inspector.look(person, "/", "/map/", "/privacy/", "/track/", "/track/?again=1", f"/c/{shown.number}/", "/404/")
    tells(person, "东一社区门口的井盖不见了", kind="urban.manhole")
    inspector.look(person.go("/report/"))
    tells(person, "东一社区门口的井盖不见了", kind="urban.manhole")
    points(person)
    inspector.look(person)
    person.press("Next")
    inspector.look(person)
    number, _secret = sends(person)
    inspector.look(person)
    inspector.look(person, "/receipt/print/", f"/track/{number}/", f"/track/{number}/looks/")


@SIZES
def test_the_doors(someone: Someone, inspector: Inspector, phone: bool) -> None:
    inspector.look(someone(phone=phone), "/account/login/", "/account/signup/", "/account/password/reset/")
    resident = someone("resident", phone=phone)
    inspector.look(resident, "/reports/", "/account/password/change/", "/account/2fa/", "/account/email/")


@SIZES
def test_the_desk(someone: Someone, inspector: Inspector, report: Report, walk: Walk, phone: bool, photo: Path) -> None:
    first, second = report(name="陈女士", phone="05950001234").case, report(text="旁边的井盖也松了").case
    walk(second, "accept", "dispatch", ("ask_delay", {"days": 3}))
    clerk = someone("clerk", phone=phone, maps=True)
    inspector.look(clerk, "/desk/", "/desk/?tab=late", f"/desk/case/{first.number}/")
    with clerk.drawer("Accept"):
        inspector.look(clerk)
    inspector.look(clerk, f"/desk/case/{first.number}/do/merge/", "/desk/search?q=井盖", "/desk/search?q=nothing")
    inspector.look(clerk, "/desk/notices/", "/desk/profile/", "/desk/report/", "/desk/map/")
    inspector.look(someone("handler", phone=phone, maps=True), f"/desk/case/{second.number}/")


@SIZES
def test_supervision(someone: Someone, inspector: Inspector, report: Report, walk: Walk, phone: bool) -> None:
    walk(report().case, "accept", "dispatch", "feed_back", "close", "rate")
    report(text="还在等的井盖")
    supervisor = someone("supervisor", phone=phone)
    inspector.look(supervisor, "/desk/supervision/", "/desk/supervision/?by=kind")
    supervisor.go("/desk/supervision/").page.locator(".office-figures a").first.click()
    inspector.look(supervisor)


@SIZES
def test_administration(someone: Someone, inspector: Inspector, cast: Cast, report: Report, phone: bool) -> None:
    report(category="strange")
    admin = someone("administrator", phone=phone)
    inspector.look(admin, "/desk/admin/rights")
    elevate(cast.administrator, reason="test", at=timezone.now())
    addresses = (
        admin.go("/desk/admin/").page.locator(".office-menu a").evaluate_all("all => all.map((a) => a.pathname)")
    )
    inspector.look(admin, *addresses, "/desk/admin/units/urban-e/", "/desk/admin/duties/new")
    inspector.look(admin, "/desk/admin/routing?category=urban.manhole&lon=118.605&lat=24.905")
