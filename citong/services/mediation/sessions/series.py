"""A series of sessions: many disputes, one after another, in one room, with one mediator."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citong.core.cases.models import Case, Party
from citong.core.flow.act import act
from citong.core.flow.refusal import Invalid
from citong.core.people.access import Actor
from citong.services.mediation.models import Room, Session
from citong.services.mediation.sessions.times import free_times, takers
from citong.services.mediation.sessions.words import moment


@transaction.atomic
def schedule_many(
    cases: Sequence[Case], begins_at: datetime, *, minutes: int, actor: Actor, room: Room | None = None,
    way: str = Session.Way.ON_SITE, place: str = "", link: str = "", bring: str = "", key: str = "",
    at: datetime | None = None,
) -> list[Session]:  # fmt: skip
    """Each of the cases has a session of so many minutes, in their order, or none has one.

    From `begins_at` on each takes the first time in working hours that is free for the room, the mediator and its own
    parties. `actor` holds all of them. `key` names the command: sent twice it is done once. Raises what the act raises.
    """
    at, span, after = at or timezone.now(), timedelta(minutes=minutes), begins_at
    locked = list(Case.objects.select_for_update().filter(pk__in=[one.pk for one in cases]).order_by("pk"))
    known = {one.pk: one for one in locked}
    said: dict[str, Any] = {
        "minutes": minutes, "way": way, "room": str(room.pk) if room else "", "place": place, "link": link,
        "bring": bring,
    }  # fmt: skip
    parties = _parties(list(known))
    for case in cases:
        begins = _next(known[case.pk], parties.get(case.pk, []), room, span, after)
        given = said | {"begins_at": moment(begins)}
        again = act(case.pk, "schedule", given, actor=actor, at=at, key=f"{key}:{case.pk}" if key else "").again
        after = after if again else begins + span
    held = Session.objects.filter(case__in=list(known), side="", cancelled_at=None, held_at=None)
    last = {one.case_id: one for one in held.order_by("number")}
    return [last[case.pk] for case in cases if case.pk in last]


def _next(case: Case, parties: Sequence[Party], room: Room | None, span: timedelta, after: datetime) -> datetime:
    assert case.holder_id is not None
    whose = takers(case.holder_id, room, parties)
    found = free_times(whose, span, after=after, most=1, step=span)
    if not found:
        sentence = _("There is no time for case %(number)s in the weeks after %(when)s.")
        sentence %= {"number": case.number, "when": moment(after)}
        raise Invalid(sentence, {"begins_at": [sentence]})
    return found[0]


def _parties(cases: Sequence[UUID]) -> dict[UUID, list[Party]]:
    found: dict[UUID, list[Party]] = {}
    for one in Party.objects.filter(case__in=cases).exclude(side=""):
        found.setdefault(one.case_id, []).append(one)
    return found
