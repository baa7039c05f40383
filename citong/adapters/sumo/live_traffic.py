"""Traffic of a live city: what has departed once departs again, for ever; and one car that somebody follows."""

from dataclasses import dataclass
from typing import Any

MOST_WAITING = 300
"""Vehicles that find no room to depart, above which nobody new comes: who sees a jam stays at home."""
CAR = "drive"
"""The type of a car that is followed."""


class Again:
    """Remembers who departed by which way in the first round; from then on they depart again in every round."""

    def __init__(self, sumo: Any, *, end: float | None) -> None:
        self.sumo, self.begin, self.end = sumo, float(sumo.simulation.getTime()), end
        self.departures: dict[int, list[tuple[str, str]]] = {}
        self.routes: dict[tuple[str, ...], str] = {}
        self.count = 0

    def second(self) -> None:
        """Who departed in this second is remembered; or who departed in this second of the first round comes again."""
        now = float(self.sumo.simulation.getTime())
        if self.end is None and self.sumo.simulation.getMinExpectedNumber() == 0:
            self.end = now
        if self.end is None or now <= self.end:
            self._remember(int(now - self.begin))
        else:
            self._come(int((now - self.begin) % max(self.end - self.begin, 1.0)))

    def _remember(self, second: int) -> None:
        vehicle = self.sumo.vehicle
        for name in self.sumo.simulation.getDepartedIDList():
            roads = tuple(vehicle.getRoute(name))
            if not roads:
                continue
            if roads not in self.routes:
                self.routes[roads] = f"again {len(self.routes)}"
                self.sumo.route.add(self.routes[roads], list(roads))
            self.departures.setdefault(second, []).append((self.routes[roads], vehicle.getTypeID(name)))

    def _come(self, second: int) -> None:
        due = self.departures.get(second, [])
        if not due or len(self.sumo.simulation.getPendingVehicles()) > MOST_WAITING:
            return
        for route, kind in due:
            self.count += 1
            name = f"again {self.count}"
            self.sumo.vehicle.add(name, route, typeID=kind, departLane="best", departSpeed="max")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a car is: degrees as the network has them, metres a second (None before it drives and at its end), and
    whether it has reached its end."""

    lon: float
    lat: float
    speed: float | None
    there: bool


class Drive:
    """A car in the traffic, without blue light: it stands at red like everybody."""

    def __init__(self, sumo: Any, name: str) -> None:
        self.sumo, self.name = sumo, f"drive {name}"
        self.roads: list[str] = []
        self.state = "waits"
        self.place: Place | None = None

    def along(self, roads: list[str], *, begins_m: float, ends_m: float) -> Place | None:
        """It drives this way. Where it was last; before it finds room in the traffic, where it begins."""
        if roads and roads != self.roads:
            self._change(roads, begins_m, ends_m)
        return self.place

    def second(self) -> None:
        """What became of it in this second."""
        if self.state == "drives" and self.name in self.sumo.simulation.getArrivedIDList():
            self.state = "there"
            if self.place is not None:
                self.place = Place(self.place.lon, self.place.lat, None, there=True)
        if self.state == "drives" and self.name in self.sumo.vehicle.getIDList():
            x, y = self.sumo.vehicle.getPosition(self.name)
            if x > -1e6:  # SUMO's mark of a vehicle that is in no place
                lon, lat = self.sumo.simulation.convertGeo(x, y)
                self.place = Place(lon, lat, max(float(self.sumo.vehicle.getSpeed(self.name)), 0.0), there=False)

    def end(self) -> None:
        """It is gone."""
        if self.name in self.sumo.vehicle.getIDList():
            self.sumo.vehicle.remove(self.name)

    def _change(self, roads: list[str], begins_m: float, ends_m: float) -> None:
        try:
            if self.state == "waits":
                self._depart(roads, begins_m, ends_m)
            elif self.state == "drives":
                road = self.sumo.vehicle.getRoadID(self.name)
                if road not in roads:
                    return  # on a junction or not yet on that way: tried again with the next second
                self.sumo.vehicle.setRoute(self.name, roads[roads.index(road) :])
            self.roads = roads
        except self.sumo.TraCIException:
            self.roads = roads

    def _depart(self, roads: list[str], begins_m: float, ends_m: float) -> None:
        lane, last = f"{roads[0]}_0", f"{roads[-1]}_0"
        begin = min(max(begins_m, 0.0), max(self.sumo.lane.getLength(lane) - 1.0, 0.0))
        end = min(max(ends_m, 1.0), self.sumo.lane.getLength(last))
        x, y = self.sumo.simulation.convert2D(roads[0], begin)
        lon, lat = self.sumo.simulation.convertGeo(x, y)
        self.place = Place(lon, lat, None, there=False)
        if CAR not in self.sumo.vehicletype.getIDList():
            self.sumo.vehicletype.copy("DEFAULT_VEHTYPE", CAR)
            self.sumo.vehicletype.setSpeedFactor(CAR, 1.0)
            self.sumo.vehicletype.setSpeedDeviation(CAR, 0.0)
        self.sumo.route.add(self.name, roads)
        self.sumo.vehicle.add(
            self.name, self.name, typeID=CAR, departLane="best", departPos=str(begin), departSpeed="max",
            arrivalPos=str(end),
        )  # fmt: skip
        self.state = "drives"
