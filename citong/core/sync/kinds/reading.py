"""What the core's own kinds read from an operation's data, and how a refusal becomes an outcome."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from citong.core.people.refusal import Invalid, Refusal
from citong.core.register.models import Source
from citong.core.sync.declare import Outcome, Result, Sent
from citong.core.sync.given import uuid_of

Done = Callable[[Sent], Outcome]


def each(sent: Sequence[Sent], done: Done) -> list[Outcome]:
    """What became of each, one after the other; a refusal is an outcome."""
    return [outcome_of(one, done) for one in sent]


def outcome_of(one: Sent, done: Done) -> Outcome:
    """What became of it, be it refused."""
    try:
        return done(one)
    except Refusal as refusal:
        return refused(refusal)


def refused(refusal: Refusal) -> Outcome:
    return Outcome(Result.REFUSED, errors=refusal.errors, sentence=str(refusal))


def words(data: Mapping[str, Any], name: str) -> str:
    """The text of that name, or an empty one."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def mapping(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The values of that name, or none."""
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def uuid(data: Mapping[str, Any], name: str) -> UUID:
    """The id of that name. Raises Invalid."""
    found = uuid_of(data.get(name))
    if found is None:
        raise _wrong(name, _("An id is needed here."))
    return found


def day(data: Mapping[str, Any], name: str, *, default: date | None = None) -> date:
    """The day of that name, 2026-11-22. Raises Invalid for none without a default."""
    try:
        return date.fromisoformat(words(data, name)[:10])
    except ValueError:
        if default is None:
            raise _wrong(name, _("A day is needed here, such as 2026-11-22.")) from None
        return default


def source(data: Mapping[str, Any]) -> str:
    """Where the statement comes from: what a grid worker says comes from a visit if they do not say otherwise."""
    said = words(data, "source")
    return said if said in Source.values else Source.VISIT


def point(data: Mapping[str, Any], name: str) -> tuple[float | None, float | None]:
    """(longitude, latitude) of [lon, lat], or two Nones."""
    match data.get(name):
        case [int() | float() as lon, int() | float() as lat]:
            return float(lon), float(lat)
    return None, None


def _wrong(name: str, sentence: str) -> Invalid:
    return Invalid(_("Some answers need another look."), {name: [sentence]})
