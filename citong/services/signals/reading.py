"""Reading the register of signals: which junctions somebody reaches, how each is, which arterials lie in reach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Words
from citong.core.people.access import Actor, signal_scope
from citong.core.places.current import day_of
from citong.services.signals.models import Arterial, Junction, Plan
from citong.services.signals.parameters import SILENT_AFTER


@dataclass(frozen=True)
class Health:
    """How a junction is: code, words, tone of its mark, look of its point on the map."""

    code: str
    label: Words
    tone: str
    look: str


FAULT = Health("fault", _("Fault"), "late", "late")
SILENT = Health("silent", _("No contact"), "near", "near")
NEVER = Health("never", _("Not heard of yet"), "calm", "closed")
WELL = Health("well", _("In order"), "good", "open")
ROOM = 0.003  # degrees around the outermost junctions on a map
ALL = (FAULT, SILENT, NEVER, WELL)


def junctions_for(actor: Actor) -> QuerySet[Junction]:
    """The junctions in service that the actor reaches."""
    return Junction.objects.filter(signal_scope(actor), ended_at=None)


def health_of(junction: Junction, *, at: datetime) -> Health:
    """How the junction is now; no query."""
    if junction.fault or junction.mode == Junction.Mode.FAULT:
        return FAULT
    if junction.contact_at is None:
        return NEVER
    return SILENT if junction.contact_at < _silent_before(at) else WELL


def healthy(code: str, *, at: datetime) -> Q:
    """The condition on junctions with this health; all for none."""
    fault = Q(mode=Junction.Mode.FAULT) | ~Q(fault="")
    before = _silent_before(at)
    return {
        "fault": fault, "never": ~fault & Q(contact_at=None), "silent": ~fault & Q(contact_at__lt=before),
        "well": ~fault & Q(contact_at__gte=before),
    }.get(code, Q())  # fmt: skip


def counts(junctions: QuerySet[Junction], *, at: datetime) -> Mapping[str, int]:
    """How many are in each health; one query."""
    asked = {f"count_{one.code}": Count("pk", filter=healthy(one.code, at=at)) for one in ALL}
    found = junctions.aggregate(**asked)
    return {one.code: found[f"count_{one.code}"] for one in ALL}


def bounds(junctions: QuerySet[Junction]) -> str:
    """West, south, east, north around them all, with some room, as maps are told; empty where none has a place. A
    query."""
    ends = junctions.aggregate(west=Min("lon"), south=Min("lat"), east=Max("lon"), north=Max("lat"))
    if ends["west"] is None:
        return ""
    sides = (ends["west"] - ROOM, ends["south"] - ROOM, ends["east"] + ROOM, ends["north"] + ROOM)
    return ",".join(f"{side:.5f}" for side in sides)


def arterials_for(actor: Actor) -> list[Arterial]:
    """The arterials all of whose junctions the actor reaches, by name; two queries."""
    reached = set(junctions_for(actor).values_list("code", flat=True))
    rows = Arterial.objects.order_by("name", "pk")
    return [one for one in rows if {stop["junction"] for stop in one.stops} <= reached]


def places_of(codes: Iterable[str]) -> Mapping[str, tuple[float, float]]:
    """Longitude and latitude of junctions that have them, by code; one query."""
    rows = Junction.objects.filter(code__in=list(codes), lon__isnull=False, lat__isnull=False)
    return {code: (lon or 0.0, lat or 0.0) for code, lon, lat in rows.values_list("code", "lon", "lat")}


def by_code(codes: Iterable[str]) -> Mapping[str, Junction]:
    """Junctions by code, with the plan in force of each as `held`; two queries."""
    held = Prefetch("plans", Plan.objects.filter(ends_at=None), to_attr="held")
    found = Junction.objects.filter(code__in=list(codes)).prefetch_related(held)
    return {one.code: one for one in found}


def _silent_before(at: datetime) -> datetime:
    return at - timedelta(seconds=SILENT_AFTER.at(day_of(at)))
