"""A live city and the register: what the centre reads of the street and puts there, and an escort that drives by
itself. Needs SUMO."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

pytest.importorskip("libsumo", reason="the extra `signals` is not installed")
pytest.importorskip("sumo", reason="the extra `signals` is not installed")

from citong.adapters.sumo.live import LiveCity
from citong.adapters.sumo.made import make
from citong.adapters.sumo.scenario import scenario
from citong.adapters.sumo.tests.nets import SMALL
from citong.adapters.sumo.town import placed
from citong.cli import live_city
from citong.cli.live_city import Centre, assert_free, middle, name_goals, register
from citong.cli.trouble import Trouble
from citong.core.flow.act import act
from citong.core.flow.intake import open_case
from citong.core.people.models import Unit
from citong.core.places.current import parameter
from citong.core.places.models import Division
from citong.core.signals.control.supervised import supervised
from citong.core.signals.port import Mode
from citong.core.signals.store import digest
from citong.core.signals.watch import Rule, Violation
from citong.kit.geometry import Datum
from citong.services.escort import ground
from citong.services.escort.models import Escort, Position
from citong.services.escort.run.runner import Runner
from citong.services.signals.models import Junction, Plan
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LON, LAT = 118.605, 24.905
"""In the east, where the cast leads signals and escorts."""
DEGREE = 100_900.0
"""Metres of a degree to the east there."""
_door: dict[str, LiveCity] = {}


def door() -> LiveCity:
    """What `SIGNAL_PORT` names."""
    return _door["city"]


class Now:
    """The clock of the centre and of the street."""

    def __init__(self) -> None:
        self.at = timezone.now().replace(microsecond=0)

    def now(self) -> Any:
        return self.at


class Town:
    """Four junctions in the register and on the street, and their centre."""

    def __init__(self, net: Path, now: Now) -> None:
        self.clock, self.said = now, list[str]()
        self.loaded = register(net, code="small", name="Small", datum=Datum.WGS84)
        self.city = LiveCity(scenario(net), lead=supervised, clock=lambda: now.at.timestamp())
        self.centre = Centre(self.city, "small", Datum.WGS84, say=self.said.append)

    def second(self) -> None:
        self.clock.at += timedelta(seconds=1)
        self.city.second()


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nets")
    recipe = replace(SMALL, net=(*SMALL.net, "--no-turnarounds"), seconds=300, vehicles_an_hour=1200)
    made = make(recipe, folder)
    return placed(made, folder / "placed", lon=LON, lat=LAT)


@pytest.fixture
def town(cast: Cast, net: Path, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    settings.ROADS_FILE, settings.SIGNAL_PORT = tmp_path / "roads.npz", f"{__name__}.door"
    ground.forget_ground()
    now = Now()
    monkeypatch.setattr(live_city, "timezone", now)
    one = Town(net, now)
    _door["city"] = one.city
    yield one
    one.city.close()
    ground.forget_ground()


def test_the_register_holds_the_streets_with_their_plans_and_roads(town: Town) -> None:
    assert (town.loaded.new, town.loaded.unplaced) == (4, 0)
    row = Junction.objects.get(code="A0")
    assert row.district == Unit.objects.get(code="traffic-e").division.code
    assert row.lon == pytest.approx(LON - 100 / DEGREE, abs=0.0005)
    assert ground.streets() is not None and set(ground.junctions()) == set(town.city.plain)


def test_what_lights_show_is_read_and_one_that_broke_a_rule_is_faulty(town: Town) -> None:
    town.second()
    assert town.centre.tell_readings() == 4
    row = Junction.objects.get(code="A0")
    assert (row.state, row.mode, row.fault) == (town.city.reading("A0").state, Mode.CENTRAL, "")
    town.city.faults.append(Violation("A0", 1.0, Rule.CONFLICT, 0, 1))
    town.centre.tell_readings()
    row.refresh_from_db()
    assert row.mode == Mode.FAULT and "watch has seen it" in row.fault
    assert town.said == ["A0: conflicting greens, group 1."]
    assert Junction.objects.get(code="B1").fault == ""


def test_a_plan_in_force_by_the_register_reaches_the_street_and_so_does_the_one_before_it(town: Town) -> None:
    assert town.centre.put_plans() == []
    first = Plan.objects.get(junction__code="A0")
    spans = [[state, seconds + 4 * ("G" in state)] for state, seconds in first.spans]
    Plan.objects.filter(pk=first.pk).update(ends_at=town.clock.at)
    row = Plan(
        junction=first.junction, number=2, sort=Plan.Sort.CHANGE, spans=spans, offset=5.0, begins_at=town.clock.at
    )
    row.digest = digest(first.junction.built, row.built)
    row.save()
    assert town.centre.put_plans() == ["A0"] and town.said == ["A0: plan 2 is on the street."]
    assert town.city.junctions()["A0"].plan == row.built
    for _second in range(200):
        town.second()
    assert not town.city.broken


def test_an_escort_drives_by_itself_and_finds_its_lights_green(town: Town, cast: Cast) -> None:
    for _second in range(60):
        town.second()
    given = {
        "kind": "ambulance", "priority": 1, "lon": LON - 250 / DEGREE, "lat": LAT - 0.0009,
        "goal": f"{LON + 250 / DEGREE}, {LAT - 0.0009}",
    }  # fmt: skip
    case = open_case("escort", given, actor=cast.actor("officer"), channel="web", at=town.clock.at).case
    assert len(Escort.objects.get(pk=case.pk).route["gates"]) == 2
    for name, who in (("approve", "operator"), ("set_off", "officer")):
        act(case.pk, name, actor=cast.actor(who), at=town.clock.at)
    runner, driven = Runner(ground.streets(), town.city), 0
    while driven < 150 and not _there(town, str(case.pk)):
        town.second()
        assert town.centre.drive_escorts() == 1
        runner.step(town.clock.at)
        driven += 1
    places = list(Position.objects.filter(escort=case.pk).order_by("at"))
    assert len(places) == driven < 120 and places[-1].lon - places[0].lon > 400 / DEGREE
    steps = Escort.objects.get(pk=case.pk).steps.order_by("number")
    assert all(step.green_since and step.passed_at and step.green_since <= step.passed_at for step in steps[:2])
    assert steps[0].released_at is not None and steps[0].released_at < places[-1].at
    act(case.pk, "arrive", actor=cast.actor("officer"), at=town.clock.at)
    assert town.centre.drive_escorts() == 0 and town.city.drives == {}
    runner.step(town.clock.at)
    assert not town.city.broken


def _there(town: Town, name: str) -> bool:
    drive = town.city.drives.get(name)
    return drive is not None and drive.state == "there"


def test_real_lights_and_roads_are_left_alone(town: Town, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="holds the roads of a city"):
        assert_free(tmp_path / "street")
    (tmp_path / "street").mkdir()
    assert_free(tmp_path / "street")
    Junction.objects.filter(code="A0").update(controller=Junction.Controller.NTCIP)
    with pytest.raises(Trouble, match="Real controllers"):
        assert_free(tmp_path / "street")


def test_destinations_are_named_where_the_city_has_named_none(town: Town) -> None:
    name_goals([("Hospital", LON, LAT)])
    name_goals([("Another", LON, LAT)])
    assert [one["name"] for one in parameter("escort_goals")] == ["Hospital"]


def test_a_network_without_a_place_lies_in_the_district_of_an_operator(town: Town) -> None:
    with pytest.raises(Trouble, match="--at LON LAT"):
        middle()
    district = Unit.objects.get(code="traffic-e").division
    Division.objects.filter(level="district").exclude(pk=district.pk).update(label_lon=1.0, label_lat=2.0)
    Division.objects.filter(pk=district.pk).update(label_lon=LON, label_lat=LAT)
    assert middle() == (LON, LAT)
