"""What acts of an escort do with its own row: who drives, when it runs, what is over."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.exceptions import AlreadyEnqueued

from citong.core.flow.doing import Doing
from citong.core.flow.refusal import NotThere
from citong.services.escort.kinds import Run
from citong.services.escort.models import Escort, OfficerPoint
from citong.services.escort.tasks import run_escorts
from citong.services.escort.told import tell_screens


def escort_of(doing: Doing) -> Escort:
    """The escort's row, which is written with the act."""
    held = doing.rows.held(Escort).get(doing.case.pk)
    if held is None:
        held = Escort.objects.filter(pk=doing.case.pk).first()
        if held is None:
            raise NotThere(_("There is no such escort."))
        doing.rows.change(held)
    return held


def name_driver(doing: Doing) -> None:
    """That person sets off and is read while it runs."""
    driver = doing.data["driver"]
    escort = escort_of(doing)
    escort.driver_id = doing.case.holder_id = driver.pk


def approve(doing: Doing) -> None:
    """The centre said yes."""
    escort_of(doing).approved_at = doing.at


def set_off(doing: Doing) -> None:
    """From now on places are read and lights are turned."""
    escort = escort_of(doing)
    escort.run, escort.begun_at, escort.seen_at = Run.RUNNING, doing.at, doing.at
    transaction.on_commit(begin_leading)


def begin_leading() -> None:
    """A job leads it at once; one that leads others already takes it with its next second."""
    with suppress(AlreadyEnqueued):
        run_escorts.defer()


def arrive(doing: Doing) -> None:
    """It is there: places are read no more, the runner lets go."""
    over(escort_of(doing), at=doing.at)


def stop(doing: Doing) -> None:
    """It is over before its destination, or before it began."""
    over(escort_of(doing), at=doing.at)
    if doing.actor.system:
        doing.facts["why"] = "no_place" if doing.act.name == "lose" else "too_late"


def over(escort: Escort, *, at: datetime) -> None:
    """The run has ended; where the vehicle was last stands nowhere but among its places."""
    escort.left_m = (escort.present or {}).get("left_m")
    escort.run, escort.ended_at, escort.present = Run.OVER, at, {}


def hand_on(doing: Doing) -> None:
    """The next district's traffic police have it in hand; the lights go on being turned without a break."""
    unit = doing.data["unit"]
    doing.case.handling_unit_id = doing.case.unit_id = unit.pk
    doing.facts["unit"], doing.facts["unit_name"] = unit.code, unit.name
    doing.also_tell.append(unit.pk)


def blocked(doing: Doing) -> None:
    """The road ahead is closed: the runner plans another way."""
    escort = escort_of(doing)
    ahead = (escort.present or {}).get("road_ahead")
    if ahead and ahead not in escort.blocked:
        escort.blocked = [*escort.blocked, ahead]


def send_officer(doing: Doing) -> None:
    """That officer goes to the junction, and reads on their own page where to stand."""
    point: OfficerPoint = doing.data["point"]
    point.goes_id, point.sent_at = doing.data["officer"].pk, doing.at
    doing.rows.change(point)


def leave(doing: Doing) -> None:
    """After every act the screens of this escort look anew."""
    tell_screens(doing.case.pk, rows=doing.rows)
