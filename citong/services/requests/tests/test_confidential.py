"""Kinds of which the city keeps back who reported them, as sentences."""

from collections.abc import Callable

import pytest

from citong.core.cases.forms import categories
from citong.core.cases.models import Category
from citong.core.flow.intake import Opened
from citong.core.people.access import sees_reporter
from citong.core.places.current import forget_city
from citong.core.places.models import City
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Report = Callable[..., Opened]


@pytest.fixture
def child(town: City) -> str:
    town.parameters |= {"confidential": ["safety.child"]}
    town.save()
    forget_city()
    Category.objects.create(
        code="safety.child", parent_id="safety", name="未成年人疑似受侵害", name_en="Suspected harm to a child",
        kind="event", public=False, urgent=True,
    )  # fmt: skip
    categories.cache_clear()
    return "safety.child"


def test_a_suspected_harm_to_a_child_is_urgent_confidential_and_never_public(
    cast: Cast, report: Report, child: str
) -> None:
    case = report(category=child, reporting="open", public="on", by="grid_worker", channel="grid").case
    assert (case.reporting, case.urgent, case.public) == ("confidential", True, False)
    assert (sees_reporter(cast.actor("handler"), case), sees_reporter(cast.actor("clerk"), case)) == (False, True)


def test_whoever_wants_to_stay_unknown_does(report: Report, child: str) -> None:
    assert report(category=child, reporting="anonymous").case.reporting == "anonymous"


def test_all_else_is_reported_as_the_reporter_wishes(report: Report, child: str) -> None:
    assert report(category="safety.exit", reporting="open").case.reporting == "open"
