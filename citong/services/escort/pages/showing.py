"""What pages show of an escort: the junctions ahead with words and tones, the line on the map, who may see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Words
from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.flow.act import possible
from citong.core.flow.reading import reads_all
from citong.core.people.access import Actor, Purpose, scope
from citong.services.escort.ground import streets_around
from citong.services.escort.kinds import Run
from citong.services.escort.models import Escort
from citong.web.desk.found import case_for

SERVICE = "escort"
SOON_S = 6.0
MOST_OVER = 10
AROUND = 0.02
"""Degrees around a way in which its map shows streets."""
THERE_M = 150.0
"""Nearer than this it was at its destination: gates, car parks, a phone that measures badly."""
WORDS: Mapping[str, tuple[Words, str]] = {
    "green": (_("green for it"), "good"),
    "asked": (_("changing for it"), "near"),
    "ahead": (_("not called yet"), "calm"),
    "passed": (_("passed"), "calm"),
    "refused": (_("does not answer"), "late"),
    "yields": (_("another escort goes first"), "late"),
}
DO: Mapping[str, Words] = {
    "green": _("Green: drive on."),
    "asked": _("It is changing for you."),
    "ahead": _("It is called in time."),
    "refused": _("This light does not obey. Slow down; treat it as red."),
    "yields": _("Another escort goes first here: slow down and let it pass."),
}
STILL_RED: Words = _(
    "Still red. Slow down, siren and lights on: cross only once everybody else stands (Road Traffic Safety Law, 53)."
)


@dataclass(frozen=True)
class Ahead:
    """One junction ahead: when it comes, how it stands, what the driver does."""

    number: int
    label: str
    at: datetime | None
    state: str
    word: Words
    tone: str
    do: Words
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Shown:
    """An escort on a page."""

    escort: Escort
    case: Case
    ahead: list[Ahead]
    eta: datetime | None
    age: float | None
    speed: int | None
    left_m: float | None
    acts: frozenset[str]
    words: Words

    @property
    def next(self) -> Ahead | None:
        """The junction it comes to now."""
        return self.ahead[0] if self.ahead else None

    @property
    def is_far(self) -> bool:
        """Whether it is not near its destination yet, as far as is known."""
        return self.left_m is not None and self.left_m > THERE_M

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return {"asked": "near", "approved": "near", "under_way": "good"}.get(self.case.state, "calm")


def escort_for(actor: Actor, number: str) -> Escort:
    """The escort behind a number, for those who may read where it drives; Http404 for everybody else."""
    case = case_for(actor, number)
    if case.service != SERVICE or not reads_all(case, actor):
        raise Http404
    escort = Escort.objects.filter(pk=case.pk).select_related("driver").first()
    if escort is None:
        raise Http404
    escort.case = case
    return escort


def in_reach(actor: Actor) -> list[Escort]:
    """Escorts that are open and this actor may read, in the order in which junctions serve them."""
    cases = Case.objects.filter(scope(actor, Purpose.HANDLING), service=SERVICE, open=True).select_related("unit")
    seen = {case.pk: case for case in cases[:200] if reads_all(case, actor)}
    found = list(Escort.objects.filter(pk__in=seen).select_related("driver"))
    for escort in found:
        escort.case = seen[escort.pk]
    return sorted(found, key=lambda one: (one.run != Run.RUNNING, one.rank))


def over_lately(actor: Actor) -> list[Escort]:
    """The last escorts that are over, for their reports."""
    cases = Case.objects.filter(scope(actor, Purpose.HANDLING), service=SERVICE, open=False).order_by("-id")
    seen = {case.pk: case for case in cases[:MOST_OVER] if reads_all(case, actor)}
    found = list(Escort.objects.filter(pk__in=seen).order_by("-case"))
    for escort in found:
        escort.case = seen[escort.pk]
    return found


def shown(escort: Escort, actor: Actor, *, at: datetime) -> Shown:
    """The escort as a page draws it."""
    case, present = escort.case, escort.present or {}
    seen = escort.seen_at if escort.run == Run.RUNNING and present.get("lon") is not None else None
    speed = present.get("speed_ms")
    return Shown(
        escort=escort, case=case, ahead=[_ahead(one, at) for one in present.get("next", [])],
        eta=_moment(present.get("eta")), age=(at - seen).total_seconds() if seen else None,
        speed=None if speed is None else round(speed * 3.6), left_m=present.get("left_m"),
        acts=frozenset(act.name for act in possible(case, actor)), words=case_type(SERVICE).states[case.state].label,
    )  # fmt: skip


def map_of(escorts: Iterable[Escort], *, chosen: Escort | None) -> dict[str, Any]:
    """GeoJSON: ways, lights ahead, points for officers and vehicles."""
    features: list[dict[str, Any]] = []
    for escort in escorts:
        own = {"number": escort.case.number, "chosen": chosen is not None and escort.pk == chosen.pk}
        if len(escort.line) > 1:
            features.append(_feature("LineString", escort.line, {"what": "way"} | own))
        features += _lights(escort, own) if own["chosen"] else []
        present = escort.present or {}
        if escort.run == Run.RUNNING and present.get("lon") is not None:
            features.append(_feature("Point", [present["lon"], present["lat"]], {"what": "vehicle"} | own))
        elif escort.origin_lon is not None:
            features.append(_feature("Point", [escort.origin_lon, escort.origin_lat], {"what": "origin"} | own))
        if escort.goal_lon is not None:
            features.append(_feature("Point", [escort.goal_lon, escort.goal_lat], {"what": "goal"} | own))
    return {"type": "FeatureCollection", "features": features}


def streets_of(chosen: Escort | None) -> dict[str, Any]:
    """GeoJSON of the streets around an escort's way; of all of them where none is chosen and they are not too many."""
    box = None
    if chosen is not None and len(chosen.line) > 1:
        lons, lats = zip(*chosen.line, strict=True)
        box = min(lons) - AROUND, min(lats) - AROUND, max(lons) + AROUND, max(lats) + AROUND
    return {
        "type": "FeatureCollection",
        "features": [_feature("LineString", line, {"name": name}) for name, line in streets_around(box)],
    }


