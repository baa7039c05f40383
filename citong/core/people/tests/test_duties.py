from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from citong.core.people.city import People, load_people
from citong.core.people.duties import Duties, router
from citong.core.people.models import Absence, Account, Appointment, Beat, Unit
from citong.core.people.posts import Post
from citong.core.places.city import Places
from citong.core.places.folder import Folder
from citong.core.places.load import LoadReport, load_places, save_city
from citong.core.places.locate import GridRef, Located
from citong.core.places.models import City
from citong.core.places.tests.small_city import write_small_city

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
EAST, WEST = "9/901/90101/9010101/", "9/902/90201/9020101/"


def at(path: str, *, fire: str = "", base: str = "") -> Located:
    professional = {"fire": GridRef(0, fire, fire, path)} if fire else {}
    return Located(path, path.split("/")[1], GridRef(0, base, base, path) if base else None, professional, True)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Duties:
    folder: Path = write_small_city(tmp_path_factory.mktemp("small"))
    return People(Places(Folder(folder))).book


def target(book: Duties, category: str, place: Located) -> str | None:
    duty = book.match(category, place)
    unit = book.resolve(duty.to, place) if duty else None
    return unit.code if unit else None


def test_the_first_duty_in_order_that_fits_decides(book: Duties) -> None:
    assert target(book, "urban.light", at(WEST)) == "9-centre"
    assert target(book, "urban.light", at(EAST)) == "9010101-station"


def test_a_duty_for_a_category_covers_all_below_it_and_nothing_beside_it(book: Duties) -> None:
    assert target(book, "urban.hole.lid", at(EAST)) == "901-urban"
    assert book.match("urbanity", at(EAST)) is None


def test_an_area_may_be_a_grid_of_the_dutys_layer(book: Duties) -> None:
    assert target(book, "safety", at(WEST, fire="F2")) == "902-urban"
    assert target(book, "safety", at(WEST, fire="F1")) == "9-fire"


def test_a_level_without_such_a_unit_falls_to_the_next_higher_one(book: Duties) -> None:
    assert target(book, "safety", at(EAST)) == "9-fire"
    assert target(book, "urban.light", at("9/901/90101/9010102/")) == "90101-centre"


def test_an_unknown_place_goes_to_units_of_the_city(book: Duties) -> None:
    assert target(book, "safety", Located()) == "9-fire"


def test_the_dry_run_says_of_each_duty_why_it_did_not_fit(book: Duties) -> None:
    tried = {one.duty.order: (one.fits, one.why) for one in book.explain("urban.light", at(EAST))}
    assert tried[10] == (False, "The place is not in 9/902/.")
    assert tried[20] == (True, "It decides: 9010101-station.")
    assert tried[30] == (False, "An earlier duty has decided.")
    assert tried[40] == (False, "It is for safety.")


@pytest.fixture
def loaded(db: None, tmp_path: Path) -> None:
    """The small city's places, units and duties are in the database."""
    people = People(Places(Folder(write_small_city(tmp_path))))
    report = LoadReport()
    load_places(people.places, now=NOW, report=report)
    load_people(people, now=NOW, report=report)
    save_city(people.places, files={}, report=report)
    router().forget()


@pytest.fixture
def worker(loaded: None) -> Callable[[str], Account]:
    """`worker("li")` looks after base grid 9010101001."""

    def appointed(name: str) -> Account:
        account = Account.objects.create(username=name)
        unit = Unit.objects.get(code="9010101-station")
        held = Appointment.objects.create(account=account, unit=unit, post=Post.GRID_WORKER, begins_on="2026-01-01")
        Beat.objects.create(appointment=held, grid="9010101001")
        return account

    return appointed


PLACE = at(EAST, base="9010101001")


def away(one: Account, stand_in: Account) -> None:
    Absence.objects.create(account=one, stand_in=stand_in, begins_at=NOW - HOUR, ends_at=NOW + HOUR)


def test_a_grid_matter_reaches_the_worker_of_the_grid(worker: Callable[[str], Account]) -> None:
    li = worker("li")
    found = router().route("urban.light", PLACE, at=NOW)
    assert (found.unit_code, found.post, found.account_id) == ("9010101-station", "grid_worker", li.pk)
    assert (found.order, found.reason, found.source, found.gap) == (20, "Lights", "Order 2", False)


def test_while_the_worker_is_away_the_stand_in_is_reached(worker: Callable[[str], Account]) -> None:
    li, wu = worker("li"), Account.objects.create(username="wu")
    away(li, wu)
    assert router().route("urban.light", PLACE, at=NOW).account_id == wu.pk
    assert router().route("urban.light", PLACE, at=NOW + 2 * HOUR).account_id == li.pk


def test_a_stand_in_who_is_away_too_passes_it_on_and_a_circle_ends(worker: Callable[[str], Account]) -> None:
    li, wu, chen = worker("li"), *(Account.objects.create(username=name) for name in ("wu", "chen"))
    away(li, wu)
    away(wu, chen)
    assert router().route("urban.light", PLACE, at=NOW).account_id == chen.pk
    away(chen, li)
    assert router().route("urban.light", PLACE, at=NOW).account_id is None


def test_a_present_colleague_comes_before_a_stand_in(worker: Callable[[str], Account]) -> None:
    li, ma = worker("li"), worker("ma")
    away(li, Account.objects.create(username="wu"))
    assert router().route("urban.light", PLACE, at=NOW).account_id == ma.pk


def test_without_a_worker_the_unit_alone_is_named(loaded: None) -> None:
    found = router().route("urban.light", PLACE, at=NOW)
    assert (found.unit_code, found.account_id) == ("9010101-station", None)


def test_a_kind_nobody_answers_for_reaches_the_citys_centre_as_a_gap(loaded: None) -> None:
    found = router().route("strange", PLACE, at=NOW)
    assert (found.unit_code, found.gap, found.order) == ("9-centre", True, None)


def test_routes_cost_no_query_until_the_city_changes(
    loaded: None, django_assert_num_queries: Callable[..., object]
) -> None:
    router().route("urban", PLACE, at=NOW)
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        router().route("urban", PLACE, at=NOW)
    assert City.objects.get().version == 1
