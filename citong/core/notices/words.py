"""The words of a notice, in the reader's language, from the declaration of its act."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from citong.core.cases.registry import case_types
from citong.core.notices.models import Notice


@dataclass(frozen=True)
class Words:
    title: str
    body: str


def words(notice: Notice) -> Words:
    """Title and body of a notice. They name the case by number and what was done, never a person."""
    with override(notice.language):
        return Words(_title(notice), _body(notice))


def letter(notice: Notice) -> str:
    """The body with the address where every step can be seen."""
    with override(notice.language):
        return f"{_body(notice)}\n\n{_where(notice)}\n"


def _title(notice: Notice) -> str:
    if "hook" in notice.facts:
        return _("Webhook")
    return _("Report %(number)s") % {"number": notice.facts.get("number", "")}


def _where(notice: Notice) -> str:
    if hook := notice.facts.get("hook"):
        return _("See what was tried, and resume it: %(url)s") % {"url": f"{settings.ORIGIN}/hooks/{hook}/"}
    if notice.facts.get("follower"):
        return _("See what happens: %(url)s") % {"url": f"{settings.ORIGIN}/c/{notice.facts['number']}/"}
    return _("See every step with your receipt: %(url)s") % {"url": f"{settings.ORIGIN}/track/"}


def _body(notice: Notice) -> str:
    if notice.code == "merged_in":
        return _("Another report about the same matter was merged into this one.")
    if notice.code == "opened":
        return _("The report was received and placed.")
    if notice.code == "warning":
        return _("A time limit is close.")
    if notice.code == "hook_paused":
        return _("A webhook of yours was paused: its receiver has failed for three days.")
    kind = case_types().get(notice.facts.get("service", ""))
    declared = kind.acts.get(notice.code) if kind else None
    return str(declared.done) if declared else notice.code
