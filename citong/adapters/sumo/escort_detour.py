"""A road of the way is closed while the escort is under way: everybody drives round, the escort by a plan made anew."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from citong.adapters.sumo.escort_job import Closure
from citong.adapters.sumo.escort_sight import ESCORT
from citong.adapters.sumo.scenario import Scenario
from citong.core.escort.route import planned_anew
from citong.core.escort.way import Way
from citong.core.roads.graph import Position
from citong.core.roads.route import Router
from citong.core.roads.sumo import load_sumo
from citong.core.roads.traffic import Traffic
from citong.core.signals.model import Junction


class Detour:
    """The closure of one run. `second` is called each second from the departure on."""

    def __init__(self, sumo: Any, place: Scenario, closure: Closure, goal: str) -> None:
        self.sumo, self.closure, self.closed = sumo, closure, False
        self.router = Router.over(load_sumo(place.net).roads)
        self.goal = self.router.towards([Position(self.router.roads.index(goal), 1.0)])

    def second(self, along_m: float, junctions: Mapping[str, Junction], speeds: Mapping[str, float]) -> Way | None:
        """The new way, from the begin of the road the escort is on, in the second in which it takes it."""
        if not self.closed and along_m > self.closure.from_m:
            self._close()
        if not self.closed:
            return None
        self._lead_others_round()
        road = self.sumo.vehicle.getRoadID(ESCORT) if ESCORT in self.sumo.vehicle.getIDList() else ""
        if not self._in_the_way() or not road or road.startswith(":"):
            return None
        way = self._way_from(road, junctions, speeds)
        self.sumo.vehicle.setRoute(ESCORT, [stretch.edge for stretch in way.stretches])
        return way

    def _way_from(self, road: str, junctions: Mapping[str, Junction], speeds: Mapping[str, float]) -> Way:
        roads = self.router.roads
        live = Traffic.live(roads, speeds={roads.index(edge): speed for edge, speed in speeds.items()})
        here, shut = Position(roads.index(road), 0.0), [roads.index(self.closure.edge)]
        return planned_anew(self.goal, here, traffic=live, junctions=junctions, blocked=shut)

    def _in_the_way(self) -> bool:
        route, place = self.sumo.vehicle.getRoute(ESCORT), self.sumo.vehicle.getRouteIndex(ESCORT)
        return self.closure.edge in route[max(place, 0) + 1 :]

    def _close(self) -> None:
        self.closed = True
        self.sumo.edge.setDisallowed(self.closure.edge, ["all"])
        self.others = set(self.sumo.vehicle.getIDList())

    def _lead_others_round(self) -> None:
        """Each of the others once: whoever would come to the closed road and can drive round it does."""
        for name in self.others | set(self.sumo.simulation.getDepartedIDList()):
            with suppress(self.sumo.TraCIException):
                ahead = self.sumo.vehicle.getRoute(name)[max(self.sumo.vehicle.getRouteIndex(name), 0) + 1 :]
                if name != ESCORT and self.closure.edge in ahead:
                    self.sumo.vehicle.rerouteTraveltime(name, False)
        self.others = set()
