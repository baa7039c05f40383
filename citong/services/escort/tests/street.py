"""A street of the tiny town with five lights and one junction without, and an ambulance that drives along it.

street.port           its lights, simulated; `street.second()` lets a second pass for lights and runner
street.ask()          the officer asks for an escort to the hospital at its end
street.drive(10)      ten seconds at 15 m/s, told by phone each second
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from citong.core.cases.models import Case
from citong.core.escort.tests.ways import crossing
from citong.core.flow.act import act
from citong.core.flow.intake import open_case
from citong.core.roads.draft import Draft, DraftEdge
from citong.core.roads.landmarks import choose
from citong.core.roads.store import save
from citong.core.signals.model import Junction
from citong.services.escort import ground
from citong.services.escort.models import Escort
from citong.services.escort.places import tell_place
from citong.services.escort.run.runner import Runner
from citong.services.escort.simulated import SimulatedPort
from tests.cast import Cast

LIGHTS = 5
WEST, LAT = 118.603, 24.905
A_BLOCK = 0.003
"""Degrees; some 303 m here."""
BLOCK_M = A_BLOCK * 111_319.5 * 0.9070
SPEED = 15.0
BYPASS = 0.0018
"""Degrees that the bypass lies north of the street; some 200 m."""
ALONG, SIDE = "东街", "小巷"
_door: dict[str, SimulatedPort] = {}


def door() -> SimulatedPort:
    """What `SIGNAL_PORT` names."""
    return _door["port"]


def lights() -> Mapping[str, Junction]:
    return {f"j{number}": crossing(number) for number in range(LIGHTS)}


def save_roads(path: Path, *, bypass: bool = False) -> None:
    """Road r0 … r6 to the east, and at each end of one a road from the north and one from the south. A bypass leaves
    the street after r0 and comes back before r3."""
    draft = Draft()
    for number in range(LIGHTS + 3):
        light = f"j{number - 1}" if 1 <= number <= LIGHTS else None
        draft.add_node(f"p{number}", WEST + number * A_BLOCK, LAT, signal=light)
    for number in range(LIGHTS + 2):
        _edge(draft, f"r{number}", f"p{number}", f"p{number + 1}", ALONG)
        if number <= LIGHTS:
            _sides(draft, number)
    if bypass:
        for name, node in (("b1", "p1"), ("b3", "p3")):
            draft.add_node(name, draft.nodes[node][0], LAT + BYPASS)
        for ref, tail, head in (("up", "p1", "b1"), ("by", "b1", "b3"), ("down", "b3", "p3")):
            _edge(draft, ref, tail, head, "北路")
    roads = draft.finish()
    save(path, roads, choose(roads))


def _sides(draft: Draft, number: int) -> None:
    lon = WEST + (number + 1) * A_BLOCK
    for name, out, lat in (("n", "s", LAT + 0.001), ("m", "t", LAT - 0.001)):
        draft.add_node(f"{name}n{number}", lon, lat)
        _edge(draft, f"{name}{number}", f"{name}n{number}", f"p{number + 1}", SIDE)
        _edge(draft, f"{out}{number}", f"p{number + 1}", f"{name}n{number}", SIDE)


def _edge(draft: Draft, ref: str, tail: str, head: str, name: str) -> None:
    shape = [draft.nodes[tail], draft.nodes[head]]
    draft.add_edge(DraftEdge(ref, tail, head, shape, SPEED, name=name))


@dataclass
class Street:
    """The world of a test: lights, the runner, a clock, and the metres the ambulance has driven."""

    cast: Cast
    port: SimulatedPort
    runner: Runner
    now: datetime
    metres: dict[str, float] = field(default_factory=dict)

    def ask(self, *, by: str = "officer", **more: Any) -> Case:
        """An escort from the west end of the street to the hospital at its east end."""
        given = {
            "kind": "ambulance", "priority": 2, "goal": f"{WEST + 6.9 * A_BLOCK}, {LAT}", "lon": WEST + 0.0005,
            "lat": LAT,
        }  # fmt: skip
        return open_case("escort", given | more, actor=self.cast.actor(by), channel="web", at=self.now).case

    def does(self, case: Case, name: str, by: str, **data: Any) -> Case:
        return act(case.id, name, data, actor=self.cast.actor(by), at=self.now).case

    def under_way(self, **more: Any) -> Case:
        """Asked, approved, set off."""
        case = self.ask(**more)
        self.does(case, "approve", "operator")
        return self.does(case, "set_off", more.get("by", "officer"))

    def drive(self, case: Case, seconds: int, *, speed: float = SPEED, silent: bool = False) -> None:
        """Second by second; a silent phone tells nothing."""
        for _second in range(seconds):
            self.metres[str(case.pk)] = self.metres.get(str(case.pk), 0.0) + speed
            if not silent:
                self.tell(case, speed)
            self.second()

    def tell(self, case: Case, speed: float = SPEED, *, by: str = "officer", north: float = 0.0) -> None:
        """The phone says where it is."""
        metres = self.metres.get(str(case.pk), 0.0)
        lon = WEST + 0.0005 + metres / BLOCK_M * A_BLOCK
        place = {"lon": lon, "lat": LAT + north, "speed": speed, "error": 5, "at": self.now.isoformat()}
        tell_place(case, place, actor=self.cast.actor(by), at=self.now)

    def second(self) -> None:
        self.now += timedelta(seconds=1)
        self.port.second(self.now.timestamp())
        self.runner.step(self.now)

    def escort(self, case: Case) -> Escort:
        return Escort.objects.get(pk=case.pk)

    def asked(self) -> set[str]:
        """Lights that are asked for something now."""
        return set(self.port.asked)


@pytest.fixture
def street(cast: Cast, settings: Any, tmp_path: Path) -> Iterator[Street]:
    yield from _street(cast, settings, tmp_path, bypass=False)


@pytest.fixture
def street_with_bypass(cast: Cast, settings: Any, tmp_path: Path) -> Iterator[Street]:
    """The same with another way around its second and third light."""
    yield from _street(cast, settings, tmp_path, bypass=True)


def _street(cast: Cast, settings: Any, folder: Path, *, bypass: bool) -> Iterator[Street]:
    settings.ROADS_FILE, settings.SIGNAL_PORT = folder / "roads.npz", f"{__name__}.door"
    save_roads(settings.ROADS_FILE, bypass=bypass)
    ground.forget_ground()
    now = timezone.now().replace(microsecond=0)
    _door["port"] = SimulatedPort(lights(), now=now.timestamp())
    yield Street(cast, _door["port"], Runner(ground.streets(), ground.port()), now)
    ground.forget_ground()
