"""How much time is left, or how late it is, in words that fit in a chip."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SOON = timedelta(hours=2)


@dataclass(frozen=True)
class Left:
    """The words, and a tone: late, near, fine or none."""

    words: str
    tone: str


def left(due: datetime | None, *, warn: datetime | None = None, now: datetime) -> Left:
    """What is left until the deadline; near from the warning on. Without a deadline no clock runs."""
    if due is None:
        return Left(_("no deadline"), "none")
    if due <= now:
        return Left(_("%(span)s late") % {"span": span(now - due)}, "late")
    near = warn is not None and warn <= now or due - now < SOON
    return Left(_("%(span)s left") % {"span": span(due - now)}, "near" if near else "fine")


def span(length: timedelta) -> str:
    """The two largest parts of a span, whole minutes at the smallest."""
    minutes = int(length.total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    in_days = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    in_hours = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    in_minutes = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if days:
        return f"{in_days} {in_hours}" if hours and days < 3 else in_days
    return in_hours if hours >= 3 or (hours and not minutes) else f"{in_hours} {in_minutes}" if hours else in_minutes
