"""Sessions for calendar programs (RFC 5545, RFC 5546): by number alone, for calendars are shared and looked over."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import CLASS, STATUS, Alarm, Calendar, Event, vCalAddress

from citong.core.places.current import day_of, zone
from citong.services.mediation.models import Session
from citong.services.mediation.parameters.sessions import HOURS_BEFORE

PRODUCT = "-//Citong//Sessions//EN"
TYPE = "text/calendar; charset=utf-8"
REFRESHED = timedelta(hours=1)


def one(session: Session, number: str, *, url: str) -> bytes:
    """A calendar with the session alone; a cancelled one takes it out of the calendar in which it stands."""
    calendar = _calendar("CANCEL" if session.cancelled_at else "PUBLISH")
    calendar.add_component(event(session, number, url=url))
    return _told(calendar)


def feed(sessions: Iterable[tuple[Session, str, str]], *, name: str) -> bytes:
    """A calendar of (session, number of its case, address of its page), to be read again and again."""
    calendar = _calendar("PUBLISH")
    calendar.calendar_name = name
    calendar.refresh_interval = REFRESHED
    for session, number, url in sessions:
        calendar.add_component(event(session, number, url=url))
    return _told(calendar)


def event(session: Session, number: str, *, url: str) -> Event:
    """The session under a name that it keeps, with a count that grows with each change. No name, no kind, no link."""
    made = Event.new(
        uid=f"{session.pk}@{urlsplit(settings.ORIGIN).hostname}", sequence=session.sequence, url=url,
        summary=_("Appointment %(number)s") % {"number": number}, location=_where(session),
        start=_at(session.begins_at), end=_at(session.ends_at), stamp=session.changed_at,
        last_modified=session.changed_at, classification=CLASS.PRIVATE, organizer=_organizer(),
        status=STATUS.CANCELLED if session.cancelled_at else STATUS.CONFIRMED,
    )  # fmt: skip
    if session.standing:
        made.add_component(_alarm(session))
    return made


def _where(session: Session) -> str:
    """The street and number of a room's house; else how people meet. Another place is told on the page alone."""
    return session.room.body.address if session.room is not None else str(session.get_way_display())


def _at(moment: datetime) -> datetime:
    return moment.astimezone(zone())


def _alarm(session: Session) -> Alarm:
    before = timedelta(hours=HOURS_BEFORE.at(day_of(session.begins_at)))
    alarm = Alarm.new(description=_("Appointment"))
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -before)
    return alarm


def _organizer() -> vCalAddress:
    return vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _told(calendar: Calendar) -> bytes:
    """With the city's zone as the programs want it spelled out."""
    calendar.add_missing_timezones()
    told: bytes = calendar.to_ical()
    return told
