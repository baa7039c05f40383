"""The runner: once a second it reads places, asks the planner what the lights should do, asks the lights, and writes.

There is one for a city, held by a lock of the database. If it dies, every ask expires at its light within seconds; the
next one takes over from the rows. An escort whose place is lost is aborted, and everything is let go.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F

from citong.core.escort.asks import Asking
from citong.core.escort.conductor import Conductor, Wish
from citong.core.escort.position import Fix
from citong.core.flow.act import act
from citong.core.people.access import SYSTEM
from citong.core.people.refusal import Refusal
from citong.core.signals.model import Junction
from citong.core.signals.port import SignalPort
from citong.services.escort.city import lost_seconds
from citong.services.escort.ground import Streets
from citong.services.escort.kinds import Run
from citong.services.escort.models import Escort, Position
from citong.services.escort.planning import plan
from citong.services.escort.run.driving import Driving
from citong.services.escort.run.sight import Look
from citong.services.escort.run.writing import Writing, present_of
from citong.services.escort.told import tell_screens
from citong.services.escort.way import way_in

WRITTEN = ("present", "seen_at", "stood_s", "stops", "cost_s")


class Runner:
    """All escorts under way. `step` is called about once a second."""

    def __init__(self, ground: Streets | None, port: SignalPort | None) -> None:
        self.ground, self.port = ground, port
        self.junctions: Mapping[str, Junction] = port.junctions() if port is not None else {}
        self.conductor = Conductor(self.junctions)
        self.asking = Asking(port) if port is not None else None
        self.driving: dict[str, Driving] = {}

    def step(self, now: datetime) -> int:
        """A second of every escort under way; how many there are."""
        rows = {str(one.pk): one for one in Escort.objects.filter(run=Run.RUNNING).select_related("case")}
        for gone in self.driving.keys() - rows.keys():
            self._let_go(gone, now)
        for name, row in rows.items():
            self._take(name, row, now)
        wishes = self._decide(now)
        for name, driving in self.driving.items():
            self._write(name, driving, wishes, now)
        return len(rows)

    def _take(self, name: str, row: Escort, now: datetime) -> None:
        """Places that came since; a new way where the old one does not hold; an end where nothing comes any more."""
        driving = self.driving.get(name) or self._begin(name, row, now)
        told = Position.objects.filter(escort=row, at__lte=now + timedelta(seconds=2)).order_by("at")
        if driving is None:
            self._look_for(name, row, told.last(), now)
            return
        self._refresh(driving, row)
        fresh = told.filter(at__gt=driving.last.at) if driving.last else told
        fixes = driving.fixes(list(fresh), self._ground())
        for fix in fixes:
            self.conductor.report(name, fix)
        if driving.silent_for(now) > lost_seconds():
            self._lose(name, row)
        elif driving.has_left_its_way or self._is_blocked(driving):
            self._plan_anew(name, driving, now)

    def _begin(self, name: str, row: Escort, now: datetime) -> Driving | None:
        driving = Driving.of(row) if self.ground is not None else None
        if driving is not None:
            self.driving[name] = driving
            self.conductor.begin(driving.conducted, now=now.timestamp())
        return driving

    def _look_for(self, name: str, row: Escort, last: Position | None, now: datetime) -> None:
        """An escort without a way: it is shown where it is, and ends like the others when it is lost."""
        seen = max(row.begun_at or now, last.at if last is not None else row.begun_at or now)
        if (now - seen).total_seconds() > lost_seconds():
            self._lose(name, row)
            return
        at = {"lon": last.lon, "lat": last.lat, "speed_ms": last.speed_ms} if last else {}
        Escort.objects.filter(pk=row.pk, run=Run.RUNNING).update(present={**at, "next": []}, seen_at=seen)
        tell_screens(row.pk)

    def _refresh(self, driving: Driving, row: Escort) -> None:
        """What people changed meanwhile: the road that is blocked, its rank."""
        driving.row.blocked, driving.row.case = row.blocked, row.case
        driving.conducted.priority = row.priority

    def _lose(self, name: str, row: Escort) -> None:
        """Its place is lost: aborted by the platform, and let go with the next decision."""
        with suppress(Refusal):
            act(row.pk, "lose", actor=SYSTEM)
        self._close(name)

    def _let_go(self, name: str, now: datetime) -> None:
        """Ended by people: the next decision lets its lights go and pays the others back."""
        self._close(name)

    def _close(self, name: str) -> None:
        self.conductor.end(name)
        driving = self.driving.pop(name, None)
        if driving is not None:
            Writing(driving, self.junctions).close(datetime.now(UTC))
            kept = {field: getattr(driving.row, field) for field in WRITTEN if field != "present"}
            Escort.objects.filter(pk=driving.row.pk).update(**kept)

    def _is_blocked(self, driving: Driving) -> bool:
        ahead = driving.along_m or 0.0
        roads = {one.edge for one in driving.way.stretches if one.ends_m > ahead}
        return bool(roads & set(driving.row.blocked))

    def _plan_anew(self, name: str, driving: Driving, now: datetime) -> None:
        """Another way from where it is now; lights that are not on it are let go."""
        if driving.last is None or not driving.may_be_planned(now):
            return
        driving.planned_at, driving.off = now, 0
        row = Escort.objects.select_related("case").get(pk=driving.row.pk)
        points = plan(row, at=(driving.last.lon, driving.last.lat), course=driving.course)
        way = way_in(row.route)
        if way is None or (row.fault and self.junctions):
            Escort.objects.filter(pk=row.pk).update(fault=row.fault)
            return
        with transaction.atomic():
            row.points.filter(goes=None).delete()
            for number, point in enumerate(points, start=100 * row.plans):
                point.number = number
                point.save()
            row.save(update_fields=["route", "line", "fault", "length_m", "plans", "planned_s", "usual_s"])
        Writing(driving, self.junctions).close(now)
        driving.row, driving.way, driving.along_m, driving.steps = row, way, 0.0, {}
        self.conductor.change_way(name, way, Fix(now.timestamp(), 0.0, 20.0))

    def _decide(self, now: datetime) -> list[Wish]:
        if self.port is None or self.asking is None:
            return []
        at = now.timestamp()
        self.look = Look(self.port, self.junctions)
        seen = {name: self.look.ahead(one.way, one.conducted.where) for name, one in self.driving.items()}
        held = [name for name, light in self.conductor.lights.items() if light.starved]
        wishes = self.conductor.decide(at, seen, {name: self.look.standing(name) for name in held})
        before = len(self.asking.refused)
        self.asking.send(wishes, now=at)
        self.refused = {ask.id: ask.words for ask in self.asking.refused[before:]}
        del self.asking.refused[:-100]
        return wishes

    def _write(self, name: str, driving: Driving, wishes: list[Wish], now: datetime) -> None:
        silent = self.asking.silent if self.asking is not None else set()
        writing = Writing(driving, self.junctions)
        if self.port is not None:
            writing.second(wishes, self.look, silent, self.conductor, now)
        driving.row.present = present_of(driving, now)
        fields = {field: getattr(driving.row, field) for field in WRITTEN}
        changed = Escort.objects.filter(pk=driving.row.pk, run=Run.RUNNING).update(**fields)
        if changed:
            tell_screens(driving.row.pk)

    def _ground(self) -> Streets:
        assert self.ground is not None
        return self.ground


def running() -> bool:
    """Whether any escort is under way."""
    return Escort.objects.filter(run=Run.RUNNING).order_by(F("asked_at")).exists()
