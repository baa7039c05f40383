"""Many reports at once, from another system's file: what would happen to each, and its opening, once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from citong.core.cases.models import Submission
from citong.core.cases.registry import case_type
from citong.core.flow.answers import answers_of
from citong.core.flow.intake import Opened, open_case
from citong.core.flow.learn import suggest
from citong.core.flow.locate import FoundPlace, GivenPlace, locate
from citong.core.flow.refusal import Invalid
from citong.core.flow.route import route
from citong.core.people.access import SYSTEM
from citong.core.places.locate import locator

TRIES = 50  # a grid fills far more than a tenth of its box, so this many misses mean a broken outline


class Placed(StrEnum):
    """How a report came to its place."""

    POINT = "point"
    GRID = "grid"
    ADDRESS = "address"
    CHANCE = "chance"
    NONE = "none"


@dataclass(frozen=True)
class Message:
    """A report as another system kept it. `key` names it for good, `data` is for the service's form of opening.

    `certainty` is the share of a suggested category; None when the file gave the category.
    """

    key: str
    data: Mapping[str, Any]
    at: datetime
    certainty: float | None = None
    chance: bool = False


@dataclass(frozen=True)
class Foreseen:
    """What opening a message would do. `unit` is the row id of who answers; `again`: it was opened before."""

    title: str
    category: str
    certainty: float | None
    placed: Placed
    division: str
    unit: int
    gap: bool
    again: bool


def completed(message: Message, *, around: str = "", chance: str = "") -> Message:
    """The message with a category and a place, where it lacks them.

    The best suggestion becomes the category, so that the rules can route; the clerk confirms or changes it.
    `around` is the name of the district the messages come from. With `chance` (a seed) a message without a place
    is put at a point that depends on seed and key alone, and its address says so.
    """
    return _placed(_categorised(message), around, chance)


def foresee(service: str, message: Message) -> Foreseen:
    """What opening the completed message would do; nothing is written. Raises Invalid as the opening would."""
    cleaned = answers_of(case_type(service).opening.form, message.data, actor=SYSTEM)
    found = locate(_given(cleaned))
    category = cleaned.get("category")
    routed = route(category.code if category else "", found)
    return Foreseen(
        title=cleaned["title"], category=category.code if category else "", certainty=message.certainty,
        placed=_how(message, cleaned, found), division=found.located.division_path if found.located else "",
        unit=routed.unit, gap=routed.gap, again=Submission.objects.filter(key=message.key).exists(),
    )  # fmt: skip


def bring(service: str, message: Message, *, channel: str) -> Opened:
    """The completed message is a case, opened when it was sent; brought again, it is the same case."""
    return open_case(service, message.data, actor=SYSTEM, channel=channel, key=message.key, at=message.at)


def why(service: str, fault: Invalid) -> str:
    """One sentence for the person who mends the row, naming the field of each fault."""
    fields = case_type(service).opening.form.base_fields
    said = [
        f"{str(fields[name].label).rstrip('?？')}: {' '.join(sentences)}" if name in fields else " ".join(sentences)
        for name, sentences in fault.errors.items()
    ]
    return "; ".join(said) or str(fault)


def chance_point(path: str = "", *, rng: Random) -> tuple[float, float]:
    """A point in one of the base grids below this division path, longitude and latitude in WGS-84.

    The same `rng` gives the same point. ValueError when the division has no grid.
    """
    cells = locator().base
    every = range(len(cells.refs))
    fitting = [at for at in every if cells.refs[at].division_path.startswith(path)] if path else every
    if not fitting:
        raise ValueError(f"There is no base grid below {path}.")
    return _inside(cells.outlines[rng.choice(fitting)], rng)


def _categorised(message: Message) -> Message:
    if message.data.get("category"):
        return message
    best = suggest(f"{message.data.get('title', '')}\n{message.data.get('text', '')}", top=1)
    if not best:
        return message
    return replace(message, data={**message.data, "category": best[0].code}, certainty=best[0].share)


def _placed(message: Message, around: str, chance: str) -> Message:
    data = dict(message.data)
    if data.get("lon") is not None or data.get("lat") is not None or data.get("grid"):
        return message
    address = str(data.get("address", ""))
    if around and len(locator().find_address(address)) != 1:
        address = address if around in address else f"{around}{address}"
    if chance and len(locator().find_address(address)) != 1:
        rng = Random(f"{chance} {message.key}")  # noqa: S311 (a trial place is no secret)
        found = locator().find_address(around) if around else []
        lon, lat = chance_point(found[0].path if found else "", rng=rng)
        address = f"{address}{_('(drawn by chance, for trial only)')}"
        return replace(
            message, data={**data, "lon": lon, "lat": lat, "datum": "WGS84", "address": address}, chance=True
        )
    return replace(message, data={**data, "address": address or _("Place not given")})


def _inside(outline: Any, rng: Random) -> tuple[float, float]:
    west, south, east, north = shapely.bounds(outline)
    shares = np.array([(rng.random(), rng.random()) for _try in range(TRIES)])
    lons, lats = west + shares[:, 0] * (east - west), south + shares[:, 1] * (north - south)
    hits = np.flatnonzero(shapely.intersects_xy(outline, lons, lats))
    if not hits.size:
        point = shapely.point_on_surface(outline)
        return float(point.x), float(point.y)
    return round(float(lons[hits[0]]), 6), round(float(lats[hits[0]]), 6)


def _given(cleaned: Mapping[str, Any]) -> GivenPlace:
    return GivenPlace(
        lon=cleaned.get("lon"), lat=cleaned.get("lat"), datum=cleaned.get("datum") or GivenPlace.datum,
        grid=cleaned.get("grid", ""), address=cleaned.get("address", ""),
    )  # fmt: skip


def _how(message: Message, cleaned: Mapping[str, Any], found: FoundPlace) -> Placed:
    if message.chance:
        return Placed.CHANCE
    if cleaned.get("lon") is not None:
        return Placed.POINT
    if cleaned.get("grid"):
        return Placed.GRID
    return Placed.ADDRESS if found.located is not None else Placed.NONE
