"""What every page needs to know about who is looking: their menu, their bell, the rights they hold for an hour."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citong.core.cases.declare import Words
from citong.core.people.access import Actor, may_open
from citong.core.people.models import Account, Elevation
from citong.core.places.current import NoCity
from citong.web.asking import actor_of_request
from citong.web.desk.notices import unseen
from citong.web.desk.report import openable
from citong.web.public.names import city_name


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    name: str
    label: Words
    icon: str
    url: str
    here: bool


MENU: tuple[tuple[str, str, Words, str], ...] = (
    ("desk", "inbox", _("Inbox"), "inbox"),
    ("desk_report", "", _("New report"), "message-plus"),
    ("staff_map", "map", _("Map"), "map-2"),
    ("signals", "signals", pgettext_lazy("menu", "Signals"), "traffic-lights"),
    ("register", "register", _("Register"), "address-book"),
    ("proposals", "proposals", _("Proposals"), "git-pull-request"),
    ("mediation_lessons", "mediation_lessons", _("Lessons"), "bulb"),
    ("law", "law", pgettext_lazy("menu", "Law"), "scale"),
    ("escort_ask", "escort_road", pgettext_lazy("menu", "Escort"), "ambulance"),
    ("escorts", "escorts", _("Escorts"), "ambulance"),
    ("my_visits", "my_visits", _("My visits"), "home-heart"),
    ("visits", "visits", _("Visits"), "home-check"),
    ("mediation_calendar", "mediation_calendar", pgettext_lazy("session", "Calendar"), "calendar-week"),
    ("mediation_bodies", "mediation_bodies", _("Mediators"), "users-group"),
    ("mediation_batches", "mediation_batches", _("Batches"), "stack-2"),
    ("mediation_measures", "mediation_measures", _("Mediation in figures"), "chart-dots"),
    ("my_register", "my_register", _("My entry"), "id-badge-2"),
    ("supervision", "supervision", _("Supervision"), "chart-histogram"),
    ("devices", "phones", _("Phones"), "device-mobile"),
    ("administration", "administration", _("Administration"), "settings"),
    ("notices", "", _("Notices"), "bell"),
    ("profile", "", _("Profile"), "user-circle"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """`actor`, `menu`, `unseen` and `elevated_until` for the staff's pages; nothing is asked before a page uses it."""
    if not hasattr(request, "user"):
        return {}
    return {
        "actor": SimpleLazyObject(lambda: actor_of_request(request)),
        "menu": SimpleLazyObject(lambda: menu_of(actor_of_request(request), request.path)),
        "unseen": SimpleLazyObject(lambda: unseen(actor_of_request(request))),
        "elevated_until": SimpleLazyObject(lambda: elevated_until(actor_of_request(request), at=timezone.now())),
        "city": SimpleLazyObject(_city_name),
    }


def menu_of(actor: Actor, path: str) -> list[Entry]:
    """The pages this person's posts have, in the order of the menu."""
    allowed = [row for row in MENU if _allowed(row, actor)]
    found = [(name, label, icon, _url(name)) for name, _page, label, icon in allowed]
    here = max((url for *_rest, url in found if url and path.startswith(url)), key=len, default="")
    return [Entry(name, label, icon, url, url == here) for name, label, icon, url in found if url]


def elevated_until(actor: Actor, *, at: datetime) -> datetime | None:
    """When the administrator's hour ends; no query for anybody who has not taken it."""
    if not actor.elevated:
        return None
    held = Elevation.objects.filter(account=Account(pk=actor.account), begins_at__lte=at, ends_at__gt=at)
    return held.order_by("-ends_at").values_list("ends_at", flat=True).first()


def _allowed(row: tuple[str, str, Words, str], actor: Actor) -> bool:
    name, page, _label, _icon = row
    if name == "desk_report":
        return openable(actor) is not None
    return may_open(actor, page) if page else bool(actor.seats)


def _url(name: str) -> str:
    """Pages that are not installed have no line."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _city_name() -> str:
    try:
        return city_name()
    except NoCity:
        return "Citong"
