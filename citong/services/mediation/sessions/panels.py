"""What the pages of a case show of its sessions: the next one, what was held, and who came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citong.core.cases.models import Case
from citong.core.people.access import Actor
from citong.core.places.current import day_of
from citong.services.mediation.forms.sessions import parties_of
from citong.services.mediation.models import Session
from citong.services.mediation.sessions.reading import Came, came, is_open, place_of, shown, window
from citong.web.panels import Panel, case_panel, party_panel

TEMPLATE = "mediation/_sessions.html"


@dataclass(frozen=True)
class Line:
    """A session as its readers see it. `move` and `cancel` are addresses for whoever mediates, empty for others."""

    session: Session
    day: date
    place: str
    state: str
    tone: str
    open: bool
    opens_at: datetime | None
    join: str
    ics: str
    came: Sequence[Came] = ()
    move: str = ""
    cancel: str = ""
    record: str = ""


@case_panel("mediation")
def at_the_desk(case: Case, actor: Actor) -> Panel | None:
    """The sessions of the case for the mediator, and those with all sides for whoever reads the case at the desk."""
    holds = actor.account is not None and actor.account == case.holder_id
    return _panel(case, actor, desk=True, holds=holds)


@party_panel("mediation")
def for_a_party(case: Case, actor: Actor) -> Panel | None:
    """The sessions to which this party is asked, or was."""
    return _panel(case, actor, desk=False, holds=False)


def _panel(case: Case, actor: Actor, *, desk: bool, holds: bool) -> Panel | None:
    """Three queries; none of anything that the actor may not know of."""
    now, sessions = timezone.now(), shown(case, actor)
    if not sessions:
        return None
    parties = parties_of(case)
    lines = [_line(one, case, came(one, parties), now, desk=desk, holds=holds) for one in sessions]
    coming = [line for line in lines if line.session.standing and line.session.ends_at > now]
    shown_next = coming[0] if coming else None
    rest = [*coming[1:], *(line for line in reversed(lines) if line not in coming)]
    context: dict[str, Any] = {"next": shown_next, "rest": rest, "case": case, "desk": desk, "now": now}
    return Panel(_("Sessions"), "calendar-event", TEMPLATE, context)


def _line(one: Session, case: Case, there: Sequence[Came], now: datetime, *, desk: bool, holds: bool) -> Line:
    state, tone = _state(one, now)
    acts = _acts(one, case, begun=one.begins_at <= now) if holds and one.standing else {}
    names = ("session_join", "session_ics") if desk else ("tracked_session_join", "tracked_session_ics")
    join, ics = (reverse(name, args=[case.number, one.pk]) for name in names)
    online = one.way == Session.Way.ONLINE and one.standing
    return Line(
        one, day_of(one.begins_at), place_of(one), str(state), tone, is_open(one, at=now),
        window(one)[0] if online else None, join if online else "", ics, there, **acts,
    )  # fmt: skip


def _acts(one: Session, case: Case, *, begun: bool) -> dict[str, str]:
    """Where the mediator moves, cancels or records it."""

    def address(name: str, field: str, **more: Any) -> str:
        said = {field: one.pk} | ({"side": one.side} if one.side else {}) | more
        return f"{reverse('do', args=[case.number, name])}?{urlencode(said)}"

    apart, minutes = bool(one.side), int(one.span.total_seconds() // 60)
    kept = {"minutes": minutes, "way": one.way, "room": one.room_id or ""}
    return {
        "move": address("schedule_apart" if apart else "schedule", "instead", **kept),
        "cancel": address("cancel_apart" if apart else "cancel_session", "session"),
        "record": address("caucus" if apart else "hold_session", "session", minutes=minutes) if begun else "",
    }


def _state(one: Session, now: datetime) -> tuple[Any, str]:
    if one.cancelled_at:
        return pgettext_lazy("session", "Cancelled"), "late"
    if one.held_at:
        return pgettext_lazy("session", "Held"), "good"
    return (_("To be held"), "calm") if one.ends_at > now else (_("To be written down"), "near")
