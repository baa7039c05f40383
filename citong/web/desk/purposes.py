"""What somebody opens a case for. In one's own hands it is plain; else a person asked about is asked for first."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Words
from citong.core.cases.models import Case, Party
from citong.core.people.access import Actor, Purpose, Seat
from citong.core.people.administration import look
from citong.core.people.models import Look
from citong.core.people.posts import Post

HELD = "purposes"
HOLDS = timedelta(hours=2)
MOST_HELD = 50
SAME_LOOK = timedelta(minutes=10)
ASKED: Mapping[str, tuple[Words, Words]] = {
    Purpose.HANDLING: (_("Handling"), _("I help to settle this case.")),
    Purpose.SUPERVISION: (_("Supervision"), _("I check how it is handled, or answer a complaint.")),
    Purpose.STATISTICS: (_("Statistics"), _("I look for what many cases have in common.")),
}


def purpose_of(
    request: HttpRequest, actor: Actor, case: Case, parties: Sequence[Party], *, at: datetime
) -> Purpose | None:
    """What the actor opens the case for; None when they must say so first."""
    if in_hands(actor, case):
        return Purpose.HANDLING
    said, until = request.session.get(HELD, {}).get(str(case.id), ("", ""))
    if said in ASKED and datetime.fromisoformat(until) > at:
        return Purpose(said)
    if parties:
        return None
    return Purpose.SUPERVISION if Post.SUPERVISOR in actor.posts() else Purpose.HANDLING


def hold_purpose(request: HttpRequest, case: Case, purpose: str, *, at: datetime) -> None:
    """The purpose stands for this case for the next two hours."""
    held: dict[str, Any] = request.session.get(HELD, {}) | {str(case.id): (purpose, (at + HOLDS).isoformat())}
    request.session[HELD] = dict(list(held.items())[-MOST_HELD:])


def in_hands(actor: Actor, case: Case) -> bool:
    """Whether the case is held by the actor, at a unit of theirs, or at their desk, which accompanies it to the end."""
    if actor.account is not None and actor.account in (case.holder_id, case.reporter_id):
        return True
    return any(_has_in_hands(seat, case) for seat in actor.seats)


def _has_in_hands(seat: Seat, case: Case) -> bool:
    if seat.post == Post.SUPERVISOR and not case.open:
        return False
    if seat.unit == case.unit_id or seat.unit in case.joint:
        return True
    return seat.unit == case.desk_id and seat.post != Post.SUPERVISOR


def leave_look(case: Case, looks: Sequence[Look], *, actor: Actor, purpose: Purpose, at: datetime) -> None:
    """The look is on record; coming back to the page within ten minutes is the same look."""
    same = (one for one in looks if (one.account, one.purpose) == (actor.account, purpose))
    if not any(one.at > at - SAME_LOOK for one in same):
        look(case.id, actor=actor, purpose=purpose, at=at)