def _lights(escort: Escort, own: dict[str, Any]) -> list[dict[str, Any]]:
    ahead = (escort.present or {}).get("next", [])
    states = {one["number"]: one["state"] for one in ahead}
    left = {one["number"]: _seconds_to(one.get("expected")) for one in ahead}
    found = []
    for number, gate in enumerate(escort.route.get("gates", []), start=1):
        if gate.get("lon") is not None:
            state = states.get(number, "passed" if states and number < min(states) else "ahead")
            facts = {"what": "light", "state": state, "label": gate.get("label", ""), "left": left.get(number)} | own
            found.append(_feature("Point", [gate["lon"], gate["lat"]], facts))
    for point in escort.points.exclude(lon=None):
        facts = {"what": "officer", "state": "sent" if point.goes_id else "open", "label": point.label} | own
        found.append(_feature("Point", [point.lon, point.lat], facts))
    return found


def _ahead(one: Mapping[str, Any], now: datetime) -> Ahead:
    state, at = str(one.get("state", "ahead")), _moment(one.get("expected"))
    word, tone = WORDS.get(state, WORDS["ahead"])
    near = at is not None and (at - now).total_seconds() < SOON_S
    do = STILL_RED if near and state in ("asked", "ahead") else DO.get(state, DO["ahead"])
    return Ahead(one["number"], one.get("label", ""), at, state, word, tone, do, one.get("lon"), one.get("lat"))


def _seconds_to(text: Any) -> int | None:
    at = _moment(text)
    return max(round((at - timezone.now()).total_seconds()), 0) if at is not None else None


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
