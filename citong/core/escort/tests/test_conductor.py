"""The conductor asks, holds within limits, lets go, pays back; several escorts are served wholly, one after another."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from citong.core.escort.asks import Asking
from citong.core.escort.conductor import Conductor, Escort, Wish
from citong.core.escort.position import Fix
from citong.core.escort.seen import GateSeen
from citong.core.escort.settings import PRESET
from citong.core.escort.tests.ways import SPEED, street
from citong.core.signals.guard import Guard, Watch
from citong.core.signals.model import Junction
from citong.core.signals.port import Accepted, Answer, Ask, Detected, NoContact, Reading

Seen = Mapping[str, Mapping[int, GateSeen]]


def led(count: int = 5, priority: int = 2, name: str = "one") -> tuple[Conductor, Escort]:
    way, junctions = street(count)
    conductor, escort = Conductor(junctions), Escort(name, way, priority=priority)
    conductor.begin(escort, now=0)
    return conductor, escort


def drive(conductor: Conductor, seconds: range, speed: float = SPEED, seen: Seen | None = None) -> list[list[Wish]]:
    found = []
    for now in seconds:
        conductor.report("one", Fix(now, now * speed, 1.0, speed))
        found.append(conductor.decide(now, seen or {}, {}))
    return found


def test_each_light_is_asked_before_the_escort_comes_and_let_go_behind_it() -> None:
    conductor, escort = led()
    asked: dict[str, list[int]] = {}
    for now, wishes in enumerate(drive(conductor, range(0, 110))):
        for wish in wishes:
            asked.setdefault(wish.junction, []).append(now)
    for gate in escort.way.gates:
        passed = gate.clear_m / SPEED
        assert asked[gate.junction][0] < passed - 3
        assert passed <= asked[gate.junction][-1] + 1 <= passed + 2


def test_a_light_is_not_held_without_end_for_an_escort_that_does_not_come() -> None:
    conductor, escort = led(1)
    line = escort.way.gates[0].line_m
    held = []
    for now in range(0, 400):
        conductor.report("one", Fix(now, line - 30, 1.0, 0.0))
        held.append(any(wish.escort == "one" for wish in conductor.decide(now, {}, {})))
    longest = max(len(run) for run in "".join("x" if one else " " for one in held).split())
    assert longest <= PRESET.hold + 15
    assert held.count(False) >= 3 * PRESET.pause


def test_a_light_whose_exit_is_full_is_not_held_while_the_one_behind_is() -> None:
    conductor, _ = led(3)
    seen = {"one": {0: GateSeen(ahead=3, standing=3, exit_stands=True)}}
    wishes = drive(conductor, range(0, 10), speed=1.0, seen=seen)[-1]
    assert {(wish.junction, wish.reason) for wish in wishes} == {("j1", "flush")}


def test_who_waited_is_paid_back_when_the_escort_has_passed() -> None:
    conductor, escort = led(1)
    line = escort.way.gates[0].line_m
    for now in range(0, 40):
        conductor.report("one", Fix(now, min(now * 7.0, line - 1), 1.0, 7.0))
        conductor.decide(now, {"one": {0: GateSeen(ahead=9, standing=9)}}, {})
    conductor.report("one", Fix(40, line + 20, 1.0, SPEED))
    wishes = conductor.decide(40, {}, {"j0": {"n0_0": 8.0}})
    assert [(wish.junction, wish.reason) for wish in wishes] == [("j0", "repay")]
    assert "n0" in {
        m.approach for m in conductor.junctions["j0"].movements if m.group in stage_greens(conductor, wishes)
    }
    assert conductor.decide(90, {}, {"j0": {}}) == []


def stage_greens(conductor: Conductor, wishes: list[Wish]) -> frozenset[int]:
    return conductor.junctions[wishes[0].junction].stages[wishes[0].stage].greens


def test_of_two_escorts_the_one_with_priority_has_the_light_wholly() -> None:
    conductor, first = led(1, name="one")
    second = Escort("two", first.way, priority=1, asked_at=5)
    conductor.begin(second, now=5)
    for name in ("one", "two"):
        conductor.report(name, Fix(5, 200, 1.0, SPEED))
    assert [wish.escort for wish in conductor.decide(5, {}, {})] == ["two"]


def test_of_two_alike_who_asked_first_keeps_it_until_it_has_passed() -> None:
    conductor, first = led(1, name="one")
    conductor.begin(Escort("two", first.way, asked_at=5), now=5)
    for now in range(5, 12):
        conductor.report("one", Fix(now, 200, 1.0, SPEED))
        conductor.report("two", Fix(now, 250, 1.0, SPEED))
        assert [wish.escort for wish in conductor.decide(now, {}, {})] == ["one"]
    conductor.report("one", Fix(12, 305, 1.0, SPEED))
    assert [wish.escort for wish in conductor.decide(12, {}, {})] == ["two"]


def test_without_any_position_nothing_is_asked_any_more() -> None:
    conductor, _ = led()
    conductor.report("one", Fix(0, 250, 1.0, SPEED))
    assert conductor.decide(1, {}, {})
    assert conductor.decide(PRESET.lost + 1, {}, {}) == []


def test_an_escort_that_ends_lets_everything_go() -> None:
    conductor, _ = led()
    conductor.report("one", Fix(0, 250, 1.0, SPEED))
    assert conductor.decide(0, {}, {})
    conductor.end("one")
    assert conductor.decide(1, {}, {}) == []


def test_an_escort_that_stands_although_its_lights_are_held_rests_and_begins_again() -> None:
    conductor, _ = led(1)
    wished = []
    for now in range(0, 400):
        conductor.report("one", Fix(now, 250, 1.0, 0.0))
        wished.append(bool(conductor.decide(now, {}, {})))
    begun = int(PRESET.stuck) + 1
    assert not any(wished[begun : begun + int(PRESET.rest) - 1])
    assert any(wished[begun + int(PRESET.rest) + 1 :])


def test_where_streets_are_locked_its_lights_are_asked_for_less_and_less() -> None:
    conductor, _ = led(1)
    wished = []
    for now in range(0, 1000):
        conductor.report("one", Fix(now, 250, 1.0, 0.0))
        wished.append(conductor.decide(now, {}, {}) != [])
    first, second = int(PRESET.stuck) + 1, int(2 * PRESET.stuck + PRESET.rest) + 3
    assert not any(wished[second : second + int(2 * PRESET.rest) - 2])
    assert any(wished[first + int(PRESET.rest) + 1 : second - 2])


def test_an_escort_that_takes_another_way_is_not_taken_for_one_that_stands() -> None:
    conductor, escort = led(3)
    for now in range(0, 30):
        conductor.report("one", Fix(now, 300 + now, 1.0, 1.0))
        conductor.decide(now, {}, {})
    conductor.change_way("one", escort.way, Fix(30, 0.0, 1.0, 1.0))
    wished = []
    for now in range(31, 31 + int(PRESET.stuck) + 60):
        conductor.report("one", Fix(now, (now - 30) * 1.0, 1.0, 1.0))
        wished.append(bool(conductor.decide(now, {}, {})))
        assert now >= escort.rests_until
    assert wished[-1]


def test_a_light_held_for_an_escort_that_is_near_is_not_let_go_because_its_exit_fills() -> None:
    way, junctions = street(3, block=100.0)
    full = {"one": {0: GateSeen(ahead=2, standing=2, exit_stands=True, change=0.0)}}
    asked = []
    for keep in (PRESET.keep, 0.0):
        conductor = Conductor(junctions, replace(PRESET, keep=keep))
        conductor.begin(Escort("one", way), now=0)
        conductor.report("one", Fix(0, 20.0, 1.0, SPEED))
        conductor.decide(0, {}, {})
        conductor.report("one", Fix(1, 30.0, 1.0, SPEED))
        asked.append({wish.junction for wish in conductor.decide(1, full, {})})
    assert asked == [{"j0", "j1"}, {"j1"}]


def test_nobody_is_paid_back_at_a_light_the_escort_still_comes_to() -> None:
    conductor, _ = led(3)
    conductor.report("one", Fix(0, 100, 1.0, SPEED))
    conductor.decide(0, {}, {})
    light = conductor.lights["j0"]
    light.starved = frozenset({1, 2})
    conductor.report("one", Fix(1, 0, 1.0, 0.0))
    light.closed_until = 99
    assert not [wish for wish in conductor.decide(1, {}, {"j0": {"n0_0": 9.0}}) if wish.reason == "repay"]


class Field:
    """Controllers of a street with their guards; `silent` ones do not answer."""

    def __init__(self, junctions: Mapping[str, Junction]) -> None:
        self.names, self.now, self.silent, self.ids = junctions, 0.0, set[str](), list[str]()
        self.guards = {n: Guard(j, now=0, state=j.plan.state_at(0)) for n, j in junctions.items()}
        self.watches = {name: Watch(junction) for name, junction in junctions.items()}

    def second(self) -> int:
        self.now += 1
        faults = 0
        for name, guard in self.guards.items():
            faults += len(self.watches[name].see(self.now, guard.step(self.now, clock=self.now)))
        return faults

    def junctions(self) -> Mapping[str, Junction]:
        return self.names

    def reading(self, junction: str) -> Reading:
        raise NotImplementedError

    def detectors(self, junction: str) -> Mapping[str, Detected]:
        return {}

    def request_stage(self, junction: str, stage: int, ask: Ask) -> Answer:
        if junction in self.silent:
            raise NoContact(junction)
        self.ids.append(ask.id)
        assert self.guards[junction].ask(stage, now=self.now, until=ask.until)
        return Accepted(ask.id, ask.until)

    def set_plan(self, junction: str, plan: str, ask: Ask) -> Answer:
        raise NotImplementedError

    def release(self, junction: str, ask: Ask) -> Answer:
        self.guards[junction].ask(None, now=self.now, until=self.now + 1)
        return Accepted(ask.id, self.now)


@pytest.mark.parametrize("begin", range(0, 85, 7))
def test_an_escort_on_an_empty_road_meets_green_alone_and_breaks_no_rule(begin: int) -> None:
    way, junctions = street(6)
    field, conductor = Field(junctions), Conductor(junctions)
    asking = Asking(field)
    for _ in range(begin):
        assert field.second() == 0
    conductor.begin(Escort("one", way), now=begin)
    passed = 0
    for second in range(140):
        along = max(second - 8, 0) * SPEED
        conductor.report("one", Fix(field.now, along, 1.0, SPEED))
        asking.send(conductor.decide(field.now, {}, {}), now=field.now)
        for gate in way.gates:
            if along - SPEED < gate.line_m <= along:
                assert field.guards[gate.junction].state[0] == "G"
                passed += 1
        assert field.second() == 0
    assert passed == 6


def test_a_controller_that_does_not_answer_is_told_and_stops_nobody() -> None:
    way, junctions = street(3)
    field, conductor = Field(junctions), Conductor(junctions)
    field.silent.add("j0")
    asking = Asking(field)
    conductor.begin(Escort("one", way), now=0)
    for now in range(0, 30):
        conductor.report("one", Fix(now, now * SPEED, 1.0, SPEED))
        asking.send(conductor.decide(now, {}, {}), now=now)
    assert asking.silent == {"j0"}
    assert field.guards["j1"].stage is not None


def test_who_leads_after_somebody_else_uses_none_of_their_ids() -> None:
    _way, junctions = street(1)
    field = Field(junctions)
    for _ in range(2):
        Asking(field).send([Wish("j0", 0, "one", "call")], now=0)
    assert len(set(field.ids)) == len(field.ids) == 2, "a device does an id once"
