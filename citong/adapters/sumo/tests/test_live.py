"""A live city on a made network, asked through its socket as another process asks it. Needs SUMO."""

import socket
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("libsumo", reason="the extra `signals` is not installed")
pytest.importorskip("sumo", reason="the extra `signals` is not installed")

from citong.adapters.sumo import live_wire as wire
from citong.adapters.sumo.listing import is_on_earth
from citong.adapters.sumo.live import LiveCity
from citong.adapters.sumo.live_door import Door, answer
from citong.adapters.sumo.live_port import SOCKET, LivePort
from citong.adapters.sumo.made import make
from citong.adapters.sumo.scenario import scenario
from citong.adapters.sumo.tests.nets import SMALL
from citong.adapters.sumo.town import TOWN, made_town, placed
from citong.core.signals.control.supervised import supervised
from citong.core.signals.guard import WATCHDOG
from citong.core.signals.model import Plan, Span
from citong.core.signals.port import Accepted, Ask, Mode, NoContact, Refused, Why

NAME = "A0"
LON, LAT = 118.6, 24.9


class Clock:
    """The seconds since 1970, as the test has them."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Living:
    """A city of four junctions behind its door, and a client of that door."""

    def __init__(self, folder: Path, net: Path) -> None:
        self.clock = Clock()
        self.city = LiveCity(scenario(net), lead=supervised, clock=self.clock)
        self.door = Door(self.city, folder)
        self.port = LivePort(folder, within=2.0)

    def pass_by(self, seconds: int) -> None:
        for _second in range(seconds):
            self.clock.now += 1
            self.city.second()

    def ask(self, id: str = "1", *, seconds: float = 20.0) -> Ask:
        return Ask(id, "a test", "trying", self.clock.now, self.clock.now + seconds)


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nets")
    return placed(make(replace(SMALL, seconds=120), folder), folder / "placed", lon=LON, lat=LAT)


@pytest.fixture
def living(tmp_path: Path, net: Path) -> Iterator[Living]:
    one = Living(tmp_path, net)
    yield one
    one.door.close()
    one.city.close()


def test_the_door_tells_what_the_lights_show_and_what_is_seen(living: Living) -> None:
    living.pass_by(30)
    assert set(living.port.junctions()) == set(living.city.plain)
    reading = living.port.reading(NAME)
    assert reading == living.city.reading(NAME) and reading.mode is Mode.CENTRAL
    lanes = living.port.detectors(NAME)
    assert lanes == living.city.detectors(NAME) and sum(one.count for one in lanes.values()) > 0
    assert stat.S_IMODE(living.door.path.stat().st_mode) == 0o600


def test_a_stage_asked_for_is_shown_held_and_let_go_when_its_time_is_over(living: Living) -> None:
    living.pass_by(20)
    junction = living.port.junctions()[NAME]
    shown = living.port.reading(NAME).stage
    wanted = next(n for n, stage in enumerate(junction.stages) if n != shown and not stage.permissive)
    assert living.port.request_stage(NAME, wanted, living.ask()) == Accepted("1", living.clock.now + 20)
    living.pass_by(19)
    reading = living.port.reading(NAME)
    assert reading.stage == wanted and reading.since is not None and reading.since < reading.at
    living.pass_by(2)
    assert NAME not in living.city.held and not living.city.broken


def test_an_ask_is_done_once_ends_with_its_release_and_never_outlives_the_watchdog(living: Living) -> None:
    first = living.port.request_stage(NAME, 0, living.ask(seconds=500))
    assert isinstance(first, Accepted) and first.until == living.clock.now + WATCHDOG
    assert isinstance(living.port.release(NAME, living.ask("2")), Accepted)
    assert living.port.request_stage(NAME, 0, living.ask(seconds=500)) == first and NAME not in living.city.held
    living.pass_by(1)  # whoever asks has started anew, and counts from one again
    assert living.port.request_stage(NAME, 0, living.ask()) != first and NAME in living.city.held


def test_what_can_not_be_is_refused_with_its_reason(living: Living) -> None:
    port = living.port
    answers = [
        port.request_stage("nowhere", 0, living.ask("1")),
        port.request_stage(NAME, 99, living.ask("2")),
        port.request_stage(NAME, 0, living.ask("3", seconds=-1)),
        port.set_plan(NAME, "another", living.ask("4")),
    ]
    reasons = [one.why for one in answers if isinstance(one, Refused)]
    assert reasons == [Why.UNKNOWN_JUNCTION, Why.UNKNOWN_STAGE, Why.EXPIRED, Why.UNKNOWN_PLAN]
    with pytest.raises(NoContact, match="not among the lights"):
        port.reading("nowhere")


@pytest.mark.parametrize("line", [
    b"", b"nonsense", b"[]", b'{"v":2,"do":"reading"}', b'{"v":1}', b'{"v":1,"do":"close","junction":"A0"}',
    b'{"v":1,"do":"request_stage","junction":"A0","stage":"0"}',
    b'{"v":1,"do":"request_stage","junction":"A0","stage":0,"ask":{"id":1,"by":2,"reason":3,"at":0,"until":NaN}}',
    b'{"v":1,"do":"release","junction":"A0","ask":7}', b"\xff\xfe",
])  # fmt: skip
def test_no_line_breaks_the_door(living: Living, line: bytes) -> None:
    assert "fault" in wire.read(answer(living.city, line))
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(str(living.door.path))
        raw.sendall(line + b"\n")
    assert living.port.reading(NAME).junction == NAME


def test_without_the_simulator_nobody_answers_and_the_lights_are_still_known(living: Living) -> None:
    living.door.close()
    with pytest.raises(NoContact):
        living.port.reading(NAME)
    with pytest.raises(NoContact):
        living.port.request_stage(NAME, 0, living.ask())
    assert NAME in living.port.junctions()
    assert LivePort(living.port.folder / "nowhere").junctions() == {}


def test_a_simulator_that_hangs_is_waited_for_once(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / SOCKET))
        deaf.listen()
        port, began = LivePort(tmp_path, within=0.2), time.monotonic()
        for _again in range(20):
            with pytest.raises(NoContact):
                port.reading(NAME)
        assert time.monotonic() - began < 2.0


def test_a_plan_put_on_the_street_is_shown_there_through_lawful_changes(living: Living) -> None:
    living.city.controllers, living.city.lead = {}, None
    living.pass_by(30)
    old = living.city.plain[NAME].plan
    new = Plan("2", tuple(Span(one.state, one.seconds + 4 * ("G" in one.state)) for one in old.spans), 7.0)
    assert living.city.put_plans({NAME: new, "nowhere": new}) == [NAME]
    assert living.city.put_plans({NAME: replace(new, name="3")}) == []
    living.pass_by(2 * round(new.cycle))
    for _second in range(round(new.cycle)):
        living.pass_by(1)
        assert living.port.reading(NAME).state == new.state_at(living.city.now - 1)
    assert not living.city.broken and living.port.reading(NAME).mode is Mode.PLAN


def test_the_traffic_never_ends_and_nothing_unlawful_is_shown(living: Living) -> None:
    living.pass_by(600)  # five times as long as the scenario
    now = living.city.traffic()
    assert now.vehicles > 10 and now.broken == 0 and now.led > 0


def test_a_car_drives_its_way_and_tells_where_it_is(living: Living) -> None:
    living.pass_by(5)
    roads = ["bottom0A0", "A0A1", "A1top0"]
    drive = partial(living.city.drive, "one", roads, begins_m=20.0, ends_m=100.0)
    first = drive()
    assert first is not None and first.speed is None and abs(first.lat - LAT) < 0.01
    places = []
    for _second in range(200):
        living.pass_by(1)
        places.append(drive())
        if places[-1] is not None and places[-1].there:
            break
    last = places[-1]
    assert last is not None and last.there and last.lat > first.lat + 0.003
    assert all(one is not None and abs(one.lon - LON) < 0.01 for one in places)
    living.city.end_drive("one")
    assert living.city.drives == {}


def test_a_way_that_is_none_here_gives_no_place(living: Living) -> None:
    assert living.city.drive("lost", ["no such road"], begins_m=0.0, ends_m=1.0) is None
    assert living.city.drive("none", [], begins_m=0.0, ends_m=1.0) is None
    living.pass_by(3)


def test_seconds_pass_by_themselves_until_told_to_stop(living: Living) -> None:
    stop, before = threading.Event(), living.city.now
    clock = threading.Thread(target=living.city.run, args=(stop,), kwargs={"speed": 50})
    clock.start()
    time.sleep(0.5)
    stop.set()
    clock.join(5)
    assert not clock.is_alive() and 5 < living.city.now - before < 40


def test_the_made_town_lies_where_it_was_put_and_is_made_once(tmp_path: Path) -> None:
    town = made_town(tmp_path, lon=LON, lat=LAT)
    net = town / "made.net.xml"
    made = net.stat().st_mtime_ns
    assert is_on_earth(net) and made_town(tmp_path, lon=LON, lat=LAT) == town
    assert net.stat().st_mtime_ns == made and scenario(town).end == TOWN.seconds
    assert 'name="刺桐二路"' in net.read_text(encoding="utf-8")
