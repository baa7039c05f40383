"""A phone says where its escort is. Read while it runs, from whoever drives, and from nobody else."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from citong.core.cases.models import Case
from citong.core.people.access import Actor
from citong.core.people.refusal import Invalid, NotAllowed, WrongState
from citong.kit.geometry import check
from citong.services.escort.kinds import Run
from citong.services.escort.models import Escort, Position

FASTEST_MS = 70.0
WORST_M = 500.0
AHEAD = timedelta(seconds=2)
OLDEST = timedelta(seconds=60)
"""A phone whose clock is off by more is believed in its place, not in its time."""


def tell_place(case: Case, given: Mapping[str, Any], *, actor: Actor, at: datetime) -> Escort:
    """The place stands with the escort, once. Raises NotAllowed for whoever does not drive, WrongState while it does
    not run, Invalid for what is no place."""
    escort = Escort.objects.select_related("case").get(pk=case.pk)
    if actor.account is None or actor.account != escort.driver_id:
        raise NotAllowed(_("Only whoever drives this escort tells where it is."))
    if escort.run != Run.RUNNING:
        raise WrongState(_("This escort is not under way: no place is read."))
    place = _place(escort, given, at)
    try:
        with transaction.atomic():
            place.save(force_insert=True)
    except IntegrityError:
        pass  # sent twice, kept once
    return escort


def _place(escort: Escort, given: Mapping[str, Any], at: datetime) -> Position:
    try:
        lon, lat = float(given["lon"]), float(given["lat"])
        check(lon, lat)
        speed = None if given.get("speed") in (None, "") else float(given["speed"])
        error = float(given.get("error") or 10)
        if not (isfinite(error) and (speed is None or isfinite(speed))):
            raise ValueError
    except (KeyError, TypeError, ValueError):
        sentence = _("This is no place.")
        raise Invalid(sentence, {"lon": [sentence]}) from None
    speed = None if speed is None else min(max(speed, 0.0), FASTEST_MS)
    told = _moment(given.get("at"), at)
    return Position(escort=escort, at=told, lon=lon, lat=lat, speed_ms=speed, error_m=min(max(error, 1.0), WORST_M))


def _moment(given: Any, at: datetime) -> datetime:
    try:
        told = datetime.fromisoformat(str(given))
    except ValueError:
        return at
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return min(told, at) if at - OLDEST <= told <= at + AHEAD else at
