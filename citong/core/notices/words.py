"""The words of a notice, in the reader's language, from the declaration of its act."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from citong.core.cases.registry import case_types
from citong.core.notices.models import Notice
from citong.core.people.slip import invited

# What no act of a service says.
SAID = {
    "merged_in": gettext_noop("Another report about the same matter was merged into this one."),
    "opened": gettext_noop("The report was received and placed."),
    "warning": gettext_noop("A time limit is close."),
    "hook_paused": gettext_noop("A webhook of yours was paused: its receiver has failed for three days."),
    "proposal": gettext_noop("A change of a record waits to be decided."),
    "proposal_taken": gettext_noop("What you proposed for a record was taken."),
    "proposal_left": gettext_noop("What you proposed for a record was not taken; it stays as it was."),
}


@dataclass(frozen=True)
class Words:
    title: str
    body: str


def declare(said: Mapping[str, str]) -> None:
    """These codes of a service say this, besides its acts; `%(name)s` in a sentence is a fact of the notice."""
    SAID.update(said)


def words(notice: Notice) -> Words:
    """Title and body of a notice. They name the case by number and what was done, never a person."""
    with override(notice.language):
        return Words(_title(notice), _body(notice))


def letter(notice: Notice) -> str:
    """The body with the address where every step can be seen."""
    with override(notice.language):
        return f"{_body(notice)}\n\n{_key(notice) or _where(notice)}\n"


def message(notice: Notice) -> str:
    """Title and body as one text message; to whoever was invited, with what opens the case for them."""
    with override(notice.language):
        return " ".join(filter(None, (f"{_title(notice)}: {_body(notice)}", _key(notice))))


def _key(notice: Notice) -> str:
    """Number, code and address for whoever was invited: the code is worked out as it is sent, and kept nowhere."""
    if "slip" not in notice.facts or notice.channel not in (Notice.Channel.SMS, Notice.Channel.EMAIL):
        return ""
    secret, _digest = invited(UUID(notice.facts["party"]), notice.facts["slip"])
    told = {"number": notice.facts["number"], "code": secret, "url": f"{settings.ORIGIN}/track/"}
    return _("Number %(number)s, code %(code)s. Read what it is about, and answer: %(url)s") % told


def _title(notice: Notice) -> str:
    if "hook" in notice.facts:
        return _("Webhook")
    if "record" in notice.facts:
        return _("Register")
    return _("Report %(number)s") % {"number": notice.facts.get("number", "")}


def _where(notice: Notice) -> str:
    if hook := notice.facts.get("hook"):
        return _("See what was tried, and resume it: %(url)s") % {"url": f"{settings.ORIGIN}/hooks/{hook}/"}
    if notice.facts.get("follower"):
        return _("See what happens: %(url)s") % {"url": f"{settings.ORIGIN}/c/{notice.facts['number']}/"}
    return _("See every step with your receipt: %(url)s") % {"url": f"{settings.ORIGIN}/track/"}


def _body(notice: Notice) -> str:
    if notice.code in SAID:
        return str(_(SAID[notice.code]) % notice.facts)
    kind = case_types().get(notice.facts.get("service", ""))
    declared = kind.acts.get(notice.code) if kind else None
    return str(declared.done) if declared else notice.code
