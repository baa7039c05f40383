"""A network's junctions come into the register: new ones with the plan they run, known ones anew, gone ones ended."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db import transaction

from citong.core.places.current import city
from citong.core.places.locate import locator
from citong.core.signals.listed import Listed, ListedNetwork
from citong.core.signals.store import digest, junction_to_json, plan_to_json
from citong.core.signals.streets import Street, streets
from citong.kit.geometry import Datum, to_wgs84
from citong.services.signals.models import Arterial, Detector, Junction, Network, Plan

METRES_A_DEGREE = 111_195.0
USUAL_SPEED = 13.9
WAVE_SHARE = 0.9  # people drive a little below what is allowed


@dataclass(frozen=True)
class Loaded:
    """How many junctions are new, were known, have left; how many arterials there are; what has no place."""

    new: int
    known: int
    gone: int
    arterials: int
    unplaced: int


@transaction.atomic
def load(found: ListedNetwork, *, code: str, at: datetime, datum: Datum | None = None,
         origin: tuple[float, float] | None = None, controller: str = Junction.Controller.SUMO) -> Loaded:  # fmt: skip
    """The register holds the network. `datum` is that of its degrees, else the city's; `origin` places a network that
    has none: longitude and latitude, in that datum, of its middle. A plan that is in force here stays so."""
    network, _new = Network.objects.update_or_create(
        code=code, defaults={"name": found.name, "folder": found.folder, "loaded_at": at}
    )
    points = _points(found, datum or Datum(city().datum), origin)
    rows = found.junctions.items()
    counted = Counter(_junction(network, one, points.get(name), controller, at) for name, one in rows)
    gone = network.junctions.filter(ended_at=None).exclude(code__in=found.junctions.keys())
    return Loaded(
        new=counted[True], known=counted[False], gone=gone.update(ended_at=at), arterials=_arterials(network, found),
        unplaced=len(found.junctions.keys() - points.keys()),
    )  # fmt: skip


def _points(
    found: ListedNetwork, datum: Datum, origin: tuple[float, float] | None
) -> dict[str, tuple[float, float]]:  # fmt: skip
    """Longitude and latitude in WGS-84 by junction."""
    given = {name: one.degrees for name, one in found.junctions.items() if one.degrees is not None}
    if origin is not None and not given and found.junctions:
        given = _around(found.junctions, origin)
    return {name: _moved(degrees, datum) for name, degrees in given.items()}


def _around(
    junctions: Mapping[str, Listed], origin: tuple[float, float]
) -> dict[str, tuple[float, float]]:  # fmt: skip
    xs, ys = zip(*(one.metres for one in junctions.values()), strict=True)
    east, north = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    shrunk = METRES_A_DEGREE * math.cos(math.radians(origin[1]))
    return {
        name: (origin[0] + (one.metres[0] - east) / shrunk, origin[1] + (one.metres[1] - north) / METRES_A_DEGREE)
        for name, one in junctions.items()
    }


def _moved(degrees: tuple[float, float], datum: Datum) -> tuple[float, float]:
    lon, lat = to_wgs84(degrees[0], degrees[1], datum)
    return float(lon), float(lat)


def _junction(
    network: Network, one: Listed, point: tuple[float, float] | None, controller: str, at: datetime
) -> bool:  # fmt: skip
    """The junction, its detectors and, if it is new, its plan stand in the register. Whether it is new."""
    lon, lat = point or (None, None)
    name = one.junction.name
    row, new = Junction.objects.update_or_create(code=name, defaults={
        "network": network, "name": "、".join(one.roads)[:120] or name, "lon": lon, "lat": lat,
        "district": _district(point), "controller": controller, "table": junction_to_json(one.junction),
        "ended_at": None,
    })  # fmt: skip
    row.detectors.all().delete()
    Detector.objects.bulk_create(
        Detector(junction=row, code=loop.name, lane=loop.lane, metres=loop.metres) for loop in one.loops
    )
    if not row.plans.filter(ends_at=None).exists():
        _first_plan(row, one, at)
    return new


def _district(point: tuple[float, float] | None) -> str:
    located = locator().find(*point) if point else None
    parts = located.division_path.strip("/").split("/") if located else []
    return parts[1] if len(parts) > 1 else ""


def _first_plan(row: Junction, one: Listed, at: datetime) -> None:
    plan, last = one.junction.plan, row.plans.order_by("-number").first()
    Plan.objects.create(
        junction=row, number=last.number + 1 if last else 1, sort=Plan.Sort.LOADED, offset=plan.offset,
        spans=plan_to_json(plan)["spans"], digest=digest(one.junction, plan), begins_at=at,
    )  # fmt: skip


def _arterials(network: Network, found: ListedNetwork) -> int:
    """The roads with several signals, found anew."""
    junctions = {name: one.junction for name, one in found.junctions.items()}
    points = {name: one.metres for name, one in found.junctions.items()}
    rows = [_arterial(network, found, street) for street in streets(junctions, points, found.reached)]
    network.arterials.all().delete()
    return len(Arterial.objects.bulk_create(rows))


def _arterial(network: Network, found: ListedNetwork, street: Street) -> Arterial:
    junctions = [found.junctions[stop.junction] for stop in street.stops]
    common = set.intersection(*({*one.roads} for one in junctions)) if junctions else set()
    ways = {movement.approach for one in junctions for movement in one.junction.movements}
    allowed = [found.speeds[way] for way in ways if way in found.speeds]
    ends = f"{street.stops[0].junction} – {street.stops[-1].junction}"
    return Arterial(
        network=network, name=(min(common) if common else ends)[:200],
        speed=round(WAVE_SHARE * median(allowed or [USUAL_SPEED]), 2),
        stops=[
            {"junction": stop.junction, "metres": stop.metres, "there": stop.there, "back": stop.back}
            for stop in street.stops
        ],
    )  # fmt: skip
