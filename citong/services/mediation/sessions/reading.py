"""Who may know of a session, and what of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Q, QuerySet

from citong.core.cases.declare import Who
from citong.core.cases.models import Case, Party
from citong.core.cases.registry import case_type
from citong.core.flow.reading import readers
from citong.core.people.access import Actor, Told, may_read
from citong.core.people.posts import Post
from citong.core.places.current import day_of, parameter
from citong.core.register.sealed import blind, seal, unseal
from citong.services.mediation.models import Attendance, Body, Session
from citong.services.mediation.parameters.sessions import CLOSES, OPENS

MEETS = frozenset({"mediating", "paused", "suspended", "signing"})  # states in which a session can be held
PLACE, LINK = "place", "link"
ANY_BODY = "*"


def sees(session: Session, case: Case, actor: Actor) -> bool:
    """Whether the actor may know of the session and where it is: whoever reads the words of its setting. No query."""
    return may_read(actor, _readers(bool(session.side)), case, Told(None, {"side": session.side}))


def shown(case: Case, actor: Actor) -> list[Session]:
    """The sessions of the case that this actor may know of, in their order of time, with who came; two queries."""
    rows = Session.objects.filter(case=case).select_related("room__body__unit").prefetch_related("attendances")
    return [one for one in rows.order_by("begins_at", "id") if sees(one, case, actor)]


def attending(parties: Iterable[Party], side: str) -> list[Party]:
    """Those of these parties, and their agents, whom a session with the side (or, without one, with all) is for."""
    return [one for one in parties if one.side and side in ("", one.side)]


def of_body(bodies: Sequence[UUID]) -> Q:
    """The condition on sessions that belong to these bodies: of their mediators, or in their rooms."""
    return Q(room__body__in=bodies) | Q(mediator__mediator__body__in=bodies)


def calendar_scope(actor: Actor) -> tuple[QuerySet[Session], list[Body]]:
    """The sessions whose times this person may see, and the bodies they lead: a mediator their own, a head those of
    the body."""
    bodies = led_bodies(actor)
    reach = of_body([one.pk for one in bodies]) if bodies else Q(pk__in=[])
    if actor.account is not None and Post.MEDIATOR in actor.posts():
        reach |= Q(mediator=actor.account)
    return Session.objects.filter(reach).distinct(), bodies


def led_bodies(actor: Actor) -> list[Body]:
    """The bodies whose head the person is; a query only for a head."""
    units = [seat.unit for seat in actor.seats if seat.post == Post.HEAD]
    return list(Body.objects.filter(unit__in=units).select_related("unit").order_by("unit__name")) if units else []


def sealed(session: Session, *, place: str, link: str) -> None:
    """The session keeps these so that they are not read by chance."""
    session.place, session.link = seal(place, session.id, PLACE), seal(link, session.id, LINK)


def place_of(session: Session) -> str:
    """Where people come to, for those who may know: the room with its address, or what was said; empty online."""
    if session.room is not None:
        body = session.room.body
        return " ".join(part for part in (body.address, body.unit.name, session.room.name) if part)
    return said_place(session)


def said_place(session: Session) -> str:
    """The place outside of the rooms, as it was said."""
    return unseal(session.place, session.id, PLACE)


def said_link(session: Session) -> str:
    """The link, whenever it opens: for the session's own setting alone."""
    return unseal(session.link, session.id, LINK)


def link_of(session: Session, *, at: datetime) -> str:
    """The way into an online session, while it is open; empty at any other time."""
    return said_link(session) if is_open(session, at=at) else ""


def is_open(session: Session, *, at: datetime) -> bool:
    """Whether it is online, stands, and it is about its time."""
    opens, closes = window(session)
    return session.way == Session.Way.ONLINE and session.standing and opens <= at < closes


def window(session: Session) -> tuple[datetime, datetime]:
    """From when until when the way into it is open."""
    day = day_of(session.begins_at)
    return (
        session.begins_at - timedelta(minutes=OPENS.at(day)), session.ends_at + timedelta(minutes=CLOSES.at(day)),
    )  # fmt: skip


def link_by_pattern(session: UUID, unit: str) -> str:
    """The address that the city's video service has for this session, by the pattern of the body or of the city;
    empty where there is none. Nobody can guess it from another one."""
    patterns = parameter("video_links", {})
    pattern = str(patterns.get(unit) or patterns.get(ANY_BODY) or "")
    return pattern.replace("{session}", blind("video", str(session)).split(":")[1])


def is_safe(link: str) -> bool:
    """Whether it is an address of the web that a browser reaches over an encrypted line."""
    try:
        return urlsplit(link).scheme == "https" and bool(urlsplit(link).hostname)
    except ValueError:
        return False


@dataclass(frozen=True)
class Came:
    """Who came to a session, as its readers see it."""

    name: str
    side: str
    came: str
    label: str
    agent: str = ""


def came(session: Session, parties: Iterable[Party]) -> list[Came]:
    """Everybody whose coming was written down, by name; no query where `shown` gave the session."""
    names = {one.pk: one for one in parties}
    return [_came(one, names) for one in session.attendances.all() if one.party_id in names]


def _came(one: Attendance, names: dict[UUID, Party]) -> Came:
    party, agent = names[one.party_id], names.get(one.agent_id) if one.agent_id else None
    return Came(
        party.name, party.get_side_display(), one.came, str(one.get_came_display()), agent.name if agent else ""
    )


@cache
def _readers(apart: bool) -> Sequence[Who]:
    return readers(case_type("mediation"), "schedule_apart" if apart else "schedule")
