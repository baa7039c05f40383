"""The register and a live city: what each tells the other while `citong signals simulate` runs."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from citong.cli import database
from citong.cli.trouble import Trouble
from citong.core.people.access import actor_of
from citong.core.people.models import Appointment
from citong.core.people.posts import Post
from citong.core.people.refusal import Refusal
from citong.core.places.current import city as loaded_city
from citong.core.places.current import forget_city
from citong.core.places.models import City, Division
from citong.core.roads.landmarks import choose
from citong.core.roads.store import save
from citong.core.roads.sumo import load_sumo
from citong.core.signals.port import Mode
from citong.kit.geometry import Datum, from_wgs84, to_wgs84
from citong.services.escort.kinds import Run
from citong.services.escort.models import Escort
from citong.services.escort.places import tell_place
from citong.services.signals.load import Loaded, load
from citong.services.signals.models import Junction
from citong.services.signals.street import failed, plans_in_force, seen

if TYPE_CHECKING:
    from citong.adapters.sumo.live import LiveCity

READINGS_S, PLANS_S, ESCORTS_S = 2.0, 3.0, 1.0
FAULTY_S = 600.0
"""Seconds for which a light that broke a rule stands in the register as faulty."""
ERROR_M = 3.0
"""Metres by which the place of a simulated car is told to be off."""


def middle() -> tuple[float, float]:
    """Where a network without a place is put, in WGS-84: the middle of the district that a signal operator leads, else
    of the first one. Raises Trouble."""
    led = Appointment.objects.filter(post=Post.OPERATOR, ends_on=None, unit__division__level="district")
    named = Division.objects.filter(level="district", label_lon__isnull=False, ends_on=None).order_by("path")
    division = named.filter(pk__in=led.values("unit__division")).first() or named.first()
    if division is None or division.label_lon is None or division.label_lat is None:
        raise Trouble("No district of the city has a middle.", mend="give the network a place with --at LON LAT.")
    return division.label_lon, division.label_lat


def assert_free(folder: Path) -> None:
    """No real light and no roads but those of a simulation stand here. Raises Trouble."""
    real = Junction.objects.filter(ended_at=None).exclude(controller=Junction.Controller.SUMO)
    if real.exists():
        raise Trouble("Real controllers stand in the register.", mend="simulate on a home of its own (--home).")
    if Path(settings.ROADS_FILE).exists() and not folder.exists():
        raise Trouble(
            f"{settings.ROADS_FILE} holds the roads of a city.",
            mend="simulate on a home of its own, or say --into-used.",
        )


def register(place: Path, *, code: str, name: str, datum: Datum) -> Loaded:
    """The junctions of the scenario stand in the register, those of other simulated streets have left it, and escorts
    are planned on its roads. `datum` is that of the network's degrees."""
    from citong.adapters.sumo.listing import listed
    from citong.adapters.sumo.scenario import scenario

    now = timezone.now()
    others = Junction.objects.filter(controller=Junction.Controller.SUMO, ended_at=None).exclude(network=code)
    others.update(ended_at=now)
    done = load(replace(listed(place), name=name), code=code, at=now, datum=datum)
    roads = load_sumo(scenario(place).net, datum=datum).roads
    save(Path(settings.ROADS_FILE), roads, choose(roads))
    return done


def unled(network: str) -> int:
    """How many junctions of the network lie in no district of the city."""
    return Junction.objects.filter(network=network, ended_at=None, district="").count()


def name_goals(goals: list[tuple[str, float, float]]) -> None:
    """The city has these destinations of escorts (WGS-84), unless it has named some itself."""
    row = City.objects.defer("outline").get(pk=loaded_city().pk)
    if "escort_goals" in row.parameters:
        return
    datum, named = Datum(row.datum), []
    for name, lon, lat in goals:
        own = from_wgs84(lon, lat, datum)
        named.append({"name": name, "lon": round(float(own[0]), 6), "lat": round(float(own[1]), 6)})
    row.parameters["escort_goals"] = named
    row.save(update_fields=["parameters"])
    forget_city()


def _find_database() -> None:
    """The home's own database is looked for anew: a server that was started again has it on another port."""
    url = database.running_url(Path(os.environ["CITONG_HOME"]))
    if url is None or urlsplit(url).port is None or connection.settings_dict["HOST"] not in ("127.0.0.1", "localhost"):
        return
    connection.close()
    cast(Any, connection).close_pool()
    connection.settings_dict["PORT"] = str(urlsplit(url).port)


@dataclass
class Centre:
    """What the centre learns of the street and puts there. `drives`: escorts under way drive by themselves."""

    city: "LiveCity"
    network: str
    datum: Datum
    say: Callable[[str], None]
    drives: bool = True
    faulty: dict[str, float] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)
    lost: bool = False

    def look(self) -> None:
        """Whatever is due is done; a database that is away stops nothing on the street."""
        try:
            close_old_connections()
            self._each("plans", PLANS_S, self.put_plans)
            self._each("readings", READINGS_S, self.tell_readings)
            if self.drives:
                self._each("escorts", ESCORTS_S, self.drive_escorts)
            self.lost = False
        except Error as fault:
            if not self.lost:
                self.say(f"The database is away, the street goes on: {str(fault).strip().splitlines()[0]}")
            self.lost = True
            _find_database()

    def put_plans(self) -> list[str]:
        """Plans that are in force by the register are on the street; whose plan changed."""
        changed = self.city.put_plans(plans_in_force(self.network))
        for name in changed:
            self.say(f"{name}: plan {self.city.junctions()[name].plan.name} is on the street.")
        return changed

    def tell_readings(self) -> int:
        """What every light shows stands in the register; one that broke a rule is faulty for a while."""
        now = time.monotonic()
        for fault in self.city.faults_since():
            self.faulty[fault.junction] = now + FAULTY_S
            self.say(f"{fault.junction}: {fault.rule.value}, group {fault.group + 1}.")
        self.faulty = {name: until for name, until in self.faulty.items() if until > now}
        readings = [self.city.reading(name) for name in self.city.junctions()]
        told = [replace(one, mode=Mode.FAULT) if one.junction in self.faulty else one for one in readings]
        known = seen(told, at=timezone.now())
        for name in self.faulty:
            failed(name, _("It showed what no light may show: the watch has seen it."))
        return known

    def drive_escorts(self) -> int:
        """Every escort under way is a car in the traffic, and its place is told as a phone tells it; how many."""
        rows = list(Escort.objects.filter(run=Run.RUNNING).exclude(driver=None).select_related("case", "driver"))
        for name in set(self.city.drives) - {str(row.pk) for row in rows}:
            self.city.end_drive(name)
        for row in rows:
            self._drive(row)
        return len(rows)

    def _drive(self, row: Escort) -> None:
        stretches = row.route.get("stretches", [])
        roads = [one["edge"] for one in stretches]
        begins = float(row.route.get("offset_m", 0.0))
        ends = stretches[-1]["road_m"] + (begins if len(roads) == 1 else 0.0) if roads else 0.0
        place = self.city.drive(str(row.pk), roads, begins_m=begins, ends_m=ends)
        if place is None or row.driver is None:
            return
        lon, lat = to_wgs84(place.lon, place.lat, self.datum)
        given = {"lon": float(lon), "lat": float(lat), "speed": place.speed, "error": ERROR_M}
        try:
            tell_place(row.case, given, actor=actor_of(row.driver), at=timezone.now())
        except Refusal:
            return  # it ended in this moment

    def _each(self, what: str, seconds: float, do: Callable[[], object]) -> None:
        now = time.monotonic()
        if now >= self.due.get(what, 0.0):
            self.due[what] = now + seconds - 0.1
            do()
